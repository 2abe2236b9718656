from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sdd_due_policy = fields.Selection(related="sdd_journal_id.sdd_due_policy", readonly=False)
    sdd_notice_policy = fields.Selection(related="sdd_journal_id.sdd_notice_policy", readonly=False)
