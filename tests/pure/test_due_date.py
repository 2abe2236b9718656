"""The due date of a debit: examples a person can check, and what must hold for any of them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import due_date, target

DAYS = st.dates(date(2024, 1, 1), date(2040, 12, 31))
OPTIONAL_DAYS = st.none() | DAYS


def test_as_early_as_possible():
    assert due_date.choose(date(2026, 11, 24)) == date(2026, 11, 24)
    # A Saturday moves on to Monday.
    assert due_date.choose(date(2026, 11, 28)) == date(2026, 11, 30)


def test_not_before_the_money_is_owed():
    assert due_date.choose(date(2026, 11, 24), date(2026, 12, 10)) == date(2026, 12, 10)
    assert due_date.choose(date(2026, 11, 24), date(2026, 11, 2)) == date(2026, 11, 24)
    assert due_date.choose(date(2026, 11, 24), date(2026, 12, 25)) == date(2026, 12, 28)


@pytest.mark.parametrize(
    ("earliest", "wanted", "day", "expected"),
    [
        ("2026-11-24", None, 1, "2026-12-01"),
        ("2026-11-24", None, 24, "2026-11-24"),
        ("2026-11-25", None, 24, "2026-12-24"),
        ("2026-11-24", "2026-12-10", 15, "2026-12-15"),
        ("2026-11-24", "2026-12-16", 15, "2027-01-15"),
        # Sunday 15 November: Monday 16 is still the fifteenth's debit.
        ("2026-11-16", None, 15, "2026-11-16"),
        # Saturday 28 February moves into March.
        ("2026-03-01", None, 28, "2026-03-02"),
        # New Year.
        ("2026-12-30", None, 1, "2027-01-04"),
    ],
)
def test_the_day_that_the_customer_chose(earliest, wanted, day, expected):
    wanted = wanted and date.fromisoformat(wanted)
    chosen = due_date.choose(date.fromisoformat(earliest), wanted, day)
    assert chosen == date.fromisoformat(expected)


@given(DAYS, OPTIONAL_DAYS, st.integers(0, 28))
def test_a_due_date_is_possible(earliest, wanted, day):
    due = due_date.choose(earliest, wanted, day)
    first = max(earliest, wanted or earliest)
    assert target.is_target_day(due)
    assert due >= first
    # One month and the days of a long Easter at most.
    assert (due - first).days <= (31 + 6 if day else 6)


@given(DAYS, st.integers(1, 28))
def test_it_is_the_first_possible_day_of_the_customer(earliest, day):
    due = due_date.choose(earliest, debit_day=day)
    candidates = {
        target.next_target_day(earliest + timedelta(days=shift))
        for shift in range(-10, 45)
        if (earliest + timedelta(days=shift)).day == day
    }
    assert due == min(date for date in candidates if date >= earliest)


@given(DAYS, st.integers(0, 60), st.integers(0, 90))
def test_notice_and_due_date_agree(told, notice, wait):
    first = due_date.earliest_notified(told, notice)
    assert target.is_target_day(first)
    assert due_date.is_in_time(told, notice, first)
    due = told + timedelta(days=wait)
    assert due_date.is_in_time(told, notice, due) == (wait >= notice)


@pytest.mark.parametrize("day", [-1, 29, 31])
def test_other_days_are_refused(day):
    with pytest.raises(ValueError, match="1 to 28"):
        due_date.choose(date(2026, 11, 24), debit_day=day)
    with pytest.raises(ValueError, match="negative"):
        due_date.earliest_notified(date(2026, 11, 24), -1)
