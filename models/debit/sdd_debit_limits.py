"""What of the queue fits into a bank's limits: per file and per day, the oldest due date first."""

from datetime import UTC, datetime, time

from odoo import api, fields, models
from odoo.tools import SQL

from .sdd_debit_check import Finding


def _cents(amount):
    return round(amount * 100)


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _set_over_limits_aside(self, journal):
        """Let those of these debits wait for tomorrow that are over the bank's limit of the day.

        :param journal: their bank journal.
        :return: the debits that may go today.
        :rtype: `sdd.debit` recordset
        """
        journal._sdd_claim_day()
        found = self._find_over_limits(journal)
        over = self.browse(debit.id for debit in found)
        over._note_waiting(found)
        return self - over

    def _find_over_limits(self, journal):
        """Return which of these debits do not fit into what the bank takes today.

        From the first one on that does not fit all wait: nobody is overtaken.

        :param journal: their bank journal.
        :rtype: dict[`sdd.debit`, Finding]
        """
        if not journal.sdd_limit_day:
            return {}
        left = _cents(journal.sdd_limit_day) - _cents(journal._sdd_get_sum_of_today())
        reason = self.env._(
            "“%(bank)s” takes at most %(limit)s a day; this debit goes with the next day's file.",
            bank=journal.name,
            limit=journal.sdd_currency_id.format(journal.sdd_limit_day),
        )
        found = {}
        for debit in self.sorted(lambda d: (d.collection_date, d.id)):
            left -= _cents(debit.amount)
            if left < 0:
                found[debit] = Finding("queued", reason, "limit_day")
        return found

    def _catch_up_due_dates(self, journal):
        """Move due dates that can no longer be reached; later than announced is allowed.

        :param journal: the bank journal of these debits.
        """
        earliest = journal._sdd_earliest_collection(notice=False)
        self.filtered(lambda d: d.collection_date < earliest).collection_date = earliest


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    @api.model
    def _split_into_files(self, debits):
        """Return which of these debits of one journal share a file: one scheme, number and sum fit.

        :param debits: queued debits of one journal, the earliest due date first.
        :rtype: list[`sdd.debit` recordset]
        """
        journal = debits.journal_id
        limit = _cents(journal.sdd_limit_batch)
        files = []
        for members in debits.grouped("scheme").values():
            ids, total = [], 0
            for debit in members:
                cents = _cents(debit.amount)
                if ids and (len(ids) == journal.sdd_max_lines or 0 < limit < total + cents):
                    files.append(debits.browse(ids))
                    ids, total = [], 0
                ids.append(debit.id)
                total += cents
            files.append(debits.browse(ids))
        return files


class AccountJournal(models.Model):
    _inherit = "account.journal"

    def _sdd_claim_day(self):
        """Let no other worker count the sum of today at the same time.

        Of two workers the later one fails when it reads on, and starts again with what the first
        one has made: a lock alone would leave it with the sum that it saw before.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if self.sdd_limit_day:
            self.flush_recordset()
            self.env.cr.execute(
                SQL(
                    "UPDATE account_journal SET sdd_limit_day = sdd_limit_day WHERE id = %s",
                    self.id,
                )
            )

    def _sdd_get_sum_of_today(self):
        """Return the sum of the files that go, or have gone, to this bank today.

        Note: self.ensure_one()

        :rtype: float
        """
        self.ensure_one()
        today = datetime.now(self._sdd_zone()).date()
        start = datetime.combine(today, time.min, tzinfo=self._sdd_zone())
        domain = [
            ("journal_id", "=", self.id),
            "|",
            ("state", "in", ("draft", "generated")),
            ("submitted_date", ">=", fields.Datetime.to_string(start.astimezone(UTC))),
        ]
        [(total,)] = self.env["sdd.batch"].sudo()._read_group(domain, [], ["amount_total:sum"])
        return total or 0.0
