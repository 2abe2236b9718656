"""Debits that are more likely to come back wait for a day on which the account is better covered."""

from collections import defaultdict

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

        Support that starts, or goes on, with the money is not kept waiting longer.

        :param date due_date: a day that somebody asks for; a later one than today is kept.
        :return: {move: days}, without those that are debited at once.
        :rtype: dict
        """
        if due_date and due_date > fields.Date.context_today(self):
            return {}
        if not self.company_id._sdd_may_wait_for_payday():
            return {}
        # In sudo mode: whoever queues debits need not have rights on orders and assessments.
        patient = self.sudo().filtered(lambda move: not move._is_money_awaited())
        last = patient._get_last_submit_assessments()
        days = {move: last[move]._get_payday_days() for move in patient if move in last}
        return {move: number for move, number in days.items() if number}

    def _is_money_awaited(self):
        """Return whether support starts or goes on when this invoice is paid.

        Note: self.ensure_one() (sudo)

        :rtype: bool
        """
        self.ensure_one()
        subscriptions = self._get_support_subscriptions()
        offers = self.invoice_line_ids.sale_line_ids.order_id.mapped("risk_offer")
        return "sdd_settled" in offers or any(
            one.state == "suspended" or one.waits_for == "payment" for one in subscriptions
        )

    def _get_last_submit_assessments(self):
        """Return the latest assessment of each of these invoices that was made when it was to be paid.

        It is that of the invoice itself, or of the orders that it bills.

        :rtype: dict[`account.move`, `risk.assessment`] (sudo)
        """
        moves = defaultdict(set)
        for move in self:
            for document in (move, *move.invoice_line_ids.sale_line_ids.order_id):
                moves[document].add(move)
        domain = [
            ("is_shadow", "=", False),
            ("stage", "=", "submit"),
            ("debit_id", "=", False),
            "|",
            ("order_id", "in", self.invoice_line_ids.sale_line_ids.order_id.ids),
            ("invoice_id", "in", self.ids),
        ]
        last = {}
        for assessment in self.env["risk.assessment"].search(domain, order="date, id"):
            for document in (assessment.invoice_id, assessment.order_id):
                last.update(dict.fromkeys(moves.get(document, ()), assessment))
        return last

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


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def write(self, vals):
        """Override: a first debit that is moved is no longer due on the day that was explained."""
        moved = self.browse()
        if "collection_date" in vals and "retry_code" not in vals:
            day = fields.Date.to_date(vals["collection_date"])
            moved = self.filtered(
                lambda d: d.attempt == 1 and d.retry_code and d.collection_date != day
            )
        res = super().write(vals)
        if moved:
            # In sudo mode: nobody writes an explanation by hand.
            moved.sudo().write({"retry_code": False, "retry_params": False})
        return res


class ResCompany(models.Model):
    _inherit = "res.company"

    def _sdd_may_wait_for_payday(self):
        """Return whether the active policy of one of these companies lets debits wait for a pay-day."""
        policies = self.env["risk.policy"]
        return any(policies._get_active(company).payday_pd for company in self)
