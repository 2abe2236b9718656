from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tools import SQL

from .const import DECIDED_COLOURS

#: Who sees what an order's assessment says.
RISK_GROUPS = "support_debit.group_support_user,sales_team.group_sale_salesman"


def check_risk_group(env):
    """Refuse whoever may not see assessments: customers, too, may read their orders and debits.

    :param env: environment of the user.
    :raise AccessError: for everybody outside `RISK_GROUPS`.
    """
    if not env.su and not env.user.has_groups(RISK_GROUPS):
        raise AccessError(env._("Only colleagues of support and sales can have this checked."))


class SaleOrder(models.Model):
    _inherit = "sale.order"

    risk_assessment_ids = fields.One2many("risk.assessment", "order_id", string="Risk Assessments")
    risk_assessment_count = fields.Integer(
        compute="_compute_risk_panel", compute_sudo=True, groups=RISK_GROUPS
    )
    risk_colour = fields.Selection(
        DECIDED_COLOURS,
        string="Payment Risk",
        compute="_compute_risk_panel",
        search="_search_risk_colour",
        compute_sudo=True,
        groups=RISK_GROUPS,
    )
    risk_panel = fields.Json(compute="_compute_risk_panel", compute_sudo=True, groups=RISK_GROUPS)

    # === COMPUTE METHODS === #

    @api.depends(
        "state",
        "amount_total",
        "partner_id",
        "company_id",
        "risk_offer",
        "risk_assessment_ids.effective_colour",
    )
    @api.depends_context("lang", "tz")
    def _compute_risk_panel(self):
        last = self._get_last_risk_assessments()
        counts = dict(
            self.env["risk.assessment"]._read_group(
                [("order_id", "in", self.ids), ("is_shadow", "=", False)], ["order_id"], ["__count"]
            )
        )
        for order in self:
            assessment = last.get(order._origin, self.env["risk.assessment"])
            order.risk_assessment_count = counts.get(order._origin, 0)
            order.risk_colour = assessment.effective_colour
            order.risk_panel = order._get_risk_panel(assessment)

    @api.model
    def _search_risk_colour(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.env["risk.assessment"].flush_model(
            ["order_id", "is_shadow", "date", "effective_colour"]
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT order_id
                  FROM (
                           SELECT DISTINCT ON (order_id) order_id, effective_colour
                             FROM risk_assessment
                            WHERE order_id IS NOT NULL AND is_shadow IS NOT TRUE
                         ORDER BY order_id, date DESC, id DESC
                       ) last
                 WHERE effective_colour = ANY(%s)
                """,
                [colour for colour in value if colour],
            )
        )
        found = Domain("id", "in", [row[0] for row in rows])
        return found | Domain("risk_assessment_ids", "=", False) if False in value else found

    # === ACTION METHODS === #

    def action_risk_check(self):
        """Assess the order now, as if the customer ordered it this moment.

        :raise UserError: says what the order lacks.
        :raise AccessError: for customers.
        """
        self.ensure_one()
        check_risk_group(self.env)
        self.check_access("read")
        if self.state == "cancel":
            raise UserError(self.env._("The order is cancelled; nothing will be debited."))
        if self.currency_id.compare_amounts(self.amount_total, 0) <= 0:
            raise UserError(
                self.env._("Add what the customer buys first: there is nothing to pay yet.")
            )
        if not self.env["risk.policy"].sudo()._get_active(self.company_id):
            raise UserError(
                self.env._(
                    "No risk policy is active, so every order may be debited. Activate one under"
                    " Support Debit → Risk."
                )
            )
        self.env["risk.policy"].assess(self, stage="submit")
        self.invalidate_recordset(["risk_panel", "risk_colour", "risk_assessment_count"])

    def action_risk_review(self):
        """Ask that a person looks at how this order may be paid."""
        self.ensure_one()
        assessment = self._get_last_risk_assessments().get(self)
        if not assessment:
            raise UserError(self.env._("Press “Check now” first: there is nothing to look at yet."))
        return assessment.with_env(self.env).action_review()

    def action_view_risk_assessments(self):
        """Open how this order was assessed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_risk_assessment"
        )
        action["domain"] = [("order_id", "=", self.id), ("is_shadow", "=", False)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _get_last_risk_assessments(self):
        """Return the latest assessment of each order that was not silent (sudo).

        :rtype: dict[`sale.order`, `risk.assessment`]
        """
        # In sudo mode: whoever may see the order sees what its assessment says.
        found = (
            self.env["risk.assessment"]
            .sudo()
            .search([("order_id", "in", self.ids), ("is_shadow", "=", False)], order="date, id")
        )
        return {assessment.order_id: assessment for assessment in found}

    def _get_risk_panel(self, assessment):
        """Return what the order's form shows; False where nothing needs to be shown.

        Note: self.ensure_one()

        :param assessment: the latest `risk.assessment`, may be empty.
        :rtype: dict | bool
        """
        self.ensure_one()
        if not assessment:
            active = self.env["risk.policy"].sudo()._get_active(self.company_id)
            return {"colour": ""} if active and self.state != "cancel" else False
        return {**assessment._get_form_panel(), "outdated": self._is_risk_outdated(assessment)}

    def _is_risk_outdated(self, assessment):
        """Return whether the order has changed since it was assessed.

        Note: self.ensure_one()
        """
        if self.state not in ("draft", "sent"):
            return False
        amount = self.env["risk.check"]._to_euro(self, self.amount_total)
        is_other = assessment.currency_id.compare_amounts(amount, assessment.amount) != 0
        if is_other or self.partner_id._origin != assessment.partner_id:
            return True
        # The mandate was given after the check: nobody has looked at the account yet.
        account = not assessment._has_seen_account()
        return account and bool(self.env["risk.check"]._get_order_account(self._origin.id))
