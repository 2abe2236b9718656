"""The governor acts on proof, within limits, and never for ever; profit is counted with both sides."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import governor
from scoring.governor import Counts, Limits
from scoring.profit import Economics, get_best_cutoff, is_worth_asking

GOAL = 0.025
COUNTS = st.builds(
    lambda debits, share, factor: Counts(debits, round(debits * share), factor),
    st.integers(0, 5000),
    st.floats(0, 1),
    st.floats(0.1, 2),
)


def propose(*args, **limits):
    return governor.propose({"all": Counts(*args)}, GOAL, Limits(**limits))[0]


@pytest.mark.parametrize(
    ("debits", "returns", "factor", "action", "reason"),
    [
        (1000, 60, 1.0, "tighten", "missed"),
        (1000, 60, 0.5, "keep", "limit"),
        (1000, 27, 1.0, "keep", "unsure"),
        (1000, 5, 0.6, "loosen", "met"),
        (1000, 5, 1.0, "keep", "full"),
        (99, 60, 1.0, "keep", "few"),
        (0, 0, 1.0, "keep", "few"),
    ],
)
def test_actions(debits, returns, factor, action, reason):
    found = propose(debits, returns, factor)
    assert (found.action, found.reason) == (action, reason)


def test_steps_fit_the_miss_and_are_bounded():
    assert propose(5000, 150).factor == pytest.approx(GOAL / 0.03)
    assert propose(1000, 200).factor == pytest.approx(0.75)
    assert propose(1000, 200, 0.55).factor == 0.5
    assert propose(1000, 5, 0.6).factor == pytest.approx(0.75)
    assert propose(1000, 5, 0.9).factor == 1.0


@pytest.mark.parametrize(
    ("new_debits", "new_returns", "action", "reason", "debits"),
    [
        (None, 0, "tighten", "missed", 1000),
        (0, 0, "keep", "wait", 1000),
        (99, 40, "keep", "wait", 1000),
        (100, 20, "tighten", "missed", 100),
        (300, 9, "keep", "unsure", 300),
        (600, 2, "loosen", "met", 600),
    ],
)
def test_after_a_step_only_what_came_after_it_counts(
    new_debits, new_returns, action, reason, debits
):
    found = propose(1000, 60, 0.75, new_debits, new_returns)
    assert (found.action, found.reason, found.debits) == (action, reason, debits)
    assert found.is_new == (debits != 1000)


def test_the_same_returns_tighten_once():
    first = propose(1000, 60)
    assert first.factor == pytest.approx(0.75)
    for _week in range(8):
        found = propose(1000, 60, first.factor, 0, 0)
        assert (found.action, found.factor) == ("keep", first.factor)


def test_many_groups_need_more_proof():
    counts = {"odd": Counts(400, 18)}
    assert governor.propose(counts, GOAL)[0].action == "tighten"
    counts |= {number: Counts(400, 10) for number in range(40)}
    found = governor.propose(counts, GOAL)
    assert found[0].key == "odd"
    assert {proposal.action for proposal in found} == {"keep"}


@given(st.dictionaries(st.integers(0, 9), COUNTS, max_size=6), st.floats(0.005, 0.2))
def test_limits_hold_and_actions_are_what_they_say(counts, goal):
    limits = Limits()
    found = governor.propose(counts, goal, limits)
    assert {proposal.key for proposal in found} == set(counts)
    for proposal in found:
        one = counts[proposal.key]
        now = min(limits.highest, max(limits.lowest, one.factor))
        assert limits.lowest <= proposal.factor <= limits.highest
        assert abs(proposal.factor - now) <= now * limits.step + 1e-9
        if proposal.action == "tighten":
            assert proposal.factor < now and proposal.rate.low > goal
        elif proposal.action == "loosen":
            assert proposal.factor > now and proposal.rate.high < goal
        else:
            assert proposal.factor == now


@given(COUNTS)
def test_the_same_figures_never_tighten_for_ever(counts):
    factor, steps = counts.factor, 0
    while True:
        found = propose(counts.debits, counts.returns, factor)
        if found.action == "keep":
            break
        factor, steps = found.factor, steps + 1
        assert steps < 100


ECONOMICS = Economics()
AMOUNTS, CHANCES = st.floats(5, 2000), st.floats(0, 1)


@given(AMOUNTS, CHANCES, CHANCES)
def test_risk_never_earns_more(amount, first, second):
    low, high = sorted((first, second))
    for at_once in (True, False):
        assert (
            ECONOMICS.debit(amount, low, at_once) >= ECONOMICS.debit(amount, high, at_once) - 1e-9
        )


@given(AMOUNTS)
def test_at_break_even_both_ways_earn_the_same(amount):
    found = ECONOMICS.get_break_even(amount)
    if 0 < found < 1:
        assert ECONOMICS.debit(amount, found) == pytest.approx(ECONOMICS.divert(amount))
        assert ECONOMICS.debit(amount, found / 2) > ECONOMICS.divert(amount)


def test_the_best_cutoff_is_far_above_the_goals():
    orders = [(60.0, percent / 100) for percent in range(1, 60)]
    found = get_best_cutoff(ECONOMICS, orders)
    assert 0.15 < found < 0.6
    assert found == pytest.approx(ECONOMICS.get_break_even(60.0), abs=0.011)
    assert get_best_cutoff(ECONOMICS, []) == 1.0


def test_colours_earn_what_they_offer():
    assert ECONOMICS.offer("green", 60, 0.01) > ECONOMICS.offer("yellow", 60, 0.01)
    assert ECONOMICS.offer("yellow", 60, 0.4) > ECONOMICS.offer("green", 60, 0.4)
    assert ECONOMICS.offer("red", 60, 0.9) == ECONOMICS.divert(60)


def test_a_bureau_is_asked_when_it_pays():
    assert not is_worth_asking(1.20, 20, 0.02, ECONOMICS)
    assert is_worth_asking(1.20, 300, 0.15, ECONOMICS)
    assert not is_worth_asking(1.20, 300, 0.15, ECONOMICS, detected=0.0)
