from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sdd_connection_id = fields.Many2one(related="sdd_journal_id.sdd_connection_id", readonly=False)
