from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    risk_check_collections = fields.Boolean(
        related="company_id.risk_check_collections", readonly=False
    )
