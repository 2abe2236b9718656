"""Support subscriptions: states, dates, and what debits do to them."""

from datetime import date

from freezegun import freeze_time
from odoo import Command, fields
from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import SupportDebitCommon

ALLOWED = {
    "draft": {"active", "cancelled"},
    "active": {"suspended", "cancelled", "expired"},
    "suspended": {"active", "cancelled", "expired"},
    "cancelled": set(),
    "expired": set(),
}
PATHS = {
    "draft": [],
    "active": ["active"],
    "suspended": ["active", "suspended"],
    "cancelled": ["cancelled"],
    "expired": ["active", "expired"],
}


@tagged("-at_install", "post_install")
class TestSubscription(SupportDebitCommon):
    def _create_draft(self, **values):
        return self.env["support.subscription"].create(
            {"partner_id": self.customer.id, "plan_id": self.plan.id, **values}
        )

    def test_transitions(self):
        self._assert_transitions(self._create_draft, PATHS, ALLOWED)

    def test_order_starts_support(self):
        order = self._create_order()
        subscription = order.support_subscription_ids
        today = fields.Date.context_today(subscription)
        self.assertRecordValues(
            subscription,
            [
                {
                    "state": "active",
                    "partner_id": self.customer.id,
                    "plan_id": self.plan.id,
                    "start_date": today,
                    "end_date": fields.Date.add(today, months=12, days=-1),
                    "next_invoice_date": fields.Date.add(today, months=12),
                    "price_total": 99.9,
                }
            ],
        )
        order._sdd_invoice()
        self.assertEqual(subscription.invoice_count, 1)

    def test_confirmed_twice_starts_once(self):
        order = self._create_order()
        order._start_support_subscriptions()
        self.assertEqual(len(order.support_subscription_ids), 1)

    def test_other_products_start_nothing(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.service_product.id})],
            }
        )
        order.action_confirm()
        self.assertFalse(order.support_subscription_ids)

    def test_cancelled_order_ends_support(self):
        order = self._create_order()
        order._action_cancel()
        self.assertEqual(order.support_subscription_ids.state, "cancelled")

    def test_cancelling_runs_to_the_end_of_the_term(self):
        subscription = self._create_order().support_subscription_ids
        subscription.action_cancel()
        self.assertEqual(subscription.state, "active")
        self.assertEqual(subscription.cancel_date, subscription.end_date)
        with freeze_time(subscription.end_date):
            self.env["support.subscription"]._cron_expire()
            self.assertEqual(subscription.state, "active")
        with freeze_time(fields.Date.add(subscription.end_date, days=1)):
            self.env["support.subscription"]._cron_expire()
        self.assertEqual(subscription.state, "cancelled")

    def test_term_without_renewal_expires(self):
        self.plan.renewal = "none"
        subscription = self._create_draft()
        subscription._activate(date(2024, 2, 29))
        self.assertEqual(subscription.end_date, date(2025, 2, 27))
        self.assertFalse(subscription.next_invoice_date)
        self.env["support.subscription"]._cron_expire()
        self.assertEqual(subscription.state, "expired")

    def test_dates_at_the_end_of_a_month(self):
        subscription = self._create_draft()
        self.plan.write({"term_months": 1, "billing_interval_months": 1})
        subscription._activate(date(2027, 1, 31))
        self.assertEqual(subscription.end_date, date(2027, 2, 27))
        self.assertEqual(subscription.next_invoice_date, date(2027, 2, 28))

    def test_support_that_has_run_is_not_deleted(self):
        subscription = self._create_order().support_subscription_ids
        with self._refused("kept for the record"):
            subscription.unlink()
        self._create_draft().unlink()

    def test_one_subscription_for_each_order_line(self):
        order = self._create_order()
        order.order_line.product_uom_qty = 2
        self.assertEqual(len(order.support_subscription_ids), 1)

    def test_impossible_plans(self):
        with self._refused("term", ValidationError):
            self.plan.write({"renewal": "term", "term_months": 0})

    # === PAID AND UNPAID === #

    def _return_debit(self):
        debit = self._create_debit().with_env(self.env)
        self._submit(debit)
        self._import(self._camt([self._entry_single(debit)]))
        self._import(self._camt([self._entry_return(debit)], opening=99.9, message_id="S-2"))
        return debit

    def test_returned_debit_suspends_and_payment_resumes(self):
        debit = self._return_debit()
        subscription = debit.invoice_ids._get_support_subscriptions()
        self.assertEqual(subscription.state, "suspended")
        self.assertIn("MS03", subscription.suspend_reason)
        self._register_payment(debit.invoice_ids, journal_id=self.journal.id)
        if debit.invoice_ids.payment_state == "in_payment":
            self.pay_with_statement_line(
                debit.invoice_ids, self.journal.id, fields.Date.today(), 99.9
            )
        self.assertEqual(debit.invoice_ids.payment_state, "paid")
        self.assertRecordValues(subscription, [{"state": "active", "suspend_reason": False}])

    def test_plan_that_goes_on_helping(self):
        self.plan.unpaid_action = "continue"
        debit = self._return_debit()
        self.assertEqual(debit.invoice_ids._get_support_subscriptions().state, "active")

    def test_suspended_by_hand_is_resumed_by_hand(self):
        subscription = self._create_order().support_subscription_ids
        subscription.action_suspend()
        self.assertIn(self.env.user.name, subscription.suspend_reason)
        subscription.action_activate()
        self.assertRecordValues(subscription, [{"state": "active", "suspend_reason": False}])
