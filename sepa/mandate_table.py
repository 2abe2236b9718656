"""CSV and XLSX as rows of cells: encoding, delimiter and sheet are found out, bombs are refused.

:func:`read_table` trusts nothing: whatever the bytes are, it ends with a :class:`Table` or with a
:class:`FileError`.
"""

import csv
import io
import re
import warnings
import zipfile
from dataclasses import dataclass

from . import mandate_columns

#: Largest file that is read, packed and unpacked (bytes), and how much of a sheet.
MAX_BYTES = 20 * 1024 * 1024
MAX_UNPACKED = 200 * 1024 * 1024
MAX_ROWS = 20_000
MAX_COLUMNS = 200
#: A title may stand above the headers.
HEADER_WITHIN = 20
#: So many columns must be named for a row to be the headers.
MIN_HEADERS = 2
#: Sheets often are formatted down to their last row; after so many empty rows nothing follows.
MAX_GAP = 1000

_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MAGIC = (b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"Rar!", b"7z\xbc\xaf", b"\x1f\x8b", b"MZ")
_DOCTYPE = tuple("<!DOCTYPE".encode(code) for code in ("ascii", "utf-16-le", "utf-16-be"))
_DELIMITERS = ";,\t|"
_SEPARATOR_LINE = re.compile(r'^"?sep=(.)"?\r?\n', re.IGNORECASE)
_TEXTS = {
    "empty": "The file is empty.",
    "too_big": "The file is larger than {limit} MB.",
    "password": "The file is protected by a password.",
    "old_excel": "The file is an Excel file of the old kind (.xls).",
    "other_format": "The file is neither CSV nor XLSX.",
    "broken": "The file is damaged or not what its name says.",
    "no_header": "No row names the columns.",
    "no_rows": "There are headers but no rows below them.",
    "too_many_rows": "There are more than {limit} rows.",
}


class FileError(ValueError):
    """A file that cannot be read as a table; ``code`` is a key of the texts, ``params`` facts."""

    def __init__(self, code, **params):
        super().__init__(_TEXTS[code].format(**params))
        self.code = code
        self.params = params


class Formula(str):
    """The text of a cell that holds a formula instead of a value."""

    __slots__ = ()


@dataclass(frozen=True)
class Table:
    """Headers and rows; each row with its number in the file, counted from 1.

    Cells are text, numbers, dates, truth values, :class:`Formula` or None. ``kind`` is csv or
    xlsx; ``encoding`` and ``delimiter`` are those of a CSV file.
    """

    kind: str
    headers: list
    rows: list[tuple[int, list]]
    encoding: str = ""
    delimiter: str = ""


def read_table(content):
    """Return the :class:`Table` in the bytes of a CSV or XLSX file; raise :class:`FileError`."""
    if not content.strip(b"\0 \t\r\n\xef\xbb\xbf"):
        raise FileError("empty")
    if len(content) > MAX_BYTES:
        raise FileError("too_big", limit=MAX_BYTES // 1024**2)
    if content.startswith(_OLE):
        protected = "EncryptedPackage".encode("utf-16-le") in content
        raise FileError("password" if protected else "old_excel")
    if content.startswith(_MAGIC):
        raise FileError("other_format")
    if content.startswith(b"PK"):
        return _read_xlsx(content)
    return _read_csv(content)


def _find_header(rows):
    """Return the place of the row that names most columns among the first ones, or None."""
    best, place = MIN_HEADERS - 1, None
    for index, (_number, cells) in enumerate(rows[:HEADER_WITHIN]):
        named = mandate_columns.score(cells)
        if named > best:
            best, place = named, index
    return place


def _make_table(kind, rows, **facts):
    """Return the table of these rows; raise :class:`FileError` when there are none to read."""
    place = _find_header(rows)
    if place is None:
        raise FileError("no_header")
    body = rows[place + 1 :]
    if not body:
        raise FileError("no_rows")
    if len(body) > MAX_ROWS:
        raise FileError("too_many_rows", limit=MAX_ROWS)
    return Table(kind, rows[place][1], body, **facts)


def _is_blank(cells):
    return not any(cell is not None and str(cell).strip() for cell in cells)


# CSV


def _decode(content):
    """Return the text of the bytes and the name of the encoding."""
    if content.startswith(b"\xef\xbb\xbf"):
        candidates = ("utf-8-sig", "cp1252", "latin-1")
    elif content.startswith((b"\xff\xfe", b"\xfe\xff")):
        candidates = ("utf-16", "latin-1")
    else:
        candidates = ("utf-8", "cp1252", "latin-1")
    for encoding in candidates:
        try:
            return content.decode(encoding), encoding
        except UnicodeDecodeError:
            continue
    raise FileError("broken")


def _read_csv(content):
    text, encoding = _decode(content)
    first = _SEPARATOR_LINE.match(text)
    skipped = 0
    delimiters = _DELIMITERS
    if first:
        text, delimiters, skipped = text[first.end() :], first.group(1), 1
        if delimiters in '"\r\n':
            raise FileError("broken")
    head = "\n".join(text.splitlines()[:HEADER_WITHIN])
    delimiter = max(delimiters, key=lambda char: _score_delimiter(head, char))
    rows = _split(text, delimiter, skipped)
    return _make_table("csv", rows, encoding=encoding, delimiter=delimiter)


def _score_delimiter(head, delimiter):
    try:
        rows = _split(head, delimiter)
    except FileError:
        return 0
    return max((mandate_columns.score(cells) for _number, cells in rows), default=0)


def _split(text, delimiter, skipped=0):
    """Return the rows that are not blank, each with the number of its first line."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    rows, before = [], skipped
    try:
        for cells in reader:
            number, before = before + 1, skipped + reader.line_num
            if not _is_blank(cells):
                rows.append((number, cells[:MAX_COLUMNS]))
            if len(rows) > MAX_ROWS + HEADER_WITHIN:
                raise FileError("too_many_rows", limit=MAX_ROWS)
    except csv.Error as error:
        raise FileError("broken") from error
    return rows


# XLSX


def _read_xlsx(content):
    _check_package(content)
    try:
        tables = list(_read_sheets(content))
    except FileError:
        raise
    except Exception as error:
        # A broken file may fail anywhere in the library.
        raise FileError("broken") from error
    best = max(tables, key=_score_sheet, default=[])
    return _make_table("xlsx", best)


def _score_sheet(rows):
    return max((mandate_columns.score(cells) for _number, cells in rows[:HEADER_WITHIN]), default=0)


def _check_package(content):
    """Refuse what is no XLSX file, and what would unpack to more than can be handled."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            members = package.infolist()
            names = {member.filename for member in members}
            if "xl/workbook.xml" not in names:
                raise FileError("other_format" if "mimetype" in names else "broken")
            if sum(member.file_size for member in members) > MAX_UNPACKED:
                raise FileError("too_big", limit=MAX_UNPACKED // 1024**2)
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    _check_part(package, member)
    except FileError:
        raise
    except Exception as error:
        # zipfile, zlib and lzma each have errors of their own.
        raise FileError("broken") from error


def _check_part(package, member):
    """Refuse a part that is larger than it says, or that declares entities."""
    with package.open(member) as part:
        data = part.read(member.file_size + 1)
    if len(data) > member.file_size or any(mark in data for mark in _DOCTYPE):
        raise FileError("broken")


def _read_sheets(content):
    """Yield the rows of each sheet that are not blank."""
    import openpyxl

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, keep_links=False)
        try:
            for sheet in book.worksheets:
                sheet.reset_dimensions()
                yield _read_sheet(sheet)
        finally:
            book.close()


def _read_sheet(sheet):
    rows, gap = [], 0
    for number, cells in enumerate(sheet.iter_rows(max_col=MAX_COLUMNS), 1):
        values = [Formula(cell.value) if cell.data_type == "f" else cell.value for cell in cells]
        if _is_blank(values):
            gap += 1
            if gap > MAX_GAP:
                break
            continue
        gap = 0
        rows.append((number, values))
        if len(rows) > MAX_ROWS + HEADER_WITHIN:
            raise FileError("too_many_rows", limit=MAX_ROWS)
    return rows
