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

    def _collect_renewals(self, invoices):
        """Override to queue a debit for every renewal of a customer who has a valid mandate."""
        super()._collect_renewals(invoices)
        for company, moves in invoices.grouped("company_id").items():
            if company._sdd_get_missing():
                continue
            mandates = moves._get_sdd_mandates()
            moves.filtered(
                lambda move, mandates=mandates: mandates[move] and move.amount_residual > 0
            )._queue_sdd_debit()
