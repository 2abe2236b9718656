import runpy
from datetime import date, timedelta
from pathlib import Path
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import AccessError, ConcurrencyError
from odoo.tests import new_test_user, tagged

from ..models.risk.const import MATURE_DAYS
from .risk_case_common import RiskCaseCommon


@tagged("-at_install", "post_install")
class TestRiskOutcome(RiskCaseCommon):
    """What became of assessed orders is written on their assessments by the bank's files."""

    def setUp(self):
        super().setUp()
        self.debit = self._create_debit()
        order = self.debit.invoice_ids.line_ids.sale_line_ids.order_id
        self.assessment = self._create_assessment("green", order=order)

    def _settle(self):
        self._submit(self.debit)
        self.debit._settle(fields.Date.context_today(self.debit))

    def _return(self, code, kind="return"):
        reason = self.env["sdd.reason"]._find(code)
        # In sudo mode: returns are made by the program only.
        returns = self.env["sdd.return"].sudo()
        item = returns.create(
            {
                "debit_id": self.debit.id,
                "kind": kind,
                "reason_code": code,
                "reason_id": reason.id,
                "booking_date": date(2026, 11, 30),
                "amount": self.debit.amount,
            }
        )
        item._label_assessments()
        return item

    def _mature(self):
        self.assessment._write_label({"matures_on": fields.Date.context_today(self.debit)})
        with self._without_commits():
            self.env["risk.assessment"]._cron_mature()

    def test_settled_debits_mature(self):
        self._settle()
        today = fields.Date.context_today(self.debit)
        self.assertEqual(self.assessment.outcome, "open")
        self.assertEqual(self.assessment.matures_on, today + timedelta(days=MATURE_DAYS))
        with self._without_commits():
            self.env["risk.assessment"]._cron_mature()
        self.assertEqual(self.assessment.outcome, "open", "it may still come back")
        self._mature()
        self.assertEqual(self.assessment.outcome, "good")

    def test_returns(self):
        for code, outcome in (
            ("AM04", "bad_bank"),
            ("AC04", "bad_bank"),
            ("MS03", "bad_bank"),
            ("MD06", "bad_customer"),
            ("MD01", "bad_customer"),
            ("AM05", "open"),
            ("FF01", "open"),
            ("MD07", "open"),
        ):
            with self.subTest(code):
                savepoint = self.env.cr.savepoint()
                self._return(code)
                self.assertEqual(self.assessment.outcome, outcome)
                if outcome != "open":
                    self.assertEqual(self.assessment.outcome_code, code)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_what_we_took_back_says_nothing(self):
        self._settle()
        self._return("MD06", kind="reversal")
        self.assertEqual(self.assessment.outcome, "open")
        self.debit._move_to("returned")
        self._mature()
        self.assertEqual(self.assessment.outcome, "void")

    def test_own_fault_then_paid(self):
        self._settle()
        self._return("AM05")
        self._mature()
        self.assertEqual(self.assessment.outcome, "good", "the debit is settled all the same")

    def test_refund_after_a_cancellation(self):
        subscription = self.debit.invoice_ids._get_support_subscriptions()
        subscription._move_to(
            "cancelled", cancel_date=self.debit.collection_date - timedelta(days=3)
        )
        self._return("MD06")
        self.assertEqual(self.assessment.outcome, "open")

    def test_late_return_counts(self):
        self._settle()
        self._mature()
        self._return("MD01")
        self.assertEqual(self.assessment.outcome, "bad_customer")

    def test_only_the_last_assessment_of_an_order(self):
        earlier = self._create_assessment(
            "yellow",
            order=self.assessment.order_id,
            date=fields.Datetime.now() - timedelta(hours=1),
        )
        silent = self._create_assessment(
            "red",
            order=self.assessment.order_id,
            is_shadow=True,
            policy_id=self.policy.copy().id,
        )
        self._return("AM04")
        self.assertEqual(self.assessment.outcome, "bad_bank")
        self.assertEqual(silent.outcome, "bad_bank", "challengers learn, too")
        self.assertEqual(earlier.outcome, "open")

    def test_never_debited(self):
        old = self._create_assessment(
            order=self.order, date=fields.Datetime.now() - timedelta(days=130)
        )
        with self._without_commits():
            self.env["risk.assessment"]._cron_mature()
        self.assertEqual(old.outcome, "void")
        self.assertEqual(self.assessment.outcome, "open")

    def test_by_the_banks_file(self):
        batch = self._submit(self.debit)
        self._import(self._pain002(batch, refused=self.debit))
        self.assertEqual(self.debit.state, "rejected")
        self.assertEqual(self.assessment.outcome, "bad_bank")
        due = self.debit.collection_date + timedelta(days=MATURE_DAYS)
        self.assertEqual(self.assessment.matures_on, due)

    def test_return_after_the_settlement_keeps_the_day(self):
        self._settle()
        due = self.assessment.matures_on
        self._return("AM04")
        self.assertEqual((self.assessment.outcome, self.assessment.matures_on), ("bad_bank", due))

    def test_own_fault_says_nothing_yet(self):
        self._return("AM05", kind="reject")
        self.assertEqual(self.assessment.outcome, "open")
        self.assertEqual(self.assessment.matures_on, date(2026, 11, 30) + timedelta(MATURE_DAYS))

    def test_update_of_earlier_rejects(self):
        """An update gives rejects from before the same day, and knows what to do without a debit."""
        batch = self._submit(self.debit)
        self._import(self._pain002(batch, refused=self.debit))
        lost = self._create_assessment(order=self.order)
        lost._set_outcome("bad_bank", "AM04", date(2026, 9, 1))
        (self.assessment | lost)._write_label({"matures_on": False})
        script = Path(__file__).parents[1] / "migrations/19.0.1.4.0/post-risk-maturity.py"
        runpy.run_path(str(script))["migrate"](self.env.cr, "19.0.1.3.0")
        self.env.invalidate_all()
        due = self.debit.collection_date + timedelta(days=MATURE_DAYS)
        self.assertEqual(self.assessment.matures_on, due)
        self.assertEqual(lost.matures_on, date(2026, 9, 1) + timedelta(days=MATURE_DAYS))


@tagged("-at_install", "post_install")
class TestRiskCollection(RiskCaseCommon):
    """Debits that look risky wait for a person before they go into a file."""

    def setUp(self):
        super().setUp()
        self._ensure_active_policy()
        self.debit = self._create_bare_debit()

    def _assess(self, colour):
        return self._create_assessment(
            colour,
            order=self.env["sale.order"],
            stage="collection",
            debit_id=self.debit.id,
            amount=self.debit.amount,
            partner_id=self.debit.partner_id.id,
        )

    def test_red_waits(self):
        self.assertFalse(self.debit._check_risk())
        self._assess("yellow")
        self.assertFalse(self.debit._check_risk())
        self._assess("red")
        finding = self.debit._find_uncollectable()[self.debit]
        self.assertEqual((finding.state, finding.code), ("held", "risk"))
        self.company.risk_check_collections = False
        self.assertFalse(self.debit._check_risk())

    def test_attempts_follow_the_rules_for_returns(self):
        self.debit._write_state({"attempt": 2})
        self._assess("red")
        self.assertFalse(self.debit._check_risk())

    def test_decision_lets_it_go(self):
        case = self.env["risk.case"]._open_for(self._assess("red"), "collection")
        self.debit._hold("risk", "look")
        with self._refused(case.name):
            self.debit.action_release()
        case = case.with_env(self.env)
        case.with_user(self.first)._propose("green", "Paid the last ten times.")
        self.assertEqual(self.debit.state, "held")
        case.with_user(self.second).action_agree()
        self.assertEqual(self.debit.state, "queued")

    def test_decision_gives_it_up(self):
        """What a person does not want collected waits for nobody any more."""
        case = self.env["risk.case"]._open_for(self._assess("red"), "collection")
        self.debit._hold("risk", "look")
        case.with_env(self.env).with_user(self.first)._propose("red", "He moved away.")
        self.assertEqual(self.debit.state, "cancelled")
        self.assertIn("He moved away.", self.debit.state_reason)
        self.assertIn(case.name, self.debit.state_reason)
        activity = self.debit.activity_ids
        self.assertEqual(
            activity.user_id, self.first, "there is no invoice that he could pay online"
        )
        self.assertIn("another way", activity.summary)

    def test_closing_decides_nothing(self):
        case = self.env["risk.case"]._open_for(self._assess("red"), "collection")
        case = case.with_env(self.env).with_user(self.clerk)
        self.debit._hold("risk", "look")
        with self._refused("given up"):
            case.action_close()
        self.debit._cancel("Paid.")
        case.action_close()
        self.assertEqual(case.state, "closed")

    def test_job(self):
        """The job judges what is due soon once; a red one waits, with a case."""
        red = self._assess("red")
        red._write_label({"valid_until": False})
        self.env.cr.execute(
            "UPDATE risk_assessment SET date = date - interval '20 days' WHERE id = %s", [red.id]
        )
        red.invalidate_recordset()
        self.assertIn(self.debit, self.env["sdd.debit"]._search_to_assess(10))
        jobs = self.env["sdd.debit"]
        with (
            self._without_commits(),
            patch.object(
                self.env.registry["risk.policy"],
                "assess",
                side_effect=lambda *_args, **_kwargs: self._assess("red"),
            ),
        ):
            jobs._cron_assess_collections()
        risky = self.debit._get_last_collection_assessments()[self.debit]
        self.assertNotEqual(risky, red)
        self.assertEqual((self.debit.state, self.debit.hold_code), ("held", "risk"))
        self.assertEqual(risky.case_ids.reason, "collection")
        self.assertIn(risky.case_ids.name, self.debit.state_reason)
        self.assertNotIn(self.debit, jobs._search_to_assess(10))

    def test_job_survives_a_bad_debit(self):
        for error in (ValueError("x"), ConcurrencyError("another window")):
            with (
                self._without_commits(),
                patch.object(self.env.registry["risk.policy"], "assess", side_effect=error),
                self.assertLogs("odoo.addons.support_debit.models.debit.risk_collection"),
            ):
                self.env["sdd.debit"]._cron_assess_collections()
            self.assertEqual(self.debit.state, "queued")

    def test_customers_start_no_check(self):
        portal = new_test_user(
            self.env, "risk_portal", groups="base.group_portal", partner_id=self.customer.id
        )
        debit = self.debit.with_user(portal)
        self.assertTrue(debit.has_access("read"))
        with self.assertRaises(AccessError):
            debit.action_risk_check()

    def test_panel_of_a_debit(self):
        self.assertEqual(self.debit.risk_panel, {"colour": ""})
        self._assess("red")
        self.assertEqual(self.debit.risk_panel["colour"], "red")
        self.assertFalse(self.debit.risk_panel["sentence"], "nothing is sold any more")

    def test_predicted_rate(self):
        self.assertIsNone(self.debit._get_predicted_return_rate())
        self._assess("yellow")
        self.assertAlmostEqual(self.debit._get_predicted_return_rate(), 0.09)
        other = self._create_bare_debit(self.debit.mandate_id, amount=20)
        self.assertIsNone((self.debit | other)._get_predicted_return_rate(), "too little is known")
        self.assertIsNone(self.debit.browse()._get_predicted_return_rate())
