"""One cell of a file of mandates: from what a person or Excel wrote to a checked value.

Each reader returns the value or raises :class:`CellError`; hints are noted by the caller.
"""

import re
from datetime import date, datetime, timedelta

from . import creditor_id, iban, mandate_columns, references

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})(?:[T ]\d{1,2}:\d{2}.*)?")
_SLASHED_ISO = re.compile(r"(\d{4})[/.](\d{1,2})[/.](\d{1,2})")
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
_DAY_FIRST = re.compile(r"(\d{1,2})([./-])\s?(\d{1,2})\2\s?(\d{4}|\d{2})(?: \d{1,2}:\d{2}.*)?")
_SCIENTIFIC = re.compile(r"[+-]?\d(?:[.,]\d+)?[eE][+-]?\d+")
_EXCEL_ERROR = re.compile(r"#(?:REF!|N/A|NV|VALUE!|WERT!|NAME\?|DIV/0!|NULL!|NUM!|ZAHL!|#+|BEZUG!)")
#: What could be an account number, whatever its notation; see :func:`show`.
_LIKE_IBAN = re.compile(r"[A-Za-z]{2}\s?\d{2}(?:[\s.\-]?[A-Za-z0-9]){8,}")
#: Excel counts days from here (its 1900 leap-year mistake included).
_EXCEL_EPOCH = date(1899, 12, 30)
_EXCEL_DAYS = range(20_000, 80_000)
#: Excel keeps 15 digits of a number.
_EXCEL_DIGITS = 10**15
#: Longest text that is taken over.
MAX_TEXT = 250
_SHOWN = 60

_YES = frozenset("true yes ja oui y j o 1 x wahr vrai waar".split())
_NO = frozenset("false no nein nee non n 0 falsch faux onwaar -".split())

CHOICES = {
    "scheme": {
        "CORE": "core|sepa core|cor1|basis|basislastschrift|sepa basislastschrift|sepa basis|consument|standaard",
        "B2B": "b2b|sepa b2b|firmenlastschrift|firmen|sepa firmenlastschrift|bedrijven|interentreprises",
    },
    "mandate_type": {
        "recurrent": (
            "recurrent|recurring|rcur|frst|fnal|first|final|wiederkehrend|mehrfach|folgelastschrift"
            "|erstlastschrift|dauerhaft|doorlopend|terugkerend|récurrent|répétitif|multiple"
        ),
        "one_off": "one_off|one-off|oneoff|ooff|einmalig|einmal|eenmalig|ponctuel|unique|single",
    },
    "state": {
        "draft": "draft|entwurf|concept|brouillon|new|neu",
        "pending": "pending|waits for confirmation|wartend|offen|wachtend|en attente",
        "active": "active|valid|aktiv|gültig|actief|geldig|actif|valide|open|signed",
        "suspended": "suspended|ausgesetzt|pausiert|opgeschort|suspendu|paused",
        "revoked": (
            "revoked|cancel|cancelled|canceled|widerrufen|gekündigt|storniert|ingetrokken"
            "|opgezegd|révoqué|annulé"
        ),
        "expired": "expired|closed|abgelaufen|erloschen|beendet|geschlossen|verlopen|gesloten|expiré|clos|fermé",
    },
    "currency": {"EUR": "eur|euro|€|euros"},
}
_CHOICES = {
    key: {
        mandate_columns.normalize(word) or word: value
        for value, words in options.items()
        for word in words.split("|")
    }
    for key, options in CHOICES.items()
}


class CellError(ValueError):
    """A cell that cannot be taken over: a ``code`` and ``params`` for a sentence."""

    def __init__(self, code, **params):
        super().__init__(code)
        self.code = code
        self.params = params


def show(value):
    """Return a cell as a finding may quote it: short, and with account numbers masked."""
    text = " ".join(str(value).split())
    text = _LIKE_IBAN.sub(lambda match: iban.mask(match.group()), text)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def read_text(cell):
    """Return the text of a cell on one line; numbers lose the ".0" that Excel gives them."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, (int, float)):
        return _read_number(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat()
    if isinstance(cell, date):
        return cell.isoformat()
    text = " ".join(str(cell).split())
    if _EXCEL_ERROR.fullmatch(text):
        raise CellError("excel_error")
    text = unescape(text)
    if len(text) > MAX_TEXT:
        raise CellError("too_long", limit=MAX_TEXT)
    return text


def _read_number(cell):
    if isinstance(cell, float):
        if cell != cell or abs(cell) == float("inf"):
            raise CellError("excel_error")
        if not cell.is_integer():
            return repr(cell)
    if abs(cell) >= _EXCEL_DIGITS:
        raise CellError("rounded")
    return str(int(cell))


def escape(text):
    """Return a text that no spreadsheet takes for a formula; :func:`unescape` turns it back."""
    return f"'{text}" if text.lstrip("'")[:1] in tuple("=+-@\t\r") else text


def unescape(text):
    """Return the text that :func:`escape` was given."""
    bare = text.lstrip("'")
    return text[1:] if bare != text and bare[:1] in tuple("=+-@\t\r") else text


def read_iban(text):
    """Return (IBAN, codes of hints); raise :class:`CellError` with a code `iban_...`."""
    # Other programs write "DE89 3704 ... - Commerzbank" or "DE89... (Commerzbank)".
    for mark in (" - ", " ("):
        head = text.split(mark)[0]
        if head != text and len(iban.normalize(head)) >= 15:
            text = head
    try:
        facts = iban.check(text)
    except iban.IbanError as error:
        raise CellError(f"iban_{error.code}", **error.params) from error
    return facts.iban, facts.warnings, facts.bic


def read_reference(text):
    """Return a mandate reference; raise :class:`CellError` with a code `reference_...`."""
    if _SCIENTIFIC.fullmatch(text):
        raise CellError("scientific")
    try:
        return references.check(text)
    except references.InvalidReference as error:
        params = {key: value for key, value in error.params.items() if key != "text"}
        raise CellError(f"reference_{error.code}", **params) from error


def read_creditor(text):
    """Return a creditor identifier; raise :class:`CellError` with a code `creditor_...`."""
    try:
        return creditor_id.check(text)
    except creditor_id.CreditorIdError as error:
        raise CellError(f"creditor_{error.code}", **error.params) from error


def read_flag(text):
    """Return True or False; raise :class:`CellError`."""
    word = text.casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    raise CellError("flag_unknown")


def read_choice(key, text):
    """Return the value that a word of any of the languages stands for; raise :class:`CellError`."""
    word = mandate_columns.normalize(text) or text
    value = _CHOICES[key].get(word)
    if value is None and key == "currency":
        raise CellError("currency")
    if value is None:
        options = ", ".join(CHOICES[key])
        raise CellError("choice_unknown", options=options)
    return value


def read_date(cell, today, month_first=False):
    """Return a date from a cell of Excel or from ISO, German, Dutch, French or US notation.

    Two digits of a year belong to the century that makes it lie in the past.

    :param cell: a datetime, date, number of Excel or text.
    :param bool month_first: 03/04 is the 4th of March.
    :raises CellError: unreadable.
    """
    if isinstance(cell, datetime):
        return cell.date()
    if isinstance(cell, date):
        return cell
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        if int(cell) in _EXCEL_DAYS:
            return _EXCEL_EPOCH + timedelta(days=int(cell))
        cell = str(int(cell)) if cell == cell and abs(cell) < _EXCEL_DIGITS else ""
    text = read_text(cell)
    for pattern in (_ISO, _SLASHED_ISO, _COMPACT):
        if match := pattern.fullmatch(text):
            return _make_date(*match.groups())
    if match := _DAY_FIRST.fullmatch(text):
        first, mark, second, year = match.groups()
        if month_first and mark == "/":
            first, second = second, first
        return _make_date(_full_year(year, today), second, first)
    raise CellError("date_unreadable")


def _full_year(year, today):
    if len(year) == 4:
        return year
    century = today.year // 100 * 100
    full = century + int(year)
    return full if full <= today.year else full - 100


def _make_date(year, month, day):
    try:
        found = date(int(year), int(month), int(day))
    except ValueError as error:
        raise CellError("date_unreadable") from error
    if found.year < 1900:
        raise CellError("date_unreadable")
    return found


def is_month_first(cells):
    """Tell how the dates with slashes of a file are written: True, False, or None if unclear.

    :param cells: all cells of the columns of dates.
    """
    first = second = slashed = False
    for cell in cells:
        match = isinstance(cell, str) and _DAY_FIRST.fullmatch(cell.strip())
        if match and match.group(2) == "/":
            slashed = True
            first = first or int(match.group(1)) > 12
            second = second or int(match.group(3)) > 12
    if slashed and not first:
        return True if second else None
    return False
