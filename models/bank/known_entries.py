"""Which entries of a statement another file has brought already."""

from collections import Counter

from . import const


class KnownEntries:
    """Tells the entries of one statement that are new from those that have their line.

    :param job: the `StatementImport` that reads the file.
    :param journal: the bank journal of the account.
    :param statement: the `sepa.camt.Statement`.
    """

    def __init__(self, job, journal, statement):
        self.job = job
        self.env = job.env
        self.journal = journal
        self.statement = statement
        self.number = 0
        self.seen = {}
        self.twin_entries = None

    def drop_known(self, entries):
        """Return `{key: entry}` of the entries that neither this nor another file has brought."""
        keyed, booked = {}, set()
        euro = self.journal.company_id.currency_id.name
        nameless = [e for e in entries if not _get_reference(e) and (e.currency or euro) == euro]
        told = iter(self.job.get_nameless(self.journal).tell_apart(nameless, self.statement))
        for entry in entries:
            self.number += 1
            key, contents = _get_reference(entry), self._get_contents(entry)
            if (entry.currency or euro) != euro:
                self.job.add_finding("other_currency", entry.where, entry, currency=entry.currency)
                continue
            if not key:
                key, is_booked = next(told)
                booked |= {key} if is_booked else set()
            elif self.seen.get(key) == contents:
                self.job.add_finding("duplicate_entry", entry.where, entry, reference=key)
                continue
            # Several parts of a thing may have one reference.
            elif key in self.seen:
                key = f"{key}#{self.number - 1}"
            self.seen[key] = contents
            keyed[key] = entry
        return self._drop_booked(keyed, booked)

    def _drop_booked(self, keyed, found_before):
        """Return `{key: entry}` without those that are on a statement line already.

        Not every bank's references are unique: with another day or amount it is another entry.

        :param set found_before: the keys of entries without a reference that are.
        """
        longer = {
            key: f"{key}|{self.job.get_day(entry)}|{entry.amount}"
            for key, entry in keyed.items()
            if _get_reference(entry)
        }
        lines = self.env["account.bank.statement.line"].search(
            [
                ("journal_id", "=", self.journal.id),
                ("sdd_entry_key", "in", [*longer, *longer.values()]),
            ]
        )
        booked = {line.sdd_entry_key: line for line in lines}
        known, fresh = {}, {}
        for key, entry in keyed.items():
            if not _get_reference(entry):
                (known if key in found_before else fresh)[key] = entry
                continue
            found = booked.get(key)
            if found and not self._is_line_of(found, entry):
                key = longer[key]
                found = booked.get(key)
            (known if found else fresh)[key] = entry
        for entry in known.values():
            self._is_in_twin(entry)
            # What was booked from another file needs no second look.
            if entry.batches:
                self.job.explained.add(entry.where)
        twins = {key: entry for key, entry in fresh.items() if self._is_in_twin(entry)}
        for key, entry in (known | twins).items():
            name = key if _get_reference(entry) else f"{self.job.get_day(entry)} {entry.amount}"
            self.job.add_finding("already_known", entry.where, reference=name)
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


def _get_reference(entry):
    """Return the bank's reference of an entry, in whichever format; None if it has none."""
    return entry.account_servicer_reference or entry.reference or None
