"""A manager who has read no manual makes the policy stricter: one rule, tried on the past, activated."""

from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, new_test_user, tagged

from ..scoring.decision import decide
from ..scoring.model import Context, Signal
from .backend_tour import BackendTourMixin
from .risk_common import RiskCommon

#: Orders of the last weeks: how many, how many of them came back, and what was found.
PAST = (
    (84, 1, {"amount": 99.9, "is_first_order": False, "tenure_days": 400}),
    (30, 2, {"amount": 49.0, "is_first_order": True}),
    (14, 5, {"amount": 349.0, "is_first_order": False, "tenure_days": 40}),
    (8, 2, {"amount": 99.9, "is_first_order": True, "email_disposable": True}),
    (4, 0, {"amount": 99.9, "is_first_order": True, "account_blocked": True}),
)


@tagged("-at_install", "post_install")
class TestRiskPolicyTour(BackendTourMixin, RiskCommon, HttpCase):
    browser_size = "1366x1000"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        standard = cls.env.ref("support_debit.risk_policy_default")
        cls.policy = standard._make_version(company=cls.company, name="Standard")
        cls._start(cls.policy)
        new_test_user(
            cls.env,
            login="risk_manager",
            name="Mia Manager",
            groups="support_debit.group_manager,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
            lang="en_US",
            tz="Europe/Berlin",
        )

    @classmethod
    def _order_past(cls):
        """Create the assessments of the past as the active policy made them, with their outcomes."""
        rows = [
            (facts, number < returned) for count, returned, facts in PAST for number in range(count)
        ]
        data, head = cls.policy._get_data(), cls.policy._get_head()
        assessments = cls.env["risk.assessment"].sudo()
        for number, (facts, is_returned) in enumerate(rows):
            signals = {
                code: Signal(code, value, "hit" if value else "ok") for code, value in facts.items()
            }
            decided = decide(data, signals, Context(seed=str(number)))
            now = fields.Datetime.now() - timedelta(days=3 + number % 80)
            subject = cls.env["risk.check"]._make_subject(
                {
                    "partner_id": cls.customer.id,
                    "company_id": cls.company.id,
                    "amount": facts["amount"],
                    "session": str(number),
                    "now": now,
                },
                "submit",
            )
            vals = assessments._prepare_values(head, subject, signals, decided)
            vals["attempt"] = number + 1
            one = assessments.create(vals)
            if one.state == "green":
                one._set_outcome("bad_bank" if is_returned else "good", "AM04", now.date())

    def test_add_rule(self):
        self._order_past()
        url = "/odoo/action-support_debit.action_risk_case"
        self.start_tour(url, "support_debit_risk_policy", login="risk_manager")
        active = self.policies._get_active(self.company)
        self.assertEqual(active.previous_id, self.policy)
        self.assertEqual(self.policy.state, "retired")
        rule = active.rule_ids - active.rule_ids.filtered(
            lambda one: one.signal in self.policy.rule_ids.mapped("signal")
        )
        self.assertRecordValues(
            rule, [{"signal": "amount", "operator": ">", "threshold": "250", "colour": "yellow"}]
        )
        rehearsal = self.env["risk.rehearsal"].search([("policy_id", "=", active.id)])
        self.assertEqual(rehearsal.order_count, sum(count for count, _bad, _facts in PAST))
        self.assertEqual(sum(rehearsal.change_ids.filtered("is_change").mapped("order_count")), 14)
