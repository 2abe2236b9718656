"""Debits that are more likely to come back wait for a day on which the account is better covered."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    payday_pd = fields.Float(
        string="Debit on a pay-day from",
        digits=(6, 4),
        help="From this chance of a return on, an order is debited on the customer's chosen day or on"
        " the next pay-day instead of at once. Support starts as ever. 0: everything is debited at"
        " once.",
    )
    payday_days = fields.Integer(
        string="Wait for it at most (days)",
        default=14,
        help="When no pay-day comes within so many days, the order is debited at once.",
    )

    @api.constrains("payday_pd", "payday_days")
    def _check_payday(self):
        for policy in self:
            if not 0 <= policy.payday_pd <= 1:
                raise ValidationError(self.env._("A chance lies between 0 % and 100 %."))
            if not 1 <= policy.payday_days <= 31:
                raise ValidationError(self.env._("A pay-day can be waited for 1 to 31 days."))


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _get_payday_days(self):
        """Return how many days a debit may wait for a pay-day, 0 when it is made at once.

        What a person has decided is carried out at once.

        Note: self.ensure_one() (sudo)

        :rtype: int
        """
        self.ensure_one()
        limit = self.policy_id.payday_pd
        waits = limit and self.has_pd and self.pd >= limit and not self.override_colour
        return self.policy_id.payday_days if waits else 0


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_payday_patience(self, due_date=None):
        """Return how many days the debits of these invoices may wait for a pay-day.

        Support that starts with the money is not kept waiting longer.

        :param date due_date: a day that somebody asks for; a later one than today is kept.
        :return: {move: days}, without those that are debited at once.
        :rtype: dict
        """
        if due_date and due_date > fields.Date.context_today(self):
            return {}
        # In sudo mode: whoever queues debits reads no policies.
        if not self.company_id._sdd_may_wait_for_payday():
            return {}
        orders = {move: move.invoice_line_ids.sale_line_ids.order_id for move in self}
        orders = {
            move: own
            for move, own in orders.items()
            if "sdd_settled" not in own.mapped("risk_offer")
        }
        found = (
            self.env["risk.assessment"]
            .sudo()
            .search(
                [
                    ("is_shadow", "=", False),
                    ("stage", "=", "submit"),
                    "|",
                    ("order_id", "in", self.invoice_line_ids.sale_line_ids.order_id.ids),
                    ("invoice_id", "in", self.ids),
                ],
                order="date, id",
            )
        )
        by_order, by_invoice = found.grouped("order_id"), found.grouped("invoice_id")
        days = {}
        for move, own in orders.items():
            last = by_invoice.get(move, found.browse())
            for order in own:
                last |= by_order.get(order, found.browse())
            if last and (wait := last[-1]._get_payday_days()):
                days[move] = wait
        return days

    def _prepare_payday(self, vals, mandate, days):
        """Return what is different about a debit that waits for a better day.

        Note: self.ensure_one()

        :param dict vals: values of the debit, due as early as possible.
        :param mandate: `sdd.mandate` record.
        :param int days: how long it may wait, 0 for not at all.
        :rtype: dict
        """
        self.ensure_one()
        if not days:
            return {}
        journal = self.env["account.journal"].browse(vals["journal_id"])
        found = journal._sdd_find_better_day(mandate, vals["collection_date"], days)
        if not found:
            return {}
        day, code, params = found
        return {"collection_date": day, "retry_code": code, "retry_params": params}


class ResCompany(models.Model):
    _inherit = "res.company"

    def _sdd_may_wait_for_payday(self):
        """Return whether the active policy of one of these companies lets debits wait for a pay-day."""
        policies = self.env["risk.policy"]
        return any(policies._get_active(company).payday_pd for company in self)
