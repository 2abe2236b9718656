from odoo import fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payments(self):
        """Override of `account`: paying by direct debit queues a debit, the money comes later."""
        if self.payment_method_line_id.code != "sdd" or self.payment_type != "inbound":
            return super()._create_payments()
        moves = self.line_ids.move_id
        total = sum(moves.mapped("amount_residual"))
        if self.can_edit_wizard and self.currency_id.compare_amounts(self.amount, total):
            raise UserError(
                self.env._(
                    "A direct debit collects the whole invoice: %s.",
                    format_amount(self.env, total, self.currency_id),
                )
            )
        today = fields.Date.context_today(self)
        moves._queue_sdd_debit(
            # In sudo mode: the token was chosen from the customer's own.
            mandate=self.payment_token_id.sudo().sdd_mandate_id or None,
            due_date=self.payment_date if self.payment_date > today else None,
        )
        return self.env["account.payment"]

    def action_create_payments(self):
        """Override of `account` to show the queued debits instead of payments."""
        if self.payment_method_line_id.code != "sdd" or self.payment_type != "inbound":
            return super().action_create_payments()
        moves = self.line_ids.move_id
        self._create_payments()
        if self.env.context.get("dont_redirect_to_payments"):
            return True
        return moves.action_view_sdd_debits()
