from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from psycopg2 import errors

from ...sepa import target
from .const import CASE_REASONS

#: The states in which somebody still has to do something.
PENDING = ("open", "proposed")


class RiskCase(models.Model):
    """An order at which a person looks, because the policy or the customer asked for it."""

    _name = "risk.case"
    _description = "Risk Case"
    _inherit = ["support.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "deadline, id"
    _rec_names_search = ["name", "partner_id.name", "order_id.name"]
    _check_company_auto = True
    _mail_post_access = "read"
    _transitions = {
        "open": {"proposed", "decided", "closed"},
        "proposed": {"open", "decided", "closed"},
        "decided": set(),
        "closed": set(),
    }
    _guarded_fields = frozenset(
        "state name assessment_id company_id reason deadline is_contested contest_text contest_date"
        " proposed_colour proposed_by_id proposed_date proposed_reason decided_colour decided_by_id"
        " decided_date decided_reason".split()
    )

    name = fields.Char(required=True, readonly=True, copy=False, default="/")
    assessment_id = fields.Many2one(
        "risk.assessment", required=True, readonly=True, index=True, check_company=True
    )
    company_id = fields.Many2one(related="assessment_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="assessment_id.partner_id", store=True, index=True)
    order_id = fields.Many2one(related="assessment_id.order_id", store=True, index="btree_not_null")
    invoice_id = fields.Many2one(related="assessment_id.invoice_id")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(related="assessment_id.amount", store=True)
    channel = fields.Selection(related="assessment_id.channel", store=True)
    colour = fields.Selection(string="Colour", related="assessment_id.state", store=True)
    effective_colour = fields.Selection(
        string="Counts now", related="assessment_id.effective_colour"
    )
    pd = fields.Float(related="assessment_id.pd")
    reason = fields.Selection(
        CASE_REASONS, string="Here because", required=True, readonly=True, default="policy"
    )
    user_id = fields.Many2one(
        "res.users",
        string="Looked after by",
        tracking=True,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
    )
    state = fields.Selection(
        [
            ("open", "To be looked at"),
            ("proposed", "Waits for a second person"),
            ("decided", "Decided"),
            ("closed", "Closed without decision"),
        ],
        string="Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        group_expand=True,
    )
    deadline = fields.Datetime(string="Decide until", readonly=True, index=True)
    is_late = fields.Boolean(
        string="Too late", compute="_compute_is_late", search="_search_is_late"
    )

    is_reminded = fields.Boolean(readonly=True, copy=False)

    _pending_unique = models.UniqueIndex(
        "(assessment_id) WHERE state IN ('open', 'proposed')",
        "Somebody looks at this assessment already.",
    )

    # === COMPUTE METHODS === #

    @api.depends("deadline", "state")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for case in self:
            case.is_late = case.state in PENDING and bool(case.deadline) and case.deadline < now

    def _search_is_late(self, operator, value):
        if operator != "in":
            return NotImplemented
        return [("state", "in", PENDING), ("deadline", "<", fields.Datetime.now())]

    @api.depends("name", "partner_id")
    def _compute_display_name(self):
        for case in self:
            case.display_name = " · ".join(filter(None, (case.name, case.partner_id.name)))

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                # In sudo mode: a customer who contests a decision draws a number, too.
                vals["name"] = self.env["ir.sequence"].sudo().next_by_code("risk.case") or "/"
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_retention(self):
        # In sudo mode only: the job that deletes assessments takes their cases with them.
        if not self.env.su:
            raise UserError(
                self.env._(
                    "Cases are kept for the record. Close the ones that nobody needs to decide."
                )
            )

    # === ACTION METHODS === #

    def action_take(self):
        """Look after these cases oneself."""
        self._check_may("propose")
        # In sudo mode: the right was checked above.
        self.sudo().user_id = self.env.user

    def action_close(self):
        """Close cases that nobody needs to decide any more."""
        self._check_may("propose")
        self.sudo()._close(self.env._("Closed by %s.", self.env.user.name))

    def action_view_order(self):
        """Open the order at which somebody shall look."""
        self.ensure_one()
        return self.order_id._get_records_action()

    def _action_open(self):
        """Return the action that opens this case.

        Note: self.ensure_one()

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "risk.case",
            "view_mode": "form",
            "views": [(False, "form")],
            "res_id": self.id,
        }

    # === BUSINESS METHODS === #

    @api.model
    def _open_for(self, assessment, reason="policy"):
        """Put an assessment into the queue of those at which a person looks.

        Cases of older assessments of the same are closed: what they were about has changed; what the
        customer wrote there goes on to the new one. Once only for each assessment, however often it
        is called.

        :param assessment: `risk.assessment` record.
        :param str reason: a value of `const.CASE_REASONS`.
        :return: the open case (sudo).
        :rtype: `risk.case` record
        :raise ConcurrencyError: when another tab does the same at this moment; the server repeats
            the request.
        """
        # In sudo mode: a visitor of the shop has no rights on cases.
        cases, assessment = self.sudo(), assessment.sudo()
        if known := cases.search(
            [("assessment_id", "=", assessment.id), ("state", "in", PENDING)], limit=1
        ):
            return known
        old = cases._close_older(assessment)
        try:
            case = cases.create(cases._prepare_case(assessment, reason, old))
        except errors.UniqueViolation as error:
            raise ConcurrencyError("The same case is being opened in another window") from error
        case._ask_reviewer()
        return case

    @api.model
    def _close_older(self, assessment):
        """Close the cases of older assessments of the same: this one is what counts now.

        :param assessment: `risk.assessment` record (sudo).
        :return: the closed cases (sudo).
        :rtype: `risk.case` recordset
        """
        older = assessment._search_same([("id", "<", assessment.id)])
        cases = older.case_ids.filtered(lambda case: case.state in PENDING)
        cases._close(
            self.env._("The order was looked at again: what counts is the new assessment.")
        )
        return cases

    @api.model
    def _prepare_case(self, assessment, reason, old):
        """Return the values of a new case.

        :param old: the `risk.case` records that it takes the place of.
        :rtype: dict
        """
        contested = old.filtered("is_contested")[-1:]
        values = {
            "assessment_id": assessment.id,
            "reason": "contest" if contested else reason,
            "deadline": self._get_deadline(assessment.company_id),
            "user_id": (old.user_id or assessment.company_id.risk_reviewer_id)[:1].id,
        }
        if contested:
            values |= {
                "is_contested": True,
                "contest_text": contested.contest_text,
                "contest_date": contested.contest_date,
                "deadline": contested.deadline,
            }
        return values

    @api.model
    def _get_deadline(self, company):
        """Return until when a case of today is decided; nobody needs to work on days without banks.

        :rtype: datetime, naive UTC
        """
        now = fields.Datetime.now()
        moment = now + timedelta(hours=company.risk_case_hours)
        if target.is_target_day(moment.date()):
            return moment
        return moment + (target.next_target_day(moment.date()) - moment.date())

    def _ask_reviewer(self):
        """Give the person in charge something to do until the deadline.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if self.user_id:
            self.activity_schedule(
                "mail.mail_activity_data_todo",
                self.deadline.date(),
                summary=self.env._("Decide how this order may be paid"),
                user_id=self.user_id.id,
            )

    def _close(self, reason):
        """Close pending cases without a decision.

        :param str reason: why, for the chatter.
        """
        for case in self.filtered(lambda c: c.state in PENDING):
            case._move_to("closed")
            case._finish(reason)

    @api.model
    def _cron_tidy(self):
        """Close the cases of cancelled orders; remind of those whose time is over."""
        pending = [("state", "in", PENDING)]
        self.search([*pending, ("order_id.state", "=", "cancel")])._close(
            self.env._("The order was cancelled.")
        )
        for case in self.search([*pending, ("is_reminded", "=", False), ("is_late", "=", True)]):
            case.is_reminded = True
            if case.user_id:
                case.activity_schedule(
                    "mail.mail_activity_data_warning",
                    summary=self.env._("Late: the customer is waiting for a decision"),
                    user_id=case.user_id.id,
                )

    def _finish(self, reason):
        """Say what became of a case and tick off its activities.

        Note: self.ensure_one()
        """
        self.ensure_one()
        self.message_post(body=reason, subtype_xmlid="mail.mt_note")
        self.activity_unlink(["mail.mail_activity_data_todo", "mail.mail_activity_data_warning"])
