"""Support that starts with the money, or with the confirmation of the mandate."""

from datetime import date

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestSupportHold(SupportDebitCommon):
    def _order(self, offer, **values):
        """Return a confirmed order whose customer has agreed to an offer."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [Command.create({"product_id": self.package.id})],
                **values,
            }
        )
        order._set_risk_offer(offer)
        order.action_confirm()
        return order

    def test_starts_at_once_without_an_offer(self):
        """An order without any agreement starts support with its confirmation."""
        for offer in (False, "sdd", "transfer", "other"):
            subscription = self._order(offer).support_subscription_ids
            self.assertEqual(subscription.state, "active", offer)
            self.assertFalse(subscription.waits_for)

    def test_starts_with_the_money(self):
        """Support waits for the money; its term begins on the day it arrives."""
        order = self._order("sdd_settled")
        subscription = order.support_subscription_ids
        self.assertEqual((subscription.state, subscription.waits_for), ("draft", "payment"))
        self.assertFalse(subscription.start_date)
        debit = order._sdd_invoice()._queue_sdd_debit(mandate=self._create_mandate())
        self._submit(debit)
        self.assertEqual(subscription.state, "draft", "a file that has left is no money")
        debit._settle(fields.Date.today())
        self.assertEqual((subscription.state, subscription.waits_for), ("active", False))
        self.assertEqual(subscription.start_date, fields.Date.context_today(subscription))

    def test_starts_when_paid_another_way(self):
        """Whoever transfers the money meanwhile need not wait for the debit."""
        order = self._order("sdd_settled")
        invoice = order._sdd_invoice()
        self.assertEqual(order.support_subscription_ids.state, "draft")
        self._register_payment(invoice)
        self.assertEqual(invoice.payment_state, "paid")
        self.assertEqual(order.support_subscription_ids.state, "active")

    def test_starts_with_the_confirmation(self):
        """A mandate that the customer confirms by his link starts the support."""
        order = self._order("sdd_confirmed")
        subscription = order.support_subscription_ids
        self.assertEqual((subscription.state, subscription.waits_for), ("draft", "confirmation"))
        # In sudo mode: the order is written by the checkout only.
        mandate = self._create_mandate().sudo()
        mandate.order_id = order
        mandate.action_suspend()
        mandate.action_activate()
        self.assertEqual(mandate.state, "active")
        self.assertEqual((subscription.state, subscription.waits_for), ("active", False))

    def test_another_mandate_starts_nothing(self):
        """Only the mandate of this order counts."""
        order = self._order("sdd_confirmed")
        self._create_mandate()
        self.assertEqual(order.support_subscription_ids.state, "draft")

    def test_cancelled_while_waiting(self):
        """An order taken back starts nothing, whatever arrives later."""
        order = self._order("sdd_settled")
        subscription = order.support_subscription_ids
        order._action_cancel()
        self.assertEqual(subscription.state, "cancelled")
        subscription._note_paid()
        self.assertEqual(subscription.state, "cancelled")

    def test_staff_may_start_it_earlier(self):
        """Staff may start support before; the money changes nothing then."""
        subscription = self._order("sdd_settled").support_subscription_ids
        subscription.action_activate()
        self.assertEqual((subscription.state, subscription.waits_for), ("active", False))
        subscription.start_date = date(2026, 1, 1)
        subscription._note_paid()
        self.assertEqual(subscription.start_date, date(2026, 1, 1))

    def test_nobody_writes_it_by_hand(self):
        """What support waits for is the program's business."""
        subscription = self._order("sdd_settled").support_subscription_ids
        user = new_test_user(
            self.env,
            "hold_support",
            "support_debit.group_support_user",
            company_id=self.company.id,
            company_ids=self.company.ids,
        )
        with self.assertRaises(UserError):
            subscription.with_user(user).write({"waits_for": False})

    def test_a_confirmed_order_keeps_its_agreement(self):
        """What was agreed before the order does not change after it."""
        order = self._order("sdd_settled")
        order._set_risk_offer("sdd")
        self.assertEqual(order.risk_offer, "sdd_settled")

    def test_bank_transfer_is_one_switch(self):
        """Staff switches bank transfer on, so that red orders can be bought, and off again."""
        settings = self.env["res.config.settings"].create({})
        provider = self.company._sdd_get_transfer_provider()
        provider.write({"state": "disabled", "is_published": False})
        self.assertFalse(self.env["res.config.settings"].create({}).sdd_transfer)
        settings.sdd_transfer = True
        self.assertEqual((provider.state, provider.is_published), ("enabled", True))
        self.assertTrue(provider.qr_code and provider.payment_method_ids.active)
        self.assertTrue(provider.pending_msg)
        settings.sdd_transfer = False
        self.assertEqual((provider.state, provider.is_published), ("disabled", False))

    def test_code_for_banking_apps(self):
        """The code is drawn whether the graphics library is there or not."""
        reports = self.env["ir.actions.report"]
        for draw in (reports._sdd_draw_qr, lambda text: reports.barcode("QR", text)):
            self.assertTrue(draw("BCD\n002\n1\nSCT").startswith(b"\x89PNG"))
