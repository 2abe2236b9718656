from odoo import api, models
from odoo.exceptions import UserError


class AccountPayment(models.Model):
    _inherit = "account.payment"

    @api.depends("payment_method_line_id")
    def _compute_suitable_payment_token_ids(self):
        """Override of `account_payment`: a mandate is no means of booking a payment at once."""
        super()._compute_suitable_payment_token_ids()
        for payment in self:
            payment.suitable_payment_token_ids = payment.suitable_payment_token_ids.filtered(
                lambda token: not token.sdd_mandate_id
            )

    @api.onchange("partner_id", "payment_method_line_id", "journal_id")
    def _onchange_set_payment_token_id(self):
        """Override of `account_payment` not to propose a mandate."""
        super()._onchange_set_payment_token_id()
        # In sudo mode: the token may be of a customer whom the user cannot look at.
        if self.payment_token_id.sudo().sdd_mandate_id:
            self.payment_token_id = False

    def action_post(self):
        """Override of `account`: a debit has no payment of its own, its file is booked as a whole."""
        if self.payment_token_id.sudo().sdd_mandate_id:  # In sudo mode: as above.
            raise UserError(
                self.env._(
                    "A direct debit is not booked as a payment. Open the invoice and choose"
                    " “Register Payment” with SEPA Direct Debit: the debit is queued for the next file."
                )
            )
        return super().action_post()
