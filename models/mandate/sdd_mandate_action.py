"""What a person does with a mandate, and where its buttons lead."""

from odoo import fields, models
from odoo.exceptions import UserError


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    # === ACTION METHODS === #

    def action_activate(self):
        """Let debits be collected with these mandates."""
        for mandate in self:
            if not mandate.bank_account_id:
                raise UserError(
                    self.env._(
                        "Mandate %s has no account yet. Enter the IBAN, or ask the customer for it by a link.",
                        mandate.name,
                    )
                )
            if not mandate.sudo()._get_evidence_codes():
                mandate._log_event("evidence", {"evidence": "staff_entry"})
            mandate._move_to(
                "active", signature_date=mandate.signature_date or fields.Date.context_today(self)
            )
            mandate._on_activated()

    def action_suspend(self):
        """Collect nothing with these mandates until they are active again."""
        self._move_to("suspended")

    def action_view_order(self):
        """Open the order with which the mandate was given."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "res_id": self.order_id.id,
        }

    def action_view_customer(self):
        """Open the customer who gave the mandate."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "res.partner",
            "view_mode": "form",
            "res_id": self.partner_id.id,
        }

    def _action_open(self):
        """Return the action that opens this mandate.

        Note: self.ensure_one()

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sdd.mandate",
            "view_mode": "form",
            "res_id": self.id,
        }
