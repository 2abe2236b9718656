"""Whether the statements of an account follow each other without a gap.

Each begins with the balance that the one before it ended with; banks also number them, most
from 1 in each year (`ElctrncSeqNb`, field :28C: of MT940). Numbers of two formats are never compared.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Period:
    """One statement: `key` names it to the caller; `kind` is its format, `number` the bank's."""

    key: int
    start: date
    end: date
    opening: Decimal
    closing: Decimal
    kind: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Break:
    """What is wrong between the statement `key` and the one before it.

    `code`: "statement_missing" (numbers are left out), "statement_gap" (balances differ), or
    "statement_twice" (the same days or number again, with other balances). `params` are texts.
    """

    key: int
    code: str
    params: dict


def breaks(periods: Iterable[Period]) -> list[Break]:
    """All breaks in the statements of one account, in their order, whatever order they came in."""
    ordered = in_order(periods)
    found = []
    for before, after in pairwise(ordered):
        if fault := _compare(before, after):
            found.append(Break(after.key, *fault))
    return found


def in_order(periods: Iterable[Period]) -> list[Period]:
    """The statements by day and number; those of one day are chained by their balances."""
    left = sorted(periods, key=lambda p: (p.end, p.number or 0, p.start, p.key))
    ordered: list[Period] = []
    while left:
        same_day = [p for p in left if p.end == left[0].end]
        taken = left[0]
        if ordered:
            follows = (p for p in same_day if p.opening == ordered[-1].closing)
            taken = next(follows, taken)
        else:
            closings = {p.closing for p in same_day}
            taken = next((p for p in same_day if p.opening not in closings), taken)
        left.remove(taken)
        ordered.append(taken)
    return ordered


def _compare(before: Period, after: Period) -> tuple[str, dict] | None:
    if before.closing == after.opening:
        return None
    numbered = (
        before.kind == after.kind
        and before.end.year == after.end.year
        and None not in (before.number, after.number)
    )
    if numbered and after.number > before.number + 1:
        missing = f"{before.number + 1}"
        if after.number > before.number + 2:
            missing = f"{missing}-{after.number - 1}"
        return "statement_missing", {"numbers": missing, "before": after.end.isoformat()}
    same_number = numbered and after.number == before.number
    same_days = (before.start, before.end) == (after.start, after.end) and (
        before.opening == after.opening
    )
    if same_number or same_days or after.start < before.start:
        return "statement_twice", {"start": after.start.isoformat(), "end": after.end.isoformat()}
    return "statement_gap", {
        "opening": str(after.opening),
        "expected": str(before.closing),
        "before": before.end.isoformat(),
        "after": after.end.isoformat(),
    }
