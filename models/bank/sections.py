"""One account's part of a file, worked through some hundred entries at a time."""

from abc import ABC, abstractmethod

from . import const
from .counterparts import Counterparts
from .known_entries import KnownEntries


class Section(ABC):
    """Takes the entries of one statement as they are read, and books them in chunks.

    :param job: the `StatementImport` that reads the file.
    :param journal: the bank journal of the account.
    :param statement: the `sepa.camt.Statement`.
    """

    def __init__(self, job, journal, statement):
        self.job = job
        self.env = job.env
        self.journal = journal
        self.statement = statement
        self.waiting = []

    def add(self, entry):
        """Take one booked entry."""
        self.waiting.append(entry)
        if len(self.waiting) >= const.ENTRIES_AT_ONCE:
            self.flush()
            self.job.after_chunk()

    def flush(self):
        """Book what has been taken."""
        entries, self.waiting = self.waiting, []
        if entries:
            self.job.look_up(entries)
            self.book(entries)

    def complete(self):  # noqa: B027 - a section that puts nothing off has nothing to do
        """Book what has been put off; from here on the work may be committed."""

    def close(self):
        """Book the rest; nothing more comes."""
        self.flush()
        self.complete()

    @abstractmethod
    def book(self, entries):
        """Book these entries; how, is said by each kind of section."""


class NoticeSection(Section):
    """camt.052 and camt.054 announce: returns are booked against transit, credits wait."""

    def book(self, entries):
        """Take back the debits that the bank announces."""
        announced = {}
        for entry in entries:
            for detail in entry.details:
                if not detail.is_return:
                    continue
                debit = self.job.find_debit(detail, entry)
                if not debit:
                    self.job.note_unknown(detail)
                elif debit.state in ("rejected", "returned") or debit in announced:
                    self.job.add_finding(
                        "already_known", detail.where, detail, reference=debit.end_to_end_id
                    )
                else:
                    announced[debit] = self.job.note_return(debit, entry, detail)
        self.job.reopen(announced, against_transit=True)

    def close(self):
        """What was booked in one sum before may be told apart now."""
        super().close()
        self.env["sdd.bank.finding"]._clear_collective_returns(self.journal)


class StatementSection(Section):
    """camt.053 and MT940 make statement lines, each with what it stands for."""

    def __init__(self, *args):
        super().__init__(*args)
        self.known = KnownEntries(self.job, self.journal, self.statement)
        self.found = {}

    def book(self, entries):
        """Decide what each new entry stands for; book when enough of them get a line.

        Every booking touches the entry of a batch with all its lines: a few large ones cost less than
        one for the few debits in each part of a long statement.
        """
        for key, entry in self.known.drop_known(entries).items():
            counterparts = Counterparts(self.job, self.journal, entry)
            counterparts.build()
            if counterparts.is_ours or self.job.takes_others(self.journal):
                self.found[key] = counterparts
        if len(self.found) >= const.LINES_AT_ONCE:
            self.complete()

    def complete(self):
        """Make a statement line for each entry found, settle and take back debits."""
        found, self.found = self.found, {}
        if not found:
            return
        lines = self._create_lines(found)
        self.job.note_lines(lines)
        self.job.settle()
        returned, batches = {}, self.env["sdd.batch"]
        for counterparts in found.values():
            returned.update(counterparts.direct_returns)
            batches |= counterparts.batches
        self.job.reopen(returned, against_transit=False)
        batches._reconcile_transit()
        self._match_payments(lines, found)

    def close(self):
        """Group the lines under the bank's own statement with its balances."""
        super().close()
        if not self.job.left_for_later and not self.job.left_out:
            self._create_statement()
        statements = self.env["sdd.bank.statement"]
        self.job.statements |= statements._note(self.job.message, self.journal, self.statement)

    def _create_lines(self, found):
        """Create a statement line for each entry, with all its journal items."""
        values = [self._prepare_line(item.entry, key, item.items) for key, item in found.items()]
        lines = self.env["account.bank.statement.line"].with_context(
            tracking_disable=True, skip_invoice_sync=True
        )
        return lines.create(values).with_env(self.env)

    def _prepare_line(self, entry, key, counterparts):
        """Return the values of one statement line with all its journal items."""
        journal, amount = self.journal, float(entry.amount)
        label = self.job.get_label(entry)
        liquidity = {
            "name": label,
            "account_id": journal.default_account_id.id,
            "currency_id": journal.currency_id.id or journal.company_id.currency_id.id,
            "balance": amount,
            "amount_currency": amount,
        }
        partners = {item["partner_id"] for item in counterparts if item.get("partner_id")}
        return {
            "journal_id": journal.id,
            "date": self.job.get_open_day(journal, self.job.get_day(entry), "line_moved"),
            "payment_ref": label,
            # What stands on the printed statement, to find the entry by.
            "ref": entry.account_servicer_reference or entry.reference,
            "amount": amount,
            "partner_id": partners.pop() if len(partners) == 1 else False,
            "sdd_message_id": self.job.message.id,
            "sdd_entry_key": key,
            "sdd_entry_place": entry.where,
            "sdd_entry_date": self.job.get_day(entry),
            "line_ids": [(0, 0, liquidity)]
            + [(0, 0, {"name": label, **item}) for item in counterparts],
        }

    def _match_payments(self, lines, found):
        """Reconcile the invoices that customers paid by themselves."""
        pairs = []
        for line, counterparts in zip(lines, found.values(), strict=True):
            if counterparts.payments:
                items = line.line_ids.sorted("id")
                pairs += [(items[index + 1], paid) for index, paid in counterparts.payments]
        if pairs:
            self.job.transfers.match(pairs)

    def _create_statement(self):
        """Make the bank's statement of the lines that it brought."""
        lines = self.env["account.bank.statement.line"].search(
            [
                ("sdd_message_id", "=", self.job.message.id),
                ("journal_id", "=", self.journal.id),
                ("statement_id", "=", False),
                # A file may hold several statements of an account.
                ("sdd_entry_place", "=like", f"{self.statement.where}/%"),
            ]
        )
        if not lines or self.statement.closing_balance is None:
            return
        self.env["account.bank.statement"].create(
            {
                "name": self.statement.id or self.job.message.name,
                "line_ids": [(6, 0, lines.ids)],
                "balance_start": float(self.statement.opening_balance or 0),
                "balance_end_real": float(self.statement.closing_balance),
            }
        )
