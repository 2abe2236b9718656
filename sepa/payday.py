"""Pay-days: the days of a month on which accounts are mostly covered."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from . import target

_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Window:
    """Days of a month on which accounts are mostly covered.

    `first` 0 is the last bank day of the month before; a `first` later than `last` lies in the
    month before, too.
    """

    first: int
    last: int

    def get_days(self, year: int, month: int) -> tuple[date, date]:
        """Return first and last day of the window that ends in this month."""
        end = day_of(year, month, self.last)
        before = date(year, month, 1) - _DAY
        if self.first == 0:
            return target.previous_target_day(before), end
        if self.first > self.last:
            return day_of(before.year, before.month, self.first), end
        return day_of(year, month, self.first), end


class PayDay(NamedTuple):
    """A TARGET day on which to collect, and first and last day of the window that it belongs to."""

    day: date
    start: date
    end: date


def find_payday(windows: Iterable[Window], lower: date, last: date) -> PayDay | None:
    """Return the first bank day inside a window, or right after one without any bank day.

    :param windows: the pay-days of the customer's country.
    :param lower: the first TARGET day that is possible.
    :param last: the last day that is possible.
    :return: None when no window opens in time.
    """
    found = (_find_in_window(window, lower, last) for window in windows)
    return min(filter(None, found), default=None)


def _find_in_window(window, lower, last):
    month = lower.replace(day=1)
    for _month in range(3):
        start, end = window.get_days(month.year, month.month)
        opening = target.next_target_day(start)
        day = max(opening, lower)
        # A window of closed days only: the money is there on the bank day that follows.
        if day <= min(max(end, opening), last):
            return PayDay(day, start, end)
        month = (month + 31 * _DAY).replace(day=1)
    return None


def day_of(year: int, month: int, day: int) -> date:
    """Return a day of a month, its last one when it is shorter."""
    first = date(year, month, 1)
    following = (first + 31 * _DAY).replace(day=1)
    return min(first + (day - 1) * _DAY, following - _DAY)
