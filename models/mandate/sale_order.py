from odoo import fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sdd_mandate_ids = fields.One2many("sdd.mandate", "order_id", string="Mandates")
