"""Creditor identifiers (EPC262-08, AT-C001): country, two check digits, business code, number.

The three characters of the business code (ZZZ unless the creditor chose otherwise) take no part
in the check digits and do not tell two creditors apart. The checksum is python-stdnum's; length,
country and form are checked here because stdnum accepts any of them.
"""

import re
import unicodedata

from stdnum.eu import at_02

from .const import CREDITOR_ID_LENGTHS, CREDITOR_ID_MAX, CREDITOR_ID_MIN, SEPA_COUNTRIES

_SEPARATORS = re.compile(r"[\s.\-\u00ad\u2010-\u2015]+")
_CAPITALS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
_DIGITS = frozenset("0123456789")
_BUSINESS_CODE = re.compile(r"[A-Z0-9]{3}")
_TEXTS = {
    "empty": "No creditor identifier was given.",
    "character": "Character '{character}' at position {position} is not possible in a "
    "creditor identifier.",
    "country": "There is no creditor identifier of a country '{country}'.",
    "length": "A creditor identifier of {country} has {expected} characters, not {actual}.",
    "check_digits": "The check digits do not fit: a character is wrong or two are swapped.",
    "business_code": "A business code has three letters or digits, not '{business_code}'.",
}


class CreditorIdError(ValueError):
    """A text that is no creditor identifier.

    ``code`` is one of empty, character, country, length, check_digits (and business_code from
    :func:`with_business_code`); ``params`` holds the facts for a message.
    """

    def __init__(self, code, **params):
        super().__init__(_TEXTS[code].format(**params))
        self.code = code
        self.params = params


def check(text):
    """Return the creditor identifier in capitals without blanks; raise :class:`CreditorIdError`."""
    identifier = _normalize(text)
    if not identifier:
        raise CreditorIdError("empty")
    _check_characters(identifier)
    country = identifier[:2]
    if country not in SEPA_COUNTRIES:
        raise CreditorIdError("country", country=country)
    _check_length(country, len(identifier))
    if at_02.calc_check_digits(identifier) != identifier[2:4]:
        raise CreditorIdError("check_digits")
    return identifier


def business_code(text):
    """Return the three characters of the business code; raise :class:`CreditorIdError`."""
    return check(text)[4:7]


def same_creditor(first, second):
    """Tell whether two valid identifiers name one creditor, whatever their business codes."""
    first, second = check(first), check(second)
    return first[:4] + first[7:] == second[:4] + second[7:]


def with_business_code(text, code):
    """Return the identifier with another business code; raise :class:`CreditorIdError`."""
    identifier = check(text)
    code = _normalize(code)
    if not _BUSINESS_CODE.fullmatch(code):
        raise CreditorIdError("business_code", business_code=code)
    return identifier[:4] + code + identifier[7:]


def _normalize(text):
    text = text or ""
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
    text = _SEPARATORS.sub("", text)
    return "".join(char.upper() if char.isascii() else char for char in text)


def _check_characters(identifier):
    for position, char in enumerate(identifier, 1):
        allowed = _CAPITALS if position <= 2 else _DIGITS
        if position > 4:
            allowed = _CAPITALS | _DIGITS
        if char not in allowed:
            raise CreditorIdError("character", character=char, position=position)


def _check_length(country, actual):
    lengths = CREDITOR_ID_LENGTHS.get(country)
    if lengths:
        fits, expected = actual in lengths, " or ".join(map(str, lengths))
    else:
        fits = CREDITOR_ID_MIN <= actual <= CREDITOR_ID_MAX
        expected = f"{CREDITOR_ID_MIN} to {CREDITOR_ID_MAX}"
    if not fits:
        raise CreditorIdError("length", country=country, expected=expected, actual=actual)
