"""Values out of a bank message, whatever namespace or version it comes in.

`tree` turns an element into one flat dictionary, path of local names to text without
surrounding blanks: `{"Refs": "", "Refs/EndToEndId": "SUP-1", "Amt": "9.90", "Amt@": "EUR"}`.
A second child of the same name is `Chrgs#1`, a third `Chrgs#2`; an amount has its currency
under its path with "@". Looking things up there is several times faster than walking over
elements, and banks write thousands of entries of the same shape, whose paths are worked out
once. Text that is not what it should be gives None and, when the value matters, a finding.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from operator import attrgetter

from .bankfile import LOCAL, Findings

_AMOUNT = re.compile(r"[+-]?(?:[0-9]{1,18}(?:\.[0-9]{0,5})?|\.[0-9]{1,5})", re.ASCII)
_WHOLE = re.compile(r"[0-9]{1,15}", re.ASCII)
_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:Z|[+-]\d\d:\d\d|T.*)?", re.ASCII)


_NOTHING = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NICHT ANGEGEBEN", "UNKNOWN"})
#: Shapes remembered, and elements up to which one is worth remembering.
_SHAPES_KEPT = 2000
_SHAPE_SIZE = 400
_TAG = attrgetter("tag")


class _Shape:
    """The paths of one arrangement of elements: what `tree` needs to know beside the texts.

    `containers` has the paths of elements with children, `leaves` the positions and `paths`
    the paths of the others, `amounts` positions and paths of the currencies.
    """

    __slots__ = ("amounts", "containers", "leaves", "paths")

    def __init__(self, tags: tuple, sizes: tuple):
        self.containers, self.leaves, self.paths, self.amounts = {}, [], [], []
        taken: dict[str, int] = {}
        open_elements = [["", sizes[0]]]
        for index in range(1, len(tags)):
            while open_elements[-1][1] == 0:
                open_elements.pop()
            open_elements[-1][1] -= 1
            path = open_elements[-1][0] + LOCAL[tags[index]]
            count = taken.get(path, 0)
            taken[path] = count + 1
            if count:
                path = f"{path}#{count}"
            if sizes[index]:
                self.containers[path] = ""
                open_elements.append([path + "/", sizes[index]])
                continue
            self.leaves.append(index)
            self.paths.append(path)
            if LOCAL[tags[index]].endswith("Amt"):
                self.amounts.append((index, path + "@"))


_shapes: dict[tuple, _Shape] = {}


def others(element, name: str) -> list:
    """The children of `element` that are not called `name`."""
    return [child for child in element if LOCAL[child.tag] != name]


def tree(element, children: list | None = None) -> dict:
    """What is below `element` as a dictionary (see above), or below these of its `children` only."""
    if children is None:
        nodes = list(element.iter())
        key = (tuple(map(_TAG, nodes)), tuple(map(len, nodes)))
    else:
        nodes = [element]
        for child in children:
            nodes += child.iter()
        key = (tuple(map(_TAG, nodes)), (len(children), *map(len, nodes[1:])))
    shape = _shapes.get(key)
    if shape is None:
        shape = _Shape(*key)
        if len(_shapes) < _SHAPES_KEPT and len(nodes) <= _SHAPE_SIZE:
            _shapes[key] = shape
    found = shape.containers.copy()
    texts = [nodes[index].text for index in shape.leaves]
    found.update(zip(shape.paths, [text.strip() if text else "" for text in texts], strict=True))
    for index, path in shape.amounts:
        found[path] = nodes[index].get("Ccy")
    return found


def each(found: dict, path: str) -> Iterator[str]:
    """The paths of all children that have the name of `path`: `Chrgs`, `Chrgs#1`, `Chrgs#2`, …"""
    number, current = 0, path
    while current in found:
        yield current
        number += 1
        current = f"{path}#{number}"


def lines(found: dict, path: str) -> list[str]:
    """The texts of all children that have the name of `path`, empty ones left out."""
    first = found.get(path)
    if first is None or path + "#1" not in found:
        return [first] if first else []
    return [found[current] for current in each(found, path) if found[current]]


@lru_cache(maxsize=4096)
def parse_amount(raw: str | None) -> Decimal | None:
    """Digits and one point, as ISO 20022 writes amounts; None for all else (NaN, 1e5, 1,00)."""
    return Decimal(raw) if raw and _AMOUNT.fullmatch(raw) else None


def amount_in(found: dict, path: str, where: str, findings: Findings) -> Decimal | None:
    """The unsigned amount at `path` below `where`; finding "bad_amount" when it is there but unreadable."""
    raw = found.get(path)
    if raw is None:
        return None
    amount = parse_amount(raw)
    if amount is not None and amount >= 0:
        return amount
    findings.add("bad_amount", f"{where}/{path}", value=raw[:40])
    return None


def parse_whole(raw: str | None) -> int | None:
    """A count; None when it is not one."""
    return int(raw) if raw and _WHOLE.fullmatch(raw) else None


@lru_cache(maxsize=1024)
def parse_date(raw: str | None) -> date | None:
    """The day of an ISO date or date-time, as written (no shift to another zone)."""
    match = _DATE.fullmatch(raw) if raw else None
    if not match:
        return None
    try:
        return date(*map(int, match.groups()))
    except ValueError:
        return None


def date_in(found: dict, path: str, where: str, findings: Findings) -> date | None:
    """The day at `path`, as text there or in `Dt` or `DtTm` below; finding "bad_date"."""
    raw = found.get(path)
    if raw is None:
        return None
    raw = raw or found.get(path + "/Dt") or found.get(path + "/DtTm") or ""
    day = parse_date(raw)
    if day is None:
        findings.add("bad_date", f"{where}/{path}", value=raw[:40])
    return day


def moment_in(found: dict, path: str, where: str, findings: Findings) -> datetime | None:
    """The moment at `path`: aware when the bank names a zone, else the bank's local time."""
    raw = found.get(path)
    try:
        return datetime.fromisoformat(raw) if raw else None
    except ValueError:
        findings.add("bad_date", f"{where}/{path}", value=raw[:40])
        return None


def party_name(found: dict, path: str) -> str | None:
    """The name of the party at `path`: `Nm` in old versions, `Pty/Nm` from .07, or that of a bank."""
    if path not in found:
        return None
    return (
        found.get(path + "/Nm")
        or found.get(path + "/Pty/Nm")
        or found.get(path + "/Agt/FinInstnId/Nm")
        or None
    )


def account_number(found: dict, path: str) -> str | None:
    """The IBAN of the account at `path` without blanks, or None."""
    iban = found.get(path + "/Id/IBAN")
    return iban.replace(" ", "").upper() if iban else None


def party_id(found: dict, path: str) -> str | None:
    """The identifier of the party at `path` (a creditor identifier), in the layout of any version."""
    if path not in found:
        return None
    holder = path + "/Pty/Id" if path + "/Pty" in found else path + "/Id"
    return found.get(holder + "/PrvtId/Othr/Id") or found.get(holder + "/OrgId/Othr/Id") or None


def reference(raw: str | None) -> str | None:
    """A reference, or None for nothing and the words banks write where they have none."""
    return raw if raw and raw.upper() not in _NOTHING else None
