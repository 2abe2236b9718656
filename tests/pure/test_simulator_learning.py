"""Links, account checks and learned cards of the simulated world do what they say, and no more."""

import random
from dataclasses import replace

import pytest
from simulator import accounts, facts, learning, policy_file, report, run, stages, world
from simulator import parameters as p

from scoring.card import get_bin
from scoring.card_check import find_gaps
from scoring.model import Signal


@pytest.fixture(scope="module")
def orders():
    return world.make_world(7, 400)


def test_a_link_mends_most_mistakes_of_new_telephone_customers(orders):
    mistyped = [
        replace(order, typed=accounts.make_iban(random.Random(order.number), "37040044"))
        for order in orders
        if order.is_new and order.person.kind == "honest"
    ]
    nothing = stages.get_stages()[0]
    for channel, most in (("phone", 0.3), ("web", 1.0)):
        part = [replace(order, channel=channel) for order in mistyped]
        found = run.run(replace(nothing, has_link=True), part)
        assert run.run(nothing, part).reasons["AC01"] == len(part)
        assert found.reasons["AC01"] <= most * len(part)
        assert found.debits >= 0.85 * len(part)
        assert (found.debits < len(part)) is (channel == "phone")


def test_a_link_stops_nobody_who_invents_an_account(orders):
    invented = [
        replace(order, channel="phone", person=replace(order.person, kind="fabricated"))
        for order in orders
        if order.is_new
    ]
    found = run.run(replace(stages.get_stages()[0], has_link=True), invented)
    assert found.reasons["AC01"] == found.debits


def test_small_first_orders_have_their_accounts_checked_only_when_wanted(orders):
    small = [replace(order, amount=p.BUREAU_MIN_AMOUNT - 1) for order in orders if order.is_new]
    full, checked = stages.get_stages()[-1], stages.get_more_stages()[2]
    checked = replace(checked, has_link=False)
    codes = {
        stage.name: {code for signals, _code in run.run(stage, small).outcomes for code in signals}
        for stage in (full, checked)
    }
    assert not any(code.startswith("bureau") for code in codes[full.name])
    bureau = {code for code in codes[checked.name] if code.startswith("bureau")}
    assert bureau <= {"bureau_account_invalid", "bureau_holder_match"}
    assert bureau


def test_an_account_check_tells_nothing_about_people_it_does_not_know(orders):
    known = replace(orders[0], is_detected=True, is_closed=True)
    known = replace(known, person=replace(known.person, bureau=0.0))
    unknown = replace(known, person=replace(known.person, bureau=None))
    assert facts.check_account(known, known.typed)["bureau_account_invalid"].value is True
    assert facts.check_account(unknown, unknown.typed) == {}
    assert facts.check_account(replace(known, is_detected=False), known.typed) == {}


def test_rows_for_the_bureaus_score_count_nothing_until_they_are_learned():
    policy = policy_file.read_policy()
    card = learning.add_score(policy.bank_card)
    assert find_gaps(card) == []
    assert not any(row.points for row in card.attributes[-1].bins)
    outcomes = [
        ({"bureau_score": Signal("bureau_score", score)}, "AM04" if number % 100 < bads else "")
        for score, bads in ((350, 30), (650, 3))
        for number in range(400)
    ]
    learned = learning.refit(policy, outcomes)
    attribute = learned.bank_card.attributes[-1]
    assert get_bin(attribute, 350.0).points < 0 < get_bin(attribute, 650.0).points
    assert get_bin(attribute, 450.0).points == pytest.approx(0, abs=1e-6)
    assert learned.customer_card.base > policy.customer_card.base
    cut = learning.estimate_cutoff(learned, outcomes, 500)
    assert learning.estimate_cutoff(learned, outcomes, 300) < cut


def test_learning_keeps_enough_customers_and_reports_other_years():
    stage = stages.get_more_stages()[-1]
    found = learning.learn(stage, [7], 300)
    cutoff = found.policy.cutoffs[0]
    assert cutoff.green_max == cutoff.yellow_max
    assert learning.get_share(found, [world.make_world(7, 300)]) >= learning.SHARE
    with pytest.raises(SystemExit, match="learned from and reported"):
        report.prepare_more([1, 2], [2, 3], 300)


def test_a_bureau_is_asked_about_known_customers_only_when_wanted(orders):
    known = [order for order in orders if not order.is_new and order.person.bureau is not None]
    _payday, _link, checked, asked = stages.get_more_stages(asks_about_all=True)
    assert run.run(checked, known).asked == 0
    found = run.run(asked, known)
    assert 0.9 * len(known) < found.asked <= len(known)
    assert all("bureau_colour" in signals for signals, _code in found.outcomes)


def test_waiting_for_a_payday_only_helps_who_has_too_little_money(orders):
    full, waits = stages.get_stages()[-1], stages.get_more_stages()[0]
    before, after = run.run(full, orders), run.run(waits, orders)
    assert after.reasons["AM04"] + after.reasons["MS03"] <= (
        before.reasons["AM04"] + before.reasons["MS03"]
    )
    assert after.reasons["AC01"] == before.reasons["AC01"]
    assert after.asked == before.asked
