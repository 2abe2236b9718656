"""Read a directory of banks that take SEPA direct debits: the one entry is :func:`read`.

The German central bank publishes which banks its SEPA Clearer reaches ("SCL Directory": BIC, name
and a flag for each of SCT, COR, COR1, B2B, SCC, separated by semicolons, below a line that says
since when it holds). A plain file with the columns bic, core and b2b is read as well.

A row that makes no sense is left out and told; a file without a usable header is refused.
"""

import csv
import io
import re
from dataclasses import dataclass
from datetime import date

#: A directory of all of Europe has about 5 000 rows and 300 kB.
MAX_BYTES = 20 * 1024 * 1024
#: Findings that are kept; a file with more is broken as a whole.
MAX_FINDINGS = 100
_HEADER_WITHIN = 20
_BIC = re.compile(r"[A-Z0-9]{4}[A-Z]{2}[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_DATES = (
    (re.compile(r"\b(\d{2})\.(\d{2})\.(\d{4})\b"), (3, 2, 1)),
    (re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b"), (1, 2, 3)),
    (re.compile(r"\b(20\d{2})(\d{2})(\d{2})\b"), (1, 2, 3)),
)
_COLUMNS = {
    "bic": {"bic", "bic code", "bic8", "bic11"},
    "name": {"name", "bank", "institution", "kreditinstitut", "bezeichnung"},
    "core": {"cor", "core", "sdd", "sdd core", "sdd cor", "service sdd", "service cor"},
    "b2b": {"b2b", "sdd b2b", "service b2b"},
}
_YES = {"1", "x", "y", "yes", "j", "ja", "true", "core", "cor", "b2b", "sdd"}
_NO = {"", "0", "n", "no", "nein", "false", "-"}
_TEXTS = {
    "size": "The file is larger than {limit} MB; that is no directory of banks.",
    "header": "No line of the file names the columns BIC, CORE (or COR) and B2B.",
    "empty": "The file names no bank.",
    "bic": "Line {line}: '{value}' is no BIC.",
    "flag": "Line {line}: '{value}' is neither yes nor no.",
    "twice": "Line {line}: {value} stands in the file before; the first one counts.",
    "short": "Line {line}: columns are missing.",
}


class DirectoryError(ValueError):
    """A file that is no directory. ``code`` is one of size, header, empty; ``params`` for a text."""

    def __init__(self, code, **params):
        super().__init__(_TEXTS[code].format(**params))
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that was left out: ``code`` is one of bic, flag, twice, short."""

    code: str
    line: int
    value: str = ""

    def __str__(self):
        return _TEXTS[self.code].format(line=self.line, value=self.value)


@dataclass(frozen=True, slots=True)
class Entry:
    """A bank, or a branch with a BIC of its own, and the schemes in which it can be debited."""

    bic: str
    name: str
    core: bool
    b2b: bool


@dataclass(frozen=True, slots=True)
class Directory:
    """What a file says. ``valid_from`` is None where it names no date."""

    valid_from: date | None
    entries: tuple[Entry, ...]
    findings: tuple[Finding, ...]
    left_out: int


def normalize_bic(text):
    """Return a BIC in capitals without blanks and without the XXX of a head office; "" for none."""
    bic = "".join(str(text or "").split()).upper()
    if not _BIC.fullmatch(bic):
        return ""
    return bic[:8] if bic.endswith("XXX") and len(bic) == 11 else bic


def candidates(bic):
    """Return under which BICs a bank may stand in a directory, the most exact one first.

    :rtype: tuple[str, ...]
    """
    bic = normalize_bic(bic)
    return tuple(dict.fromkeys((bic, bic[:8]))) if bic else ()


def read(content):
    """Return the :class:`Directory` of a file.

    :param bytes content: the file, in UTF-8 or the Windows character set.
    :raises DirectoryError: see there; nothing of such a file can be used.
    """
    if len(content) > MAX_BYTES:
        raise DirectoryError("size", limit=MAX_BYTES // 1024 // 1024)
    lines = _decode(content).splitlines()
    head, columns, separator = _find_header(lines)
    entries, findings, left_out = _read_rows(lines, head + 1, columns, separator)
    if not entries:
        raise DirectoryError("empty")
    return Directory(
        _find_date(lines[: head + 1]), tuple(entries.values()), tuple(findings), left_out
    )


def _decode(content):
    for encoding in ("utf-8-sig", "cp1252"):
        try:
            return content.decode(encoding).replace("\0", "")
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1").replace("\0", "")


def _split(line, separator):
    try:
        row = next(csv.reader(io.StringIO(line), delimiter=separator), [])
    except csv.Error:
        row = line.split(separator)
    return [cell.strip() for cell in row]


def _find_header(lines):
    """Return the number of the line that names the columns, their positions, and what separates them."""
    for number, line in enumerate(lines[:_HEADER_WITHIN]):
        for separator in ";,\t":
            names = [cell.lower().replace("_", " ") for cell in _split(line, separator)]
            columns = {
                column: next(i for i, name in enumerate(names) if name in aliases)
                for column, aliases in _COLUMNS.items()
                if aliases & set(names)
            }
            if {"bic", "core", "b2b"} <= columns.keys():
                return number, columns, separator
    raise DirectoryError("header")


def _find_date(lines):
    """Return the first date that the lines above the banks name, or None."""
    for line in lines:
        for pattern, order in _DATES:
            for match in pattern.finditer(line):
                try:
                    return date(*(int(match[group]) for group in order))
                except ValueError:
                    continue
    return None


def _read_rows(lines, start, columns, separator):
    entries, findings, left_out = {}, [], 0
    for number, line in enumerate(lines[start:], start + 1):
        if not line.strip(f'{separator} \t"'):
            continue
        found = _read_row(_split(line, separator), number, columns, entries)
        if isinstance(found, Entry):
            entries[found.bic] = found
            continue
        left_out += 1
        if len(findings) < MAX_FINDINGS:
            findings.append(found)
    return entries, findings, left_out


def _read_row(cells, number, columns, entries):
    """Return the :class:`Entry` of a row, or the :class:`Finding` that says why there is none."""
    if len(cells) <= max(columns[column] for column in ("bic", "core", "b2b")):
        return Finding("short", number)
    bic = normalize_bic(cells[columns["bic"]])
    if not bic:
        return Finding("bic", number, cells[columns["bic"]][:20])
    if bic in entries:
        return Finding("twice", number, bic)
    flags = []
    for column in ("core", "b2b"):
        value = cells[columns[column]].lower()
        if value not in _YES | _NO:
            return Finding("flag", number, value[:20])
        flags.append(value in _YES)
    position = columns.get("name", len(cells))
    name = cells[position][:140] if position < len(cells) else ""
    return Entry(bic, name, *flags)
