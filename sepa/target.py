"""Days of the TARGET calendar and what they mean for a direct debit.

TARGET is closed on Saturdays, Sundays, 1 January, Good Friday, Easter Monday, 1 May, 25 and 26
December (ECB, valid since 2002). Since 20 November 2016 a collection of any sequence type must be
with the debtor's bank one TARGET day before its due date (EPC016-06 4.3.1, "D-1").
"""

from datetime import date, datetime, time, timedelta, tzinfo
from functools import lru_cache

from dateutil.easter import easter

_DAY = timedelta(days=1)
_SATURDAY = 5


@lru_cache(maxsize=64)
def closing_days(year: int) -> frozenset[date]:
    """Return the closing days of a year, without its Saturdays and Sundays in general."""
    sunday = easter(year)
    return frozenset(
        (
            date(year, 1, 1),
            sunday - 2 * _DAY,
            sunday + _DAY,
            date(year, 5, 1),
            date(year, 12, 25),
            date(year, 12, 26),
        )
    )


def is_target_day(day: date) -> bool:
    """Tell whether banks settle euro payments on this day."""
    return day.weekday() < _SATURDAY and day not in closing_days(day.year)


def next_target_day(day: date) -> date:
    """Return the first TARGET day on or after ``day``."""
    while not is_target_day(day):
        day += _DAY
    return day


def previous_target_day(day: date) -> date:
    """Return the last TARGET day on or before ``day``."""
    while not is_target_day(day):
        day -= _DAY
    return day


def add_target_days(day: date, count: int) -> date:
    """Return the ``count``-th TARGET day after ``day``, or before it when ``count`` is negative.

    A closed ``day`` is not counted: Saturday plus one is Monday, Saturday minus one is Friday.
    ``count`` 0 gives the next TARGET day on or after ``day``.
    """
    if count == 0:
        return next_target_day(day)
    for _ in range(abs(count)):
        day = next_target_day(day + _DAY) if count > 0 else previous_target_day(day - _DAY)
    return day


def earliest_collection(
    now: datetime,
    cut_off: time,
    lead_days: int,
    tz: tzinfo,
    not_before: date | None = None,
    notice_days: int = 0,
) -> date:
    """Return the first due date that a file made ``now`` can carry.

    :param now: an aware moment, in any zone.
    :param cut_off: local time of the bank; a file at this very time is too late for the day.
    :param lead_days: TARGET days between the bank's receipt and the due date, at least 1.
    :param tz: the bank's zone.
    :param not_before: a day agreed with the customer, for instance the end of a period.
    :param notice_days: calendar days of pre-notification, counted from today in ``tz``.
    :raises ValueError: ``now`` without a zone, ``lead_days`` below 1, ``notice_days`` below 0.
    """
    if now.tzinfo is None:
        raise ValueError("The moment needs a time zone.")
    if notice_days < 0:
        raise ValueError("The period of notice cannot be negative.")
    _require_lead(lead_days)
    local = now.astimezone(tz)
    today = local.date()
    in_time = is_target_day(today) and local.time() < cut_off
    received = today if in_time else next_target_day(today + _DAY)
    due = add_target_days(received, lead_days)
    due = max(due, today + timedelta(days=notice_days), not_before or due)
    return next_target_day(due)


def submission_deadline(
    collection_date: date, cut_off: time, lead_days: int, tz: tzinfo
) -> datetime:
    """Return the moment before which a file for this due date must have reached the bank.

    The result is aware, in ``tz``. A due date on a closed day counts as the next TARGET day.

    :raises ValueError: ``lead_days`` below 1.
    """
    _require_lead(lead_days)
    received = add_target_days(next_target_day(collection_date), -lead_days)
    return datetime.combine(received, cut_off, tzinfo=tz)


def _require_lead(lead_days):
    if lead_days < 1:
        raise ValueError("The debtor's bank needs the collection one TARGET day before.")
