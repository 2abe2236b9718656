"""The FinTS dialog with a bank that is played: what is booked when, and that no PIN stays behind."""

from contextlib import contextmanager
from unittest.mock import patch

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..sepa import fints_adapter
from . import fake_fints
from .bank_files import CREDITOR_IBAN
from .common import SupportDebitCommon

DIALOG = "odoo.addons.support_debit.wizards.sdd_fints_dialog"
PIN, TAN = fake_fints.FakeBank.PIN, fake_fints.FakeBank.TAN


@tagged("-at_install", "post_install")
class TestFints(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.connection = cls.env["sdd.bank.connection"].create(
            {
                "name": "Our bank",
                "kind": "fints",
                "company_id": cls.company.id,
                "fints_bank_code": "50010517",
                "fints_url": "https://bank.example/fints",
                "fints_user": "ida",
                "fints_product": "F7A8D18CFB5B6D0D9C2B3D6D8",
            }
        )
        cls.connection.sudo().fints_mechanism = "923"
        cls.journal.sdd_connection_id = cls.connection
        cls.debit = cls._create_debit().with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.accountant = new_test_user(cls.env, "ida", groups="support_debit.group_accountant")

    @contextmanager
    def _bank(self, **behaviour):
        """Play a bank; what is committed is committed before it is called."""
        bank = fake_fints.FakeBank(**behaviour)
        commits = []
        jobs = self.env.registry["ir.cron"]

        def make(access, pin, state):
            client = bank.client(access, pin, state)
            client.commits = list(commits)
            return client

        def commit(cron, *_args, **_kwargs):
            cron.env.flush_all()
            commits.append(self.batch.sudo().handover_ids.mapped("outcome"))
            return float("inf")

        bank.commits = commits
        with (
            patch.object(fints_adapter.fints_client, "make", make),
            patch.object(jobs, "_commit_progress", commit),
        ):
            yield bank

    def _open(self, batch=None, user=None):
        """Return the dialog that "Submit to bank" opens."""
        batch = (batch or self.batch).with_user(user or self.accountant)
        action = batch.action_submit()
        return batch.env[action["res_model"]].browse(action["res_id"])

    def _start(self, wizard, pin=PIN):
        return wizard.with_context(fints_pin=pin).action_start()

    def _answer(self, wizard, tan=TAN, pin=PIN):
        return wizard.with_context(fints_pin=pin, fints_tan=tan).action_answer()

    def _assert_not_sent(self):
        self.assertEqual((self.batch.state, self.debit.state), ("generated", "batched"))
        self.assertFalse(self.batch.handover_state)
        self.assertFalse(self.batch.move_ids)

    def test_without_a_tan(self):
        wizard = self._open()
        self._assert_not_sent()
        with self._bank() as bank:
            self._start(wizard)
        self.assertEqual((wizard.step, wizard.error), ("done", False))
        self.assertEqual(len(bank.received), 1)
        self.assertEqual(bank.commits, [["started"], ["started"]])
        self.assertEqual((self.batch.state, self.batch.handover_state), ("submitted", "delivered"))
        self.assertRecordValues(
            self.batch.handover_ids,
            [{"kind": "fints", "outcome": "delivered", "user_id": self.accountant.id}],
        )
        self.assertIn("0010", self.batch.handover_ids.message)
        self.assertEqual(self._get_transit(), self.debit.amount)
        self.assertEqual(bank.closed, 1)

    def test_tan(self):
        for moment in ("login", "order"):
            with self.subTest(moment), self.env.cr.savepoint() as savepoint:
                self._check_tan(moment)
                savepoint.rollback()
                self.env.invalidate_all()

    def _check_tan(self, moment):
        wizard = self._open()
        with self._bank(tan_for=[moment], image=("image/png", b"P")) as bank:
            self._start(wizard)
            self.assertEqual((wizard.step, wizard.challenge), ("tan", "Please confirm"))
            self.assertTrue(wizard.challenge_image)
            self.assertEqual(bool(self.batch.move_ids), moment == "order")
            self.assertFalse(bank.received)
            with self._refused("Type the TAN"):
                self._answer(wizard, tan="")
            self._answer(wizard)
            self.assertEqual(wizard.step, "done", wizard.error)
        self.assertEqual(len(bank.received), 1)
        self.assertEqual((self.batch.state, self.batch.handover_state), ("submitted", "delivered"))
        self.assertEqual(len(self.batch.handover_ids), 1)

    def test_decoupled(self):
        wizard = self._open()
        with self._bank(tan_for=["order"], decoupled=True, polls=1) as bank:
            self._start(wizard)
            self.assertTrue(wizard.is_decoupled)
            self._answer(wizard, tan="")
            self.assertEqual(wizard.step, "tan")
            self.assertIn("still waits", wizard.error)
            self._answer(wizard, tan="")
        self.assertEqual((wizard.step, len(bank.received)), ("done", 1))

    def test_pin_is_stored_nowhere(self):
        wizard = self._open()
        with self._bank(tan_for=["order"]):
            values = {"pin": PIN, "tan": TAN}
            echoed = wizard.web_save(dict(values), {"pin": {}, "step": {}})
            self.assertEqual(echoed[0]["pin"], PIN, "the button that follows sends it")
            action = self._start(wizard)
        self.assertNotIn(PIN, repr(action))
        self.env.flush_all()
        for table in ("sdd_fints_wizard", "sdd_handover", "sdd_bank_connection", "sdd_batch"):
            self.env.cr.execute(f"SELECT t::text FROM {table} t")
            self.assertNotIn(PIN, repr(self.env.cr.fetchall()), table)
        self.assertFalse(wizard.browse(wizard.id).pin)
        with self._refused("Type your PIN"):
            wizard.action_start()

    @mute_logger(DIALOG)
    def test_wrong_pin_books_nothing(self):
        wizard = self._open()
        with self._bank():
            self._start(wizard, pin="other")
        self.assertEqual(wizard.step, "pin")
        self.assertIn("9910", wizard.error)
        self.assertNotIn("other", wizard.error)
        self._assert_not_sent()
        self.assertEqual(self.batch.handover_ids.outcome, "failed")
        with self._bank() as bank:
            self._start(wizard)
        self.assertEqual((wizard.step, len(bank.received)), ("done", 1))

    @mute_logger(DIALOG)
    def test_bank_is_down_at_the_login(self):
        wizard = self._open()
        with self._bank(errors={"login": fake_fints.FinTSConnectionError("500")}):
            self._start(wizard)
        self.assertIn("could not be reached", wizard.error)
        self._assert_not_sent()

    @mute_logger(DIALOG)
    def test_silence_after_the_order_is_unknown(self):
        wizard = self._open()
        with self._bank(errors={"order": TimeoutError()}) as bank:
            self._start(wizard)
        self.assertEqual((self.batch.state, self.batch.handover_state), ("submitted", "unknown"))
        self.assertTrue(self.batch.activity_ids)
        with self._bank() as bank, self._refused("sent already"):
            self._start(wizard)
        self.assertFalse(bank.received)
        action = self.batch.with_user(self.accountant).action_hand_over_again()
        again = wizard.browse(action["res_id"])
        entries = self.batch.move_ids
        with self._bank() as bank:
            self._start(again)
        self.assertEqual((len(bank.received), self.batch.handover_state), (1, "delivered"))
        self.assertEqual(self.batch.move_ids, entries, "booked once")

    @mute_logger(DIALOG)
    def test_refused_by_the_bank(self):
        wizard = self._open()
        with self._bank(codes=[("9210", "Limit überschritten")]):
            self._start(wizard)
        self.assertIn("9210 Limit überschritten", wizard.error)
        self.assertEqual(self.batch.handover_state, "failed")
        self.assertIn("9210", self.batch.handover_error)

    @mute_logger(DIALOG)
    def test_wrong_tan(self):
        wizard = self._open()
        with self._bank(tan_for=["order"]) as bank:
            self._start(wizard)
            self._answer(wizard, tan="1")
            self.assertEqual(self.batch.handover_state, "failed")
            self.assertFalse(bank.received)
            with self._refused("does not wait"):
                self._answer(wizard)

    def test_two_dialogs_send_once(self):
        first, second = self._open(), self._open()
        with self._bank() as bank:
            self._start(first)
            with self._refused("sent already|submitted already"):
                self._start(second)
            with self._refused("sent already|submitted already"):
                self._start(first)
        self.assertEqual(len(bank.received), 1)

    def test_dialog_of_somebody_else(self):
        wizard = self._open()
        other = new_test_user(self.env, "otto", groups="support_debit.group_accountant")
        with self._bank(), self._refused("", AccessError):
            self._start(wizard.with_user(other))

    def test_sleeping_dialog_cannot_be_changed(self):
        """What is unpickled comes from us."""
        wizard = self._open()
        with self._bank(tan_for=["order"]):
            self._start(wizard)
            with self._refused("", AccessError):
                wizard.write({"sleeping": "x"})
            wizard.sudo().sleeping = "x" + wizard.sudo().sleeping
            with self._refused("is over"):
                self._answer(wizard)

    def test_setup(self):
        self.connection.sudo().fints_mechanism = False
        with self._refused("Choose once"):
            self.batch.action_submit()
        action = self.connection.action_fints_setup()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        with self._bank():
            self._start(wizard)
        self.assertEqual(wizard.step, "choose")
        self.assertEqual(wizard.mechanism_id.name, "pushTAN")
        self.assertEqual(wizard.medium_id.name, "Phone of Ida")
        wizard.action_choose()
        self.assertRecordValues(
            self.connection,
            [
                {
                    "fints_mechanism": "923",
                    "fints_mechanism_name": "pushTAN",
                    "fints_medium": "Phone of Ida",
                }
            ],
        )

    def _fetch(self, *files, kind="HIKAZ"):
        """Return the dialog that has fetched these files."""
        action = self.connection.with_user(self.accountant).action_fints_fetch()
        wizard = self.env[action["res_model"]].with_user(self.accountant).browse(action["res_id"])
        self.assertEqual(wizard.journal_id, self.journal)
        with (
            self._bank(files=[content.encode() for content in files], codes=[("0020", "OK")]),
            patch.object(fints_adapter.fints_client.Statements, "_find", lambda *_a: (None, kind)),
            patch.object(
                fints_adapter.fints_client.Statements,
                "send",
                lambda order, client: client.order(order),
            ),
        ):
            self._start(wizard)
        self.assertEqual(wizard.step, "done", wizard.error)
        return wizard

    def test_fetch(self):
        wizard = self._fetch(
            f":20:STARTUMSE\r\n:25:{CREDITOR_IBAN}\r\n:28C:1/1\r\n:60F:C261120EUR1000,00\r\n"
            ":61:2611231123CR12,50N192NONREF//X1\r\n:86:166?00GUTSCHRIFT\r\n"
            ":62F:C261123EUR1012,50\r\n-\r\n"
        )
        self.assertEqual(wizard.message_ids.kind, "mt940")
        self.assertEqual(wizard.message_ids.line_count, 1)
        self.assertTrue(self.connection.fints_fetched_until)
        self.assertLess(self.connection._get_fints_start(), self.connection.fints_fetched_until)

    def test_bank_that_gives_reports_of_the_day_only(self):
        """Over such a connection debits are settled and come back, too, and nothing twice."""
        self._submit_by_hand()
        credit, back = self._entry_batch(self.batch), self._entry_return(self.debit, fee=3.0)
        report = self._camt([credit], kind="052")
        message = self._fetch(report, kind="HICAZ").message_ids
        self.assertEqual((message.kind, message.state), ("camt.052.001.08", "done"))
        self.assertEqual((self.debit.state, self._get_transit()), ("settled", 0))
        self.assertFalse(self.env["sdd.bank.statement"].search([("message_id", "=", message.id)]))
        later = self._camt([credit, back], kind="052", message_id="R-2")
        message = self._fetch(later, kind="HICAZ").message_ids
        self.assertEqual((message.line_count, self.debit.state), (1, "returned"))
        self.assertEqual(self.debit.return_ids.fee, 3.0)
        statement = self._import(self._camt([credit, back], message_id="S-7"))
        self.assertEqual((statement.state, statement.line_count), ("done", 0))
        self.assertEqual(self._get_transit(), 0)

    def test_entry_of_a_report_without_a_reference_waits_for_the_statement(self):
        self._submit_by_hand()
        report = self._camt([self._entry_batch(self.batch)], kind="052")
        report = report.replace(f"<AcctSvcrRef>B-{self.batch.id}</AcctSvcrRef>", "")
        message = self._fetch(report, kind="HICAZ").message_ids
        self.assertEqual((message.state, message.line_count), ("attention", 0))
        self.assertIn("Import the account's statement", message.findings_text)
        self.assertEqual(self.debit.state, "submitted")

    def test_report_that_is_uploaded_only_announces(self):
        self._submit_by_hand()
        message = self._import(self._camt([self._entry_batch(self.batch)], kind="052"))
        self.assertEqual((message.line_count, self.debit.state), (0, "submitted"))

    def _submit_by_hand(self):
        """Book the batch without a dialog."""
        self.batch._submit()

    def test_what_is_missing(self):
        self.connection.fints_product = False
        with self._refused("Product Registration"):
            self.batch.action_submit()
        with patch.object(fints_adapter, "fints_client", None), self._refused("pip install"):
            self.batch.action_submit()
        for values in ({"fints_bank_code": "123"}, {"fints_url": "http://bank.example"}):
            with self.subTest(values), self._refused("eight digits|https"):
                self.connection.write(values)
