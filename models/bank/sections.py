"""One account's part of a file, worked through some hundred entries at a time."""

from abc import ABC, abstractmethod
from collections import Counter

from ...sepa import iban as sepa_iban
from . import const
from .counterparts import Counterparts


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

    def close(self):
        """Book the rest; nothing more comes."""
        self.flush()

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


class StatementSection(Section):
    """camt.053 and MT940 make statement lines, each with what it stands for."""

    def __init__(self, *args):
        super().__init__(*args)
        self.number = 0
        self.seen = {}
        self.twin_entries = None

    def book(self, entries):
        """Make a statement line for each new entry, settle and take back debits."""
        fresh = self._drop_known(entries)
        found = {}
        for key, entry in fresh.items():
            counterparts = Counterparts(self.job, self.journal, entry)
            counterparts.build()
            if counterparts.is_ours or self.job.takes_others(self.journal):
                found[key] = counterparts
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

    def _make_key(self, entry):
        """Return what tells an entry from all others of the account, in whichever format."""
        self.number += 1
        reference = entry.account_servicer_reference or entry.reference
        if reference:
            return reference
        name = self.statement.id
        return f"{name}/{self.number - 1}/{entry.booking_date}/{entry.amount}"

    def _drop_known(self, entries):
        """Return `{key: entry}` of the entries that neither this nor another file has brought."""
        keyed = {}
        euro = self.journal.company_id.currency_id.name
        for entry in entries:
            key, contents = self._make_key(entry), self._get_contents(entry)
            if (entry.currency or euro) != euro:
                self.job.add_finding("other_currency", entry.where, entry, currency=entry.currency)
                continue
            if self.seen.get(key) == contents:
                self.job.add_finding("duplicate_entry", entry.where, entry, reference=key)
                continue
            # Several parts of a thing may have one reference.
            if key in self.seen:
                key = f"{key}#{self.number - 1}"
            self.seen[key] = contents
            keyed[key] = entry
        return self._drop_booked(keyed)

    def _drop_booked(self, keyed):
        """Return `{key: entry}` without those that are on a statement line already.

        Not every bank's references are unique: with another day or amount it is another entry.
        """
        longer = {key: f"{key}|{self.job.get_day(e)}|{e.amount}" for key, e in keyed.items()}
        lines = self.env["account.bank.statement.line"].search(
            [
                ("journal_id", "=", self.journal.id),
                ("sdd_entry_key", "in", [*longer, *longer.values()]),
            ]
        )
        booked = {line.sdd_entry_key: line for line in lines}
        known, fresh = {}, {}
        for key, entry in keyed.items():
            found = booked.get(key)
            if found and not self._is_line_of(found, entry):
                key = longer[key]
                found = booked.get(key)
            (known if found else fresh)[key] = entry
        for entry in known.values():
            self._is_in_twin(entry)
        twins = {key: entry for key, entry in fresh.items() if self._is_in_twin(entry)}
        for key, entry in (known | twins).items():
            self.job.add_finding("already_known", entry.where, reference=key)
        return {key: entry for key, entry in fresh.items() if key not in twins}

    def _is_line_of(self, line, entry):
        """Return whether a line with the reference of an entry is that entry.

        Some formats leave the booking day out, so a long reference may differ by some days; a short
        one such as 00001 is used anew every day.
        """
        days = abs(((line.sdd_entry_date or line.date) - self.job.get_day(entry)).days)
        is_unique = len(line.sdd_entry_key) >= const.UNIQUE_REFERENCE_LENGTH
        same_day = days <= (const.UNIQUE_REFERENCE_DAYS if is_unique else 0)
        return line.amount == float(entry.amount) and same_day

    def _is_in_twin(self, entry):
        """Return whether another file has brought this entry with the very same statement.

        Each of its lines stands for one entry only. The references of two formats differ; day and
        amount of an entry do not.
        """
        if self.twin_entries is None:
            self.twin_entries = self._count_twin_entries()
        found = self.job.get_day(entry), float(entry.amount)
        if not self.twin_entries[found]:
            return False
        self.twin_entries[found] -= 1
        return True

    def _count_twin_entries(self):
        """Return how many lines of which day and amount another file's same statement has made."""
        twins = self.env["sdd.bank.statement"]._find_twins(
            self.job.message, self.journal, self.statement
        )
        if not twins:
            return Counter()
        lines = self.env["account.bank.statement.line"].search_fetch(
            [
                ("sdd_message_id", "in", twins.message_id.ids),
                ("journal_id", "=", self.journal.id),
            ],
            ["sdd_entry_date", "amount"],
        )
        return Counter((line.sdd_entry_date, line.amount) for line in lines)

    @staticmethod
    def _get_contents(entry):
        """Return a number that two entries share only if they are one, and not two parts."""
        details = tuple((d.end_to_end_id, d.amount, d.remittance) for d in entry.details)
        batches = tuple((b.message_id, b.payment_information_id, b.amount) for b in entry.batches)
        return hash((entry.amount, entry.booking_date, entry.additional_info, batches, details))

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
        label = self._get_label(entry)
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

    @staticmethod
    def _get_label(entry):
        """Return what a person reads on the statement line; account numbers in it are masked."""
        texts = [detail.remittance for detail in entry.details[:1]] + [entry.additional_info]
        label = next((text for text in texts if text), entry.account_servicer_reference or "/")
        return sepa_iban.mask_valid_in_text(label)[:140]

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
