"""The due date of a debit: bank, notice, invoice, the customer's day, and what was asked for."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError, ValidationError
from odoo.tests import new_test_user, tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
@freeze_time("2026-11-23 09:00:00")
class TestDueDate(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate()

    def _queue(self, due="2026-11-23", **options):
        """Return the debit of a new invoice that is due on a day."""
        invoice = self._create_order()._sdd_invoice()
        invoice.invoice_date_due = due
        return invoice._queue_sdd_debit(mandate=self.mandate, **options)

    def test_the_invoice_decides(self):
        self.assertEqual(self._queue().collection_date, date(2026, 11, 24))
        self.assertEqual(self._queue("2026-12-05").collection_date, date(2026, 12, 7))

    def test_as_early_as_possible(self):
        self.journal.sdd_due_policy = "asap"
        self.assertEqual(self._queue("2026-12-05").collection_date, date(2026, 11, 24))

    def test_the_customers_day_comes_first(self):
        self.mandate.debit_day = 15
        self.assertEqual(self._queue().collection_date, date(2026, 12, 15))
        # Not before the money is owed.
        self.assertEqual(self._queue("2026-12-20").collection_date, date(2027, 1, 15))
        self.journal.sdd_due_policy = "asap"
        self.assertEqual(self._queue("2026-12-20").collection_date, date(2026, 12, 15))

    def test_what_is_charged_at_once_is_charged_at_once(self):
        self.mandate.debit_day = 15
        debit = self._queue("2026-12-20", due_date=date(2026, 11, 23))
        self.assertEqual(debit.collection_date, date(2026, 11, 24))

    def test_notice_as_agreed_in_the_mandate(self):
        self.assertEqual(self.mandate.notice_days, self.journal.sdd_notice_days)
        self.mandate.notice_days = 14
        self.assertEqual(self._queue().collection_date, date(2026, 12, 7))
        # Nobody can ask for less than what was agreed.
        debit = self._queue(due_date=date(2026, 11, 24))
        self.assertEqual(debit.collection_date, date(2026, 12, 7))
        # Another period for new mandates does not change the old ones.
        self.journal.sdd_notice_days = 5
        self.assertEqual(self.mandate.notice_days, 14)
        self.assertEqual(self._create_mandate().notice_days, 5)

    def test_what_was_agreed_is_not_shortened(self):
        agent = new_test_user(self.env, "agent", groups="support_debit.group_support_user")
        mandate = self.mandate.with_user(agent)
        mandate.notice_days = 5
        with self.assertRaisesRegex(UserError, "agreed with the customer"):
            mandate.notice_days = 4

    def test_impossible_days_are_refused(self):
        mandate = self.mandate.sudo()
        for values in ({"debit_day": 29}, {"debit_day": -1}, {"notice_days": -1}):
            with self.subTest(values), self._refused("debit day|negative", ValidationError):
                mandate.write(values)

    def test_many_invoices_cost_no_more_queries(self):
        partners = [self._create_customer(f"Customer {number}") for number in range(12)]
        for partner in partners:
            self._create_mandate(partner)
        orders = [self._create_order(partner) for partner in partners]
        invoices = self.env["account.move"].union(*(order._sdd_invoice() for order in orders))
        counts = []
        for part in (invoices[:2], invoices[2:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            part._queue_sdd_debit()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0] + 4)
