"""Identifiers that travel through the banks: mandate reference, EndToEndId, message ids.

All of them hold at most 35 characters of the restricted set, do not begin or end with a slash
and hold no double slash (EPC130-08 1.4 "references, identifiers", not checked by the XSD).
The makers are injective: two different inputs, apart from upper and lower case, never give the
same text. That is why a prefix may not hold a dash.
"""

import re
from datetime import UTC, datetime

from .const import MAX_REFERENCE

_ALLOWED = re.compile(r"[A-Za-z0-9+?/\-:().,' ]+")
_PREFIX = re.compile(r"[A-Z0-9]{1,12}")
_NUMBER = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)*")
_CHECKED = re.compile(r"[A-Z0-9]+(?:-[A-Z0-9]+)+-[A-Z0-9]{2}")
_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# A payment information id appends a dash and up to four digits to the message id.
_MAX_MESSAGE_ID = MAX_REFERENCE - 5
_TEXTS = {
    "empty": "A reference is missing.",
    "length": "The reference '{text}' is longer than {max_length} characters.",
    "character": "The reference '{text}' holds a character that banks do not accept: "
    "'{character}'.",
    "slash": "The reference '{text}' begins or ends with a slash or holds two in a row.",
    "blank": "The reference '{text}' begins or ends with a blank.",
    "prefix": "The prefix '{text}' is not made of 1 to 12 letters or digits.",
    "number": "'{text}' is not made of letters and digits, with single dashes between them.",
    "attempt": "'{text}' is not a whole number of at least 1.",
}


class InvalidReference(ValueError):
    """A text that cannot be a reference.

    ``code`` is one of empty, length, character, slash, blank (from :func:`check`), prefix, number,
    attempt (from the makers); ``params`` holds ``text`` and what else the message needs.
    """

    def __init__(self, code, **params):
        super().__init__(_TEXTS[code].format(**params))
        self.code = code
        self.params = params


def check(text, max_length=MAX_REFERENCE):
    """Return ``text`` unchanged if banks accept it as a reference; raise InvalidReference."""
    if not text:
        raise InvalidReference("empty")
    if len(text) > max_length:
        raise InvalidReference("length", text=text, max_length=max_length)
    if not _ALLOWED.fullmatch(text):
        wrong = next(char for char in text if not _ALLOWED.fullmatch(char))
        raise InvalidReference("character", text=text, character=wrong)
    if text[0] == " " or text[-1] == " ":
        raise InvalidReference("blank", text=text)
    if text[0] == "/" or text[-1] == "/" or "//" in text:
        raise InvalidReference("slash", text=text)
    return text


def check_prefix(text):
    """Return a prefix in capitals; raise InvalidReference unless 1 to 12 letters or digits."""
    prefix = _upper(text)
    if not _PREFIX.fullmatch(prefix):
        raise InvalidReference("prefix", text=text)
    return prefix


def mandate_reference(prefix, number):
    """Return a unique mandate reference such as "SUP-123-TX".

    The last two characters are an ISO 7064 mod 1271-36 checksum: one misheard character, or two
    neighbours swapped, is always noticed on the telephone (:func:`is_mandate_reference`).

    :param prefix: 1 to 12 letters or digits.
    :param number: a whole number, or letters and digits with single dashes between them.
    :raises InvalidReference: prefix, number or length.
    """
    body = f"{check_prefix(prefix)}-{_number(number)}"
    return _fit(f"{body}-{_checksum(body)}", MAX_REFERENCE)


def is_mandate_reference(text):
    """Tell whether a text has the form and checksum of :func:`mandate_reference`."""
    text = _upper(text).strip()
    if not _CHECKED.fullmatch(text):
        return False
    body, _, digits = text.rpartition("-")
    return _checksum(body) == digits


def end_to_end_id(prefix, number, attempt):
    """Return the EndToEndId of one attempt to collect one debt: "SUP-123-1".

    :param attempt: 1 for the first presentation, one more for each that follows.
    :raises InvalidReference: prefix, number, attempt or length.
    """
    text = f"{check_prefix(prefix)}-{_number(number)}-{_counter(attempt)}"
    return _fit(text, MAX_REFERENCE)


def message_id(prefix, moment, number):
    """Return a message id such as "SUP-20261123083000-17", unique per second and number.

    :param moment: a datetime; an aware one is written in UTC, so that the hour that autumn
        repeats gives no id twice.
    :raises InvalidReference: prefix, number or length (more than 30 characters).
    """
    if not isinstance(moment, datetime):
        raise TypeError("The moment must be a datetime.")
    if moment.tzinfo is not None:
        moment = moment.astimezone(UTC)
    text = f"{check_prefix(prefix)}-{moment:%Y%m%d%H%M%S}-{_number(number)}"
    return _fit(text, _MAX_MESSAGE_ID)


def payment_information_id(message_id, n):
    """Return the id of the ``n``-th block (from 1) of a message: "<message id>-<n>".

    :raises InvalidReference: a message id that banks refuse, attempt (``n``) or length.
    """
    return _fit(f"{check(message_id)}-{_counter(n)}", MAX_REFERENCE)


def _upper(text):
    return "".join(char.upper() if char.isascii() else char for char in str(text or ""))


def _number(number):
    if isinstance(number, bool) or (isinstance(number, int) and number < 0):
        raise InvalidReference("number", text=str(number))
    text = str(number) if isinstance(number, int) else _upper(number)
    if not _NUMBER.fullmatch(text):
        raise InvalidReference("number", text=text)
    return text


def _counter(value):
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise InvalidReference("attempt", text=str(value))
    return str(value)


def _fit(text, max_length):
    if len(text) > max_length:
        raise InvalidReference("length", text=text, max_length=max_length)
    return text


def _checksum(body):
    # ISO 7064 mod 1271-36: unlike mod 97-10 it also tells a letter from a digit every time.
    value = -int(body.replace("-", ""), 36) * 36**2 + 1
    high, low = divmod(value % 1271, 36)
    return _ALPHABET[high] + _ALPHABET[low]
