"""Whether what somebody typed can be a name, an address, an e-mail address, a telephone number.

Nothing here judges a person: a finding means "please look again". What cannot be told is no finding.
"""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from datetime import date

from .distance import within
from .formats import (
    DOTLESS_DOMAINS,
    FOLDED_LETTERS,
    KEYBOARD_ROWS,
    KEYBOARD_RUN,
    NO_NAMES,
    POSTCODES,
    SAME_DOMAINS,
)

_POSTCODES = {country: re.compile(pattern) for country, pattern in POSTCODES.items()}
_RUNS = frozenset(
    row[start : start + KEYBOARD_RUN]
    for line in KEYBOARD_ROWS
    for row in (line, line[::-1])
    for start in range(len(row) - KEYBOARD_RUN + 1)
)
_LOCAL = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(?:\.[\w!#$%&'*+/=?^`{|}~-]+)*")
_LABEL = re.compile(r"[\w](?:[\w-]{0,61}[\w])?")
#: Street, in whatever way it is shortened.
_STREET = re.compile(r"(?:stra(?:ss|ß)e|str\.?)(?=\s|\d|$)", re.IGNORECASE)
_ADULT_YEARS = 18


def fold(text: str | None) -> str:
    """A text in small letters without accents and without anything but letters and digits.

    Umlauts lose their dots, spelt out or not: "Müller", "Mueller" and "Muller" become one.

    >>> fold("Müller-Straße 1a")
    'mullerstrase1a'
    """
    # "ß" becomes "ss" here; double letters are what people type differently, too.
    text = unicodedata.normalize("NFKD", (text or "").casefold().translate(FOLDED_LETTERS))
    text = "".join(c for c in text if c.isalnum())
    for long, short in (("ae", "a"), ("oe", "o"), ("ue", "u"), ("ss", "s")):
        text = text.replace(long, short)
    return text


def is_name_implausible(name: str | None, is_company: bool = False) -> bool:
    """Whether a text can hardly be a name: no letters, digits in a person's name, a run of keys.

    Letters of all alphabets count alike; an empty text is not judged.
    """
    text = (name or "").strip()
    if not text:
        return False
    letters = "".join(c for c in text.casefold() if c.isalpha())
    if not letters or (not is_company and any(c.isdigit() for c in text)):
        return True
    if letters in NO_NAMES or re.search(r"([^\W\d_])\1{3}", letters):
        return True
    return any(letters[i : i + KEYBOARD_RUN] in _RUNS for i in range(len(letters)))


def normalize_postcode(postcode: str | None, country: str = "") -> str:
    """A postcode in capitals, without the country that some write in front.

    >>> normalize_postcode(" D-10115 ", "DE")
    '10115'
    """
    text = " ".join((postcode or "").upper().split())
    prefix = re.match(r"([A-Z]{1,2})[- ]+(?=\d)", text)
    if prefix and country.startswith(prefix.group(1)[:1]) and country not in ("GB", "IE", "MT"):
        text = text[prefix.end() :]
    return text


def is_postcode_invalid(postcode: str | None, country: str) -> bool:
    """Whether a postcode does not have its country's form; other countries are not judged."""
    pattern = _POSTCODES.get(country)
    text = normalize_postcode(postcode, country)
    return bool(pattern and text and not pattern.fullmatch(text))


def is_town_mismatch(
    postcode: str | None,
    town: str | None,
    country: str,
    towns: Mapping[tuple[str, str], Iterable[tuple[str, str]]],
) -> bool:
    """Whether a town of the table has other postcodes than this one.

    `towns`: {(country, folded name): pairs of first and last postcode}. A town that the table does
    not know is never wrong, and neither is one whose postcode has not its country's form.
    """
    ranges = tuple(towns.get((country, fold(town)), ()))
    code = normalize_postcode(postcode, country).replace(" ", "")
    if not ranges or not code or is_postcode_invalid(postcode, country):
        return False
    return not any(first <= code[: len(first)] <= last for first, last in ranges)


def split_email(email: str | None) -> tuple[str, str]:
    """Local part and domain of an e-mail address in small letters; ("", "") for what is none."""
    text = (email or "").strip()
    if match := re.fullmatch(r"[^<]*<([^>]+)>", text):
        text = match.group(1).strip()
    local, _at, domain = text.rpartition("@")
    labels = domain.lower().rstrip(".").split(".")
    valid = (
        0 < len(local) <= 64
        and len(domain) <= 253
        and _LOCAL.fullmatch(local)
        and len(labels) > 1
        and all(_LABEL.fullmatch(label) for label in labels)
        and len(labels[-1]) > 1
        and not labels[-1].isdigit()
    )
    return (local.lower(), ".".join(labels)) if valid else ("", "")


def is_email_invalid(email: str | None) -> bool:
    """Whether a text cannot be an e-mail address; an empty one is not judged."""
    return bool((email or "").strip()) and not split_email(email)[1]


def find_email_typo(email: str | None, common: Iterable[str]) -> str:
    """The address that was probably meant, "" when there is no reason to ask.

    `common`: the domains most people have. One wrong, missing, additional or swapped
    character counts as a slip; a domain of the table itself never does.

    >>> find_email_typo("joerg@gmial.com", {"gmail.com"})
    'joerg@gmail.com'
    """
    local, domain = split_email(email)
    known = set(common)
    if not domain or domain in known:
        return ""
    near = sorted(name for name in known if len(name) > 5 and within(domain, name, 1))
    # A short own domain beside several common ones is no slip that can be told.
    return f"{local}@{near[0]}" if len(near) == 1 else ""


def is_email_of(email: str | None, domains: frozenset[str]) -> bool:
    """Whether the domain of an e-mail address, or one above it, is one of these."""
    labels = split_email(email)[1].split(".")
    return any(".".join(labels[i:]) in domains for i in range(len(labels) - 1))


def email_key(email: str | None) -> str:
    """What one mailbox's address always is, however it is written; "" for no address.

    >>> email_key("J.Muessig+shop@googlemail.com")
    'jmuessig@gmail.com'
    """
    local, domain = split_email(email)
    if not domain:
        return ""
    local = local.partition("+")[0] or local
    if domain in DOTLESS_DOMAINS:
        local = local.replace(".", "")
    return f"{local}@{SAME_DOMAINS.get(domain, domain)}"


def parse_phone(phone: str | None, country: str = "") -> tuple[bool | None, str]:
    """Whether a telephone number exists in its form (None: nothing to judge), and it in E.164.

    >>> parse_phone("030 / 23125 123", "DE")
    (True, '+493023125123')
    """
    # Its import takes some hundredths of a second; not everybody needs it.
    import phonenumbers

    text = (phone or "").strip()
    if not text:
        return None, ""
    try:
        number = phonenumbers.parse(text[:64], country or None)
    except phonenumbers.NumberParseException:
        # Without a country a number in its national form cannot be read.
        return (None if not country and text[0] != "+" else False), ""
    valid = phonenumbers.is_valid_number(number)
    return valid, phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def phone_key(phone: str | None, country: str = "") -> str:
    """What one telephone number always is, however it is written; "" for none."""
    valid, number = parse_phone(phone, country)
    return number if valid else ""


def address_key(street: str | None, postcode: str | None, country: str = "") -> str:
    """What one address always is, however its street is shortened; "" when it is not complete."""
    street = fold(_STREET.sub("str", street or ""))
    code = normalize_postcode(postcode, country).replace(" ", "")
    has_number = any(c.isdigit() for c in street)
    return f"{country}:{code}:{street}" if code and has_number else ""


def is_under_age(birth_date: str | None, today: date) -> bool | None:
    """Whether somebody born then cannot yet enter into a contract alone; None: not known."""
    try:
        born = date.fromisoformat((birth_date or "")[:10])
    except ValueError:
        return None
    if born > today or today.year - born.year > 130:
        return None
    birthday_to_come = (today.month, today.day) < (born.month, born.day)
    return today.year - born.year - birthday_to_come < _ADULT_YEARS
