"""Points and probabilities: every value has a row, more points never mean more risk."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import card as cards
from scoring.model import Attribute, Bin, Card, Signal

AMOUNT = Attribute(
    "amount",
    (
        Bin(12.0, "up to 50", high=50.0),
        Bin(0.0, "50 to 200", low=50.0, high=200.0),
        Bin(-15.0, "from 200", low=200.0),
        Bin(-4.0, "unknown", is_missing=True),
    ),
)
MAIL = Attribute("mail", (Bin(-20.0, "disposable", texts=("disposable",)), Bin(3.0, "other")))
KNOWN = Attribute("known", (Bin(9.0, "yes", texts=("true",)), Bin(-9.0, "no", texts=("false",))))
CARD = Card("test", 1, 580.0, (AMOUNT, MAIL, KNOWN))
VALUES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12)


def make_signals(**values):
    return {code: Signal(code, value) for code, value in values.items()}


def test_points_of_every_fact_are_added_and_named():
    found = cards.score(CARD, make_signals(amount=75, mail="disposable", known=True))
    assert found.points == 569
    assert [part.label for part in found.contributions] == ["50 to 200", "disposable", "yes"]
    assert [part.best for part in found.contributions] == [12.0, 3.0, 9.0]


@pytest.mark.parametrize(
    ("value", "label"),
    [
        (49.99, "up to 50"),
        (50, "50 to 200"),
        (200, "from 200"),
        (-1, "up to 50"),
        (math.inf, "from 200"),
        (-math.inf, "up to 50"),
        (math.nan, "unknown"),
        (None, "unknown"),
    ],
)
def test_lower_ends_belong_to_a_row_and_upper_ends_do_not(value, label):
    found = cards.score(CARD, make_signals(amount=value))
    assert found.contributions[0].label == label


def test_what_no_row_describes_counts_nothing():
    # A fact without a row for what is unknown, and a text where the table has numbers.
    found = cards.score(CARD, make_signals(amount="much"))
    assert [part.points for part in found.contributions] == [0.0, 3.0, 0.0]


def test_a_check_that_could_not_run_is_unknown_whatever_it_holds():
    signals = {"amount": Signal("amount", 500, status="unknown")}
    assert cards.score(CARD, signals).contributions[0].label == "unknown"


@pytest.mark.parametrize(
    ("pd", "points"), [(0.02, 599), (0.05, 572), (0.07, 562), (0.10, 551), (0.15, 537)]
)
def test_600_points_are_odds_of_50_to_1_and_20_points_double_them(pd, points):
    assert round(cards.get_points(CARD, pd)) == points
    assert cards.get_pd(CARD, 600) == pytest.approx(1 / 51)
    assert cards.get_pd(CARD, 620) == pytest.approx(1 / 101)


def test_recalibration_stretches_and_moves_log_odds():
    doubled = Card("test", 1, 600.0, (), slope=2.0, intercept=0.0)
    assert cards.get_pd(doubled, 600) == pytest.approx(1 / 2501)
    moved = Card("test", 1, 600.0, (), slope=1.0, intercept=math.log(2))
    assert cards.get_pd(moved, 600) == pytest.approx(1 / 26)


@given(st.floats(1e-6, 1 - 1e-6), st.floats(0.2, 3), st.floats(-2, 2))
def test_points_and_probability_are_each_others_reverse(pd, slope, intercept):
    card = Card("test", 1, 600.0, (), slope=slope, intercept=intercept)
    assert cards.get_pd(card, cards.get_points(card, pd)) == pytest.approx(pd, rel=1e-6)


@given(st.floats(allow_nan=False), st.floats(allow_nan=False))
def test_more_points_never_mean_more_risk(first, second):
    low, high = sorted((first, second))
    assert 0 <= cards.get_pd(CARD, high) <= cards.get_pd(CARD, low) <= 1


@given(st.dictionaries(st.sampled_from(("amount", "mail", "known", "else")), VALUES))
def test_any_value_can_be_scored_and_rows_agree_with_the_fast_way(values):
    signals = make_signals(**values)
    found = cards.score(CARD, signals)
    assert 0 < found.pd < 1
    for attribute, part in zip(CARD.attributes, found.contributions, strict=True):
        row = cards.get_bin(attribute, cards.get_value(signals.get(attribute.signal)))
        assert (part.label, part.points) == ((row.label, row.points) if row else ("", 0.0))
        assert part.best >= part.points


def make_rows(numbers):
    ends = st.none() | st.sampled_from(numbers)
    texts = st.lists(st.sampled_from(("a", "b", "true")), max_size=2).map(tuple)
    return st.lists(
        st.builds(Bin, st.floats(-50, 50), st.text(max_size=3), ends, ends, texts, st.booleans()),
        max_size=6,
    ).map(tuple)


@given(
    make_rows((-1.0, 0.0, 2.5, 7.0)), st.sampled_from((None, True, -2, -1, 0, 1, 2.5, 7, "a", "z"))
)
def test_tables_with_gaps_and_overlaps_take_the_first_row(rows, value):
    attribute = Attribute("fact", rows)
    signals = make_signals(fact=value)
    part = cards.score(Card("test", 1, 600.0, (attribute,)), signals).contributions[0]
    row = cards.get_bin(attribute, cards.get_value(signals["fact"]))
    assert (part.label, part.points) == ((row.label, row.points) if row else ("", 0.0))


def test_many_cards_do_not_mix():
    for number in range(200):
        card = Card("test", number, 600.0, (Attribute("one", (Bin(float(number), "all"),)),))
        assert cards.score(card, make_signals(one=1)).points == 600 + number
