from odoo import api, fields, models


class ProductTemplate(models.Model):
    _inherit = "product.template"

    support_plan_id = fields.Many2one(
        "support.plan",
        index="btree_not_null",
        check_company=True,
        help="Ordering this product starts a support subscription on this plan.",
    )
    support_included_minutes = fields.Integer(related="support_plan_id.included_minutes")
    support_included_cases = fields.Integer(related="support_plan_id.included_cases")
    support_term_months = fields.Integer(related="support_plan_id.term_months")

    support_plan_description = fields.Html(
        related="support_plan_id.description", string="Text of the Plan"
    )
    support_plan_summary = fields.Char(related="support_plan_id.summary")
    support_subscription_count = fields.Integer(compute="_compute_support_subscription_count")

    def _compute_support_subscription_count(self):
        counts = dict(
            self.env["support.subscription"]._read_group(
                [("product_id", "in", self.product_variant_ids.ids)], ["product_id"], ["__count"]
            )
        )
        for template in self:
            template.support_subscription_count = sum(
                counts.get(product, 0) for product in template.product_variant_ids
            )

    def action_view_support_subscriptions(self):
        """Open the subscriptions that were bought with these packages."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_support_subscription"
        )
        action["domain"] = [("product_id", "in", self.product_variant_ids.ids)]
        action["context"] = {}
        return action

    @api.onchange("support_plan_id")
    def _onchange_support_plan_id(self):
        """A support package is a service that is invoiced when it is ordered."""
        if self.support_plan_id:
            self.type = "service"
            self.invoice_policy = "order"
