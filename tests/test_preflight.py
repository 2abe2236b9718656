"""The pre-flight: what stays behind and why, the bank's limits, and the screen that shows it."""

from datetime import timedelta
from importlib.resources import files

from lxml import etree
from odoo import fields
from odoo.exceptions import ValidationError
from odoo.tests import Form, new_test_user, tagged

from ..sepa import target
from .common import DEBTOR_IBANS, SupportDebitCommon

BRITISH = "GB29NWBK60161331926819"
#: No list of banks knows those of Montenegro, so there is no BIC to find.
UNKNOWN_BANK = "MK07250120000058984"


@tagged("-at_install", "post_install")
class TestPreflight(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate()
        cls.batches = cls.env["sdd.batch"]
        cls.day = cls.journal._sdd_earliest_collection()

    def _bare(self, mandate=None, **values):
        return self._create_bare_debit(mandate or self.mandate, **values)

    def _make(self):
        return self.batches._create_due_batches(self.journal)

    def _look(self):
        action = self.batches.action_preflight()
        return self.env["sdd.preflight"].browse(action["res_id"])

    def _line(self, preflight, code):
        return preflight.line_ids.filtered(lambda line: line.code == code)

    def _assert_waits(self, debit, code):
        self.assertEqual((debit.state, debit.waiting_code), ("queued", code))
        self.assertTrue(debit.waiting_reason)

    def _abroad(self, iban=BRITISH, **values):
        """Return a debit of a British customer without an address."""
        customer = self._create_customer(
            "Abroad",
            **{"country_id": self.env.ref("base.uk").id, "city": "", "zip": "", **values},
        )
        return self._bare(self._create_mandate(customer, iban))

    # === ADDRESSES === #

    def test_address_outside_the_eea(self):
        """The debit stays queued, says what is missing, and goes once it is there."""
        debit, good = self._abroad(), self._bare()
        self.assertEqual(self._make().debit_ids, good)
        self._assert_waits(debit, "address")
        debit.partner_id.write({"city": "London", "zip": "SW1A 1AA"})
        self.assertEqual(self._make().debit_ids, debit)
        self.assertFalse(debit.waiting_reason)
        self.assertIn(b"<BICFI>NWBKGB2L", debit.batch_id.file_content)

    def test_bic_outside_the_eea(self):
        debit = self._abroad(UNKNOWN_BANK, city="Skopje")
        debit.mandate_id.bank_account_id.bank_id = False
        self.assertFalse(self._make())
        self._assert_waits(debit, "bic")

    # === MANDATES === #

    def test_mandate_lapses_before_the_due_date(self):
        debit = self._bare()
        self.mandate.sudo().signature_date = self.day - timedelta(days=36 * 31)
        self.assertFalse(self._make())
        self._assert_waits(debit, "dormant")

    # === DUPLICATES === #

    def _twins(self):
        """Return a submitted debit and a queued one that collects the same."""
        first = self._create_debit(mandate=self.mandate).with_env(self.env)
        self._submit(first)
        second = self._bare(amount=first.amount, invoice_ids=first.invoice_ids.ids)
        return first, second

    def test_duplicate(self):
        first, second = self._twins()
        self.assertFalse(self._make())
        self._assert_waits(second, "duplicate")
        self.assertIn(first.end_to_end_id, second.waiting_reason)
        second.action_confirm_no_duplicate()
        self.assertEqual(self._make().debit_ids, second)

    def test_no_duplicate(self):
        """Another amount, another invoice, no invoice, returned, settled long ago."""
        first, second = self._twins()
        self.assertIn(second, second._check_duplicates())
        first._settle(fields.Date.today())
        self.assertIn(second, second._check_duplicates())
        first.sudo().settlement_date = fields.Date.today() - timedelta(days=60)
        self.assertFalse(second._check_duplicates())
        first.sudo().settlement_date = fields.Date.today()
        self.assertFalse(
            (
                self._bare(amount=first.amount)
                | self._bare(amount=5.0, invoice_ids=first.invoice_ids.ids)
            )._check_duplicates()
        )
        first._reopen("returned", "MS03", fields.Date.today(), "test")
        self.assertFalse(second._check_duplicates())

    def test_two_in_one_file(self):
        """Of two that collect the same in one file the later one goes back into the queue."""
        invoice = self._create_debit(mandate=self.mandate).invoice_ids
        invoice.sdd_debit_ids._cancel("test")
        first, second = (self._bare(invoice_ids=invoice.ids) for _number in range(2))
        batch = self._make()
        self.assertEqual(batch.debit_ids, first)
        self._assert_waits(second, "duplicate")

    # === LIMITS === #

    def test_limit_of_a_debit(self):
        self.journal.sdd_limit_debit = 50.0
        small, large = self._bare(amount=50.0), self._bare(amount=50.01)
        self.assertEqual(self._make().debit_ids, small)
        self._assert_waits(large, "limit")
        self.journal.write({"sdd_limit_debit": 0, "sdd_limit_batch": 50.0})
        self.assertIn(large, large._find_uncollectable())
        self.journal.sdd_limit_batch = 0
        self.assertEqual(self._make().debit_ids, large)

    def test_limit_of_a_file(self):
        """What does not fit goes into another file."""
        self.journal.sdd_limit_batch = 25.0
        for _number in range(5):
            self._bare()
        batches = self._make()
        self.assertEqual(batches.mapped("amount_total"), [20.0, 20.0, 10.0])

    def test_limit_of_a_day(self):
        """The oldest go first; nobody overtakes; what went today counts."""
        self.journal.sdd_limit_day = 35.0
        later = target.add_target_days(self.day, 1)
        last = self._bare(collection_date=later, amount=5.0)
        debits = [self._bare(collection_date=self.day) for _number in range(3)]
        large = self._bare(collection_date=later, amount=6.0)
        # 30.00 of the first day, then 5.00; by number the small one comes first.
        batch = self._make()
        self.assertEqual(batch.debit_ids, last.union(*debits))
        self._assert_waits(large, "limit_day")
        self.assertIn("next day", large.waiting_reason)
        batch.sudo().write({"state": "submitted", "submitted_date": fields.Datetime.now()})
        self.assertFalse(self._make())
        batch.sudo().submitted_date = fields.Datetime.now() - timedelta(days=2)
        self.assertEqual(self._make().debit_ids, large)
        self.assertFalse(large.waiting_reason)

    def test_negative_limits(self):
        for field in ("sdd_limit_debit", "sdd_limit_day", "sdd_repeat_days"):
            with self.subTest(field), self._refused("cannot be negative", ValidationError):
                self.journal[field] = -1

    # === VERSION === #

    def test_versions(self):
        """The newer version by default, the older one where a bank asks for it; both are valid."""
        self._bare()
        batch = self._make()
        for version in ("pain.008.001.08", "pain.008.001.02"):
            with self.subTest(version):
                self.journal.sdd_pain_version = version
                batch.action_generate()
                document = etree.fromstring(batch.file_content)
                self.assertEqual(
                    etree.QName(document).namespace, f"urn:iso:std:iso:20022:tech:xsd:{version}"
                )
                schema = files("sepaxml").joinpath(f"schemas/{version}.xsd").read_bytes()
                etree.XMLSchema(etree.fromstring(schema)).assertValid(document)

    # === THE SCREEN === #

    def test_nothing_due(self):
        preflight = self._look()
        self.assertRecordValues(
            preflight, [{"debit_count": 0, "waiting_count": 0, "file_count": 0, "line_ids": []}]
        )
        with self._refused("No debit is due"):
            preflight.action_create_files()

    def test_looking_changes_nothing(self):
        bad, good = self._abroad(), self._bare()
        preflight = self._look()
        self.assertRecordValues(
            preflight,
            [{"debit_count": 1, "amount_total": 10.0, "waiting_count": 1, "waiting_total": 10.0}],
        )
        self.assertEqual((preflight.ready_ids, preflight.file_count), (good, 1))
        self.assertRecordValues(
            self._line(preflight, "address"),
            [{"kind": "stays", "debit_ids": bad.ids, "debit_count": 1, "amount_total": 10.0}],
        )
        self.assertEqual(set((bad | good).mapped("state")), {"queued"})
        self.assertFalse(bad.waiting_reason)
        self.assertFalse(preflight.has_prediction)
        action = preflight.action_create_files()
        self.assertEqual(self.batches.browse(action["res_id"]).debit_ids, good)
        self._assert_waits(bad, "address")

    def test_repairs(self):
        """Each finding has a button that leads to what puts it right."""
        bad = self._abroad()
        suspended = self._create_mandate(iban=DEBTOR_IBANS[1])
        held = self._bare(suspended)
        suspended.action_suspend()
        first, second = self._twins()
        preflight = self._look()
        action = self._line(preflight, "address").action_repair()
        self.assertEqual(
            (action["res_model"], action["res_id"]), ("res.partner", bad.partner_id.id)
        )
        action = self._line(preflight, "mandate").action_repair()
        self.assertEqual((action["res_model"], action["res_id"]), ("sdd.mandate", suspended.id))
        action = self._line(preflight, "mandate").action_view_debits()
        self.assertEqual(action["domain"], [("id", "in", held.ids)])
        action = self._line(preflight, "duplicate").action_repair()
        again = self.env["sdd.preflight"].browse(action["res_id"])
        self.assertFalse(self._line(again, "duplicate"))
        self.assertEqual(again.ready_ids, second)
        self.assertEqual(first.state, "submitted")

    def test_customers_who_are_told_when_files_are_made(self):
        """Making the files notifies them, so they go; a customer without an address stays behind."""
        mute = self._create_customer("No E-mail", email=False)
        silent = self._bare(self._create_mandate(mute, DEBTOR_IBANS[1]))
        debit = self._bare()
        preflight = self._look()
        self.assertEqual(preflight.ready_ids, debit)
        self.assertEqual(self._line(preflight, "told_now").debit_ids, debit)
        self.assertEqual(self._line(preflight, "notice").debit_ids, silent)
        self._line(preflight, "told_now").action_repair()
        self.assertIn(debit.notice_state, ("outgoing", "sent"))
        self.assertFalse(self._line(self._look(), "told_now"))
        self.assertEqual(self._make().debit_ids, debit)

    def test_held_before(self):
        """What a person holds is shown as well, and can be released."""
        debit = self._bare()
        debit.action_hold()
        line = self._line(self._look(), "user")
        self.assertEqual(line.debit_ids, debit)
        line.action_repair()
        self.assertEqual(debit.state, "queued")

    def test_paid_meanwhile(self):
        debit = self._create_debit(mandate=self.mandate)
        self._register_payment(debit.invoice_ids)
        if debit.state == "queued":
            self.assertEqual(self._line(self._look(), "cancelled").debit_ids, debit)

    def test_late(self):
        """A due date that the bank can no longer make moves; a person may move it before."""
        debit = self._bare(collection_date=target.previous_target_day(fields.Date.today()))
        preflight = self._look()
        line = self._line(preflight, "late")
        self.assertEqual((line.kind, preflight.ready_ids), ("told", debit))
        line.action_repair()
        self.assertEqual(debit.collection_date, self.journal._sdd_earliest_collection(notice=False))
        self.assertFalse(self._line(self._look(), "late"))

    def test_same_amount_twice(self):
        """It is told, and goes all the same."""
        debits = self._bare() | self._bare()
        preflight = self._look()
        self.assertEqual(self._line(preflight, "repeated").debit_ids, debits)
        self.assertEqual(preflight.debit_count, 2)
        self.journal.sdd_repeat_days = 0
        self.assertFalse(self._line(self._look(), "repeated"))

    def test_every_finding_has_a_title(self):
        titles = self.env["sdd.preflight.line"]._get_titles()
        codes = {code for code, _label in self.env["sdd.debit"]._fields["hold_code"].selection}
        self.assertFalse(codes - titles.keys())
        line = self.env["sdd.preflight.line"].new({"code": "x"})
        self.assertFalse(line._get_repairs().keys() - titles.keys())

    def test_rights(self):
        staff = new_test_user(self.env, "preflight_staff", "support_debit.group_support_user")
        self._bare()
        with self._refused("", Exception):
            self.batches.with_user(staff).action_preflight()
        with self._refused("", Exception):
            self._bare().with_user(staff).action_confirm_no_duplicate()

    def test_form(self):
        """The screen opens; what it shows cannot be typed over."""
        self._bare()
        with Form(self._look()) as form:
            self.assertEqual(form.debit_count, 1)
            with self.assertRaises(AssertionError):
                form.amount_total = 3.0

    # === BLOCKS === #

    def test_blocks_of_a_batch(self):
        later = target.add_target_days(self.day, 1)
        debits = [self._bare(collection_date=day) for day in (self.day, self.day, later)]
        batch = self._make()
        self.assertRecordValues(
            batch.block_ids,
            [
                {"collection_date": self.day, "debit_count": 2, "amount_total": 20.0},
                {"collection_date": later, "debit_count": 1, "amount_total": 10.0},
            ],
        )
        action = batch.block_ids[1].action_view_debits()
        self.assertEqual(self.env["sdd.debit"].search(action["domain"]), debits[2])
        self.assertFalse(batch.has_prediction)

    # === SPEED === #

    def test_checks_do_not_ask_for_each_debit(self):
        """The number of queries does not grow with the number of debits."""

        def count(debits):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            debits._find_uncollectable()
            debits._find_over_limits(self.journal)
            for warn in debits._get_preflight_warnings():
                warn(debits)
            return self.env.cr.sql_log_count - before

        self.journal.sdd_limit_day = 1000.0
        self.env["sdd.bank.directory"].create(
            {"bic": "MARKDEFF", "core": True, "valid_from": fields.Date.today()}
        )
        many = self.env["sdd.debit"]
        for number in range(12):
            partner = self._create_customer(f"Customer {number}")
            many |= self._bare(self._create_mandate(partner, DEBTOR_IBANS[number % 5]))
        few = count(many[:3])
        self.assertLessEqual(count(many), few + 2)
