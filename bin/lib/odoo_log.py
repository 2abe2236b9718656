"""Read Odoo's log on standard input: keep it, show what matters, count tests.

usage: odoo ... 2>&1 | odoo_log.py LOG_FILE RESULT_FILE

Prints the name of each test class once, and warnings and errors with their tracebacks. The
result file gets shell assignments: TESTS, FAILED (with errors), SKIPPED, and WARNINGS, the
number of warnings and errors outside the tests (installation and update).
"""

import re
import sys
from pathlib import Path

RECORD = re.compile(
    r"^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} \d+ (?P<level>[A-Z]+) \S+ (?P<logger>\S+): "
)
START = re.compile(r": Starting (?P<name>\w+)\.\w+ \.\.\.")
SUMMARY = re.compile(r"(\d+) failed, (\d+) error\(s\) of (\d+) tests when loading database")
SKIPPED = re.compile(r": skipped \S+", re.IGNORECASE)
# Says nothing about the add-on: parts which Debian's package of Odoo leaves out.
HARMLESS = re.compile(r"selfie_segmentation|Running as user 'root'")


class Log:
    """What has been seen so far."""

    def __init__(self, show):
        self.show = show
        self.counts = {"TESTS": 0, "FAILED": 0, "SKIPPED": 0, "WARNINGS": 0}
        self.test_class = None
        self.printing = False

    def feed(self, line):
        """Take in one line (with its line end)."""
        record = RECORD.match(line)
        if record:
            self._feed_record(record, line)
        if self.printing and not HARMLESS.search(line):
            self.show(line)

    def _feed_record(self, record, line):
        self.printing = record["level"] in ("WARNING", "ERROR", "CRITICAL")
        if self.printing and not self.test_class and not HARMLESS.search(line):
            self.counts["WARNINGS"] += 1
        if start := START.search(line):
            if start["name"] != self.test_class:
                self.show(f"    {start['name']}\n")
            self.test_class = start["name"]
        elif SKIPPED.search(line) and ".tests" in record["logger"]:
            self.counts["SKIPPED"] += 1
            self.printing = True
        elif summary := SUMMARY.search(line):
            failed, errors, tests = map(int, summary.groups())
            self.counts.update(TESTS=tests, FAILED=failed + errors)
            self.printing = False


def main(log_file, result_file):
    """Copy standard input to the log, and write the counts when it ends."""
    log = Log(sys.stdout.write)
    with Path(log_file).open("w", encoding="utf-8") as out:
        for line in sys.stdin:
            out.write(line)
            log.feed(line)
            sys.stdout.flush()
    text = "".join(f"{name}={value}\n" for name, value in log.counts.items())
    Path(result_file).write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
