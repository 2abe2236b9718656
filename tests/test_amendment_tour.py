"""Changing mandates in the browser, as staff."""

from odoo.tests import HttpCase, new_test_user, tagged

from .backend_tour import BackendTourMixin
from .test_amendment import OTHER_BANK, AmendmentCase


@tagged("-at_install", "post_install")
class TestAmendmentTour(BackendTourMixin, AmendmentCase, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        common = {
            "company_id": cls.company.id,
            "company_ids": [(6, 0, cls.company.ids)],
            "lang": "en_US",
        }
        new_test_user(cls.env, login="sally", groups="support_debit.group_support_user", **common)
        new_test_user(cls.env, login="annie", groups="support_debit.group_accountant", **common)

    def _start(self, tour, login):
        url = f"/odoo/action-support_debit.action_sdd_mandate/{self.mandate.id}"
        self.start_tour(url, tour, login=login, timeout=120)

    def test_change_account(self):
        """Support staff change an account: mistakes are explained, somebody else's is refused."""
        self._collect()
        self._start("support_debit_change_account", "sally")
        self.assertEqual(self.mandate._get_iban(), OTHER_BANK)
        self.assertTrue(self.mandate.has_waiting_amendment)
        self.assertFalse(self.env["sdd.mandate.amend.account"].search([("iban", "!=", False)]))

    def test_change_creditor(self):
        """After the company was renamed an accountant changes the mandate in three clicks."""
        self.company.name = "Umbenannt GmbH"
        self._start("support_debit_change_creditor", "annie")
        self.assertEqual(self.mandate.creditor_name, "Umbenannt GmbH")
