"""What a salesperson wants to know first of a mandate: may I debit this customer, and if not, why."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import format_amount, format_date

from ..mandate.const import DORMANT_WARNING_MONTHS


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    collect_status = fields.Selection(
        [
            ("ready", "Debits go out"),
            ("limited", "Debits up to a limit"),
            ("waiting", "No debits yet"),
            ("ended", "No debits any more"),
        ],
        string="May be debited",
        compute="_compute_collect_status",
    )
    collect_hint = fields.Char(string="What may be debited", compute="_compute_collect_status")
    lapses_soon = fields.Boolean(compute="_compute_lapses_soon")
    held_debit_count = fields.Integer(compute="_compute_held_debits", compute_sudo=True)
    held_hint = fields.Char(compute="_compute_held_debits", compute_sudo=True)
    waits_for_grade = fields.Boolean(compute="_compute_held_debits", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("state", "evidence_grade", "scheme", "bank_confirmed_date", "bank_account_id")
    @api.depends_context("lang")
    def _compute_collect_status(self):
        for (company, grade), mandates in self.grouped(
            lambda m: (m.company_id, m.evidence_grade)
        ).items():
            limit = self.env["sdd.evidence.limit"]._get_limit(company, grade)
            for mandate in mandates:
                mandate.collect_status, mandate.collect_hint = (
                    mandate._get_collect_status_active(limit)
                    if mandate.state == "active"
                    else mandate._get_collect_status_idle()
                )

    @api.depends("state", "expiry_date")
    def _compute_lapses_soon(self):
        horizon = fields.Date.context_today(self) + relativedelta(months=DORMANT_WARNING_MONTHS)
        for mandate in self:
            mandate.lapses_soon = bool(
                mandate.state in ("active", "suspended")
                and mandate.expiry_date
                and mandate.expiry_date <= horizon
            )

    @api.depends("debit_ids.state", "debit_ids.hold_code", "debit_ids.amount")
    @api.depends_context("lang")
    def _compute_held_debits(self):
        for mandate in self:
            held = mandate.debit_ids.filtered(
                lambda d: (
                    d.state == "held" and d.hold_code in ("grade", "b2b", "mandate", "creditor")
                )
            )
            mandate.held_debit_count = len(held)
            mandate.waits_for_grade = "grade" in held.mapped("hold_code")
            amount = format_amount(
                self.env, sum(held.mapped("amount")), mandate.company_id.currency_id
            )
            if len(held) > 1:
                mandate.held_hint = self.env._(
                    "%(count)s debits over %(amount)s in all wait for it.",
                    count=len(held),
                    amount=amount,
                )
            else:
                mandate.held_hint = (
                    self.env._("A debit of %s waits for it.", amount) if held else False
                )

    # === ACTION METHODS === #

    def action_create_replacement(self):
        """Create a mandate that takes the place of this one as soon as it is active, and open it."""
        self.ensure_one()
        return self._create_replacement()._action_open()

    # === BUSINESS METHODS === #

    def _get_collect_status_active(self, limit):
        """Return `collect_status` and `collect_hint` of an active mandate.

        Note: self.ensure_one()

        :param limit: euro that the company debits at once on this grade; None: any amount.
        :rtype: tuple[str, str]
        """
        if self.waits_for_bank:
            return "waiting", self.env._(
                "Nothing is collected before the customer has told his bank of this B2B mandate."
            )
        if limit is None:
            return "ready", self.env._("Debits of any amount go out at once.")
        if not limit:
            return "waiting", self.env._("Every debit waits until the mandate is better proven.")
        return "limited", self.env._(
            "Debits up to %s go out at once. Larger ones wait until the mandate is better proven.",
            format_amount(self.env, limit, self.company_id.currency_id),
        )

    def _get_collect_status_idle(self):
        """Return `collect_status` and `collect_hint` of a mandate that is not active.

        Note: self.ensure_one()

        :rtype: tuple[str, str]
        """
        if self.state in ("revoked", "expired"):
            day = self.end_date and format_date(self.env, self.end_date)
            text = self.env._("Nothing is collected with it any more.")
            if day:
                text = self.env._("Ended on %s; nothing is collected with it any more.", day)
            return "ended", text
        if self.state == "suspended":
            return "waiting", self.env._("Suspended: nothing is collected until it is used again.")
        if self.state == "pending":
            if self.bank_account_id:
                text = self.env._("The customer was asked and has not confirmed yet.")
            else:
                text = self.env._(
                    "The customer was asked for his account and has not entered it yet."
                )
            return "waiting", text
        if not self.bank_account_id:
            return "waiting", self.env._(
                "The account is still missing. Enter the IBAN, or ask the customer for it by a link."
            )
        return "waiting", self.env._(
            "Not given yet. Add what proves it, or ask the customer to confirm."
        )
