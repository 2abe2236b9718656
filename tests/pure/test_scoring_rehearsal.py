"""What a policy would have done with orders of the past."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.profit import Economics
from scoring.rehearsal import BAD, GOOD, OPEN, Totals, Trial, add_up, get_base_rate, get_risk

TRIALS = st.lists(
    st.builds(
        Trial,
        amount=st.floats(1, 1000),
        colour=st.sampled_from(("green", "yellow", "red")),
        pd=st.none() | st.floats(0, 1),
        outcome=st.sampled_from((GOOD, BAD, OPEN)),
        cost=st.floats(0, 1),
    ),
    max_size=30,
)


def test_nothing_was_ordered():
    assert add_up([]) == Totals()


def test_known_outcomes_count_before_chances():
    assert get_risk(Trial(100, "green", pd=0.5, outcome=GOOD), 0.1) == 0
    assert get_risk(Trial(100, "green", pd=0.5, outcome=BAD), 0.1) == 1
    assert get_risk(Trial(100, "green", pd=0.5), 0.1) == 0.5
    assert get_risk(Trial(100, "green"), 0.1) == 0.1


def test_average_of_known_outcomes():
    trials = [Trial(1, "green", outcome=outcome) for outcome in (GOOD, GOOD, GOOD, BAD, OPEN)]
    assert get_base_rate(trials) == 0.25
    assert get_base_rate(trials[4:], 0.07) == 0.07


def test_totals_of_four_orders():
    economics = Economics(abandoned=0.5, abandoned_yellow=0.0)
    totals = add_up(
        [
            Trial(100, "green", outcome=GOOD, cost=0.5),
            Trial(100, "green", outcome=BAD),
            Trial(50, "yellow", pd=0.5),
            Trial(80, "red", pd=0.9),
        ],
        economics,
    )
    assert (totals.orders, totals.green, totals.yellow, totals.red) == (4, 2, 1, 1)
    assert totals.debit_share == 0.75
    assert totals.returns == 1.5
    assert totals.return_rate == 0.5
    assert (totals.lost_orders, totals.lost_sales, totals.check_cost) == (0.5, 40, 0.5)
    earned = (
        economics.debit(100, 0) + economics.debit(100, 1) + economics.debit(50, 0.5, False)
    ) + economics.divert(80)
    assert totals.profit == pytest.approx(earned - 0.5)


@given(TRIALS)
def test_stricter_never_returns_more(trials):
    strict = [
        Trial(trial.amount, "red", trial.pd, trial.outcome, trial.cost)
        if trial.colour == "yellow"
        else trial
        for trial in trials
    ]
    assert add_up(strict).returns <= add_up(trials).returns + 1e-9


@given(TRIALS)
def test_colours_add_up(trials):
    totals = add_up(trials)
    assert totals.green + totals.yellow + totals.red == totals.orders == len(trials)
    assert 0 <= totals.debit_share <= 1
    assert 0 <= totals.return_rate <= 1 + 1e-9
