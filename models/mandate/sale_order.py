from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sdd_mandate_ids = fields.One2many("sdd.mandate", "order_id", string="Mandates")
    sdd_mandate_count = fields.Integer(compute="_compute_sdd_mandate_count")

    @api.depends("sdd_mandate_ids")
    def _compute_sdd_mandate_count(self):
        for order in self:
            order.sdd_mandate_count = len(order.sdd_mandate_ids)

    def action_view_sdd_mandates(self):
        """Open the mandates that were given with these orders."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_mandate")
        action["domain"] = [("order_id", "in", self.ids)]
        action["context"] = {}
        if len(self.sdd_mandate_ids) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=self.sdd_mandate_ids.id)
        return action
