"""Cards learned from outcomes find what is there, keep what is known, and invent nothing."""

import math
import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scoring import fit, logistic, measures
from scoring.binning import get_woe, weigh
from scoring.card import score, sigmoid
from scoring.model import Attribute, Bin, Card


def make_orders(count, seed=1, base=-2.5):
    """Orders whose returns depend on the amount (up) and the customer's tenure (down), not on luck."""
    chance, rows, labels = random.Random(seed), [], []
    for _ in range(count):
        row = {
            "amount": round(math.exp(chance.gauss(4.1, 0.7)), 2),
            "tenure": chance.choice((None, 0.0, 100.0, 500.0)),
            "mail": chance.choice(("own", "free", "thrown away")),
            "luck": float(chance.randrange(10)),
        }
        odds = base + 0.8 * math.log(row["amount"] / 60) - 1.2 * (row["tenure"] == 500.0)
        odds += 1.5 * (row["mail"] == "thrown away")
        rows.append(row)
        labels.append(chance.random() < sigmoid(odds))
    return rows, labels


def get_pds(card, rows):
    return [score(card, fit.to_signals(row)).pd for row in rows]


def test_a_card_finds_what_matters_and_leaves_luck_out():
    rows, labels = make_orders(4000)
    card = fit.fit_card(rows, labels)
    assert {attribute.signal for attribute in card.attributes} == {"amount", "tenure", "mail"}
    fresh, outcomes = make_orders(4000, seed=2)
    pds = get_pds(card, fresh)
    assert measures.auc(pds, outcomes).value > 0.68
    assert sum(pds) / len(pds) == pytest.approx(sum(outcomes) / len(outcomes), abs=0.012)
    found = fit.calibrate(pds, outcomes)
    assert found.slope_low < 1 < found.slope_high


def test_points_go_the_way_of_the_outcomes():
    rows, labels = make_orders(4000)
    card = fit.fit_card(rows, labels)
    by_signal = {attribute.signal: attribute.bins for attribute in card.attributes}
    amounts = [row.points for row in by_signal["amount"] if not row.is_missing]
    assert amounts == sorted(amounts, reverse=True)
    mail = {text: row.points for row in by_signal["mail"] for text in row.texts}
    assert mail["thrown away"] < min(mail["own"], mail["free"])


def test_outcomes_of_one_kind_make_no_card():
    rows, _labels = make_orders(20)
    for labels in ([True] * 20, [False] * 20):
        with pytest.raises(ValueError, match="both"):
            fit.fit_card(rows, labels)
    with pytest.raises(ValueError, match="nothing"):
        fit.refit_card(EXPERT, [], [])


EXPERT = Card(
    "expert",
    3,
    560.0,
    (
        Attribute("amount", (Bin(5.0, "small", high=60.0), Bin(-5.0, "large", low=60.0))),
        Attribute("mail", (Bin(0.0, "thrown away", texts=("thrown away",)), Bin(0.0, "usual"))),
        Attribute("never_seen", (Bin(-40.0, "yes", texts=("true",)), Bin(0.0, "no"))),
    ),
)


def test_a_refit_learns_where_much_happened_and_keeps_the_rest():
    rows, labels = make_orders(3000)
    found = fit.refit_card(EXPERT, rows, labels)
    assert found.version == 4
    rare = found.attributes[2].bins
    assert rare[0].points == pytest.approx(-40.0)
    mail = found.attributes[1].bins
    assert mail[0].points < mail[1].points - 20
    fresh, outcomes = make_orders(3000, seed=9)
    old, new = get_pds(EXPERT, fresh), get_pds(found, fresh)
    assert measures.auc_gain(old, new, outcomes).low > 0
    assert measures.brier(new, outcomes).value < measures.brier(old, outcomes).value


def test_few_outcomes_hardly_move_a_card():
    rows, labels = make_orders(40)
    found = fit.refit_card(EXPERT, rows, labels, strength=100.0)
    for old, new in zip(EXPERT.attributes, found.attributes, strict=True):
        for before, after in zip(old.bins, new.bins, strict=True):
            assert after.points == pytest.approx(before.points, abs=4)


@given(st.floats(0.3, 2), st.floats(-1, 1), st.floats(10, 300))
def test_folding_changes_no_probability(slope, intercept, amount):
    card = replace(EXPERT, slope=slope, intercept=intercept)
    row = {"amount": amount, "mail": "own", "never_seen": True}
    assert get_pds(fit.fold(card), [row])[0] == pytest.approx(get_pds(card, [row])[0])


def test_recalibration_puts_the_level_right_and_keeps_the_order():
    rows, labels = make_orders(3000, base=-3.5)
    card = fit.fit_card(*make_orders(3000, seed=4))
    assert sum(get_pds(card, rows)) > 1.5 * sum(labels)
    found = fit.recalibrate(card, rows, labels)
    assert sum(get_pds(found, rows)) == pytest.approx(sum(labels), rel=0.02)
    assert found.slope > 0
    before, after = get_pds(card, rows), get_pds(found, rows)
    assert measures.auc(after, labels).value == pytest.approx(measures.auc(before, labels).value)


def test_recalibration_never_turns_a_card_round():
    rows, labels = make_orders(2000)
    wrong = fit.recalibrate(fit.fit_card(rows, labels), rows, [not label for label in labels])
    assert wrong.slope == 1.0
    pds = get_pds(wrong, rows)
    assert sum(pds) / len(pds) == pytest.approx(1 - sum(labels) / len(labels), rel=0.02)


def test_every_row_is_judged_by_a_card_that_never_saw_it():
    rows, labels = make_orders(600)
    seen = []

    def learn(part, bads):
        seen.append({id(row) for row in part})
        return fit.fit_card(part, bads)

    pds = fit.cross_validate(learn, rows, labels, folds=4)
    assert len(seen) == 4
    assert all(sum(id(row) not in part for part in seen) == 1 for row in rows)
    assert all(0 < pd < 1 for pd in pds)


VALUES = st.none() | st.sampled_from((0.0, 1.0, 2.5, 7.0, 1e9))


@settings(max_examples=60)
@given(st.lists(st.tuples(VALUES, st.booleans()), min_size=1, max_size=80))
def test_every_value_has_a_row(cases):
    values, labels = [value for value, _ in cases], [label for _, label in cases]
    found = weigh("fact", values, labels)
    assert found.information >= -1e-9
    card = Card("test", 1, 600.0, (found.attribute,))
    for value in (*values, None, -5.0, 3.3):
        part = score(card, fit.to_signals({"fact": value})).contributions[0]
        assert part.label
        assert math.isfinite(part.points)


def test_weights_of_evidence():
    assert get_woe(10, 10, 100, 100) == 0
    assert get_woe(20, 10, 100, 100) > 0 > get_woe(10, 20, 100, 100)
    # Nothing is ever quite impossible.
    assert math.isfinite(get_woe(50, 0, 100, 10))


def test_regression_finds_known_weights():
    chance, cases = random.Random(7), []
    for _ in range(20_000):
        first, second = chance.choice((0.0, 1.0, 2.0)), chance.choice((0.0, 1.0))
        label = chance.random() < sigmoid(-1.0 + 0.5 * first - 0.8 * second)
        cases.append((((0, 1.0), (1, first), (2, second)), label))
    rows = logistic.group(cases)
    assert len(rows) == 6
    found = logistic.fit(rows, [0.0] * 3, [0.001] * 3)
    assert found == pytest.approx([-1.0, 0.5, -0.8], abs=0.1)
    spread = logistic.get_variance(rows, found, [0.001] * 3)
    assert all(0.01 < math.sqrt(one) < 0.06 for one in spread)


def test_separable_cases_do_not_run_away():
    rows = logistic.group(
        [(((0, 1.0), (1, float(number))), number > 0) for number in (-2, -1, 1, 2)]
    )
    assert all(map(math.isfinite, logistic.fit(rows, [0.0, 0.0], [0.01, 1.0])))
