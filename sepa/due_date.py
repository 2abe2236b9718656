"""The due date of a direct debit: what the bank can do, what was agreed, what the customer wishes.

A debit must not be due earlier than the bank can collect it and the customer was told (EPC016-06
4.3.1 and 4.4), nor before the money is owed. A wish that falls on a closed day moves on to the next
TARGET day, as banks do it with standing orders.
"""

from datetime import date, timedelta

from .target import next_target_day

#: Days of the month that a customer can choose; every month has them.
DEBIT_DAYS = range(1, 29)
_MONTHS = 12


def earliest_notified(told: date, notice_days: int) -> date:
    """Return the first due date that a customer who was told on a day has to expect.

    :param told: the day of the notice, in the bank's zone.
    :param notice_days: calendar days between notice and due date.
    :raises ValueError: ``notice_days`` below 0.
    """
    if notice_days < 0:
        raise ValueError("The period of notice cannot be negative.")
    return next_target_day(told + timedelta(days=notice_days))


def is_in_time(told: date, notice_days: int, due: date) -> bool:
    """Tell whether a customer who was told on ``told`` knows of a debit in time."""
    return (due - told).days >= notice_days


def choose(earliest: date, wanted: date | None = None, debit_day: int = 0) -> date:
    """Return the due date of a debit, a TARGET day.

    :param earliest: the first day that bank and notice allow.
    :param wanted: the day from which the money may be collected, for instance the invoice's due
        date; ``None`` for as early as possible.
    :param debit_day: the day of the month that the customer chose, 1 to 28; 0 for none. It counts
        from ``wanted`` on, so that nothing is collected before it is owed.
    :raises ValueError: ``debit_day`` is not 0 to 28.
    """
    first = max(earliest, wanted or earliest)
    if not debit_day:
        return next_target_day(first)
    if debit_day not in DEBIT_DAYS:
        raise ValueError("A debit day is a day from 1 to 28.")
    # The day of last month may lie before `first` and move on past it: Saturday 28th to Monday 2nd.
    month = first.year * _MONTHS + first.month - 2
    while True:
        year, index = divmod(month, _MONTHS)
        due = next_target_day(date(year, index + 1, debit_day))
        if due >= first:
            return due
        month += 1
