"""Renewal: what is billed when, at which price, collected how, and never twice."""

from datetime import date

from freezegun import freeze_time
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SupportDebitCommon

START = date(2026, 1, 31)


@tagged("-at_install", "post_install")
class TestSubscriptionBill(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # Other subscriptions of the database would be billed, too.
        cls.env["support.subscription"].search([]).next_invoice_date = False
        with freeze_time(START):
            cls.order = cls._create_order()
            cls.order._sdd_invoice()
        cls.subscription = cls.order.support_subscription_ids

    def _run(self, day):
        """Run the job on a day and return the new renewal invoices."""
        before = self._get_renewals()
        with freeze_time(day), self._without_commits():
            self.env["support.subscription"]._cron_bill()
        return self._get_renewals() - before

    def _get_renewals(self):
        lines = self.env["account.move.line"].search([("support_subscription_id", "!=", False)])
        return lines.move_id

    def test_renewal_is_invoiced_on_the_day_and_once(self):
        self.assertFalse(self._run(date(2027, 1, 30)))
        invoice = self._run(date(2027, 1, 31))
        self.assertRecordValues(
            invoice,
            [
                {
                    "state": "posted",
                    "partner_id": self.customer.id,
                    "invoice_date": date(2027, 1, 31),
                    "amount_total": 99.9,
                    "invoice_origin": self.subscription.name,
                }
            ],
        )
        self.assertIn("2028", invoice.invoice_line_ids.name)
        self.assertRecordValues(
            self.subscription,
            [{"next_invoice_date": date(2028, 1, 31), "end_date": date(2028, 1, 30)}],
        )
        self.assertFalse(self._run(date(2027, 1, 31)))
        self.assertEqual(self.subscription.invoice_count, 2)

    def test_renewal_is_collected_with_the_mandate(self):
        mandate = self._create_mandate()
        debit = self._run(date(2027, 1, 31)).sdd_debit_ids
        self.assertRecordValues(
            debit, [{"mandate_id": mandate.id, "amount": 99.9, "partner_id": self.customer.id}]
        )

    def test_renewal_without_mandate_stays_an_open_invoice(self):
        invoice = self._run(date(2027, 1, 31))
        self.assertFalse(invoice.sdd_debit_ids)
        self.assertEqual(invoice.payment_state, "not_paid")

    def test_months_do_not_drift(self):
        self.plan.write({"term_months": 1, "billing_interval_months": 1})
        self.subscription.next_invoice_date = date(2026, 2, 28)
        days = []
        for day in (date(2026, 2, 28), date(2026, 3, 31), date(2026, 4, 30)):
            self.assertTrue(self._run(day), day)
            days.append(self.subscription.next_invoice_date)
        self.assertEqual(days, [date(2026, 3, 31), date(2026, 4, 30), date(2026, 5, 31)])

    def test_missed_intervals_are_made_up_for_run_by_run(self):
        self.plan.write({"term_months": 1, "billing_interval_months": 1})
        self.subscription.next_invoice_date = date(2026, 2, 28)
        invoices = self._run(date(2026, 4, 1)) | self._run(date(2026, 4, 1))
        self.assertEqual(len(invoices), 2)
        self.assertFalse(self._run(date(2026, 4, 1)))

    def test_who_cancelled_or_is_suspended_is_not_billed(self):
        self.subscription.cancel_date = self.subscription.end_date
        self.assertFalse(self._run(date(2027, 1, 31)))
        self.subscription.cancel_date = False
        self.subscription._suspend("unpaid")
        self.assertFalse(self._run(date(2027, 1, 31)))
        self.subscription._resume()
        self.assertTrue(self._run(date(2027, 2, 10)))
        self.assertEqual(self.subscription.next_invoice_date, date(2028, 1, 31))

    def test_term_renewal_lasts_another_term(self):
        self.plan.write({"renewal": "term", "term_months": 12, "billing_interval_months": 6})
        self.subscription.next_invoice_date = date(2027, 1, 31)
        self._run(date(2027, 1, 31))
        self.assertEqual(self.subscription.end_date, date(2028, 1, 30))
        self._run(date(2027, 7, 31))
        self.assertEqual(self.subscription.end_date, date(2028, 1, 30))

    def test_one_invoice_for_all_packages_of_a_customer(self):
        other = self.env["support.subscription"].create(
            {
                "partner_id": self.customer.id,
                "plan_id": self.plan.id,
                "product_id": self.package.id,
                "quantity": 2,
            }
        )
        other._activate(START)
        invoice = self._run(date(2027, 1, 31))
        self.assertEqual(len(invoice), 1)
        self.assertAlmostEqual(invoice.amount_total, 299.7)
        self.assertEqual(
            invoice.invoice_line_ids.support_subscription_id, self.subscription | other
        )

    def test_price_of_the_order_stays(self):
        self.package.list_price = 500
        self.order.order_line.discount = 10
        self.assertEqual(self._run(date(2027, 1, 31)).amount_total, self.order.amount_total)
        self.assertLess(self.order.amount_total, 90)

    def test_one_failure_does_not_stop_the_others(self):
        with freeze_time(START):
            order = self._create_order(self._create_customer("Broken"))
        broken = order.support_subscription_ids
        prepare = type(broken)._prepare_renewal_line

        def refuse(subscription, fiscal_position):
            if subscription == broken:
                raise UserError("The package has no account.")
            return prepare(subscription, fiscal_position)

        self.patch(type(broken), "_prepare_renewal_line", refuse)
        invoices = self._run(date(2027, 1, 31))
        self.assertEqual(invoices.invoice_line_ids.support_subscription_id, self.subscription)
        self.assertEqual(broken.next_invoice_date, date(2027, 1, 31))
        self.assertIn("no account", broken.activity_ids.note)
        self._run(date(2027, 2, 1))
        self.assertEqual(len(broken.activity_ids), 1)
