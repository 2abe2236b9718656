"""The statement lines of a very long statement that were left for later."""

from . import facts
from .statement_import import StatementImport


class StatementRest(StatementImport):
    """Reads a file once more and makes the lines that are missing, in committed portions.

    What is there is known by its reference, so it can be killed at any time and run again.
    """

    def __init__(self, message, content):
        super().__init__(message, content)
        self.committed = 0
        self.known_findings = set()
        for finding in message.finding_ids:
            self.noted[finding.code] += 1
            key = facts.key_of(finding.code, finding.where, finding.params)
            self.known_findings.add(key)

    def run(self):
        self._read()
        self.note_surplus()
        self._keep_findings()
        message = self.message
        left = max(message.left_count - self.counts["line"], 1) if self.is_stopped else 0
        lines = self.env["account.bank.statement.line"].search_count(
            [("sdd_message_id", "=", message.id)]
        )
        counts = {f"{name}_count": self._count(name) for name in self.counts}
        message.write({**counts, "left_count": left, "line_count": lines})

    def add_finding(self, code, where="", about=None, **params):
        """Override: what an earlier reading has noted counts once."""
        texts = {key: str(value) for key, value in params.items()}
        if facts.key_of(code, where, texts) not in self.known_findings:
            super().add_finding(code, where, about, **params)

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
            self._keep_findings()
            self.is_stopped = not self.env["ir.cron"]._commit_progress()

    def _keep_findings(self):
        """Write what was found so far: an entry that has its line is passed over the next time."""
        findings, self.findings = self.findings, []
        self.message._add_findings(findings)
