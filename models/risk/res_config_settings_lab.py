from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    risk_governor = fields.Selection(related="company_id.risk_governor", readonly=False)
    risk_goal = fields.Float(related="company_id.risk_goal", readonly=False)
    risk_governor_lowest = fields.Float(related="company_id.risk_governor_lowest", readonly=False)
    risk_margin = fields.Float(related="company_id.risk_margin", readonly=False)
    risk_return_fee = fields.Monetary(related="company_id.risk_return_fee", readonly=False)
    risk_handling = fields.Monetary(related="company_id.risk_handling", readonly=False)
    risk_recovered = fields.Float(related="company_id.risk_recovered", readonly=False)
    risk_cost = fields.Float(related="company_id.risk_cost", readonly=False)
    risk_abandoned = fields.Float(related="company_id.risk_abandoned", readonly=False)
    risk_abandoned_yellow = fields.Float(related="company_id.risk_abandoned_yellow", readonly=False)
