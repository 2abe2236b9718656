from odoo import api, fields, models
from odoo.exceptions import ValidationError


class SupportPlan(models.Model):
    """What a support package promises: how long, billed how often, with which help included."""

    _name = "support.plan"
    _description = "Support Plan"
    _inherit = ["mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True)
    active = fields.Boolean(default=True)
    sequence = fields.Integer(default=10)
    company_id = fields.Many2one("res.company", help="Empty: sold by every company.")
    kind = fields.Selection(
        [
            ("base", "Base package"),
            ("addon", "Add-on"),
            ("upgrade", "Upgrade"),
            ("ad_hoc", "One-off"),
        ],
        required=True,
        default="base",
    )
    term_months = fields.Integer(
        string="Term (months)",
        default=12,
        help="How long the support lasts after it was ordered. 0: no end.",
    )
    billing_interval_months = fields.Integer(
        string="Billed every (months)", default=12, help="0: billed once, when it is ordered."
    )
    renewal = fields.Selection(
        [
            ("none", "Ends with its term"),
            ("monthly", "Goes on, can be ended with one month's notice"),
            ("term", "Goes on for another term"),
        ],
        required=True,
        default="monthly",
        help="What happens at the end of the term when nobody cancels.",
    )
    notice_days = fields.Integer(string="Notice (days)", default=30)
    included_minutes = fields.Integer(help="Minutes of help within a term. 0: not limited by time.")
    included_cases = fields.Integer(help="Support cases within a term. 0: not limited by number.")
    unpaid_action = fields.Selection(
        [
            ("suspend", "Suspend the support until it is paid"),
            ("continue", "Go on helping"),
        ],
        string="When a debit comes back",
        required=True,
        default="suspend",
    )
    description = fields.Html(
        translate=True, help="What the customer reads in the shop below “What is included”."
    )
    summary = fields.Char(compute="_compute_summary", help="What is included, in one line.")
    product_tmpl_ids = fields.One2many("product.template", "support_plan_id", string="Packages")
    product_count = fields.Integer(compute="_compute_counts")
    subscription_ids = fields.One2many("support.subscription", "plan_id")
    subscription_count = fields.Integer(compute="_compute_counts")

    _positive = models.Constraint(
        "CHECK(term_months >= 0 AND billing_interval_months >= 0 AND notice_days >= 0"
        " AND included_minutes >= 0 AND included_cases >= 0)",
        "Terms, intervals, notice, minutes and cases cannot be negative.",
    )

    @api.constrains("billing_interval_months", "term_months", "renewal")
    def _check_terms(self):
        for plan in self:
            if plan.renewal == "term" and not plan.term_months:
                raise ValidationError(
                    self.env._(
                        "“%(plan)s” renews for another term, so it needs a term of at least one month.",
                        plan=plan.name,
                    )
                )

    @api.depends("term_months", "included_minutes", "included_cases")
    @api.depends_context("lang")
    def _compute_summary(self):
        for plan in self:
            plan.summary = " · ".join(plan._get_summary_parts())

    def _get_summary_parts(self):
        """Return the promises of this plan as short texts: term, minutes, cases.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        self.ensure_one()
        if self.term_months == 1:
            parts = [self.env._("1 month")]
        elif self.term_months:
            parts = [self.env._("%(number)s months", number=self.term_months)]
        else:
            parts = [self.env._("no fixed term")]
        if self.included_minutes:
            parts.append(self.env._("%(number)s minutes of help", number=self.included_minutes))
        if self.included_cases == 1:
            parts.append(self.env._("1 support case"))
        elif self.included_cases:
            parts.append(self.env._("%(number)s support cases", number=self.included_cases))
        if not self.included_minutes and not self.included_cases:
            parts.append(self.env._("help without limit"))
        return parts

    def _compute_counts(self):
        products = dict(
            self.env["product.template"]._read_group(
                [("support_plan_id", "in", self.ids)], ["support_plan_id"], ["__count"]
            )
        )
        subscriptions = dict(
            self.env["support.subscription"]._read_group(
                [("plan_id", "in", self.ids)], ["plan_id"], ["__count"]
            )
        )
        for plan in self:
            plan.product_count = products.get(plan, 0)
            plan.subscription_count = subscriptions.get(plan, 0)

    def action_view_products(self):
        """Open the packages in which this plan is sold."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Packages"),
            "res_model": "product.template",
            "view_mode": "kanban,list,form",
            "domain": [("support_plan_id", "=", self.id)],
            "context": {"default_support_plan_id": self.id, "default_type": "service"},
        }

    def action_view_subscriptions(self):
        """Open the subscriptions that run on this plan."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Subscriptions"),
            "res_model": "support.subscription",
            "view_mode": "list,kanban,form",
            "domain": [("plan_id", "=", self.id)],
        }
