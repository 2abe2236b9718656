"""The account number of a mandate: found by its full IBAN, shown on request, noted down."""

from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.fields import Domain

from .const import BANK_DETAILS_GROUP, ERASED_PREFIX


class SddMandate(models.Model):
    _inherit = "sdd.mandate"
    _rec_names_search = ["name", "partner_id.name", "holder", "iban_masked"]

    iban_masked = fields.Char(search="_search_iban_masked")

    # === COMPUTE AND SEARCH METHODS === #

    def _compute_account_facts(self):
        super()._compute_account_facts()
        for mandate in self:
            # In sudo mode: an account's number says whether it was erased.
            number = mandate.bank_account_id.sudo().sanitized_acc_number or ""
            if number.startswith(ERASED_PREFIX):
                mandate.iban_masked = self.env._("erased")

    @api.model
    def _search_iban_masked(self, operator, value):
        """Find mandates by a full IBAN in any notation; a part of it finds nothing."""
        if operator in Domain.NEGATIVE_OPERATORS:
            # The ORM negates the positive condition.
            return NotImplemented
        texts = [value] if isinstance(value, str) else value
        accounts = self.env["res.partner.bank"]
        for text in texts:
            if isinstance(text, str):
                accounts |= accounts._sdd_find_by_iban(text.strip("%"))
        return [("bank_account_id", "in", accounts.ids)]

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        """Override to clear what Odoo has written about the accounts before."""
        mandates = super().create(vals_list)
        mandates._clear_account_history()
        return mandates

    def write(self, vals):
        """Override to clear what Odoo has written about a new account before."""
        res = super().write(vals)
        if "bank_account_id" in vals:
            self._clear_account_history()
        return res

    # === ACTION METHODS === #

    def action_reveal_iban(self):
        """Show the account number in a dialog, and note down who has seen it.

        Note: self.ensure_one()

        :rtype: dict
        :raise AccessError: when the user has no right to see full bank details.
        """
        self.ensure_one()
        self.check_access("read")
        if not self.env.user.has_group(BANK_DETAILS_GROUP):
            raise AccessError(
                self.env._(
                    "Only users with the right “See full bank details” see an account number in full."
                )
            )
        wizard = self.env["sdd.iban.reveal"].create({"mandate_id": self.id})
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Account Number"),
            "res_model": "sdd.iban.reveal",
            "res_id": wizard.id,
            "view_mode": "form",
            "target": "new",
        }

    # === BUSINESS METHODS === #

    def _clear_account_history(self):
        """Mask the numbers of accounts that were there before these mandates, in their messages."""
        # In sudo mode: messages are changed by nobody else.
        accounts = self.sudo().bank_account_id
        now = self.env.cr.now()
        accounts.filtered(
            lambda account: account.create_date < now and not (account.sdd_mandate_ids - self)
        )._sdd_mask_history()
