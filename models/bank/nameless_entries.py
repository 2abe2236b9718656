"""Entries to which the bank gives no reference: those that another file has brought before."""

from collections import defaultdict
from itertools import count

from ...sepa import entry_content
from .transfers import cents

#: How many keys beyond those that a chunk needs are looked up with it.
_SPARE = 2


class NamelessEntries:
    """Gives each entry of a file that has no reference a key of its contents and a number.

    Files overlap: exports from a bank's portal and what FinTS brings begin on any day. What is the
    same on the same day is one entry in two files, but two entries in one file.

    :param job: the `StatementImport` that reads the file.
    :param journal: the bank journal.
    """

    def __init__(self, job, journal):
        self.job = job
        self.env = job.env
        self.journal = journal
        self.taken = defaultdict(set)
        # The first number of each that is not taken yet.
        self.first = defaultdict(lambda: 1)
        self.used_lines = set()
        self.old_lines = {}
        self.statements = {}

    def tell_apart(self, entries, statement):
        """Return the key of each entry, and whether there is a statement line of it.

        :param entries: list of `sepa.camt.Entry` of one statement.
        :param statement: the `sepa.camt.Statement`.
        :rtype: list[tuple[str, bool]]
        """
        bases = [entry_content.content_key(entry) for entry in entries]
        lines = self._find_lines(bases)
        return [
            self._tell(entry, base, lines, statement)
            for entry, base in zip(entries, bases, strict=True)
        ]

    def _tell(self, entry, base, lines, statement):
        """Return the key of one entry, and whether there is a statement line of it."""
        taken = self.taken[base]

        def is_free(number):
            line = lines.get(f"{base}#{number}")
            return number not in taken and not (
                line and self._is_beside(line.sdd_message_id, line.sdd_entry_date, statement)
            )

        number = next(filter(is_free, count(self.first[base])))
        taken.add(number)
        while self.first[base] in taken:
            self.first[base] += 1
        key = f"{base}#{number}"
        return key, key in lines or self._is_old(entry, statement)

    def _find_lines(self, bases):
        """Return `{key: line}` of the statement lines that these contents may have."""
        # The last number that is looked for: as many as are needed beyond those that are taken.
        last = {
            base: len(self.taken[base]) + bases.count(base) + _SPARE
            for base in dict.fromkeys(bases)
        }
        keys = {f"{b}#{n}" for b, end in last.items() for n in range(self.first[b], end + 1)}
        lines = {}
        while keys:
            found = self.env["account.bank.statement.line"].search_fetch(
                [("journal_id", "=", self.journal.id), ("sdd_entry_key", "in", list(keys))],
                ["sdd_entry_key", "sdd_entry_date", "sdd_message_id"],
            )
            lines |= {line.sdd_entry_key: line for line in found}
            # Where all are there, there may be more of them.
            last = {base: end + 1 for base, end in last.items() if f"{base}#{end}" in lines}
            keys = {f"{base}#{end}" for base, end in last.items()}
        return lines

    # === NEIGHBOURS === #

    def _is_beside(self, message, day, statement):
        """Return whether a line's statement ends where this one begins, or the other way round.

        They do not overlap then, so what they say alike are two entries, although of one day.
        """
        if message == self.job.message or not message:
            return False
        if message.id not in self.statements:
            found = self.env["sdd.bank.statement"].search_fetch(
                [("message_id", "=", message.id), ("journal_id", "=", self.journal.id)],
                ["start_date", "end_date", "opening", "closing"],
            )
            self.statements[message.id] = [
                (s.start_date, s.end_date, cents(s.opening), cents(s.closing)) for s in found
            ]
        others = [s for s in self.statements[message.id] if s[0] <= day <= s[1]]
        ours = self._get_period(statement)
        return bool(ours and others) and all(
            _follows(ours, other) or _follows(other, ours) for other in others
        )

    @staticmethod
    def _get_period(statement):
        """Return first and last day, opening and closing balance; None without balances."""
        end = statement.closing_date or statement.to_date
        if None in (statement.opening_balance, statement.closing_balance, end):
            return None
        start = min(statement.opening_date or statement.from_date or end, end)
        return start, end, statement.opening_balance, statement.closing_balance

    # === LINES OF EARLIER RELEASES === #

    def _is_old(self, entry, statement):
        """Return whether a line of an earlier release is this entry.

        Its key was made of the place in the statement; day, amount and label tell which one it is.
        Each line stands for one entry only.
        """
        day = self.job.get_day(entry)
        if day not in self.old_lines:
            self.old_lines[day] = self._find_old_lines(day)
        end = f"/{entry.booking_date}/{entry.amount}"
        for line_id, key, label, message_id in self.old_lines[day]:
            message = self.env["sdd.bank.message"].browse(message_id)
            if (
                line_id not in self.used_lines
                and key.endswith(end)
                and label == self.job.get_label(entry)
                and not self._is_beside(message, day, statement)
            ):
                self.used_lines.add(line_id)
                return True
        return False

    def _find_old_lines(self, day):
        """Return what is known of the lines of a day whose keys are places in statements."""
        lines = self.env["account.bank.statement.line"].search_fetch(
            [
                ("journal_id", "=", self.journal.id),
                ("sdd_entry_date", "=", day),
                ("sdd_entry_key", "=like", f"%/{day}/%"),
                ("sdd_entry_key", "not =like", f"{entry_content.MARK}%"),
            ],
            ["sdd_entry_key", "payment_ref", "sdd_message_id"],
        )
        return [
            (line.id, line.sdd_entry_key, line.payment_ref, line.sdd_message_id.id)
            for line in lines
        ]


def _follows(after, before):
    """Return whether a period begins where another ends; one without movement proves nothing."""
    return (
        before[2] != before[3]
        and after[2] != after[3]
        and before[3] == after[2]
        and after[0] >= before[1]
    )
