"""What a person is told before files are made, though it keeps no debit back."""

from collections import defaultdict

from odoo import fields, models
from odoo.tools import format_date

from .sdd_debit_check import Finding


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_preflight_warnings(self):
        """Return what is only told before debits go into a file. Overridden to add warnings.

        Like `_get_preflight_checks`, but each is asked for all debits, and none keeps one back.

        :rtype: list[Callable[[`sdd.debit`], dict[`sdd.debit`, Finding]]]
        """
        return [type(self)._warn_due_dates, type(self)._warn_repeated_amounts]

    def _warn_due_dates(self):
        """Return the debits whose due dates the bank can no longer make, and what becomes of them."""
        found = {}
        for journal, debits in self.grouped("journal_id").items():
            earliest = journal._sdd_earliest_collection(notice=False)
            reason = self.env._(
                "The bank can no longer make this due date; it becomes %s.",
                format_date(self.env, earliest),
            )
            late = debits.filtered(lambda d, earliest=earliest: d.collection_date < earliest)
            found.update(dict.fromkeys(late, Finding("queued", reason, "late")))
        return found

    def _warn_repeated_amounts(self):
        """Return the debits of customers who are debited the same amount twice within some days."""
        found = {}
        for journal, debits in self.grouped("journal_id").items():
            days = journal.sdd_repeat_days
            others = debits._search_near(days) if days else {}
            for debit in debits:
                for other in others.get((debit.partner_id, debit.amount), ()):
                    if debit._is_repeated_by(other, days):
                        reason = self.env._(
                            "The customer is debited the same amount on %(date)s (%(reference)s).",
                            date=format_date(self.env, other.collection_date),
                            reference=other.end_to_end_id,
                        )
                        found[debit] = Finding("queued", reason, "repeated")
                        break
        return found

    def _search_near(self, days):
        """Return the debits of the same customers around the due dates of these, by customer and amount.

        :param int days: how far from the first and the last due date.
        :rtype: dict[tuple, list[`sdd.debit`]]
        """
        dates = self.mapped("collection_date")
        others = self.search(
            [
                ("partner_id", "in", self.partner_id.ids),
                ("state", "in", ("queued", "batched", "submitted", "settled")),
                ("collection_date", ">=", fields.Date.add(min(dates), days=-days)),
                ("collection_date", "<=", fields.Date.add(max(dates), days=days)),
            ]
        )
        groups = defaultdict(list)
        for debit in others:
            groups[debit.partner_id, debit.amount].append(debit)
        return groups

    def _is_repeated_by(self, other, days):
        """Return whether another debit of the same customer and amount lies within some days.

        Note: self.ensure_one()
        """
        near = abs((self.collection_date - other.collection_date).days) <= days
        return (
            near and other != self and self not in (other.previous_debit_id, *other.next_debit_ids)
        )
