"""The help page says what holds in this company."""

from odoo.tests import HttpCase, new_test_user, tagged

from .backend_tour import BackendTourMixin
from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestHelp(BackendTourMixin, SupportDebitCommon, HttpCase):
    def _create_staff(self):
        return new_test_user(
            self.env,
            "help_staff",
            groups="support_debit.group_support_user",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
            lang="en_US",
        )

    def _set_limit(self):
        limits = self.env["sdd.evidence.limit"].search(
            [("company_id", "=", self.company.id), ("grade", "=", "C")]
        )
        limits.write({"unlimited": False, "max_amount": 321.0})

    def test_the_badge_and_the_menu_lead_to_the_page(self):
        self._set_limit()
        mandate = self._create_mandate()
        url = f"/odoo/action-support_debit.action_sdd_mandate/{mandate.id}"
        self.start_tour(url, "support_debit_help", login=self._create_staff().login)

    def test_the_page_names_the_kinds_and_the_limits_of_the_company(self):
        self._set_limit()
        kind = self.env["sdd.evidence.kind"].create(
            {"code": "visit", "name": "Signed at our desk", "grade": "A", "description": "Seen."}
        )
        staff = self._create_staff()
        action = self.env.ref("support_debit.action_sdd_help")
        page = self.env[action.res_model].with_user(staff).new({})
        self.assertIn(kind.name, page.grades)
        self.assertIn("321.00", page.grades)
        self.assertIn("Any amount", page.grades)
        for kind in self.env["sdd.evidence.kind"].search([]):
            self.assertIn(f">{kind.name}<", page.grades)
