"""The return rate kept at its goal, and scorecards compared with what happened."""

from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import freeze_time, tagged
from odoo.tools import SQL, format_date

from ..models.risk.const import MATURE_DAYS
from .risk_case_common import RiskCaseCommon
from .risk_common import RiskCommon


class RiskHistoryCommon(RiskCommon):
    def _create_history(self, good, bad, channel="web", date=None, **values):
        """Create assessments of orders whose outcome is known for good: the bad ones were rejected."""
        date = date or fields.Datetime.now() - timedelta(days=100)
        collected = date.date() + timedelta(days=4)
        number = self.env["risk.assessment"].search_count([])
        found = (
            self.env["risk.assessment"]
            .sudo()
            .create(
                [
                    {
                        "company_id": self.company.id,
                        "partner_id": self.partner_a.id,
                        "date": date,
                        "stage": "submit",
                        "channel": channel,
                        "customer_kind": "consumer",
                        "amount": 100.0,
                        "policy_id": self.policy.id,
                        "input_hash": f"history-{number + count}",
                        "signals": {"is_first_order": {"value": count % 2 == 0}},
                        "state": "green",
                        "own_colour": "green",
                        "is_shadow": False,
                        **values,
                    }
                    for count in range(good + bad)
                ]
            )
        )
        found[:bad]._set_outcome("bad_bank", "AM04", collected=collected)
        found[bad:]._write_label({"matures_on": collected + timedelta(days=MATURE_DAYS)})
        found[bad:]._set_outcome("good")
        self.env.flush_all()
        # Many rows in one transaction: the planner knows nothing of them.
        self.env.cr.execute(SQL("ANALYZE risk_assessment"))
        return found

    def _govern(self):
        return self.env["risk.governor"]._govern(self.company)


@tagged("-at_install", "post_install")
class TestRiskGovernor(RiskHistoryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company.write({"risk_governor": "act", "risk_goal": 0.025, "risk_governor_lowest": 0.5})

    def test_goal_missed_for_sure(self):
        self._create_history(180, 20)
        look = self._govern()
        self.assertRecordValues(
            look, [{"debit_count": 200, "return_count": 20, "rate": 0.1, "action": "tighten"}]
        )
        self.assertEqual(look.policy_id.state, "active")
        self.assertEqual(self.policy.state, "retired")
        cutoff = look.policy_id.cutoff_ids
        self.assertRecordValues(cutoff, [{"green_max": 0.07, "factor": 0.75}])
        self.assertAlmostEqual(look.policy_id._get_data().cutoffs[0].green_max, 0.0525)
        self.assertIn("20 of 200", look.explanation)
        self.assertIn("20 of 200", look.policy_id.message_ids[0].body)
        self.assertEqual(look.policy_id.rehearsal_count, 1)

    def test_never_stricter_than_the_company_allows(self):
        for look in self._look_on(180, 20, looks=5):
            last = look
        self.assertEqual(self.policies._get_active(self.company).cutoff_ids.factor, 0.5)
        self.assertEqual(last.action, "keep")
        whole = last.line_ids.filtered(lambda line: line.dimension == "all")
        self.assertEqual(whole.reason, "limit")

    def _look_on(self, good, bad, looks, days=90):
        """Look at the return rate every so many days, each time with as many debits judged since."""
        start = fields.Datetime.now()
        for number in range(looks):
            with freeze_time(start + timedelta(days=number * days)):
                date = fields.Datetime.now() - timedelta(days=MATURE_DAYS + 6)
                self._create_history(good, bad, date=date)
                yield self._govern()

    def test_the_same_returns_tighten_once(self):
        """Week after week the old debits are still there; a step waits for those judged after it."""
        self._create_history(940, 60)
        step = self._govern()
        self.assertEqual(step.action, "tighten")
        factor = step.policy_id.cutoff_ids.factor
        self.assertEqual(factor, 0.75)
        today = fields.Datetime.now()
        for week in range(1, 9):
            with self.subTest(week=week), freeze_time(today + timedelta(days=7 * week)):
                look = self._govern()
                self.assertRecordValues(look, [{"action": "keep", "debit_count": 1000}])
                whole = look.line_ids.filtered(lambda line: line.dimension == "all")
                self.assertRecordValues(whole, [{"reason": "wait", "factor": 0.75, "since": False}])
                seen = (today + timedelta(days=MATURE_DAYS)).date()
                self.assertIn(format_date(self.env, look.step_date), look.explanation)
                self.assertIn(format_date(self.env, seen), look.explanation)
        self.assertEqual(self.policies._get_active(self.company), step.policy_id)

    def test_a_step_is_judged_by_what_came_after_it(self):
        """Few new debits say nothing; enough good ones end it, whatever came back before the step."""
        self._create_history(940, 60)
        active = self._govern().policy_id
        for good, bad, reason, debits in ((60, 1, "wait", 1061), (60, 2, "unsure", 123)):
            with freeze_time(fields.Datetime.now() + timedelta(days=70)):
                date = fields.Datetime.now() - timedelta(days=MATURE_DAYS + 6)
                self._create_history(good, bad, date=date)
                look = self._govern()
            whole = look.line_ids.filtered(lambda line: line.dimension == "all")
            self.assertRecordValues(whole, [{"reason": reason, "debit_count": debits}])
        self.assertEqual(whole.since, look.step_date)
        self.assertIn(format_date(self.env, look.step_date), whole.explanation)
        self.assertEqual(self.policies._get_active(self.company), active)

    def test_a_version_with_the_same_cutoffs_changes_nothing(self):
        self._start(self.policy._make_version(reuse_days=2))
        active = self.policies._get_active(self.company)
        self.assertIsNone(active._get_cutoffs_since())
        changed = active._make_version()
        changed.cutoff_ids.green_max = 0.06
        self._start(changed)
        self._start(changed._make_version(reuse_days=3))
        active = self.policies._get_active(self.company)
        self.assertEqual(active._get_cutoffs_since(), changed.active_from)

    def test_loosened_when_surely_met(self):
        self._create_history(2000, 5)
        draft = self.policy._make_version()
        draft._set_governor_factor("all", "", 0.6)
        with freeze_time(fields.Datetime.now() - timedelta(days=120)):
            self._start(draft)
        look = self._govern()
        self.assertEqual(look.action, "loosen")
        self.assertAlmostEqual(look.policy_id.cutoff_ids.factor, 0.75)

    def test_chance_is_no_proof(self):
        self._create_history(96, 4)
        look = self._govern()
        self.assertRecordValues(look, [{"action": "keep", "policy_id": False}])
        self.assertEqual(self.policy.state, "active")

    def test_a_channel_stands_out(self):
        self._create_history(1500, 20)
        self._create_history(190, 18, channel="phone")
        look = self._govern()
        self.assertEqual(look.action, "tighten")
        tightened = look.line_ids.filtered(lambda line: line.action == "tighten")
        self.assertEqual((tightened.dimension, tightened.key), ("channel", "phone"))
        own = look.policy_id.cutoff_ids.filtered(lambda line: line.channel == "phone")
        self.assertLess(own.factor, 1.0)
        rest = look.policy_id.cutoff_ids - own
        self.assertEqual(rest.factor, 1.0)

    def test_countries_and_sellers_are_for_reading(self):
        self.partner_a.country_id = self.env.ref("base.fr")
        self._create_history(150, 2, channel=False)
        self._create_history(50, 0)
        look = self._govern()
        read = look.line_ids.filtered(lambda line: line.dimension == "country")
        self.assertRecordValues(read, [{"key": "FR", "action": "keep", "factor": 1.0}])

    def test_a_person_is_asked(self):
        self.company.risk_governor = "propose"
        self._create_history(180, 20)
        look = self._govern()
        self.assertEqual(look.policy_id.state, "draft")
        self.assertTrue(look.policy_id.activity_ids)
        self.assertEqual(self.policy.state, "active")

    def test_a_person_is_asked_once(self):
        """Nobody has answered: the same draft is asked about, and it says what is right today."""
        self.company.risk_governor = "propose"
        self._create_history(180, 20)
        draft = self._govern().policy_id
        self._assert_asked_once(draft, messages=1)
        draft.cutoff_ids.green_max = 0.06
        self._assert_asked_once(self._govern().policy_id, draft, messages=1, green_max=0.06)
        self.company.risk_governor_lowest = 0.9
        self._assert_asked_once(self._govern().policy_id, draft, messages=2, green_max=0.06)
        self.assertEqual(draft.cutoff_ids.factor, 0.9)
        draft.action_retire()
        self.assertNotEqual(self._govern().policy_id, draft)

    def _assert_asked_once(self, draft, same=None, messages=1, green_max=0.07):
        self.assertEqual(draft, same or draft)
        self.assertEqual((draft.state, len(draft.activity_ids)), ("draft", 1))
        asked = draft.message_ids.filtered(lambda message: "debits came back" in message.body)
        self.assertEqual(len(asked.filtered(lambda m: not m.mail_activity_type_id)), messages)
        self.assertAlmostEqual(draft.cutoff_ids.green_max, green_max)

    def test_a_draft_takes_back_what_is_no_longer_proposed(self):
        self.company.risk_governor = "propose"
        self._create_history(1500, 20)
        phone = self._create_history(190, 18, channel="phone")
        draft = self._govern().policy_id
        own = draft.cutoff_ids.filtered(lambda line: line.channel == "phone")
        self.assertLess(own.factor, 1.0)
        phone._write_label({"matures_on": False})
        self._create_history(180, 120)
        self.assertEqual(self._govern().policy_id, draft)
        self.assertEqual(set(draft.cutoff_ids.mapped("factor")), {0.75})

    def test_only_looking_on(self):
        self.company.risk_governor = "off"
        self._create_history(180, 20)
        look = self._govern()
        self.assertFalse(look.policy_id)
        self.assertEqual(self.policy.state, "active")

    def test_job(self):
        self._create_history(180, 20)
        with self._without_commits():
            self.env["risk.governor"]._cron_govern()
        look = self.env["risk.governor"].search([("company_id", "=", self.company.id)], limit=1)
        self.assertEqual(look.action, "tighten")

    def test_one_company_stops_no_other(self):
        second = self._create_second_company()
        second_policy = self._create_policy(company_id=second.id)
        self._start(second_policy)
        model = self.env.registry["risk.governor"]
        govern = model._govern

        def fail_first(looks, company):
            look = govern(looks, company)
            if company == self.company:
                raise UserError("The policy cannot be used.")
            return look

        with (
            self._without_commits(),
            patch.object(model, "_govern", fail_first),
            self.assertLogs("odoo.addons.support_debit.models.risk.risk_governor", "ERROR"),
        ):
            self.env["risk.governor"]._cron_govern()
        looks = self.env["risk.governor"].search(
            [("company_id", "in", (self.company + second).ids)]
        )
        self.assertEqual(looks.company_id, second, "nothing half done is left of the first one")


@tagged("-at_install", "post_install")
class TestRiskGovernorBank(RiskCaseCommon):
    def test_rejected_by_the_banks_file(self):
        """What came back before the settlement counts, on the day on which the paid ones do."""
        self._ensure_active_policy()
        debits = self._create_debits(2)
        for debit in debits:
            order = debit.invoice_ids.line_ids.sale_line_ids.order_id
            self._create_assessment("green", order=order)
        batch = self._submit(debits)
        self._import(self._pain002(batch, refused=debits[0], reason="AM04"))
        self.assertEqual(debits[0].state, "rejected")
        debits[1]._settle(debits[1].collection_date)
        both = debits._get_risk_assessments()
        self.assertFalse(both.mandate_id, "the mandates came after the assessments")
        bank = self.env["res.bank"].create({"name": "Bank of the first one"})
        debits[0].mandate_id.bank_account_id.bank_id = bank
        due = debits[0].collection_date + timedelta(days=MATURE_DAYS)
        self.assertEqual(both.mapped("matures_on"), [due, due])
        for day, expected in ((due - timedelta(days=1), (0, 0)), (due, (2, 1))):
            with self.subTest(day=day), freeze_time(day), self._without_commits():
                self.env["risk.assessment"]._cron_mature()
                look = self.env["risk.governor"]._govern(self.company)
                self.assertEqual((look.debit_count, look.return_count), expected)
        by_bank = look.line_ids.filtered(lambda line: line.dimension == "bank")
        first = by_bank.filtered(lambda line: line.key == str(bank.id))
        self.assertRecordValues(first, [{"debit_count": 1, "return_count": 1, "name": bank.name}])
        self.assertEqual(sum(by_bank.mapped("debit_count")), 2)
        grades = look.line_ids.filtered(lambda line: line.dimension == "grade")
        self.assertEqual(sum(grades.mapped("debit_count")), 2)
        self.assertEqual(set(grades.mapped("key")), set(debits.mandate_id.mapped("evidence_grade")))


@tagged("-at_install", "post_install")
class TestRiskMonitor(RiskHistoryCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.card = cls._create_card()
        draft = cls.policy._make_version(bank_card_id=cls.card.id)
        cls._start(draft)
        cls.policy = draft

    def test_promised_and_seen(self):
        self._create_history(190, 10, bank_card_id=self.card.id, has_pd=True, bank_points=579)
        look = self.env["risk.monitor"]._measure(self.card, self.company)
        self.assertRecordValues(
            look, [{"known_count": 200, "bad_count": 10, "seen_rate": 0.05, "drift": "stable"}]
        )
        self.assertTrue(0.02 < look.expected_rate < 0.04)
        self.assertTrue(look.auc_low <= look.auc <= look.auc_high)
        self.assertEqual(look.line_ids.mapped("signal"), ["is_first_order"])
        self.assertEqual(look.line_ids.hit_rate, 0.5)

    def test_nothing_is_known(self):
        look = self.env["risk.monitor"]._measure(self.card, self.company)
        self.assertRecordValues(look, [{"known_count": 0, "auc": 0.0, "proposal_id": False}])
        self.assertFalse(look._propose_card())

    def test_a_better_card_is_proposed_once(self):
        self._create_history(300, 150)
        look = self.env["risk.monitor"]._measure(self.card, self.company)
        draft = look._propose_card()
        self.assertRecordValues(
            draft,
            [{"state": "draft", "source": "fit", "learned_count": 450, "learned_bad_count": 150}],
        )
        self.assertEqual(look.proposal_id, draft)
        self.assertTrue(draft.activity_ids)
        self.assertIn("450", draft.learned_from)
        self.assertFalse(draft._get_problems())
        again = self.env["risk.monitor"]._measure(self.card, self.company)
        self.assertFalse(again._propose_card())

    def test_a_person_promotes(self):
        draft = self.card._make_version()
        action = draft.action_promote()
        policy = self.policies.browse(action["res_id"])
        self.assertRecordValues(policy, [{"state": "draft", "bank_card_id": draft.id}])
        policy.action_rehearse()
        policy.action_activate()
        self.assertEqual((draft.state, self.card.state), ("champion", "retired"))

    def test_job(self):
        with self._without_commits():
            self.env["risk.monitor"]._cron_monitor()
        self.assertTrue(self.env["risk.monitor"].search([("card_id", "=", self.card.id)]))
