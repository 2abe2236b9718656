from odoo import models


class SupportSubscription(models.Model):
    _inherit = "support.subscription"

    def action_view_sdd_debits(self):
        """Open the debits with which this subscription is paid."""
        return self.invoice_ids.action_view_sdd_debits()
