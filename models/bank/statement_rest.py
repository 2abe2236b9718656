"""The statement lines of a very long statement that were left for later."""

from .statement_import import StatementImport


class StatementRest(StatementImport):
    """Reads a file once more and makes the lines that are missing, in committed portions.

    What is there is known by its reference, so it can be killed at any time and run again.
    """

    def __init__(self, message, content):
        super().__init__(message, content)
        self.committed = 0
        for code, count in message.env["sdd.bank.finding"]._read_group(
            [("message_id", "=", message.id)], ["code"], ["__count"]
        ):
            self.noted[code] = count

    def run(self):
        self._read()
        self.note_surplus()
        message = self.message
        message._note_findings(message._get_loud(self.findings), is_complete=False)
        left = max(message.left_count - self.counts["line"], 1) if self.is_stopped else 0
        lines = self.env["account.bank.statement.line"].search_count(
            [("sdd_message_id", "=", message.id)]
        )
        counts = {f"{name}_count": self._count(name) for name in self.counts}
        message.write({**counts, "left_count": left, "line_count": lines})
        message._update_finding_state()

    def takes_others(self, journal):
        """Override: everything gets its line now."""
        return True

    def after_chunk(self):
        """Commit what has been done, and stop when it is the turn of other jobs.

        Passing over what is there already is no work: it must not use up the job's turn.
        """
        self.section.complete()
        super().after_chunk()
        if self.counts["line"] > self.committed:
            self.committed = self.counts["line"]
            self.is_stopped = not self.env["ir.cron"]._commit_progress()
