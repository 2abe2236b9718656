"""What a mandate says of the day on which is collected."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...sepa import due_date


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    debit_day = fields.Integer(
        default=0,
        copy=False,
        tracking=True,
        help="The day of the month, 1 to 28, on which the customer wants his invoices to be collected;"
        " 0 for as early as possible. A day on which banks are closed moves on to the next one.",
    )
    notice_days = fields.Integer(
        string="Notice (days)",
        default=lambda self: self._get_default_notice_days(self.env.company),
        tracking=True,
        help="Calendar days between the notice to the customer and the due date, as agreed with him.",
    )
    debit_day_text = fields.Char(
        string="Collected", compute="_compute_debit_day_text", help="When invoices are collected."
    )

    @api.depends("debit_day")
    @api.depends_context("lang")
    def _compute_debit_day_text(self):
        for mandate in self:
            mandate.debit_day_text = (
                self.env._("on day %s of the month", mandate.debit_day)
                if mandate.debit_day
                else self.env._("as early as possible")
            )

    @api.constrains("debit_day", "notice_days")
    def _check_debit_day(self):
        for mandate in self:
            if mandate.debit_day and mandate.debit_day not in due_date.DEBIT_DAYS:
                raise ValidationError(
                    self.env._(
                        "The debit day is a day from 1 to 28, or 0 for as early as possible."
                    )
                )
            if mandate.notice_days < 0:
                raise ValidationError(self.env._("The period of notice cannot be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        """Override: the period of notice is the one of the bank that collects."""
        for vals in vals_list:
            company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
            vals.setdefault("notice_days", self._get_default_notice_days(company))
        return super().create(vals_list)

    def write(self, vals):
        """Override: what was agreed with the customer is not shortened behind his back."""
        if "notice_days" in vals and not self.env.su:
            agreed = self.filtered(lambda m: m.state not in m._open_states)
            if agreed.filtered(lambda m: vals["notice_days"] < m.notice_days):
                raise UserError(
                    self.env._(
                        "The period of notice was agreed with the customer and can be made longer"
                        " only. A shorter one needs a new mandate."
                    )
                )
        return super().write(vals)

    @api.model
    def _get_default_notice_days(self, company):
        """Return how many days before its debits the company tells its customers of them."""
        journal = company.sudo().sdd_journal_id  # In sudo mode: a visitor of the shop gives one.
        return journal.sdd_notice_days if journal else 1

    def _choose_debit_day(self, day, evidence=None):
        """Note the day of the month that the customer wants; debits announced already keep theirs.

        :param int day: 1 to 28, or 0 for as early as possible.
        :param dict evidence: what proves where the wish came from.
        :raise ValidationError: for any other day.
        """
        changed = self.filtered(lambda mandate: mandate.debit_day != day)
        changed.debit_day = day
        for mandate in changed:
            mandate.message_post(
                body=self.env._(
                    "The customer wants to be debited %(day)s (%(channel)s, IP address %(ip)s).",
                    day=mandate.debit_day_text,
                    channel=(evidence or {}).get("channel") or "-",
                    ip=(evidence or {}).get("ip_address") or "-",
                )
            )
