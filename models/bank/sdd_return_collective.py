"""Returns that the bank books in one sum without saying which debits came back."""

from datetime import timedelta
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError

from ...sepa import collective
from . import const
from .transfers import cents


class SddReturn(models.Model):
    _inherit = "sdd.return"

    @api.model
    def _find_collective(self, journal, day, amount, count=None, shown=()):
        """Return the debits that came back in one sum: announced before, not on a statement yet.

        :param journal: the bank journal.
        :param date day: when the sum was booked.
        :param Decimal amount: the sum, unsigned; it may hold the bank's fees.
        :param int count: of debits; None when the bank does not say.
        :param shown: debits whose money a statement shows just now.
        :rtype: `sdd.debit` recordset, empty when none fit or several could be meant
        """
        around = timedelta(days=const.ANNOUNCED_DAYS)
        returns = self.search(
            [
                ("journal_id", "=", journal.id),
                ("kind", "!=", "reversal"),
                ("booking_date", ">=", day - around),
                ("booking_date", "<=", day + around),
                ("debit_id.return_on_statement", "=", False),
            ]
        )
        # What was refused before its money came does not go back.
        returns = returns.filtered(
            lambda r: (
                r.debit_id.state == "returned" or r.debit_id.settlement_date or r.debit_id in shown
            )
        )
        groups = [returns.debit_id.ids]
        for key in ("booking_date", "message_id", lambda r: (r.booking_date, r.message_id)):
            groups += [group.debit_id.ids for group in returns.grouped(key).values()]
        amounts = {debit.id: cents(debit.amount) for debit in returns.debit_id}
        fee = Decimal(str(const.MAX_RETURN_FEE))
        found = collective.fitting(groups, amounts, amount, count, fee)
        return self.env["sdd.debit"].browse(sorted(found or ()))


class SddBankFinding(models.Model):
    _inherit = "sdd.bank.finding"

    @api.model
    def _clear_collective_returns(self, journal):
        """Book the sums that wait for the names of their debits, if the bank has told them now.

        :param journal: the bank journal whose returns were announced.
        """
        waiting = self.search(
            [
                ("code", "=", "collective_return"),
                ("state", "=", "open"),
                ("journal_id", "=", journal.id),
                ("statement_line_id", "!=", False),
            ]
        )
        for finding in waiting:
            count = int((finding.params or {}).get("count") or 0) or None
            day = finding.booking_date or finding.statement_line_id.date
            amount = -cents(finding.amount)
            debits = self.env["sdd.return"]._find_collective(journal, day, amount, count)
            if not debits:
                continue
            try:
                finding._assign(debits)
            except UserError:
                # Somebody is at it, or has booked the line otherwise: it stays with that person.
                continue
