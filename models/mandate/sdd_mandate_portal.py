from odoo import models


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _compute_access_url(self):
        super()._compute_access_url()
        for mandate in self:
            # The customer reads his mandate with the order that he gave it for.
            mandate.access_url = f"/my/orders/{mandate.order_id.id}" if mandate.order_id else "/my"
