from odoo import fields, models


class SupportSubscription(models.Model):
    _inherit = "support.subscription"

    waits_for = fields.Selection(
        selection_add=[("confirmation", "The customer to confirm his mandate")],
        ondelete={"confirmation": "set null"},
    )


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _on_activated(self):
        """Override to start the support that waited for the customer's confirmation."""
        super()._on_activated()
        # In sudo mode: whoever confirms a mandate has no rights on subscriptions.
        orders = self.sudo().order_id
        orders.support_subscription_ids._start_waiting({"confirmation"})
