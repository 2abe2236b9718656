"""TARGET calendar and due dates."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import target

BERLIN = ZoneInfo("Europe/Berlin")
DAYS = st.dates(date(2002, 1, 1), date(2060, 12, 31))
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))
CUT_OFFS = st.times(time(6, 0), time(20, 0))

EASTER = {
    2024: (date(2024, 3, 29), date(2024, 4, 1)),
    2025: (date(2025, 4, 18), date(2025, 4, 21)),
    2026: (date(2026, 4, 3), date(2026, 4, 6)),
    2027: (date(2027, 3, 26), date(2027, 3, 29)),
    2028: (date(2028, 4, 14), date(2028, 4, 17)),
    2029: (date(2029, 3, 30), date(2029, 4, 2)),
    2030: (date(2030, 4, 19), date(2030, 4, 22)),
}


@pytest.mark.parametrize("year", EASTER)
def test_closing_days(year):
    fixed = {date(year, 1, 1), date(year, 5, 1), date(year, 12, 25), date(year, 12, 26)}
    assert target.closing_days(year) == fixed | set(EASTER[year])


@pytest.mark.parametrize(
    ("year", "count"), [(2024, 256), (2025, 255), (2026, 256), (2027, 258), (2028, 255)]
)
def test_number_of_target_days(year, count):
    first = date(year, 1, 1)
    length = (date(year + 1, 1, 1) - first).days
    assert sum(target.is_target_day(first + timedelta(n)) for n in range(length)) == count


def test_ordinary_holidays_are_target_days():
    for day in (date(2026, 12, 24), date(2026, 12, 31), date(2025, 10, 3), date(2026, 5, 14)):
        assert target.is_target_day(day)


@pytest.mark.parametrize(
    ("due", "latest"),
    [
        (date(2026, 12, 28), date(2026, 12, 24)),
        (date(2026, 4, 7), date(2026, 4, 2)),
        (date(2027, 3, 30), date(2027, 3, 25)),
    ],
)
def test_one_target_day_before(due, latest):
    assert target.add_target_days(due, -1) == latest
    assert target.add_target_days(latest, 1) == due


def test_a_closed_day_is_not_counted():
    saturday = date(2026, 11, 21)
    assert target.add_target_days(saturday, 0) == date(2026, 11, 23)
    assert target.add_target_days(saturday, 1) == date(2026, 11, 23)
    assert target.add_target_days(saturday, -1) == date(2026, 11, 20)
    assert target.previous_target_day(saturday) == date(2026, 11, 20)
    assert target.next_target_day(saturday) == date(2026, 11, 23)


@given(DAYS, st.integers(-40, 40))
def test_steps_land_on_target_days_and_go_back(day, count):
    reached = target.add_target_days(day, count)
    assert target.is_target_day(reached)
    if target.is_target_day(day):
        assert target.add_target_days(reached, -count) == day


@given(DAYS, st.integers(1, 20), st.integers(1, 20))
def test_steps_add_up(day, first, second):
    one = target.add_target_days(target.add_target_days(day, first), second)
    assert one == target.add_target_days(day, first + second)


@given(DAYS)
def test_banks_never_close_for_more_than_five_days(day):
    assert day <= target.next_target_day(day) <= day + timedelta(5)
    assert day - timedelta(5) <= target.previous_target_day(day) <= day


def earliest(text, lead=1, cut_off=time(11, 0), **more):
    now = datetime.fromisoformat(text).replace(tzinfo=BERLIN)
    return target.earliest_collection(now, cut_off, lead, BERLIN, **more)


@pytest.mark.parametrize(
    ("now", "lead", "due"),
    [
        ("2026-11-23T10:59:59", 1, date(2026, 11, 24)),
        ("2026-11-23T11:00:00", 1, date(2026, 11, 25)),
        ("2026-11-23T10:00:00", 2, date(2026, 11, 25)),
        ("2026-11-20T12:00:00", 1, date(2026, 11, 24)),
        ("2026-11-22T10:00:00", 1, date(2026, 11, 24)),
        ("2026-12-24T10:00:00", 1, date(2026, 12, 28)),
        ("2026-12-24T12:00:00", 1, date(2026, 12, 29)),
        ("2026-04-02T12:00:00", 1, date(2026, 4, 8)),
    ],
)
def test_earliest_collection(now, lead, due):
    assert earliest(now, lead) == due


def test_notice_and_agreed_day_push_the_due_date():
    assert earliest("2026-11-23T10:00:00", notice_days=14) == date(2026, 12, 7)
    assert earliest("2026-11-23T10:00:00", notice_days=12) == date(2026, 12, 7)
    assert earliest("2026-11-23T10:00:00", not_before=date(2026, 12, 25)) == date(2026, 12, 28)
    assert earliest("2026-11-23T10:00:00", not_before=date(2020, 1, 1)) == date(2026, 11, 24)


def test_today_is_the_banks_today():
    # 23:30 UTC on Monday is Tuesday in Berlin.
    now = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
    assert target.earliest_collection(now, time(11), 1, BERLIN) == date(2026, 11, 25)


@given(MOMENTS, CUT_OFFS, st.integers(1, 5), st.integers(0, 30))
def test_the_deadline_of_the_earliest_day_lies_ahead(now, cut_off, lead, notice):
    due = target.earliest_collection(now, cut_off, lead, BERLIN, notice_days=notice)
    assert target.is_target_day(due)
    assert now < target.submission_deadline(due, cut_off, lead, BERLIN)
    assert due >= now.astimezone(BERLIN).date() + timedelta(days=notice)
    if notice == 0:
        before = target.add_target_days(due, -1)
        assert now >= target.submission_deadline(before, cut_off, lead, BERLIN)


def test_deadline_of_a_closed_day_is_that_of_the_next_target_day():
    deadline = target.submission_deadline(date(2026, 12, 26), time(11), 1, BERLIN)
    assert deadline == datetime(2026, 12, 24, 11, tzinfo=BERLIN)


def test_senseless_settings_are_refused():
    now = datetime(2026, 11, 23, tzinfo=BERLIN)
    with pytest.raises(ValueError, match="one TARGET day"):
        target.earliest_collection(now, time(11), 0, BERLIN)
    with pytest.raises(ValueError, match="time zone"):
        target.earliest_collection(now.replace(tzinfo=None), time(11), 1, BERLIN)
    with pytest.raises(ValueError, match="negative"):
        target.earliest_collection(now, time(11), 1, BERLIN, notice_days=-1)
    with pytest.raises(ValueError, match="one TARGET day"):
        target.submission_deadline(now.date(), time(11), 0, BERLIN)
