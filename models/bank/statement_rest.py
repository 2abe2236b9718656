"""The statement lines of a very long statement that were left for later."""

from .statement_import import StatementImport


class StatementRest(StatementImport):
    """Reads a file once more and makes the lines that are missing, in committed portions.

    What is there is known by its reference, so it can be killed at any time and run again.
    """

    def run(self):
        self._read()
        if not self.is_stopped:
            self.left_for_later = 0
        lines, settled, returned = (self._count(name) for name in self.counts)
        self.message._note_findings(self.message._get_loud(self.findings), is_complete=False)
        self.message.write(
            {
                "line_count": lines,
                "settled_count": settled,
                "returned_count": returned,
                "left_count": self.message.left_count if self.is_stopped else 0,
            }
        )
        self.message._update_finding_state()

    def takes_others(self, journal):
        """Override: everything gets its line now."""
        return True

    def after_chunk(self):
        """Commit what has been done, and stop when it is the turn of other jobs."""
        super().after_chunk()
        self.is_stopped = not self.env["ir.cron"]._commit_progress(self.others)
