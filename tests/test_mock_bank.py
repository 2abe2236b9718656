"""The whole circle against a real bank program: file, answer, statement, return."""

from datetime import timedelta
from importlib.resources import files

from lxml import etree
from odoo.tests import tagged

from ..sepa import target
from .common import CREDITOR_IBAN, SupportDebitCommon
from .mock_bank import MockBank

#: Debtors by what the bank is told to do with their debits: name, IBAN, country, postcode.
DEBTORS = {
    "settled": ("Anna Müller-Lüdenscheidt", "DE02120300000000202051", "de", "10115"),
    "settled_fr": ("Chloé Lefèvre", "FR7630006000011234567890189", "fr", "75001"),
    "refused": ("Berta Österreicher", "AT611904300234573201", "at", "1010"),
    "returned": ("Cor van der Meer", "NL91ABNA0417164300", "nl", "1012 AB"),
    "closed": ("Dora Dicht", "DE02500105170137075030", "de", "20095"),
    "refunded": ("Emil Einspruch", "DE02100500000054540402", "de", "80331"),
}


@tagged("-at_install", "post_install")
class TestMockBank(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = {}
        for key, (name, iban, country, postcode) in DEBTORS.items():
            partner = cls._create_customer(
                name, country_id=cls.env.ref(f"base.{country}").id, zip=postcode
            )
            cls.debits[key] = cls._create_debit(partner, cls._create_mandate(partner, iban))
        cls.all_debits = cls.env["sdd.debit"].union(*cls.debits.values())
        cls.connection = cls.env["sdd.bank.connection"].create(
            {"name": "Mock Bank", "kind": "folder", "company_id": cls.company.id}
        )
        cls.journal.sdd_connection_id = cls.connection

    def setUp(self):
        super().setUp()
        self.bank = MockBank()
        self.addCleanup(self.bank.stop)
        self.connection.write(
            {"drop_folder": str(self.bank.drop), "pickup_folder": str(self.bank.pickup)}
        )
        year = self.all_debits[0].collection_date.year
        closed = sorted(target.closing_days(year) | target.closing_days(year + 1))
        self.bank.call("PUT", "/_mock/holidays", [day.isoformat() for day in closed])

    def _register_accounts(self):
        self.bank.register("SUPPORT", CREDITOR_IBAN)
        self.bank.register("CLOSED", DEBTORS["closed"][1], "closed-account")
        self.bank.register("REFUND", DEBTORS["refunded"][1], "return-later", days=4, reason="MD06")

    def _commit(self):
        """Run what happens after the commit."""
        with self.enter_registry_test_mode():
            self.env.cr.postcommit.run()

    def _hand_over(self):
        """Submit the batch, run what happens after the commit, let the bank read the folder."""
        batch = self._submit(self.all_debits)
        self.assertEqual(batch.handover_state, "pending")
        self.assertFalse(list(self.bank.drop.glob("*.xml")))
        self._commit()
        self.assertEqual(batch.handover_state, "delivered", batch.handover_error)
        self.assertTrue((self.bank.drop / batch.file_name).exists())
        self.answers = self.bank.scan()
        return batch

    def _fetch(self):
        """Read the pickup folder; nothing in it may be unreadable."""
        messages = self.connection._fetch()
        self._commit()
        self.assertFalse(self.connection.last_error)
        self.assertFalse(
            messages.filtered(lambda m: m.state in ("failed", "attention")).mapped("findings_text")
        )
        self.assertFalse([path for path in self.bank.pickup.iterdir() if path.is_file()])
        return messages

    def _assert_states(self, **states):
        actual = {key: self.debits[key].state for key in states}
        self.assertEqual(actual, states)

    def test_file_is_valid_for_the_schema(self):
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        schema = files("sepaxml").joinpath("schemas/pain.008.001.08.xsd").read_bytes()
        document = etree.fromstring(batch.file_content)
        etree.XMLSchema(etree.fromstring(schema)).assertValid(document)
        texts = {node.text for node in document.iter("{*}IBAN")}
        self.assertEqual(texts, {CREDITOR_IBAN} | {values[1] for values in DEBTORS.values()})

    def test_whole_circle(self):
        self._register_accounts()
        batch = self._hand_over()
        self._check_answer(batch)
        self._check_settlement(batch)
        self._check_returns(batch)
        self._check_everything_twice()

    def _check_answer(self, batch):
        """The bank accepts the file but for a closed account; later one bank refuses."""
        self._fetch()
        self.assertEqual(batch.state, "partly_rejected")
        self._assert_states(settled="submitted", refused="submitted", closed="rejected")
        self.assertEqual(self.debits["closed"].return_ids.reason_id.code, "AC04")
        self.bank.refuse(self.debits["refused"], "MD01")
        self._fetch()
        self._assert_states(refused="rejected", settled="submitted", settled_fr="submitted")
        for key in ("closed", "refused"):
            invoice = self.debits[key].invoice_ids
            self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 99.9))
            self.assertEqual(invoice._get_support_subscriptions().state, "suspended")
        self.assertEqual(self.debits["settled"].invoice_ids.payment_state, "in_payment")
        self.assertAlmostEqual(self._get_transit(), 4 * 99.9)

    def _check_settlement(self, batch):
        """The notification of the due date changes nothing, the statement settles."""
        due = batch.collection_date
        self.bank.advance(due)
        self._fetch()
        self._assert_states(settled="submitted", returned="submitted")
        self.bank.advance(due + timedelta(days=1))
        self._fetch()
        for key in ("settled", "settled_fr", "returned", "refunded"):
            debit = self.debits[key]
            self.assertEqual((debit.state, debit.settlement_date), ("settled", due))
            self.assertEqual(debit.invoice_ids.payment_state, "paid")
        self.assertEqual(batch.state, "settled")
        self.assertEqual(self._get_transit(), 0)

    def _check_returns(self, batch):
        """One debit comes back by order of the debtor's bank, one is refunded to the debtor."""
        day = target.add_target_days(batch.collection_date, 1)
        self.bank.advance(day)
        self.bank.refuse(self.debits["returned"], "MS03")
        self._fetch()
        self._assert_states(returned="returned", refunded="settled")
        self.assertEqual(self._get_transit(), -99.9)
        self.bank.advance(day + timedelta(days=10))
        self._fetch()
        self._assert_states(
            settled="settled",
            settled_fr="settled",
            refused="rejected",
            closed="rejected",
            returned="returned",
            refunded="returned",
        )
        for key, code in (("returned", "MS03"), ("refunded", "MD06")):
            debit = self.debits[key]
            self.assertRecordValues(
                debit.return_ids, [{"kind": "return", "reason_code": code, "amount": 99.9}]
            )
            self.assertEqual(debit.return_ids.reason_id.code, code)
            self.assertIn(code, debit.state_reason)
            self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
            self.assertEqual(debit.invoice_ids.amount_residual, 99.9)
            self.assertEqual(debit.invoice_ids._get_support_subscriptions().state, "suspended")
        self.assertEqual(self._get_transit(), 0)
        lines = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.journal.id)]
        )
        self.assertEqual(sum(lines.mapped("amount")), 2 * 99.9)
        self.assertTrue(all(lines.mapped("is_reconciled")))

    def _get_picture(self):
        """Return everything that a file read twice could change."""
        moves = self.env["account.move"].search([])
        return (
            len(moves),
            sum(moves.line_ids.mapped("balance")),
            self.env["account.partial.reconcile"].search_count([]),
            self.all_debits.mapped("state"),
            self.all_debits.invoice_ids.mapped("payment_state"),
            self.all_debits.return_ids.ids,
            self._get_transit(),
        )

    def _check_everything_twice(self):
        """The very same files are recognised; copies with another checksum change nothing."""
        before = self._get_picture()
        paths = sorted((self.bank.pickup / "processed").iterdir())
        count = self.env["sdd.bank.message"].search_count([])
        for path in paths:
            path.rename(self.bank.pickup / path.name)
        self._fetch()
        self.assertEqual(self.env["sdd.bank.message"].search_count([]), count)
        for path in paths:
            self._import(path.read_text() + "\n", path.name)
        self.assertGreater(self.env["sdd.bank.message"].search_count([]), count)
        self.assertEqual(self._get_picture(), before)

    def test_no_account_number_in_clear_from_the_banks_words(self):
        self._register_accounts()
        self._hand_over()
        self._fetch()
        returned = self.debits["closed"].return_ids
        self.assertTrue(returned.reason_text)
        words = f"{returned.reason_text} {self.debits['closed'].state_reason}"
        self.assertNotIn(DEBTORS["closed"][1], words.replace(" ", ""))

    def test_bank_does_not_know_the_creditor(self):
        """A file for an account that the bank does not keep is rejected as a whole."""
        batch = self._hand_over()
        self._fetch()
        self.assertEqual(batch.state, "rejected")
        self.assertEqual(set(self.all_debits.mapped("state")), {"rejected"})
        self.assertEqual(set(self.all_debits.invoice_ids.mapped("payment_state")), {"not_paid"})
        self.assertEqual(self._get_transit(), 0)

    def test_second_copy_of_the_file(self):
        """A file that a person drops again is refused by the bank; the first one stands."""
        self._register_accounts()
        batch = self._hand_over()
        self._fetch()
        states = self.all_debits.mapped("state")
        (self.bank.drop / "again.xml").write_bytes(batch.file_content)
        self.bank.scan()
        messages = self.connection._fetch()
        self.assertEqual(messages.mapped("state"), ["attention"])
        self.assertEqual(self.all_debits.mapped("state"), states)
        self.assertEqual(batch.state, "partly_rejected")
