"""The simulated world is repeatable, close to published figures, and better with every check."""

import pytest
from simulator import policy_file, run, stages, world

from scoring.card_check import find_gaps


@pytest.fixture(scope="module")
def orders():
    return world.make_world(1, 1200)


@pytest.fixture(scope="module")
def results(orders):
    chosen = stages.get_stages()
    return {stage.name: run.run(stage, orders) for stage in (chosen[0], chosen[2], chosen[-1])}


def test_the_same_seed_makes_the_same_year(orders):
    again = world.make_world(1, 1200)
    assert [(order.typed, order.amount, order.luck) for order in again] == [
        (order.typed, order.amount, order.luck) for order in orders
    ]
    assert [order.typed for order in world.make_world(2, 50)] != [
        order.typed for order in orders[:50]
    ]


def test_the_shipped_policy_is_read_completely():
    policy = policy_file.read_policy()
    assert len(policy.rules) > 10
    assert {"green", "yellow", "red"} == set(policy.offers)
    assert policy.unknown[""] == "green"
    assert all(0 < cutoff.green_max <= cutoff.yellow_max < 1 for cutoff in policy.cutoffs)
    for card in (policy.bank_card, policy.customer_card):
        assert card.attributes
        assert find_gaps(card) == []


def test_unchecked_returns_are_near_published_ones(results):
    nothing = results["nothing"]
    assert nothing.sdd_share == 1
    assert 0.035 < nothing.first_rate < 0.075
    assert nothing.net_rate < nothing.first_rate


def test_checks_lower_returns_and_keep_customers(results):
    nothing, digits, everything = results.values()
    assert digits.first_rate < nothing.first_rate
    assert everything.first_rate < digits.first_rate
    assert digits.reasons["AC01"] < nothing.reasons["AC01"] / 2
    assert everything.sdd_share > 0.93


def test_every_debit_of_a_card_has_a_probability(results):
    everything = results[stages.get_stages()[-1].name]
    assert len(everything.scored) == everything.debits == len(everything.outcomes)
    assert all(0 < pd < 1 for pd, _came_back in everything.scored)
    assert sum(came_back for _pd, came_back in everything.scored) == everything.returns
