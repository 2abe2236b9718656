from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    risk_case_hours = fields.Integer(related="company_id.risk_case_hours", readonly=False)
    risk_review_amount = fields.Monetary(related="company_id.risk_review_amount", readonly=False)
    risk_four_eyes_amount = fields.Monetary(
        related="company_id.risk_four_eyes_amount", readonly=False
    )
    risk_reviewer_id = fields.Many2one(related="company_id.risk_reviewer_id", readonly=False)
