"""Which returns put up a block, for how long: data beside the return reasons."""

from odoo import api, fields, models
from odoo.fields import Domain

from ...sepa import iban as sepa_iban


class SddReason(models.Model):
    _inherit = "sdd.reason"

    risk_block_kind = fields.Selection(
        [
            ("none", "Nothing"),
            ("pair", "The account, when this customer gives it"),
            ("account", "The account, whoever gives it"),
            ("customer", "The customer"),
        ],
        string="Is blocked for new debits",
        default="none",
        help="The block runs out by itself, and is lifted with the consequences of the return.",
    )
    risk_block_days = fields.Integer(string="For so many days", default=180)
    risk_block_reason = fields.Selection(
        [("returns", "Returned debits"), ("dispute", "Debit not agreed to"), ("wish", "Wish")],
        string="Why it is blocked",
        default="returns",
    )

    def _get_policy_fields(self):
        blocks = {"risk_block_kind", "risk_block_days", "risk_block_reason"}
        return super()._get_policy_fields() | blocks


class SddReturn(models.Model):
    _inherit = "sdd.return"

    def _apply_consequences(self):
        super()._apply_consequences()
        for item in self.filtered(lambda item: item._is_customers()):
            item._block_if_needed()

    def _block_if_needed(self):
        """Put up the block that the reason asks for.

        Note: self.ensure_one()
        """
        reason = self._get_reason()
        kind = reason.risk_block_kind or "none"
        mandate = self.mandate_id.sudo()  # In sudo mode: the number is only hashed.
        iban = mandate.bank_account_id.sanitized_acc_number or ""
        if kind == "none" or self._was_other_account():
            return
        if kind != "customer" and not self._is_iban(iban):
            return
        self.env["risk.block"]._block(
            kind,
            self.company_id,
            partner=mandate.partner_id,
            iban=iban,
            reason=reason.risk_block_reason or "returns",
            # Not its name, which is that of the customer: other returns have the same one.
            origin=self.debit_id.end_to_end_id,
            days=reason.risk_block_days,
            note=reason.display_name,
        )

    @api.model
    def _is_iban(self, text):
        """Return whether an account can be recognised again: its number may have been erased."""
        try:
            return bool(sepa_iban.validate(text))
        except sepa_iban.IbanError:
            return False

    def _lift(self):
        super()._lift()
        # In sudo mode: whoever may lift what followed from a return may lift this as well.
        blocks = self.env["risk.block"].sudo()
        for item in self:
            blocks |= blocks.search(item._get_block_domain())
        blocks._lift(self.env._("The consequences of the return were lifted."))

    def _get_block_domain(self):
        """Return the domain of the blocks that follow from this return.

        Note: self.ensure_one()

        :rtype: Domain
        """
        customer = self.mandate_id.partner_id.commercial_partner_id
        # Blocks from before version 1.4 bear the name of the return.
        earlier = Domain("origin", "=", self.display_name) & Domain(
            "partner_id", "in", (False, customer.id)
        )
        return Domain("company_id", "=", self.company_id.id) & (
            Domain("origin", "=", self.debit_id.end_to_end_id) | earlier
        )
