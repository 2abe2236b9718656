"""Mandates in the browser, as staff: what one sees first and where one clicks."""

from odoo.tests import HttpCase, new_test_user, tagged

from .backend_tour import BackendTourMixin
from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("-at_install", "post_install")
class TestMandateTours(BackendTourMixin, SupportDebitCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        common = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
            "lang": "en_US",
        }
        cls.seller = new_test_user(
            cls.env,
            login="sally",
            name="Sally Seller",
            groups="support_debit.group_support_user,sales_team.group_sale_salesman_all_leads",
            **common,
        )
        cls.manager = new_test_user(
            cls.env, login="mandy", groups="support_debit.group_manager", **common
        )

    def _give(self, partner, iban=DEBTOR_IBANS[0], **values):
        """Return a draft of a mandate of this customer."""
        account = self.env["res.partner.bank"]._sdd_find_or_create(iban, partner.name, partner)
        return self.env["sdd.mandate"].create(
            {
                "partner_id": partner.id,
                "bank_account_id": account.id,
                "company_id": self.company.id,
                **values,
            }
        )

    def test_enter_paper_mandate(self):
        partner = self._create_customer("Paula Papier")
        self.env["res.partner.bank"]._sdd_find_or_create(DEBTOR_IBANS[0], partner.name, partner)
        url = "/odoo/action-support_debit.action_sdd_mandate/new"
        self.start_tour(url, "support_debit_enter_paper_mandate", login="sally")
        mandate = partner.sdd_mandate_ids
        self.assertEqual((mandate.state, mandate.evidence_grade), ("revoked", "A"))
        self.assertEqual(mandate.event_ids.user_id, self.seller)
        self.assertIsNone(mandate._verify())

    def test_bank_has_confirmed(self):
        partner = self._create_customer("Test GmbH", is_company=True)
        mandate = self._give(partner, scheme="B2B")
        mandate._confirm("signature_scan", {})
        debit = self._create_debit(partner, mandate)
        url = f"/odoo/action-support_debit.action_sdd_debit/{debit.id}"
        self.start_tour(url, "support_debit_bank_has_confirmed", login="sally")
        self.assertTrue(mandate.bank_confirmed_date)
        self.assertEqual(debit.state, "queued")

    def test_order_says_why_it_waits(self):
        self.env["sdd.evidence.limit"].search(
            [("company_id", "=", self.company.id), ("grade", "=", "D")]
        ).max_amount = 50
        mandate = self._give(self.customer)
        mandate.action_activate()
        debit = self._create_debit(mandate=mandate)
        order = debit.invoice_ids.line_ids.sale_line_ids.order_id
        order.user_id = self.seller
        self.start_tour(f"/odoo/sales/{order.id}", "support_debit_order_obstacle", login="sally")
        self.assertEqual((debit.state, debit.hold_code), ("held", "grade"))

    def test_limits(self):
        url = "/odoo/action-support_debit.action_sdd_evidence_limit"
        self.start_tour(url, "support_debit_limits", login="mandy")
        limits = self.env["sdd.evidence.limit"]
        self.assertEqual(limits._get_limit(self.company, "D"), 500)
