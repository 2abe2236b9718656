from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sdd_connection_id = fields.Many2one(related="sdd_journal_id.sdd_connection_id", readonly=False)
    sdd_fee_policy = fields.Selection(related="company_id.sdd_fee_policy", readonly=False)
    sdd_fee_product_id = fields.Many2one(related="company_id.sdd_fee_product_id", readonly=False)
