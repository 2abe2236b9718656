from odoo import fields, models


class SupportSubscription(models.Model):
    _inherit = "support.subscription"

    sdd_debit_count = fields.Integer(compute="_compute_sdd_debit_count", compute_sudo=True)

    def _compute_sdd_debit_count(self):
        for subscription in self:
            subscription.sdd_debit_count = len(subscription.invoice_ids.sdd_debit_ids)

    def action_view_sdd_debits(self):
        """Open the debits with which this subscription is paid."""
        # In sudo mode: support staff follow the debits without accounting rights on the invoices.
        return self.sudo().invoice_ids.action_view_sdd_debits()
