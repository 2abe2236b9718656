"""The number of a mandate's account is not overwritten, and no history names it."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import Form, tagged

from .bank_details import GROUPED, IBAN, BankDetailsCommon
from .common import DEBTOR_IBANS


@tagged("-at_install", "post_install")
class TestIbanGuard(BankDetailsCommon):
    # === WRITING === #

    def test_saving_what_was_shown_changes_nothing(self):
        seen = self._seen_by(self.clerk)
        for number in (self.mask, IBAN, GROUPED, GROUPED.lower()):
            seen.write({"acc_number": number, "note": "looked at"})
            seen.write({"sanitized_acc_number": number})
            self.assertEqual(self.account.sanitized_acc_number, IBAN)
            self.assertEqual(self.account.acc_number, GROUPED)
        self.assertIn("looked at", self.account.note)

    def test_number_of_a_mandate_is_not_overwritten(self):
        for user in (self.clerk, self.keeper, self.env.ref("base.user_root")):
            for field in ("acc_number", "sanitized_acc_number"):
                with self._refused("Change the account on the mandate"):
                    self._seen_by(user).write({field: DEBTOR_IBANS[1]})

    def test_a_mask_is_no_number(self):
        with self._refused("masked"):
            self.supplier_account.write({"acc_number": self.mask})
        with self._refused("masked"):
            self.supplier_account.create({"acc_number": self.mask, "partner_id": self.customer.id})

    def test_the_same_account_again(self):
        """The refusal names no number, and the database has nothing to log."""
        values = {"acc_number": GROUPED, "partner_id": self.customer.id}
        with self.assertRaisesRegex(UserError, "has this account already") as caught:
            self.account.with_user(self.clerk).create(values)
        self._assert_hidden(str(caught.exception))
        self.account.active = False
        with self.assertRaisesRegex(UserError, "has this account already"):
            self.account.with_user(self.clerk).create(values)

    def test_form_is_saved_unchanged(self):
        view = "account.view_partner_bank_form_inherit_account"
        with Form(self._seen_by(self.clerk), view) as form:
            self.assertEqual(form.acc_number, self.mask)
            form.acc_holder_name = "J. Müßig"
        self.assertEqual(self.account.sanitized_acc_number, IBAN)
        self.assertEqual(self.account.acc_holder_name, "J. Müßig")

    def test_onchange(self):
        seen = self._seen_by(self.clerk)
        spec = {"acc_number": {}, "sanitized_acc_number": {}, "display_name": {}, "bank_id": {}}
        self._assert_hidden(seen.onchange({}, [], spec))
        self._assert_hidden(seen.onchange({"bank_id": False}, ["bank_id"], spec))
        partner = self.customer.with_user(self.clerk)
        spec = {"bank_ids": {"fields": {"acc_number": {}, "display_name": {}}}, "name": {}}
        values = {"name": "New", "bank_ids": [Command.link(self.account.id)]}
        self._assert_hidden(partner.onchange(values, ["name"], spec))
        self._assert_hidden(partner.onchange(values, ["bank_ids"], spec))

    # === HISTORY === #

    def _get_messages(self):
        domain = [
            "|",
            "&",
            ("model", "=", "res.partner.bank"),
            ("res_id", "=", self.account.id),
            "&",
            ("model", "=", "res.partner"),
            ("res_id", "=", self.account.partner_id.id),
        ]
        messages = self.env["mail.message"].sudo().search(domain)
        return messages.read(["body", "subject", "record_name"]) + [
            tracking.read(["old_value_char", "new_value_char"])
            for tracking in messages.tracking_value_ids
        ]

    def test_archiving_writes_no_number(self):
        self._seen_by(self.clerk).unlink()
        self.assertFalse(self.account.active)
        messages = self._get_messages()
        self.assertIn("archived", str(messages))
        self._assert_hidden(messages)

    def test_what_was_written_before_the_mandate(self):
        customer = self._create_customer("Early Bird")
        bank = self.env["res.partner.bank"].with_context(tracking_disable=False)
        account = bank.create({"acc_number": DEBTOR_IBANS[2], "partner_id": customer.id})
        account.write({"acc_number": DEBTOR_IBANS[3]})
        customer.message_post(body=f"We noted {account.acc_number} for her.")
        self.env.flush_all()
        self.account = account
        self.assertIn(DEBTOR_IBANS[3], str(self._get_messages()).replace(" ", ""))
        self._create_mandate(customer, DEBTOR_IBANS[3])
        account._sdd_mask_history()
        messages = self._get_messages()
        self._assert_hidden(messages, DEBTOR_IBANS[3])
        self._assert_hidden(messages, DEBTOR_IBANS[2])
        self.assertIn("4300", str(messages))
