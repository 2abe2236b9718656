from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    support_plan_id = fields.Many2one(
        "support.plan",
        string="Support Plan",
        index="btree_not_null",
        check_company=True,
        help="Ordering this product starts a support subscription on this plan.",
    )
    support_included_minutes = fields.Integer(related="support_plan_id.included_minutes")
    support_included_cases = fields.Integer(related="support_plan_id.included_cases")
    support_term_months = fields.Integer(related="support_plan_id.term_months")

    @api.onchange("support_plan_id")
    def _onchange_support_plan_id(self):
        """A support package is a service that is invoiced when it is ordered."""
        if self.support_plan_id:
            self.type = "service"
            self.invoice_policy = "order"
