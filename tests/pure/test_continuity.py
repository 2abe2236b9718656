"""Statements of an account follow each other."""

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from sepa.continuity import Period, breaks

DAY = date(2026, 11, 2)


def period(key, day, opening, closing, number=None, kind="camt.053"):
    when = DAY + timedelta(days=day)
    return Period(key, when, when, Decimal(opening), Decimal(closing), kind, number)


def codes(*periods):
    return [(item.key, item.code) for item in breaks(periods)]


def test_one_after_the_other():
    assert codes(period(1, 0, 0, 10), period(2, 1, 10, 15), period(3, 2, 15, 15)) == []


def test_missing_number_names_it():
    found = breaks([period(1, 0, 0, 10, 7), period(2, 2, 20, 25, 9)])
    assert [(item.code, item.params["numbers"]) for item in found] == [("statement_missing", "8")]
    found = breaks([period(1, 0, 0, 10, 7), period(2, 5, 20, 25, 12)])
    assert found[0].params["numbers"] == "8-11"


def test_another_balance_without_numbers():
    assert codes(period(1, 0, 0, 10), period(2, 1, 11, 15)) == [(2, "statement_gap")]


def test_numbers_of_two_formats_are_not_compared():
    first, second = period(1, 0, 0, 10, 7), period(2, 1, 10, 12, 93, "mt940")
    assert codes(first, second) == []


def test_numbers_begin_again_in_january():
    first = Period(1, date(2026, 12, 30), date(2026, 12, 30), Decimal(0), Decimal(5), "mt940", 250)
    second = Period(2, date(2027, 1, 4), date(2027, 1, 4), Decimal(6), Decimal(7), "mt940", 2)
    assert codes(first, second) == [(2, "statement_gap")]


def test_same_day_twice_with_other_balances():
    assert codes(period(1, 0, 0, 10, 3), period(2, 0, 0, 12, 3)) == [(2, "statement_twice")]
    assert codes(period(1, 0, 0, 10), period(2, 0, 0, 12)) == [(2, "statement_twice")]


def test_several_of_one_day_are_chained():
    assert codes(period(1, 0, 12, 15), period(2, 0, 0, 10), period(3, 0, 10, 12)) == []


@given(st.lists(st.integers(-100, 100), min_size=1, max_size=12), st.randoms())
def test_whatever_the_order_they_come_in(changes, random):
    balance, periods = 0, []
    for day, change in enumerate(changes):
        periods.append(period(day, day, balance, balance + change, day + 1))
        balance += change
    random.shuffle(periods)
    assert breaks(periods) == []
