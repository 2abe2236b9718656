"""How good a scorecard is and whether it still fits: figures with their uncertainty.

Labels are true for a return. Probabilities are those of a return, 0.0 to 1.0. Sources: DeLong,
DeLong and Clarke-Pearson 1988 (variance of AUC); Wilson 1927 (intervals of shares).
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import NormalDist

#: Population stability as practice reads it; from here on "watch", then "act".
PSI_WATCH, PSI_ACT = 0.1, 0.25
_MIN_SHARE = 1e-4


@dataclass(frozen=True, slots=True)
class Estimate:
    """A figure with its confidence interval; all None when there is too little to tell."""

    value: float | None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Drift:
    """Population stability index, what chance alone reaches in 95 % of cases, and the verdict.

    `verdict` is `stable`, `watch` or `act`; a value that chance explains is always stable.
    """

    value: float
    noise: float
    verdict: str


@dataclass(frozen=True, slots=True)
class Group:
    """One line of a calibration table: so many orders, promised and seen share of returns."""

    count: int
    predicted: float
    seen: Estimate


def wilson(hits: int, count: int, confidence: float = 0.95) -> Estimate:
    """Return a share with Wilson's interval.

    >>> wilson(20, 1000)
    Estimate(value=0.02, low=0.012992..., high=0.030669...)

    :param confidence: two-sided, 0 to 1.
    """
    if count <= 0:
        return Estimate(None)
    share, z = hits / count, _get_z(confidence)
    spread = z * math.sqrt(share * (1 - share) / count + z * z / (4 * count * count))
    middle, size = share + z * z / (2 * count), 1 + z * z / count
    # Rounding must not put the share outside its own interval.
    low = min(share, max(0.0, (middle - spread) / size))
    return Estimate(share, low, max(share, min(1.0, (middle + spread) / size)))


def auc(pds: Sequence[float], labels: Sequence[bool], confidence: float = 0.95) -> Estimate:
    """Return how often a return has the higher probability than a paid debit, ties counting half."""
    parts = _get_placements(pds, labels)
    if parts is None:
        return Estimate(None)
    value, bads, goods = parts
    spread = _get_z(confidence) * math.sqrt(_mean_variance(bads) + _mean_variance(goods))
    return Estimate(value, max(0.0, value - spread), min(1.0, value + spread))


def auc_gain(
    old: Sequence[float], new: Sequence[float], labels: Sequence[bool], confidence: float = 0.95
) -> Estimate:
    """Return by how much the AUC of `new` exceeds that of `old` on the same orders (paired DeLong)."""
    first, second = _get_placements(old, labels), _get_placements(new, labels)
    if first is None or second is None:
        return Estimate(None)
    variance = sum(
        _mean_variance([b - a for a, b in zip(one, two, strict=True)])
        for one, two in zip(first[1:], second[1:], strict=True)
    )
    value, spread = second[0] - first[0], _get_z(confidence) * math.sqrt(variance)
    return Estimate(value, value - spread, value + spread)


def gini(pds: Sequence[float], labels: Sequence[bool], confidence: float = 0.95) -> Estimate:
    """Return 2 AUC - 1: 0 is a coin, 1 is perfect."""
    found = auc(pds, labels, confidence)
    if found.value is None:
        return found
    return Estimate(2 * found.value - 1, 2 * found.low - 1, 2 * found.high - 1)


def ks(pds: Sequence[float], labels: Sequence[bool]) -> float | None:
    """Return the largest distance between the distributions of returned and paid (Kolmogorov-Smirnov)."""
    bads = sum(map(bool, labels))
    goods = len(labels) - bads
    if not bads or not goods:
        return None
    best = height = 0.0
    pairs = sorted(zip(pds, labels, strict=True), key=lambda pair: pair[0])
    for index, (pd, label) in enumerate(pairs):
        height += 1 / bads if label else -1 / goods
        # Equal probabilities can't be told apart: they count together.
        if index + 1 == len(pairs) or pairs[index + 1][0] != pd:
            best = max(best, abs(height))
    return best


def brier(pds: Sequence[float], labels: Sequence[bool], confidence: float = 0.95) -> Estimate:
    """Return the mean squared distance between probability and what happened; 0 is perfect."""
    errors = [(pd - bool(label)) ** 2 for pd, label in zip(pds, labels, strict=True)]
    if not errors:
        return Estimate(None)
    value = math.fsum(errors) / len(errors)
    spread = _get_z(confidence) * math.sqrt(_mean_variance(errors))
    return Estimate(value, max(0.0, value - spread), value + spread)


def calibration(pds: Sequence[float], labels: Sequence[bool], groups: int = 10) -> list[Group]:
    """Return promised and seen shares in groups of equal size, the safest orders first."""
    pairs = sorted(zip(pds, labels, strict=True), key=lambda pair: pair[0])
    ends = [round(len(pairs) * index / groups) for index in range(groups + 1)]
    found = []
    for first, last in pairwise(ends):
        part = pairs[first:last]
        if part:
            predicted = math.fsum(pd for pd, _label in part) / len(part)
            seen = wilson(sum(bool(label) for _pd, label in part), len(part))
            found.append(Group(len(part), predicted, seen))
    return found


def psi(expected: Mapping[object, int], actual: Mapping[object, int]) -> Drift:
    """Return how far a distribution has moved, from two counts by bin.

    The index of two samples of one population is about chi-square with (bins - 1) degrees of freedom
    times (1/n + 1/m); what that reaches by chance is no drift.
    """
    bins = {*expected, *actual}
    old, new = sum(expected.values()), sum(actual.values())
    if not old or not new or len(bins) < 2:
        return Drift(0.0, 0.0, "stable")
    value = 0.0
    for key in bins:
        before = max(expected.get(key, 0) / old, _MIN_SHARE)
        after = max(actual.get(key, 0) / new, _MIN_SHARE)
        value += (after - before) * math.log(after / before)
    noise = chi_square_95(len(bins) - 1) * (1 / old + 1 / new)
    if value <= noise or value < PSI_WATCH:
        return Drift(value, noise, "stable")
    return Drift(value, noise, "watch" if value < PSI_ACT else "act")


def count_bins(values: Sequence[float], ends: Sequence[float]) -> dict[int, int]:
    """Return how many values lie below, between and above the (sorted) ends."""
    found = dict.fromkeys(range(len(ends) + 1), 0)
    for value in values:
        found[bisect_right(ends, value)] += 1
    return found


def chi_square_95(freedom: int) -> float:
    """Return the 95 % quantile of chi-square (Wilson and Hilferty's approximation)."""
    part = 2 / (9 * freedom)
    return freedom * (1 - part + NormalDist().inv_cdf(0.95) * math.sqrt(part)) ** 3


def _get_z(confidence):
    return NormalDist().inv_cdf(0.5 + confidence / 2)


def _mean_variance(values):
    """Return the variance of the mean."""
    count = len(values)
    if count < 2:
        return 0.0
    mean = math.fsum(values) / count
    return math.fsum((value - mean) ** 2 for value in values) / (count - 1) / count


def _get_placements(pds, labels):
    """Return (AUC, share of goods below each bad, share of bads above each good), None for one class."""
    bads = sorted(pd for pd, label in zip(pds, labels, strict=True) if label)
    goods = sorted(pd for pd, label in zip(pds, labels, strict=True) if not label)
    if not bads or not goods:
        return None
    below, above = _get_ranks(goods), _get_ranks(bads)
    of_bad, of_good = [], []
    for pd, label in zip(pds, labels, strict=True):
        if label:
            of_bad.append(below(pd) / len(goods))
        else:
            of_good.append(1 - above(pd) / len(bads))
    return math.fsum(of_bad) / len(bads), of_bad, of_good


def _get_ranks(ordered):
    """Return a function that counts what is smaller, and equal ones half."""
    return lambda value: (bisect_left(ordered, value) + bisect_right(ordered, value)) / 2
