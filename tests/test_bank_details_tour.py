"""Account numbers and personal data in the browser: what staff click."""

from odoo.tests import HttpCase, tagged

from .backend_tour import BackendTourMixin
from .bank_details import IBAN, PersonalDataCommon
from .common import DEBTOR_IBANS


@tagged("-at_install", "post_install")
class TestBankDetailsTour(BackendTourMixin, PersonalDataCommon, HttpCase):
    def _get_url(self, action, record):
        return f"/odoo/action-{action}/{record.id}"

    def test_reveal(self):
        url = self._get_url("support_debit.action_sdd_mandate", self.mandate)
        self.start_tour(url, "support_debit_reveal_iban", login="vault_keeper")
        self.assertEqual(self._notes(self.keeper).mapped("way"), ["reveal"])

    def test_masked_account(self):
        url = self._get_url("base.action_res_partner_bank_account_form", self.account)
        self.start_tour(url, "support_debit_masked_account", login="vault_clerk")
        self.assertEqual(self.account.sanitized_acc_number, IBAN)
        self.assertEqual(self.account.acc_holder_name, "J. Müßig")
        self.assertFalse(self._notes(self.clerk))

    def test_erase(self):
        old = self._create_mandate(iban=DEBTOR_IBANS[1])
        self._end(old, "2020-01-05", "2021-01-05")
        url = self._get_url("base.action_partner_form", self.customer)
        self.start_tour(url, "support_debit_erase_bank_data", login="vault_clerk")
        old.invalidate_recordset()
        self.assertTrue(old.account_erased_date)
        self.assertFalse(self.mandate.account_erased_date)
        self._assert_verified(old | self.mandate)
