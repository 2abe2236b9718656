"""Facts about an IBAN, for a form that is being typed in and for a batch of thousands.

Three depths, cheapest first: :func:`validate` (structure and check digits, a few microseconds),
:func:`check` (also bank, BIC and national check digits from schwifty) and :func:`partial` (the
same for a text that is still growing, never raises).

A country in SEPA is never refused (Regulation (EU) 260/2012 article 9). Unknown banks and failing
national check digits are warnings, because neither list is complete.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

from .const import (
    BBAN_STRUCTURES,
    DENSE_BANK_REGISTRIES,
    NATIONAL_CHECKS,
    NON_EEA,
    NON_SEPA_IBAN_COUNTRIES,
)

_CLASSES = {
    "n": frozenset("0123456789"),
    "a": frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
    "c": frozenset("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"),
}
_REGEX = {"n": "[0-9]", "a": "[A-Z]", "c": "[A-Z0-9]"}
_DIGITS = {ord(letter): str(value) for value, letter in enumerate("ABCDEFGHIJKLMNOPQRSTUVWXYZ", 10)}
_SEPARATORS = re.compile(r"[\s.\-_\u00ad\u2010-\u2015\u2212]+")
_PREFIX = re.compile(r"IBAN:?", re.IGNORECASE)
_TEXTS = {
    "empty": "No IBAN was given.",
    "character": "Character '{character}' at position {position} is not possible in an IBAN.",
    "country": "There is no IBAN of a country '{country}'.",
    "not_sepa": "The country '{country}' takes no part in SEPA.",
    "length": "An IBAN of {country} has {expected} characters, not {actual}.",
    "check_digits": "The check digits do not fit: a character is wrong or two are swapped.",
}


#: What may be an IBAN inside a longer text, written in one piece or in groups of four.
_IBAN_IN_TEXT = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")


#: Where an IBAN may start inside a longer text.
_IBAN_START = re.compile(r"(?:(?<![A-Za-z0-9])|(?<=IBAN))[A-Z]{2}(?=\d{2})")


class IbanError(ValueError):
    """A text that is no IBAN usable in SEPA.

    ``code`` is one of empty, character, country, not_sepa, length, check_digits; ``params`` holds
    the facts for a message (``country``, ``expected``, ``actual``, ``character``, ``position``
    counted from 1 in the normalised text), never the IBAN itself.
    """

    def __init__(self, code, **params):
        super().__init__(_TEXTS[code].format(**params))
        self.code = code
        self.params = params


@dataclass(frozen=True)
class IbanFacts:
    """What is known about a valid IBAN.

    ``warnings`` may hold ``bank_unknown`` (the country's list of banks is dense, yet this bank
    code is not in it) and ``national_check`` (the national check digits do not fit).
    ``needs_bic`` and ``needs_address`` are true outside the EEA (EPC130-08, AT-C002/AT-P005).
    """

    iban: str
    country: str
    bank_code: str | None
    bic: str | None
    bank_name: str | None
    bank_known: bool
    warnings: tuple[str, ...]
    needs_bic: bool
    needs_address: bool


@dataclass(frozen=True)
class PartialFacts:
    """What can be said about a text that may not be complete yet.

    ``error`` is set only for what more typing cannot mend; ``facts`` only when the IBAN is
    complete and valid.
    """

    country: str | None
    expected_length: int | None
    complete: bool
    error: IbanError | None
    facts: IbanFacts | None


@dataclass(frozen=True)
class _Shape:
    length: int
    classes: tuple[frozenset, ...]
    regex: re.Pattern


def _shape(country, structure):
    parts = [("a", 2), ("n", 2)]
    parts += [(kind, int(count)) for count, kind in re.findall(r"(\d+)([nac])", structure)]
    classes = tuple(_CLASSES[kind] for kind, count in parts for _ in range(count))
    regex = country + "".join(f"{_REGEX[kind]}{{{count}}}" for kind, count in parts[1:])
    return _Shape(len(classes), classes, re.compile(regex))


_SHAPES = {country: _shape(country, text) for country, text in BBAN_STRUCTURES.items()}


def normalize(text):
    """Return ``text`` in capitals without blanks, dots, dashes and a leading "IBAN:".

    Characters that cannot be part of an IBAN stay, so that :func:`check` can name them.
    """
    text = text or ""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(char for char in text if unicodedata.category(char) not in ("Cf", "Mn"))
    text = _SEPARATORS.sub("", text)
    if text[:4].upper() == "IBAN":
        text = _PREFIX.sub("", text, count=1)
    if text.isascii():
        return text.upper()
    # "ß".upper() would become two plausible letters.
    return "".join(char.upper() if char.isascii() else char for char in text)


def group(iban):
    """Return the IBAN in groups of four: "DE89 3704 0044 0532 0130 00"."""
    text = normalize(iban)
    return " ".join(text[i : i + 4] for i in range(0, len(text), 4))


def mask(iban):
    """Return the IBAN with only its country and last four characters readable.

    "DE•• •••• •••• •••• •• 3000". A text too short for an IBAN shows no last characters.
    """
    text = normalize(iban)
    country = text[:2] if text[:2].isalpha() else "•" * len(text[:2])
    tail = text[-4:] if len(text) >= 12 else ""
    head = country + "•" * (len(text) - len(country) - len(tail))
    groups = [head[i : i + 4] for i in range(0, len(head), 4)]
    return " ".join([*groups, tail] if tail else groups)


def mask_in_text(text):
    """Return the text with every IBAN in it masked; for what a bank writes in free text.

    What only looks like an IBAN is masked as well: hiding too much does no harm.
    """
    return _IBAN_IN_TEXT.sub(lambda match: mask(match.group()), text)


def find_in_text(text):
    """Return the valid IBANs in a text, written in one piece or with blanks.

    :return: list of (start, end, IBAN in one piece), in their order.
    """
    found = []
    for start in _IBAN_START.finditer(text):
        shape = _SHAPES.get(start.group())
        end, missing = start.start(), shape.length if shape else 0
        while missing and end < len(text) and (text[end] == " " or text[end].isalnum()):
            missing -= text[end] != " "
            end += 1
        number = text[start.start() : end].replace(" ", "")
        if shape and not missing and shape.regex.fullmatch(number) and _check_digits_fit(number):
            found.append((start.start(), end, number))
    return found


def mask_valid_in_text(text, numbers=None):
    """Return the text with every valid IBAN in it masked, and nothing else.

    For texts in which a person looks for references that may look like an IBAN. With `numbers`, a
    set of IBANs in one piece, only those are masked.
    """
    for start, end, number in reversed(find_in_text(text)):
        if numbers is None or number in numbers:
            text = text[:start] + mask(number) + text[end:]
    return text


def validate(text):
    """Return the normalised IBAN; raise :class:`IbanError`.

    Checks, in this order: empty, character, country, not_sepa, length, character again (a letter
    where the country has digits) and check_digits (ISO 7064 mod 97-10).
    """
    iban = normalize(text)
    shape = _SHAPES.get(iban[:2])
    if shape is None or not shape.regex.fullmatch(iban):
        _refuse_form(iban)
    if not _check_digits_fit(iban):
        raise IbanError("check_digits")
    return iban


def check(text):
    """Return :class:`IbanFacts` for a typed IBAN; raise :class:`IbanError` as :func:`validate`."""
    iban = validate(text)
    country = iban[:2]
    bank = _bank(iban)
    warnings = []
    if bank.looked_up and not bank.known and country in DENSE_BANK_REGISTRIES:
        warnings.append("bank_unknown")
    if country in NATIONAL_CHECKS and not _national_check_fits(iban):
        warnings.append("national_check")
    outside = country in NON_EEA
    return IbanFacts(
        iban=iban,
        country=country,
        bank_code=bank.code,
        bic=bank.bic,
        bank_name=bank.name,
        bank_known=bank.known,
        warnings=tuple(warnings),
        needs_bic=outside,
        needs_address=outside,
    )


def partial(text):
    """Return :class:`PartialFacts` for a text that is being typed. Never raises."""
    iban = normalize(text)
    if not iban or "IBAN".startswith(iban):
        return PartialFacts(None, None, False, None, None)
    shape = _SHAPES.get(iban[:2])
    error = _mistake_so_far(iban, shape)
    country = iban[:2] if shape else None
    length = shape.length if shape else None
    complete = bool(shape) and len(iban) == length
    facts = None
    if complete and not error:
        try:
            facts = check(iban)
        except IbanError as mistake:
            error = mistake
    return PartialFacts(country, length, complete, error, facts)


def _refuse_form(iban):
    """Raise the first reason why ``iban`` does not have the form of its country."""
    if not iban:
        raise IbanError("empty")
    shape = _SHAPES.get(iban[:2])
    mistake = _wrong_character(iban, None) or _wrong_country(iban, shape)
    if not mistake and len(iban) != shape.length:
        mistake = _wrong_length(iban, shape)
    raise mistake or _wrong_character(iban, shape)


def _mistake_so_far(iban, shape):
    """Return the :class:`IbanError` that no further typing can mend, or None."""
    mistake = _wrong_character(iban, None)
    if not mistake and len(iban) >= 2:
        mistake = _wrong_country(iban, shape)
    if not mistake and shape and len(iban) > shape.length:
        mistake = _wrong_length(iban, shape)
    if not mistake and shape:
        mistake = _wrong_character(iban, shape)
    return mistake


def _wrong_character(iban, shape):
    for position, char in enumerate(iban, 1):
        if shape:
            allowed = shape.classes[position - 1]
        else:
            allowed = _CLASSES["c"] if position > 2 else _CLASSES["a"]
        if char not in allowed:
            return IbanError("character", character=char, position=position)
    return None


def _wrong_country(iban, shape):
    country = iban[:2]
    if shape:
        return None
    if country in NON_SEPA_IBAN_COUNTRIES:
        return IbanError("not_sepa", country=country)
    return IbanError("country", country=country)


def _wrong_length(iban, shape):
    return IbanError("length", country=iban[:2], expected=shape.length, actual=len(iban))


def check_digits(country, bban):
    """Return the two check digits of an account number in a country's own notation (ISO 7064).

    :param str country: two capital letters.
    :param str bban: capital letters and digits, without blanks.
    :rtype: str
    """
    # 98 - remainder lies in 02..98, so 00, 01 and 99 are not check digits although the plain
    # test "remainder of the whole is 1" would let them pass.
    number = int((bban + country).translate(_DIGITS) + "00")
    return f"{98 - number % 97:02d}"


def _check_digits_fit(iban):
    return iban[2:4] == check_digits(iban[:2], iban[4:])


@dataclass(frozen=True)
class _Bank:
    code: str | None = None
    bic: str | None = None
    name: str | None = None
    known: bool = False
    looked_up: bool = False


@lru_cache(maxsize=1)
def _schwifty():
    """Return the schwifty module, or None where it is not installed (its import takes 0.2 s)."""
    try:
        import schwifty
    except ImportError:
        return None
    return schwifty


def _bank(iban):
    library = _schwifty()
    if library is None:
        return _Bank()
    number = library.IBAN(iban, allow_invalid=True)
    bank, bic = number.bank, number.bic
    return _Bank(
        code=number.bank_code or None,
        bic=str(bic) if bic else None,
        name=(bank.name or None) if bank else None,
        known=bank is not None,
        looked_up=True,
    )


def _national_check_fits(iban):
    """Return False when the country's own check digits are implemented and do not fit."""
    library = _schwifty()
    if library is None:
        return True
    try:
        library.IBAN(iban, allow_invalid=True).bban.validate_national_checksum()
    except library.exceptions.SchwiftyException:
        return False
    return True
