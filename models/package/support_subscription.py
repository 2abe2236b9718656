from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import UserError

#: Every allowed change of state, in one place.
TRANSITIONS = {
    "draft": {"active", "cancelled"},
    "active": {"suspended", "cancelled", "expired"},
    "suspended": {"active", "cancelled", "expired"},
    "cancelled": set(),
    "expired": set(),
}


class SupportSubscription(models.Model):
    """The right of one customer to support, bought with one order line."""

    _name = "support.subscription"
    _description = "Support Subscription"
    _inherit = ["support.guarded", "mail.thread", "mail.activity.mixin", "portal.mixin"]
    _transitions = TRANSITIONS
    _order = "start_date desc, id desc"
    _check_company_auto = True

    name = fields.Char(string="Number", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner",
        string="Customer",
        required=True,
        index=True,
        check_company=True,
        tracking=True,
    )
    plan_id = fields.Many2one("support.plan", required=True, index=True, check_company=True)
    kind = fields.Selection(related="plan_id.kind", store=True)
    plan_summary = fields.Char(related="plan_id.summary", string="Included")
    product_id = fields.Many2one("product.product", string="Package", check_company=True)
    quantity = fields.Float(default=1.0)
    order_line_id = fields.Many2one(
        "sale.order.line",
        index=True,
        copy=False,
        readonly=True,
        ondelete="set null",
    )
    order_id = fields.Many2one(related="order_line_id.order_id", store=True, index=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("active", "Active"),
            ("suspended", "Suspended"),
            ("cancelled", "Cancelled"),
            ("expired", "Expired"),
        ],
        string="Status",
        group_expand=True,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    suspend_reason = fields.Char(
        string="Suspended because", readonly=True, copy=False, tracking=True
    )
    start_date = fields.Date(string="Started", copy=False, tracking=True)
    end_date = fields.Date(
        string="Term ends",
        copy=False,
        tracking=True,
        help="Last day of the running term. Empty: no end.",
    )
    cancel_date = fields.Date(
        string="Cancelled to", copy=False, tracking=True, help="Runs until this day and then ends."
    )
    next_invoice_date = fields.Date(string="Next invoice", copy=False, index=True)
    price_total = fields.Monetary(
        string="Price", help="What one billing interval costs, taxes included."
    )
    invoice_ids = fields.Many2many("account.move", string="Invoices", compute="_compute_invoices")
    invoice_count = fields.Integer(compute="_compute_invoices")

    _order_line_unique = models.UniqueIndex(
        "(order_line_id) WHERE order_line_id IS NOT NULL",
        "This order line already has its subscription.",
    )

    # === COMPUTE METHODS === #

    @api.depends("order_line_id.invoice_lines.move_id")
    def _compute_invoices(self):
        # In sudo mode: support staff see how many invoices there are without accounting rights.
        for subscription in self.sudo():
            moves = subscription.order_line_id.invoice_lines.move_id | self.env[
                "account.move"
            ].search([("line_ids.support_subscription_id", "=", subscription.id)])
            subscription.invoice_ids = moves
            subscription.invoice_count = len(moves)

    def _compute_access_url(self):
        super()._compute_access_url()
        for subscription in self:
            subscription.access_url = (
                f"/my/orders/{subscription.order_id.id}" if subscription.order_id else "/my"
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = vals.get("company_id", self.env.company.id)
                vals["name"] = (
                    self.env["ir.sequence"]
                    .with_company(company)
                    .next_by_code("support.subscription")
                )
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_run(self):
        if self.filtered(lambda s: s.state not in ("draft", "cancelled")):
            raise UserError(
                self.env._("A subscription that has run is kept for the record. Cancel it instead.")
            )

    # === ACTION METHODS === #

    def action_activate(self):
        """Start the support today (drafts) or let it go on (suspended ones)."""
        self.filtered(lambda s: s.state == "draft")._activate()
        self.filtered(lambda s: s.state == "suspended")._resume()

    def action_suspend(self):
        """Stop the support until somebody lifts the suspension."""
        self._suspend(self.env._("Suspended by %(user)s", user=self.env.user.name))

    def action_cancel(self):
        """End the support at the end of its term; a draft ends at once."""
        for subscription in self:
            if subscription.state == "draft" or not subscription.end_date:
                subscription._move_to(
                    "cancelled", cancel_date=fields.Date.context_today(subscription)
                )
            else:
                subscription.cancel_date = subscription.end_date

    def action_keep(self):
        """Take back a cancellation while the term is still running."""
        self.filtered(lambda s: s.state in ("active", "suspended")).cancel_date = False

    def action_view_order(self):
        """Open the order in which the package was bought."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sale.order",
            "view_mode": "form",
            "res_id": self.order_id.id,
        }

    def action_view_invoices(self):
        """Open the invoices of this subscription."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", self.invoice_ids.ids)]
        return action

    # === BUSINESS METHODS === #

    def _activate(self, start_date=None):
        """Start the support: dates follow from the plan.

        :param date start_date: first day of the term; today in the user's time zone when omitted.
        """
        start_date = start_date or fields.Date.context_today(self)
        for subscription in self:
            plan = subscription.plan_id
            term = plan.term_months
            interval = plan.billing_interval_months
            subscription._move_to(
                "active",
                start_date=start_date,
                end_date=term and start_date + relativedelta(months=term, days=-1),
                next_invoice_date=interval
                and plan.renewal != "none"
                and start_date + relativedelta(months=interval),
            )

    def _suspend(self, reason):
        """Stop the support because something came back. What is not active stays as it is.

        :param str reason: a sentence that staff and customer may read.
        """
        to_suspend = self.filtered(lambda s: s.state == "active")
        to_suspend._move_to("suspended", suspend_reason=reason)

    def _resume(self):
        """Let suspended support go on, e.g. when the money has arrived."""
        to_resume = self.filtered(lambda s: s.state == "suspended")
        to_resume._move_to("active", suspend_reason=False)

    @api.model
    def _cron_expire(self):
        """End what has run out: cancelled to a day that is over, or a term without renewal."""
        today = fields.Date.context_today(self)
        running = [("state", "in", ("active", "suspended"))]
        cancelled = self.search([*running, ("cancel_date", "<", today)])
        cancelled._move_to("cancelled")
        ended = self.search([*running, ("end_date", "<", today), ("plan_id.renewal", "=", "none")])
        ended._move_to("expired")
