from odoo import fields, models


class SupportSubscription(models.Model):
    _inherit = "support.subscription"

    sdd_mandate_count = fields.Integer(compute="_compute_sdd_mandate_count")

    def _compute_sdd_mandate_count(self):
        for subscription in self:
            partner = subscription.partner_id.commercial_partner_id
            subscription.sdd_mandate_count = partner.sdd_mandate_count

    def action_view_sdd_mandates(self):
        """Open the mandates with which this customer can be debited."""
        self.ensure_one()
        return self.partner_id.commercial_partner_id.action_view_sdd_mandates()
