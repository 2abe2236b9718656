from odoo import models


class SupportSubscription(models.Model):
    _inherit = "support.subscription"

    def action_view_sdd_mandates(self):
        """Open the mandates with which this customer can be debited."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id.action_view_sdd_mandates()
