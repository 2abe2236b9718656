"""Pay-days: the next bank day on which accounts are mostly covered."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import target
from sepa.payday import PayDay, Window, find_payday

GERMAN = (Window(0, 3), Window(15, 16))
days = st.dates(date(2024, 1, 1), date(2035, 12, 31))
windows = st.lists(st.builds(Window, st.integers(0, 31), st.integers(1, 31)), max_size=3)


@pytest.mark.parametrize(
    ("lower", "last", "day"),
    [
        # In the window already.
        (date(2026, 12, 15), date(2026, 12, 29), date(2026, 12, 15)),
        # The middle of the month comes first.
        (date(2026, 12, 4), date(2026, 12, 18), date(2026, 12, 15)),
        # The last bank day of December opens the window of January.
        (date(2026, 12, 17), date(2026, 12, 31), date(2026, 12, 31)),
        # 15 and 16 August 2026 are a weekend: the bank day that follows.
        (date(2026, 8, 10), date(2026, 8, 24), date(2026, 8, 17)),
    ],
)
def test_next_payday(lower, last, day):
    assert find_payday(GERMAN, lower, last).day == day


def test_too_far_away():
    assert find_payday(GERMAN, date(2026, 12, 4), date(2026, 12, 14)) is None
    assert find_payday((), date(2026, 12, 4), date(2027, 12, 14)) is None


def test_it_says_which_window_it_is():
    found = find_payday(GERMAN, date(2026, 12, 17), date(2027, 1, 10))
    assert found == PayDay(date(2026, 12, 31), date(2026, 12, 31), date(2027, 1, 3))


@given(windows, days, st.integers(0, 40))
def test_a_payday_is_a_bank_day_in_time_in_or_right_after_a_window(windows, lower, wait):
    lower = target.next_target_day(lower)
    last = lower + timedelta(days=wait)
    found = find_payday(windows, lower, last)
    if found:
        assert target.is_target_day(found.day)
        assert lower <= found.day <= last
        assert found.start <= found.day <= max(found.end, target.next_target_day(found.start))


@given(windows, days, st.integers(0, 40))
def test_more_patience_never_finds_an_earlier_day(windows, lower, wait):
    lower = target.next_target_day(lower)
    short = find_payday(windows, lower, lower + timedelta(days=wait))
    long = find_payday(windows, lower, lower + timedelta(days=wait + 10))
    assert short is None or short.day == long.day
