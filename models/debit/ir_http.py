from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    @classmethod
    def _get_translation_frontend_modules_name(cls):
        """Override of `http_routing` to send the texts of the payment form to the browser."""
        return [*super()._get_translation_frontend_modules_name(), "support_debit"]
