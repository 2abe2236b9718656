"""The checks in the browser, as staff see them."""

from odoo.tests import HttpCase, new_test_user, tagged

from .backend_tour import BackendTourMixin
from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestRiskCheckTour(BackendTourMixin, SupportDebitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        common = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
            "lang": "en_US",
        }
        groups = "support_debit.group_support_user,base.group_partner_manager"
        new_test_user(cls.env, login="sally", groups=groups, **common)
        new_test_user(cls.env, login="maggie", groups="support_debit.group_manager", **common)
        cls.env["res.partner"].search([("name", "=", cls.customer.name)]).filtered(
            lambda partner: partner != cls.customer
        ).active = False

    def test_iban_calculator(self):
        """An agent turns account number and bank code into an IBAN and adds it to the customer."""
        url = "/odoo/action-support_debit.action_risk_iban_calculator"
        self.start_tour(url, "support_debit_iban_calculator", login="sally", timeout=120)
        account = self.customer.bank_ids
        self.assertEqual(account.sanitized_acc_number, "DE02120300000000202051")

    def test_customer_twice(self):
        """An agent sees that a customer is there already, and what looks mistyped."""
        self._create_customer("Joerg Muessig")
        url = f"/odoo/res.partner/{self.customer.id}"
        self.start_tour(url, "support_debit_customer_twice", login="sally", timeout=120)

    def test_lists(self):
        """A manager adds a service of throw-away addresses."""
        url = "/odoo/action-support_debit.action_risk_domain"
        self.start_tour(url, "support_debit_risk_lists", login="maggie", timeout=120)
        self.assertTrue(self.env["risk.domain"].search([("name", "=", "away.example")]))
