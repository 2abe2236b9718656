"""The help page says what holds in this company."""

from odoo.tests import new_test_user, tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestHelp(SupportDebitCommon):
    def test_the_page_names_the_kinds_and_the_limits_of_the_company(self):
        limits = self.env["sdd.evidence.limit"].search(
            [("company_id", "=", self.company.id), ("grade", "=", "C")]
        )
        limits.write({"unlimited": False, "max_amount": 321.0})
        kind = self.env["sdd.evidence.kind"].create(
            {"code": "visit", "name": "Signed at our desk", "grade": "A", "description": "Seen."}
        )
        staff = new_test_user(
            self.env,
            "help_staff",
            groups="support_debit.group_support_user",
            company_id=self.company.id,
        )
        action = self.env.ref("support_debit.action_sdd_help")
        page = self.env[action.res_model].with_user(staff).new({})
        self.assertIn(kind.name, page.grades)
        self.assertIn("321.00", page.grades)
        self.assertIn("Any amount", page.grades)
        for kind in self.env["sdd.evidence.kind"].search([]):
            self.assertIn(f">{kind.name}<", page.grades)
