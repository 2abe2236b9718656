from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    risk_assessment_ids = fields.One2many("risk.assessment", "order_id", string="Risk Assessments")
