"""Bureaus and blocks in the browser."""

from odoo.tests import HttpCase, new_test_user, tagged

from .backend_tour import BackendTourMixin
from .bureau_common import BureauCommon


@tagged("-at_install", "post_install")
class TestRiskProviderTour(BackendTourMixin, BureauCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        new_test_user(
            cls.env,
            "risk_manager",
            groups="support_debit.group_manager",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def test_try(self):
        """A manager tries a bureau and sees what its answer holds."""
        url = f"/odoo/action-support_debit.action_risk_provider/{self.provider.id}"
        self.start_tour(url, "support_debit_try_bureau", login="risk_manager")
        outcomes = self.env["risk.provider.call"].search([], order="id").mapped("outcome")
        self.assertEqual(outcomes, ["ok", "malformed"])

    def test_block(self):
        """A manager blocks an account, and lifts the block again."""
        self.env["risk.block"].search([]).unlink()
        url = "/odoo/action-support_debit.action_risk_block"
        self.start_tour(url, "support_debit_block_account", login="risk_manager")
        block = self.env["risk.block"].with_context(active_test=False).search([])
        self.assertEqual((block.state, block.hint[-4:]), ("lifted", "2051"))
