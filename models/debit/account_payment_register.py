from odoo import models


class AccountPaymentRegister(models.TransientModel):
    _inherit = "account.payment.register"

    def _create_payments(self):
        """Override of `account`: paying by direct debit queues a debit, the money comes later."""
        if self.payment_method_line_id.code != "sdd" or self.payment_type != "inbound":
            return super()._create_payments()
        self.line_ids.move_id._queue_sdd_debit()
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
