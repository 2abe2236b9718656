"""Dashboard, return rates and forecast: the figures and the lists behind them."""

from datetime import timedelta

from freezegun import freeze_time
from odoo import fields
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from ..sepa import target
from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestCollectionReports(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            "report_accountant",
            groups="support_debit.group_accountant",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.seller = new_test_user(
            cls.env,
            "report_seller",
            groups="support_debit.group_support_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _get_figures(self, user=None, period="all"):
        """Return {key: card} of the dashboard, and the bars."""
        self.env.flush_all()
        self.env.invalidate_all()
        figures = self.env["sdd.dashboard"].with_user(user or self.accountant).get_figures(period)
        cards = figures["now"] + figures["period"] + figures["todo"]
        return {**figures, **{card["key"]: card for card in cards}}

    def _grow(self, before, after, key):
        """Return by how much a card has grown; the database may hold more than this test's."""
        return (
            after[key]["count"] - before[key]["count"],
            round(after[key]["amount"] - before[key]["amount"], 2),
        )

    def test_cards_count_and_open_their_lists(self):
        before = self._get_figures()
        debits = self._create_debits(3)
        batch = self._submit(debits)
        self._create_bare_debit(amount=12.5)
        self._import(self._camt([self._entry_single(debit) for debit in debits[:2]]))
        self._import(
            self._camt([self._entry_return(debits[1], 3)], message_id="S-2", opening=199.8)
        )
        after = self._get_figures()
        retries = debits.next_debit_ids.filtered(lambda d: d.state == "queued")
        self.assertEqual(
            self._grow(before, after, "queued"),
            (1 + len(retries), round(12.5 + sum(retries.mapped("amount")), 2)),
        )
        self.assertEqual(self._grow(before, after, "submitted"), (1, 99.9))
        self.assertEqual(self._grow(before, after, "settled"), (1, 99.9))
        self.assertEqual(self._grow(before, after, "returned"), (1, 99.9))
        self.assertEqual(round(after["fees"]["amount"] - before["fees"]["amount"], 2), 3)
        self.assertEqual(after["transit"]["count"], before["transit"]["count"])
        for key in ("queued", "submitted", "settled", "returned"):
            action = after[key]["action"]
            count = self.env[action["res_model"]].search_count(action["domain"])
            self.assertEqual(count, after[key]["count"], key)
        self.assertIn("MS03", " ".join(bar["title"] for bar in after["reasons"]))
        self.assertEqual(len(after["ages"]), 4)
        self.assertEqual(sum(bar["count"] for bar in after["ages"]), after["submitted"]["count"])
        self.assertTrue(after["forecast"])
        self.assertTrue(batch)

    def test_ages_cover_every_day_once(self):
        self._submit(self._create_debits(1))
        for days in (0, 1, 2, 3, 5, 6, 30):
            with freeze_time(fields.Datetime.now() + timedelta(days=days + 10)):
                figures = self._get_figures()
                self.assertEqual(
                    sum(bar["count"] for bar in figures["ages"]), figures["submitted"]["count"]
                )
                bars = {bar["title"]: bar for bar in figures["ages"]}
                for bar in bars.values():
                    found = self.env["sdd.debit"].search_count(bar["action"]["domain"])
                    self.assertEqual(found, bar["count"])

    def test_periods(self):
        dashboard = self.env["sdd.dashboard"]
        with freeze_time("2026-01-15 10:00:00"):
            self.assertEqual(
                [str(day) for day in dashboard._get_period("last_month")],
                ["2025-12-01", "2025-12-31"],
            )
            self.assertEqual(
                [str(day) for day in dashboard._get_period("quarter")], ["2026-01-01", "2026-03-31"]
            )
            self.assertEqual(dashboard._get_period("nonsense"), dashboard._get_period("month"))
        for period in ("month", "last_month", "days_30", "quarter", "year", "all"):
            self._get_figures(period=period)

    def test_salesperson_sees_no_more_than_he_may(self):
        figures = self._get_figures(self.seller)
        self.assertNotIn("transit", figures)
        self.assertNotIn("files", figures)
        self.assertFalse(figures["forecast"])
        outsider = new_test_user(self.env, "report_outsider", groups="base.group_user")
        with self.assertRaises(AccessError):
            self._get_figures(outsider)

    def test_other_companies_are_left_out(self):
        second = self._create_second_company()
        before = self._get_figures()
        self._create_bare_debit(self._create_mandate(company_id=second.id))
        self.assertEqual(self._grow(before, self._get_figures(), "queued"), (0, 0))

    # === RATES === #

    def test_rates_before_and_after_retries(self):
        debits = self._create_debits(4)
        batch = self._submit(debits)
        self._import(self._camt([self._entry_single(debit) for debit in debits]))
        for number, debit in enumerate(debits[:2]):
            self._import(
                self._camt(
                    [self._entry_return(debit, 3)],
                    message_id=f"S-{number + 2}",
                    opening=399.6 - number * 102.9,
                )
            )
        # Whatever else follows from a return, this test makes its own second attempt.
        debits.next_debit_ids.sudo().write({"state": "cancelled"})
        retry = (
            self.env["sdd.debit"]
            .sudo()
            .create(
                {
                    **debits[0].copy_data()[0],
                    "previous_debit_id": debits[0].id,
                    "attempt": 2,
                    "mandate_id": self._create_mandate(debits[0].partner_id).id,
                    "collection_date": debits[0].collection_date,
                }
            )
        )
        domain = [("batch_id", "=", batch.id)]

        def rates():
            self.env.flush_all()
            return self.env["sdd.collection.report"]._read_group(
                domain, [], ["return_rate:avg", "net_rate:avg"]
            )[0]

        first, net = rates()
        self.assertEqual(first, 50)
        self.assertAlmostEqual(net, 100 / 3, msg="the attempt under way is not counted yet")
        retry.state = "settled"
        self.assertEqual(rates(), (50, 25))
        retry.state = "returned"
        self.assertEqual(rates(), (50, 50))

    # === FORECAST === #

    def _get_forecast(self, debits):
        self.env.flush_all()
        self.env.invalidate_all()
        return self.env["sdd.cash.forecast"].search([("debit_id", "in", debits.ids)])

    def test_expected_on_a_banking_day(self):
        debit = self._create_bare_debit(amount=100.0)
        day = debit.collection_date
        self.assertEqual(self._get_forecast(debit).expected_date, day)
        self.journal.sdd_credit_days = 2
        self.assertEqual(self._get_forecast(debit).expected_date, target.add_target_days(day, 2))

    def test_overdue_money_is_expected_today(self):
        debit = self._create_bare_debit(amount=100.0)
        with freeze_time("2027-01-01 10:00:00"):
            self.assertEqual(str(self._get_forecast(debit).expected_date), "2027-01-04")

    def test_assumption(self):
        debit = self._create_bare_debit(amount=100.0)
        wizard = self.env["sdd.forecast.assumption"].with_user(self.accountant)
        wizard.create({"kind": "fixed", "rate": 4}).action_apply()
        self.assertRecordValues(
            self._get_forecast(debit),
            [{"amount": 100.0, "expected_return": -4.0, "expected_amount": 96.0}],
        )
        with self.assertRaises(ValidationError):
            self.company.sdd_return_assumption = 101

    def test_own_rate(self):
        debits = self._create_debits(2)
        before = self.company._sdd_get_own_return_rates()[self.company]
        self._submit(debits)
        with freeze_time(fields.Datetime.now() + timedelta(days=14)):
            self._import(self._camt([self._entry_single(debit) for debit in debits]))
            self._import(
                self._camt([self._entry_return(debits[0])], message_id="S-2", opening=199.8)
            )
            after = self.company._sdd_get_own_return_rates()[self.company]
        self.assertGreater(after, before)
        self.assertLess(after, 1)

    def test_what_waits_is_marked(self):
        debit = self._create_bare_debit()
        self.assertFalse(self._get_forecast(debit).is_waiting)
        debit.action_hold()
        self.assertTrue(self._get_forecast(debit).is_waiting)
        debit.action_cancel()
        self.assertFalse(self._get_forecast(debit))
