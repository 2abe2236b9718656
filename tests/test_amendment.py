"""Changed mandates: what may change, and what the history says."""

from importlib.resources import files

from lxml import etree
from odoo.tests import new_test_user, tagged

from .common import DEBTOR_IBANS, SECOND_CREDITOR_ID, SupportDebitCommon

FIRST = "DE89370400440532013000"
SAME_BANK = "DE82370400440532013999"
OTHER_BANK = "DE02120300000000202051"
THIRD = "AT611904300234573201"
NAMESPACE = {"p": "urn:iso:std:iso:20022:tech:xsd:pain.008.001.08"}


class AmendmentCase(SupportDebitCommon):
    """A mandate of an account at Commerzbank, and what changes it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate(iban=FIRST)
        schema = files("sepaxml").joinpath("schemas/pain.008.001.08.xsd").read_bytes()
        cls.schema = etree.XMLSchema(etree.fromstring(schema))

    def _account(self, iban, partner=None, holder=None):
        partner = partner or self.customer
        return self.env["res.partner.bank"]._sdd_find_or_create(
            iban, holder or partner.name, partner
        )

    def _amend(self, iban, **evidence):
        return self.mandate.amend_bank_account(self._account(iban), evidence=evidence)

    def _new_debit(self):
        return self._create_debit(mandate=self.mandate).with_env(self.env)

    def _batch(self, *debits):
        """Return the batch of these debits, whose file fits the XSD."""
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(set(batch.debit_ids), set(debits))
        self.schema.assertValid(etree.fromstring(batch.file_content))
        return batch

    def _read(self, batch, debit):
        """Return what the file says of a debit's mandate, read back from the XML."""
        document = etree.fromstring(batch.file_content)
        (found,) = (
            node
            for node in document.iterfind(".//p:DrctDbtTxInf", NAMESPACE)
            if node.findtext("p:PmtId/p:EndToEndId", namespaces=NAMESPACE) == debit.end_to_end_id
        )
        paths = {
            "iban": "p:DbtrAcct/p:Id/p:IBAN",
            "reference": ".//p:MndtId",
            "indicator": ".//p:AmdmntInd",
            "old_reference": ".//p:OrgnlMndtId",
            "old_identifier": ".//p:OrgnlCdtrSchmeId/p:Id/p:PrvtId/p:Othr/p:Id",
            "old_creditor": ".//p:OrgnlCdtrSchmeId/p:Nm",
            "old_iban": ".//p:OrgnlDbtrAcct/p:Id/p:IBAN",
            "smnda": ".//p:OrgnlDbtrAcct/p:Id/p:Othr/p:Id",
        }
        values = {key: found.findtext(path, namespaces=NAMESPACE) for key, path in paths.items()}
        return {key: value for key, value in values.items() if value}

    def _collect(self):
        """Return a debit of the mandate that is at the bank."""
        debit = self._new_debit()
        self._batch(debit).action_submit()
        return debit

    def _next(self):
        """Return what the file of the next debit says."""
        debit = self._new_debit()
        return self._read(self._batch(debit), debit)


@tagged("-at_install", "post_install")
class TestAmendmentRules(AmendmentCase):
    """Which changes are refused, and what a change leaves behind."""

    def test_event(self):
        """The history holds masks, records and keyed hashes, and no account number."""
        event = self._amend(SAME_BANK, evidence="email_reply", note=f"please use {SAME_BANK}")
        self.assertEqual(event.kind, "amended")
        self.assertEqual(event.data["change"], "account")
        self.assertEqual(event.data["new_account_id"], self.mandate.bank_account_id.id)
        self.assertEqual(event.data["new_iban"][-4:], SAME_BANK[-4:])
        self.assertNotEqual(event.data["old_iban_hash"], event.data["new_iban_hash"])
        text = str(event.data).replace(" ", "")
        self.assertNotIn(SAME_BANK, text)
        self.assertNotIn(FIRST, text)
        self.assertIsNone(self.mandate._verify())

    def test_grade_counts_anew(self):
        """Who confirmed one account has not confirmed another."""
        self.mandate._add_evidence("own_device_tick")
        self.assertEqual(self.mandate.evidence_grade, "B")
        self._amend(SAME_BANK)
        self.assertEqual(self.mandate.evidence_grade, "D")
        self._amend(OTHER_BANK, evidence="own_device_code")
        self.assertEqual(self.mandate.evidence_grade, "B")
        self.mandate._amend_reference("OTHER-REF")
        self.assertEqual(self.mandate.evidence_grade, "B")

    def test_refused_accounts(self):
        """Each account that cannot be debited with the mandate has its own sentence."""
        other = self._create_customer("Somebody Else")
        accounts = self.env["res.partner.bank"]
        bad = accounts.create({"acc_number": "12345678", "partner_id": self.customer.id})
        cases = {
            "is the account of mandate": self._account(FIRST),
            "must give a new mandate": self._account(OTHER_BANK, other),
            "was given by Jörg Müßig": self._account(SAME_BANK, holder="Petra Müßig"),
            "is not a country code|holds|cannot": bad,
        }
        for message, account in cases.items():
            with self.subTest(message), self._refused(message):
                self.mandate.amend_bank_account(account)
        with self._refused("no kind of evidence"):
            self._amend(OTHER_BANK, evidence="hearsay")

    def test_spellings_of_the_holder(self):
        """How a bank writes the name does not matter; another first name does."""
        for name in ("MUESSIG, JOERG", "jörg müßig", "Joerg  Muessig"):
            self.assertTrue(self.mandate._is_holder(name), name)
        for name in ("Petra Müßig", "Jörg", "Müßig GmbH"):
            self.assertFalse(self.mandate._is_holder(name), name)

    def test_states(self):
        """A mandate that has ended changes no more, one that is suspended may."""
        self.mandate.action_suspend()
        self._amend(OTHER_BANK)
        self.assertEqual(self.mandate.state, "suspended")
        self.mandate.action_revoke()
        for change in (
            lambda: self._amend(THIRD),
            lambda: self.mandate._amend_reference("X-1"),
            lambda: self.mandate._amend_creditor(name="X"),
        ):
            with self._refused("ended"):
                change()

    def test_references(self):
        """A reference is unique in capitals and small letters, and one that banks take."""
        other = self._create_mandate(iban=DEBTOR_IBANS[1], name="ABC-1")
        for reference, message in (
            ("abc-1", "Another mandate has the reference"),
            ("Straße", "cannot be a mandate reference"),
            ("/X", "cannot be a mandate reference"),
            (self.mandate.name, "already"),
        ):
            with self.subTest(reference), self._refused(message):
                self.mandate._amend_reference(reference)
        other._amend_reference("abc-1")
        self.assertEqual(other.name, "abc-1")

    def test_creditor_refused(self):
        """A wrong identifier, and a reference that is in use under the new one."""
        with self._refused("has 18 characters"):
            self.mandate._amend_creditor(identifier="DE98ZZZ9999999999")
        self._create_mandate(
            iban=DEBTOR_IBANS[1],
            name=self.mandate.name.lower(),
            creditor_identifier=SECOND_CREDITOR_ID,
        )
        with self._refused("in use under"):
            self.mandate._amend_creditor(identifier=SECOND_CREDITOR_ID)

    def test_many_creditors_at_once(self):
        """Each mandate that says something else gets an event of its own; the others none."""
        mandates = self.mandate | self._create_mandate(
            self._create_customer("Second"), DEBTOR_IBANS[1]
        )
        mandates[1].sudo().creditor_name = "Old Name Ltd"
        events = mandates._amend_creditor(name=self.company.name)
        self.assertEqual(events.mandate_id, mandates[1])
        self.assertEqual(events.data["old_creditor"], "Old Name Ltd")
        self.assertEqual(len(mandates._amend_creditor(identifier=SECOND_CREDITOR_ID)), 2)
        self.assertEqual([mandate._verify() for mandate in mandates], [None, None])

    def test_rights(self):
        """Portal users amend nothing by calling the method; support staff do."""
        account = self._account(OTHER_BANK)
        portal = new_test_user(self.env, login="amend_portal", groups="base.group_portal")
        with self._refused("", Exception):
            self.mandate.with_user(portal).amend_bank_account(account)
        staff = new_test_user(
            self.env, login="amend_staff", groups="support_debit.group_support_user"
        )
        self.mandate.with_user(staff).amend_bank_account(account.with_user(staff))
        self.assertEqual(self.mandate.bank_account_id, account)
        self.assertEqual(self.mandate.event_ids.sorted("number")[-1].user_id, staff)

    def test_b2b_is_confirmed_again(self):
        """Another account of a B2B mandate is confirmed to the bank anew before it is debited."""
        company = self._create_customer("Firma GmbH", is_company=True)
        mandate = self._create_mandate(company, DEBTOR_IBANS[1], scheme="B2B")
        mandate.action_note_bank_confirmation()
        mandate.amend_bank_account(self._account(OTHER_BANK, company))
        self.assertFalse(mandate.bank_confirmed_date)
        self.assertTrue(mandate.waits_for_bank)
