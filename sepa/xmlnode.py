"""Values out of elements of a bank message, whatever namespace or version they come in.

A step of a path is a local name; the first child of that name is taken. Text that is not
what it should be gives None and, when a `Findings` list is at hand, a finding.
"""

import re
from datetime import date, datetime
from decimal import Decimal

from .bankfile import LOCAL, Findings

_AMOUNT = re.compile(r"[+-]?[0-9]{1,18}(?:\.[0-9]{0,5})?|[+-]?\.[0-9]{1,5}", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d|T.*)?", re.ASCII)


def kids(element) -> dict:
    """Local name -> first child of that name; empty for None."""
    found = {}
    if element is not None:
        for child in element:
            found.setdefault(LOCAL[child.tag], child)
    return found


def every(element, name: str) -> list:
    """All children called `name`."""
    return [child for child in element if LOCAL[child.tag] == name] if element is not None else []


def node(element, path: str):
    """The element at `path` ("Id/IBAN") below `element`, or None."""
    for step in path.split("/"):
        if element is None:
            return None
        for child in element:
            if LOCAL[child.tag] == step:
                element = child
                break
        else:
            return None
    return element


def text(element) -> str | None:
    """The element's text without surrounding blanks; None for a missing or empty one."""
    if element is None or element.text is None:
        return None
    return element.text.strip() or None


def value(element, path: str) -> str | None:
    """The text at `path` below `element`, or None."""
    return text(node(element, path))


def one_of(element, *paths: str) -> str | None:
    """The first of several paths that has text: versions put the same value in different places."""
    for path in paths:
        found = value(element, path)
        if found is not None:
            return found
    return None


def parse_amount(raw: str | None) -> Decimal | None:
    """Digits and one point, as ISO 20022 writes amounts; None for everything else (NaN, 1e5, 1,00)."""
    return Decimal(raw) if raw and _AMOUNT.fullmatch(raw) else None


def amount_at(element, where: str, findings: Findings) -> Decimal | None:
    """The unsigned amount in `element`; a finding "bad_amount" when it is there but not readable."""
    raw = text(element)
    amount = parse_amount(raw)
    if amount is not None and amount >= 0:
        return amount
    if element is not None:
        findings.add("bad_amount", where, value=(raw or "")[:40])
    return None


def parse_whole(raw: str | None) -> int | None:
    """A count; None when it is not one."""
    return int(raw) if raw and _WHOLE.fullmatch(raw) else None


def parse_date(raw: str | None) -> date | None:
    """The day of an ISO date or date-time, as written (no shift to another zone)."""
    match = _DATE.fullmatch(raw) if raw else None
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def date_at(element, where: str, findings: Findings) -> date | None:
    """The day in `element`, which has it as text, or in a `Dt` or `DtTm` child; finding "bad_date"."""
    if element is None:
        return None
    raw = text(element) or one_of(element, "Dt", "DtTm")
    found = parse_date(raw)
    if found is None:
        findings.add("bad_date", where, value=(raw or "")[:40])
    return found


def moment_at(element, where: str, findings: Findings) -> datetime | None:
    """The moment in `element`: aware when the bank names a zone, else naive (the bank's local time)."""
    raw = text(element)
    try:
        return datetime.fromisoformat(raw) if raw else None
    except ValueError:
        findings.add("bad_date", where, value=raw[:40])
        return None


def party_name(element) -> str | None:
    """A party's name: `Nm` (to .02-.06), `Pty/Nm` or `Agt/FinInstnId/Nm` (from .07/.08)."""
    return one_of(element, "Nm", "Pty/Nm", "Agt/FinInstnId/Nm")


def account_number(element) -> str | None:
    """An account's IBAN without blanks, else None."""
    found = value(element, "Id/IBAN")
    return found.replace(" ", "").upper() if found else None


def private_id(element) -> str | None:
    """A party's identifier below `element` (creditor identifier): `Id/PrvtId|OrgId/Othr/Id`, .08: under `Pty`."""
    return one_of(
        element,
        "Id/PrvtId/Othr/Id",
        "Pty/Id/PrvtId/Othr/Id",
        "Id/OrgId/Othr/Id",
        "Pty/Id/OrgId/Othr/Id",
    )
