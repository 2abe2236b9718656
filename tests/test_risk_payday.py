"""Debits that are more likely to come back wait for a pay-day."""

from datetime import date

from freezegun import freeze_time
from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .risk_common import RiskCommon


@tagged("post_install", "-at_install")
@freeze_time("2026-12-07 09:00:00")
class TestRiskPayday(RiskCommon):
    """First orders come back in 4 of 100 cases here, others in 2; from 3 on they wait."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._let_wait(payday_pd=0.03)
        cls.mandate = cls._create_mandate()

    @classmethod
    def _let_wait(cls, **values):
        active = cls.policies._get_active(cls.company).with_env(cls.env)
        card = active.bank_card_id or cls._create_card()
        cls._start(active._make_version(bank_card_id=card.id, **values))

    def _order(self, is_first=True):
        """Return an order that was judged."""
        order = self._create_order()
        with self._answer(is_first_order=is_first):
            self.policies.assess(order)
        return order

    def _queue(self, order, due_date=date(2026, 12, 7)):
        return order._sdd_invoice()._queue_sdd_debit(mandate=self.mandate, due_date=due_date)

    def test_next_payday(self):
        debit = self._queue(self._order())
        self.assertEqual(debit.collection_date, date(2026, 12, 15))
        self.assertIn("pay-day", debit.retry_explanation.lower())
        self.assertFalse(debit.is_waiting_retry)

    def test_debits_of_staff_wait_as_well(self):
        self.assertEqual(self._queue(self._order(), None).collection_date, date(2026, 12, 15))

    def test_dutch_paydays(self):
        self.customer.country_id = self.env.ref("base.nl")
        with freeze_time("2026-12-14 09:00:00"):
            debit = self._queue(self._order(), date(2026, 12, 14))
        self.assertEqual(debit.collection_date, date(2026, 12, 24))

    def test_who_is_likely_to_pay_is_debited_at_once(self):
        debit = self._queue(self._order(is_first=False))
        self.assertEqual(debit.collection_date, date(2026, 12, 8))
        self.assertFalse(debit.retry_explanation)

    def test_the_customers_own_day_comes_first(self):
        self.mandate.debit_day = 10
        debit = self._queue(self._order())
        self.assertEqual(debit.collection_date, date(2026, 12, 10))
        self.assertIn("10", debit.retry_explanation)

    def test_no_better_day_in_time(self):
        self.mandate.debit_day = 6
        self.assertEqual(self._queue(self._order()).collection_date, date(2026, 12, 8))
        self.mandate.debit_day = 0
        self._let_wait(payday_days=6)
        self.assertEqual(self._queue(self._order()).collection_date, date(2026, 12, 8))

    def test_a_day_that_somebody_asks_for_is_kept(self):
        debit = self._queue(self._order(), date(2026, 12, 11))
        self.assertEqual(debit.collection_date, date(2026, 12, 11))

    def test_support_that_waits_for_the_money_waits_no_longer(self):
        order = self._order()
        order.sudo().risk_offer = "sdd_settled"
        self.assertEqual(self._queue(order).collection_date, date(2026, 12, 8))

    def test_support_that_was_suspended_waits_no_longer(self):
        order = self._order()
        order.support_subscription_ids._suspend("unpaid")
        self.assertEqual(self._queue(order).collection_date, date(2026, 12, 8))

    def test_the_newest_assessment_counts(self):
        """The invoice was judged when the customer paid it in the portal, later the order again."""
        order = self._order()
        invoice = order._sdd_invoice()
        with freeze_time("2026-12-07 08:00:00"), self._answer(is_first_order=False):
            self.policies.assess({"invoice_id": invoice.id, "order_id": 0})
        self.assertEqual(self._queue(order).collection_date, date(2026, 12, 15))

    def test_an_older_assessment_counts_no_longer(self):
        with freeze_time("2026-12-07 08:00:00"):
            order = self._order()
        invoice = order._sdd_invoice()
        with self._answer(is_first_order=False):
            self.policies.assess({"invoice_id": invoice.id, "order_id": 0})
        self.assertEqual(self._queue(order).collection_date, date(2026, 12, 8))

    def test_accountants_need_no_rights_on_orders(self):
        order = self._order()
        accountant = new_test_user(
            self.env,
            login="payday_accountant",
            groups="support_debit.group_accountant",
            company_id=self.company.id,
            company_ids=[Command.set(self.company.ids)],
        )
        invoice = order._sdd_invoice().with_user(accountant)
        invoice.action_queue_sdd_debit()
        self.assertEqual(invoice.sudo().sdd_debit_ids.collection_date, date(2026, 12, 15))

    def test_a_moved_debit_is_not_explained(self):
        debit = self._queue(self._order())
        debit.collection_date = date(2026, 12, 15)
        self.assertTrue(debit.retry_explanation)
        debit.collection_date = date(2026, 12, 17)
        self.assertFalse(debit.retry_explanation)

    def test_what_a_person_decided_is_done_at_once(self):
        order = self._order()
        self.env["risk.assessment"].search([("order_id", "=", order.id)])._write_label(
            {"override_colour": "green"}
        )
        self.assertEqual(self._queue(order).collection_date, date(2026, 12, 8))

    def test_without_a_chance_in_the_policy_nothing_waits(self):
        self._let_wait(payday_pd=0.0)
        self.assertEqual(self._queue(self._order()).collection_date, date(2026, 12, 8))
        self.assertFalse(self.company._sdd_may_wait_for_payday())

    def test_limits(self):
        draft = self.policies._get_active(self.company).with_env(self.env)._make_version()
        for values in ({"payday_pd": 1.5}, {"payday_pd": -0.1}, {"payday_days": 0}):
            with self.subTest(**values), self.assertRaises(ValidationError):
                draft.write(values)
