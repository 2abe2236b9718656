"""Reads what `bank_samples` builds, for the tests of the camt reader."""

import bank_samples as made

from sepa import camt


def read(content):
    """The file, its statements, its entries."""
    result = camt.read(content)
    items = list(result)
    statements = [item for item in items if isinstance(item, camt.Statement)]
    return result, statements, [item for item in items if isinstance(item, camt.Entry)]


def only_entry(*entries, **options):
    result, _statements, (entry,) = read(made.camt(made.statement(*entries, **options)))
    return result, entry


def codes(result):
    return [finding.code for finding in result.findings]
