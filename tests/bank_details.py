"""What the tests of account numbers share: users with and without the right, protected accounts."""

import json

from odoo.tests import new_test_user

from .common import DEBTOR_IBANS, SupportDebitCommon

IBAN = DEBTOR_IBANS[0]
GROUPED = "DE02 1203 0000 0000 2020 51"
SUPPLIER_IBAN = "DE02600501010002034304"


class BankDetailsCommon(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "support_debit.group_manager,base.group_partner_manager,base.group_allow_export"
        cls.clerk = new_test_user(cls.env, "vault_clerk", groups=groups)
        cls.keeper = new_test_user(
            cls.env, "vault_keeper", groups=f"{groups},support_debit.group_bank_details"
        )
        cls.mandate = cls._create_mandate()
        cls.account = cls.mandate.bank_account_id
        cls.mask = cls.mandate.iban_masked
        cls.supplier_account = cls.env["res.partner.bank"].create(
            {"acc_number": SUPPLIER_IBAN, "partner_id": cls._create_customer("Supplier").id}
        )
        # Both stand in the same lists as the others.
        cls.accounts = cls.account | cls.supplier_account

    def _seen_by(self, user, record=None):
        """Return records as a user sees them, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        return (record or self.account).with_user(user)

    def _assert_hidden(self, value, iban=IBAN):
        """Check that no notation of an account number is anywhere in a value."""
        text = json.dumps(value, default=str, ensure_ascii=False)
        self.assertNotIn(iban, "".join(char for char in text if char.isalnum()))

    def _notes(self, user):
        return self.env["sdd.iban.access"].sudo().search([("user_id", "=", user.id)], order="id")

    def _get_probes(self, path):
        """Return conditions that are true for the account but must not say so."""
        return [
            (path, "like", "DE02%"),
            (path, "=like", "DE02%"),
            (path, "ilike", "1203"),
            (path, "=like", "DE0212030000000020205_"),
            (path, ">", "DE02120300000000202050"),
            (path, ">=", IBAN),
            (path, "<", "DE02120300000000202052"),
            (path, "in", ["DE0212030000000020205"]),
            (path, "=", IBAN[4:]),
        ]


class PersonalDataCommon(BankDetailsCommon):
    @classmethod
    def _end(cls, mandate, given, collected=None, ended=None):
        """Let a mandate have been given, used and revoked on certain days (ISO dates)."""
        mandate.action_revoke()
        mandate.sudo().write(
            {
                "signature_date": given,
                "last_collection_date": collected,
                "end_date": ended or collected or given,
            }
        )
        # Dates are part of what was agreed: the history binds them again.
        mandate._log_event("erased", {"reason": "test", "events": []})

    def _assert_verified(self, mandates):
        for mandate in mandates:
            self.assertIsNone(mandate._verify())

    def _open_wizard(self, user, partner):
        wizards = self.env["sdd.personal.data"].with_user(user)
        return wizards.with_context(active_model="res.partner", active_id=partner.id).create({})
