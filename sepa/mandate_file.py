"""Files of existing mandates: what is in them, and what is wrong with them, line by line.

:func:`read` is the way in: bytes to a :class:`MandateFile`. Nothing here knows a database; what
needs one (references in use, customers) is looked up by the caller with the values of the rows.
The way back is :mod:`mandate_write`.
"""

from dataclasses import dataclass, field, replace
from datetime import date

from . import mandate_columns, mandate_rules, mandate_table, mandate_values
from .mandate_table import FileError

__all__ = ["FileError", "Finding", "MandateFile", "MandateRow", "Options", "read"]


@dataclass(frozen=True)
class Finding:
    """Something to look at in a file or a line.

    ``severity`` is error or hint; ``column`` the key of a column or the name of an unknown one;
    ``value`` what stands in the cell, short, account numbers masked; ``code`` and ``params`` make
    the sentence.
    """

    severity: str
    code: str
    column: str = ""
    value: str = ""
    params: dict = field(default_factory=dict)


@dataclass
class MandateRow:
    """One line: its number in the file, its values by the key of the column, what was found.

    Values are text, dates (`..._date`) and truth values (flags); what is empty is not there. As
    soon as a line is checked, `scheme`, `mandate_type`, `state`, `holder`, `customer_name` and
    `creditor_identifier` are filled in.
    """

    number: int
    values: dict = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)

    @property
    def is_wrong(self):
        """Whether the line cannot be imported as it is."""
        return any(finding.severity == "error" for finding in self.findings)

    def note(self, severity, code, column="", **params):
        """Add a finding about the value of a column."""
        value = mandate_values.show(self.values.get(column, ""))
        self.findings.append(Finding(severity, code, column, value, params))


@dataclass(frozen=True)
class Options:
    """What the reader must know.

    :param today: the day on which nothing may lie in the future.
    :param creditor_ids: the creditor's own identifiers, the one for new mandates first.
    :param evidence_codes: kinds of evidence that a column may name.
    :param dormant: what happens to mandates without a collection for 36 months: `refuse` or
        `expire`.
    :param charset: how names are written for the bank: `epc` or `de`.
    """

    today: date
    creditor_ids: tuple[str, ...] = ()
    evidence_codes: frozenset[str] = frozenset()
    dormant: str = "refuse"
    charset: str = "epc"


@dataclass
class MandateFile:
    """A file that could be read.

    ``columns`` maps the keys of the columns to the headers in the file; ``unknown`` are headers
    that say nothing; ``findings`` are those of the file as a whole.
    """

    kind: str
    encoding: str = ""
    delimiter: str = ""
    columns: dict[str, str] = field(default_factory=dict)
    unknown: list[str] = field(default_factory=list)
    rows: list[MandateRow] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)


def read(content, options):
    """Read and check a file of mandates.

    :param bytes content: CSV or XLSX.
    :param Options options: see there.
    :rtype: MandateFile
    :raises FileError: the file cannot be read at all.
    """
    table = mandate_table.read_table(content)
    found = MandateFile(table.kind, table.encoding, table.delimiter)
    places = _place_columns(table.headers, found)
    month_first = _find_date_order(table, places, found)
    for number, cells in table.rows:
        row = MandateRow(number)
        for key, place in places.items():
            if place < len(cells):
                _read_cell(row, key, cells[place], options, month_first)
        mandate_rules.check(row, options)
        found.rows.append(row)
    _note_numbers(table, places, found)
    mandate_rules.check_together(found.rows)
    return found


def _place_columns(headers, found):
    """Return `{key: place}` and note which headers are unknown, double or missing."""
    places = {}
    for place, header in enumerate(headers):
        name = " ".join(str(header or "").split())
        key = mandate_columns.recognize(name) if isinstance(header, str) else None
        if key and key in places:
            found.findings.append(
                Finding(
                    "error",
                    "duplicate_column",
                    key,
                    params={"other": found.columns[key], "name": name},
                )
            )
        elif key:
            places[key], found.columns[key] = place, name
        elif name and not mandate_columns.is_ignored(name):
            found.unknown.append(mandate_values.show(name))
    for key in mandate_columns.REQUIRED:
        if key not in places:
            found.findings.append(Finding("error", "missing_column", key))
    if found.unknown:
        names = ", ".join(found.unknown[:20])
        found.findings.append(Finding("hint", "unknown_columns", params={"names": names}))
    return places


def _find_date_order(table, places, found):
    """Tell whether dates with slashes begin with the month; note when nobody can know."""
    dates = [places[key] for key in places if mandate_columns.BY_KEY[key].kind == "date"]
    cells = (cells[place] for _number, cells in table.rows for place in dates if place < len(cells))
    month_first = mandate_values.is_month_first(cells)
    if month_first is None:
        found.findings.append(Finding("hint", "slash_dates"))
    return bool(month_first)


def _note_numbers(table, places, found):
    """Note where Excel made numbers of references, which may have lost leading zeros."""
    if table.kind != "xlsx":
        return
    for key in ("reference", "original_reference", "customer_ref", "zip"):
        place = places.get(key)
        if place is not None and any(
            isinstance(cells[place], (int, float)) for _n, cells in table.rows if place < len(cells)
        ):
            found.findings.append(Finding("hint", "numbers", key))


def _read_cell(row, key, cell, options, month_first):
    """Put the value of a cell into the row, or a finding that says why not."""
    if cell is None or (isinstance(cell, str) and not cell.strip()):
        return
    try:
        if isinstance(cell, mandate_table.Formula):
            raise mandate_values.CellError("formula")
        value = _read_value(row, key, cell, options, month_first)
    except mandate_values.CellError as error:
        shown = mandate_values.show(cell)
        row.findings.append(Finding("error", error.code, key, shown, error.params))
        return
    if value != "":
        row.values[key] = value


def _read_value(row, key, cell, options, month_first):
    kind = mandate_columns.BY_KEY[key].kind
    if kind == "date":
        return mandate_values.read_date(cell, options.today, month_first)
    text = mandate_values.read_text(cell)
    if kind == "iban":
        value, warnings, bic = mandate_values.read_iban(text)
        row.values["iban"] = value
        for code in warnings:
            row.note("hint", code, "iban")
        if bic:
            row.values["bank_bic"] = bic
        return value
    if kind == "reference":
        return mandate_values.read_reference(text)
    if kind == "creditor":
        return mandate_values.read_creditor(text)
    if kind == "flag":
        return mandate_values.read_flag(text)
    if key in mandate_values.CHOICES:
        return mandate_values.read_choice(key, text)
    return text


def strip_derived(row):
    """Return a row with only what a file holds, for comparing and for writing it again."""
    values = {key: row.values[key] for key in mandate_columns.BY_KEY if key in row.values}
    return replace(row, values=values)
