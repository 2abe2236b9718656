"""A report of the day whose entries are booked, as the bank gives no statement."""

from .sections import NoticeSection, StatementSection


class ReportSection(StatementSection):
    """camt.052 as the only source: its booked entries make statement lines, without balances.

    The same entries come again, in the next report or in a statement that is imported by hand. The
    bank's reference tells them then; an entry without one is only announced, like in a camt.054.
    """

    def __init__(self, *args):
        super().__init__(*args)
        self.announced = NoticeSection(*args)

    def book(self, entries):
        """Make statement lines of the entries that can be recognised later."""
        known = [entry for entry in entries if self._has_reference(entry)]
        others = [entry for entry in entries if not self._has_reference(entry)]
        if known:
            super().book(known)
        if others:
            self.job.without_reference += len(others)
            self.announced.book(others)

    @staticmethod
    def _has_reference(entry):
        """Return whether the bank has given an entry a reference of its own."""
        return bool(entry.account_servicer_reference)

    def close(self):
        """Override: a report of a part of a day is no statement, its balances follow no other's."""
        self.flush()
        self.complete()
