"""Figures about scorecards agree with their definitions and say how sure they are."""

import random
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import measures

CASES = st.lists(st.tuples(st.sampled_from((0.1, 0.2, 0.5, 0.9)), st.booleans()), max_size=30)


def split(cases):
    return [pd for pd, _label in cases], [label for _pd, label in cases]


@given(CASES)
def test_auc_is_the_share_of_pairs_in_the_right_order(cases):
    pds, labels = split(cases)
    bads = [pd for pd, label in cases if label]
    goods = [pd for pd, label in cases if not label]
    found = measures.auc(pds, labels)
    if not bads or not goods:
        assert found.value is None
        assert measures.ks(pds, labels) is None
        return
    wins = sum((bad > good) + (bad == good) / 2 for bad, good in product(bads, goods))
    assert found.value == pytest.approx(wins / len(bads) / len(goods))
    assert 0 <= found.low <= found.value <= found.high <= 1
    assert measures.gini(pds, labels).value == pytest.approx(2 * found.value - 1)
    shares = [
        abs(sum(b <= cut for b in bads) / len(bads) - sum(g <= cut for g in goods) / len(goods))
        for cut in set(pds)
    ]
    assert measures.ks(pds, labels) == pytest.approx(max(shares), abs=1e-9)


def test_intervals_of_auc_hold_what_they_promise():
    """95 of 100 intervals hold the true AUC of two normal distributions, give or take chance."""
    chance, hits = random.Random(5), 0
    for _ in range(200):
        labels = [chance.random() < 0.3 for _ in range(150)]
        pds = [chance.gauss(0.8 if label else 0.0, 1.0) for label in labels]
        found = measures.auc(pds, labels)
        hits += found.low <= 0.7142 <= found.high
    assert 180 <= hits <= 199


def test_a_better_card_is_told_from_a_lucky_one():
    chance = random.Random(3)
    labels = [chance.random() < 0.1 for _ in range(3000)]
    weak = [chance.gauss(0.4 * label, 1.0) for label in labels]
    strong = [old + 0.8 * label for old, label in zip(weak, labels, strict=True)]
    noise = [old + chance.gauss(0, 0.3) for old in weak]
    assert measures.auc_gain(weak, strong, labels).low > 0
    found = measures.auc_gain(weak, noise, labels)
    assert found.low < 0 < found.high or found.high < 0
    assert measures.auc_gain(weak, weak, labels).value == 0


@pytest.mark.parametrize(
    ("count", "low", "high"),
    [(1000, 0.0130, 0.0307), (3000, 0.0156, 0.0257), (10000, 0.0174, 0.0229)],
)
def test_wilson_of_two_percent(count, low, high):
    found = measures.wilson(count // 50, count)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@given(st.integers(0, 50), st.integers(0, 50))
def test_wilson_holds_the_share(hits, more):
    found = measures.wilson(hits, hits + more)
    if hits + more == 0:
        assert found.value is None
    else:
        assert 0 <= found.low <= found.value <= found.high <= 1 + 1e-12


def test_brier_and_calibration():
    pds, labels = [0.1] * 90 + [0.6] * 10, [False] * 81 + [True] * 9 + [True] * 6 + [False] * 4
    found = measures.brier(pds, labels)
    assert found.value == pytest.approx((81 * 0.01 + 9 * 0.81 + 6 * 0.16 + 4 * 0.36) / 100)
    assert found.low < found.value < found.high
    groups = measures.calibration(pds, labels)
    assert [group.count for group in groups] == [10] * 10
    assert groups[-1].predicted == pytest.approx(0.6)
    assert groups[-1].seen.value == pytest.approx(0.6)
    assert measures.calibration([], []) == []
    assert len(measures.calibration([0.5, 0.1, 0.2], [True, False, False])) == 3


def test_drift_is_told_from_chance():
    same = measures.psi({"a": 500, "b": 500}, {"a": 480, "b": 520})
    assert same.verdict == "stable"
    assert measures.psi({"a": 700, "b": 300}, {"a": 300, "b": 700}).verdict == "act"
    assert measures.psi({"a": 600, "b": 400}, {"a": 420, "b": 580}).verdict == "watch"
    # The same shift in a handful of orders may be chance.
    assert measures.psi({"a": 7, "b": 3}, {"a": 5, "b": 5}).verdict == "stable"
    assert measures.psi({}, {"a": 5}).verdict == "stable"
    assert measures.psi({"a": 900}, {"b": 900}).verdict == "act"


def test_chance_rarely_looks_like_drift():
    random_source, over = random.Random(11), 0
    for _ in range(400):
        old = measures.count_bins(
            [random_source.random() for _ in range(400)], (0.2, 0.4, 0.6, 0.8)
        )
        new = measures.count_bins(
            [random_source.random() for _ in range(300)], (0.2, 0.4, 0.6, 0.8)
        )
        found = measures.psi(old, new)
        over += found.value > found.noise
    assert 6 <= over <= 36


@pytest.mark.parametrize(("freedom", "expected"), [(1, 3.84), (5, 11.07), (9, 16.92), (30, 43.77)])
def test_quantiles_of_chi_square(freedom, expected):
    assert measures.chi_square_95(freedom) == pytest.approx(expected, rel=0.03)
