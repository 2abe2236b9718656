"""Several creditor identifiers: which bank collects with which mandate."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CREDITOR_ID, DEBTOR_IBANS, SECOND_CREDITOR_IBAN, SupportDebitCommon

OTHER_ID = "NL79ZZZ999999990000"


@tagged("-at_install", "post_install")
class TestCreditorIds(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate()
        cls.other_bank = cls.env["account.journal"].create(
            {
                "name": "Dutch Bank",
                "type": "bank",
                "code": "TNL",
                "company_id": cls.company.id,
                "bank_acc_number": SECOND_CREDITOR_IBAN,
                "sdd_transit_account_id": cls.journal.sdd_transit_account_id.id,
                "sdd_fee_account_id": cls.journal.sdd_fee_account_id.id,
                "sdd_creditor_identifier": "nl79 zzz9 9999 9990 000",
            }
        )

    def _dutch_mandate(self):
        return self._create_mandate(
            self._create_customer("Dutch Customer"), DEBTOR_IBANS[3], creditor_identifier=OTHER_ID
        )

    def test_identifier_is_checked(self):
        """As on the company: blanks and small letters are mended, the rest is refused."""
        self.assertEqual(self.other_bank.sdd_creditor_identifier, OTHER_ID)
        for wrong, message in (
            ("DE98ZZZ9999999999", "has 18 characters, this one has 17"),
            ("DE99ZZZ09999999999", "check digits"),
            ("XX98ZZZ09999999999", "country"),
        ):
            with self.subTest(wrong), self._refused(message, ValidationError):
                self.other_bank.sdd_creditor_identifier = wrong

    def test_new_mandates(self):
        """New mandates name the identifier of the direct debit bank, else the company's."""
        self.assertEqual(self.mandate.creditor_identifier, CREDITOR_ID)
        self.company.sdd_journal_id = self.other_bank
        self.assertEqual(self.company._sdd_get_creditor_identifier(), OTHER_ID)
        self.assertEqual(self._create_mandate(iban=DEBTOR_IBANS[1]).creditor_identifier, OTHER_ID)

    def test_bank_alone_has_an_identifier(self):
        """The set-up is complete when the direct debit bank has one."""
        self.company.sdd_journal_id = self.other_bank
        self.company.sdd_creditor_identifier = False
        self.assertFalse(self.company._sdd_get_missing())
        self.other_bank.sdd_creditor_identifier = False
        self.assertEqual(
            [code for code, _text in self.company._sdd_get_missing()], ["creditor_identifier"]
        )

    def test_debit_goes_to_the_bank_that_fits(self):
        """Each mandate is collected on the bank with its identifier, in a file of its own."""
        dutch = self._dutch_mandate()
        debits = self._create_debit(dutch.partner_id, dutch) | self._create_debit(
            mandate=self.mandate
        )
        self.assertEqual(debits.mapped("journal_id"), self.other_bank | self.journal)
        batches = self.env["sdd.batch"]._create_due_batches(self.other_bank | self.journal)
        self.assertEqual(
            {batch.journal_id: batch.creditor_identifier for batch in batches},
            {self.other_bank: OTHER_ID, self.journal: CREDITOR_ID},
        )
        self.assertIn(OTHER_ID.encode(), batches[0].file_content)

    def test_no_bank_fits(self):
        """Without a bank under the mandate's identifier nothing is queued."""
        dutch = self._dutch_mandate()
        invoice = self._create_order(dutch.partner_id)._sdd_invoice()
        self.other_bank.sdd_creditor_identifier = False
        with self._refused("no bank of .* collects under it. Change the creditor"):
            invoice._queue_sdd_debit()
        with self._refused("collects under DE98", ValidationError):
            self._create_bare_debit(dutch, journal_id=self.journal.id)

    def test_business_code_makes_no_difference(self):
        """The three letters in the middle tell no two creditors apart."""
        self.journal.sdd_creditor_identifier = CREDITOR_ID.replace("ZZZ", "TLA")
        self.assertEqual(self._create_debit(mandate=self.mandate).journal_id, self.journal)
        self.assertFalse(self.mandate.creditor_outdated)

    def test_identifier_changed_while_debits_wait(self):
        """Nothing leaves under another identifier; the amended mandate is collected."""
        debit = self._create_debit(mandate=self.mandate)
        self.journal.sdd_creditor_identifier = "AT61ZZZ01234567890"
        self.assertTrue(self.mandate.creditor_outdated)
        self.assertIn(self.mandate, self.company._sdd_get_outdated_mandates())
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))
        self.assertEqual((debit.state, debit.hold_code), ("held", "creditor"))
        self.assertIn("Change the creditor of the mandate", debit.state_reason)
        self.mandate._amend_creditor(identifier="AT61ZZZ01234567890")
        self.assertEqual(debit.state, "queued")
        self.assertFalse(self.mandate.creditor_outdated)

    def test_queued_debit_moves_with_the_mandate(self):
        """A debit that waits goes to the bank that has the mandate's new identifier."""
        debit = self._create_debit(mandate=self.mandate)
        self.mandate._amend_creditor(identifier=OTHER_ID)
        self.assertEqual(debit.journal_id, self.other_bank)
