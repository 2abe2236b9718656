"""The risk room in the browser, as staff."""

from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged

from .backend_tour import BackendTourMixin
from .risk_case_common import RiskCaseCommon


@tagged("-at_install", "post_install")
class TestRiskTour(BackendTourMixin, RiskCaseCommon, HttpCase):
    @classmethod
    def _create_user(cls, login, group):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"{group},sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
            lang="en_US",
        )

    def test_order(self):
        """A salesperson checks an order and reads what to say."""
        self._ensure_active_policy()
        self.start_tour(
            f"/odoo/sales/{self.order.id}", "support_debit_risk_order", login="risk_clerk"
        )
        self.assertTrue(self.order.risk_assessment_ids)

    def test_choice(self):
        """A salesperson notes which of the offers the customer has chosen."""
        self._ensure_active_policy()
        self._create_assessment("yellow")
        self.start_tour(
            f"/odoo/sales/{self.order.id}", "support_debit_risk_choice", login="risk_clerk"
        )
        self.assertEqual(self.order.risk_offer, "sdd_settled")

    def test_review_queue(self):
        """A clerk asks, one accountant proposes, another one agrees."""
        assessment = self._create_assessment("red")
        self.start_tour(
            f"/odoo/sales/{self.order.id}", "support_debit_risk_ask", login="risk_clerk"
        )
        case = assessment.case_ids
        self.assertEqual(case.reason, "staff")
        url = "/odoo/action-support_debit.action_risk_case"
        self.start_tour(url, "support_debit_risk_propose", login="risk_first")
        self.assertEqual(case.state, "proposed")
        self.assertEqual(assessment.effective_colour, "red")
        self.start_tour(url, "support_debit_risk_agree", login="risk_second")
        self.assertEqual(case.state, "decided")
        self.assertEqual(assessment.effective_colour, "green")
