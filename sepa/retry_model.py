"""The values that repeating a direct debit is decided with: rules, history, failure, outcome."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from . import target
from .payday import Window

_DAY = timedelta(days=1)
_ZERO = Decimal(0)

#: Days of the month that behave alike, first and last. No public curve of German accounts exists,
#: so these are only the boxes in which a customer's own payments are counted.
BUCKETS = ((1, 5), (6, 15), (16, 24), (25, 28), (29, 31))
#: The ways to choose a day, in the usual order.
STRATEGIES = ("chosen_day", "history", "payday")
#: A customer's own history counts from so many payments on.
MIN_PAYMENTS = 3


@dataclass(frozen=True, slots=True)
class Policy:
    """How often and when a debit may be presented again.

    `chances` are prior shares of success by number of the repetition, the last one holds for all
    that follow; `prior_weight` says how many own payments weigh as much as a prior.
    """

    max_retries: int = 2
    window_days: int = 42
    distance_days: int = 5
    strategies: Sequence[str] = STRATEGIES
    windows: Sequence[Window] = ()
    chances: Sequence[Decimal] = (Decimal("0.7"), Decimal("0.4"))
    prior_weight: Decimal = Decimal(4)
    stops_when_not_worth: bool = True

    def get_prior(self, repetition: int) -> Decimal:
        """Return the prior chance of the first, second ... repetition."""
        if not self.chances:
            return _ZERO
        return self.chances[min(repetition, len(self.chances)) - 1]

    def get_last_day(self, first_collection: date) -> date:
        """Return the last day on which a repetition may be due."""
        return target.previous_target_day(first_collection + self.window_days * _DAY)


@dataclass(frozen=True, slots=True)
class History:
    """How a customer's debits went: `{day of the month: count}` of those paid and those without funds."""

    paid: Mapping[int, int] = field(default_factory=dict)
    failed: Mapping[int, int] = field(default_factory=dict)

    @property
    def is_usable(self) -> bool:
        return sum(self.paid.values()) >= MIN_PAYMENTS

    def count(self, bucket: tuple[int, int]) -> tuple[int, int]:
        """Return how many debits in these days were paid, and how many there were."""
        paid = sum(n for day, n in self.paid.items() if bucket[0] <= day <= bucket[1])
        failed = sum(n for day, n in self.failed.items() if bucket[0] <= day <= bucket[1])
        return paid, paid + failed

    def get_best_day(self, bucket: tuple[int, int]) -> int:
        """Return the day in these days on which most debits were paid, the earliest of equals."""
        inside = {day: n for day, n in self.paid.items() if bucket[0] <= day <= bucket[1]}
        return min(inside, key=lambda day: (-inside[day], day))


@dataclass(frozen=True, slots=True)
class Failure:
    """A debit that came back.

    `attempt` 1 is the first collection; `collection` is when this one was due, `first_collection`
    when the first was; `is_technical` when the account had nothing to do with it.
    """

    attempt: int
    collection: date
    first_collection: date
    amount: Decimal
    fee: Decimal = _ZERO
    is_technical: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """The next attempt: a TARGET day, why this day, the chance of success, the last day possible."""

    date: date
    code: str
    params: Mapping[str, object]
    chance: Decimal
    last_date: date


@dataclass(frozen=True, slots=True)
class Stop:
    """Why there is no further attempt."""

    code: str
    params: Mapping[str, object] = field(default_factory=dict)
