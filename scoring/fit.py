"""Scorecards learned from outcomes: a new one, one that starts from experts' points, recalibration.

Rows map the code of a fact to its value as `scoring.card.get_value` gives it; labels are true for a
return. Only matured outcomes belong in here: neither open ones nor those that do not count.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace

from . import logistic
from .binning import Evidence, weigh
from .card import get_bin, get_value, logit, score
from .model import Attribute, Card, Signal

#: A refit is proposed from so many returns on; a new card wants this many for each attribute.
MIN_BADS, BADS_PER_ATTRIBUTE = 150, 10
#: A fact whose information value is smaller is left out.
MIN_INFORMATION = 0.02
#: The base rate is learned nearly freely, whatever a prior says.
_FREE = 0.01

Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class Calibration:
    """Platt's recalibration of log odds; `slope_low` to `slope_high` is a 95 % interval."""

    slope: float
    intercept: float
    slope_low: float
    slope_high: float


def get_values(signals: Mapping[str, Signal]) -> dict[str, object]:
    """Return the row of an order: what its signals say, None for what is unknown."""
    return {code: get_value(signal) for code, signal in signals.items()}


def to_signals(row: Values) -> dict[str, Signal]:
    """Return a row as signals that a card can score."""
    return {code: Signal(code, value) for code, value in row.items()}


def weigh_all(rows: Sequence[Values], labels: Sequence[bool], codes=None) -> list[Evidence]:
    """Return what each fact says alone, the most telling first.

    :param codes: the facts to look at, all of the rows by default.
    """
    codes = codes if codes is not None else sorted({code for row in rows for code in row})
    found = [weigh(code, [row.get(code) for row in rows], labels) for code in codes]
    return sorted(found, key=lambda evidence: -evidence.information)


def fit_card(
    rows: Sequence[Values],
    labels: Sequence[bool],
    codes: Sequence[str] | None = None,
    code: str = "fit",
    version: int = 1,
    strength: float = 1.0,
) -> Card:
    """Return a new card: weights of evidence, ridge regression, points.

    Facts that say too little, or that count the wrong way round beside the others, are left out.

    :param codes: the facts that may be used, all by default.
    :param strength: of the pull of each weight to 0 (1/C of usual libraries).
    :raise ValueError: without both paid and returned orders.
    """
    if not any(labels) or all(labels):
        raise ValueError("A card needs both returned and paid orders.")
    found = weigh_all(rows, labels, codes)
    used = [one.attribute for one in found if one.information >= MIN_INFORMATION]
    while True:
        weights = _fit_weights(used, rows, labels, strength)
        wrong = [one for one, weight in zip(used, weights[1:], strict=True) if weight >= 0]
        if not wrong:
            break
        used = [one for one in used if one not in wrong]
    empty = Card(code, version, 0.0, ())
    attributes = tuple(
        _scale(attribute, -weight * empty.factor)
        for attribute, weight in zip(used, weights[1:], strict=True)
    )
    return replace(empty, base=empty.offset - empty.factor * weights[0], attributes=attributes)


def refit_card(
    card: Card, rows: Sequence[Values], labels: Sequence[bool], strength: float = 1.0
) -> Card:
    """Return the card with points drawn from the old ones towards what happened (Bayesian ridge).

    Each row of its tables is a weight with the old points as prior: where little happened, the
    points stay. The recalibration of the old card becomes part of the points.

    :param strength: of the pull to the old points (1/C); about as much as four returns at 1.0.
    :raise ValueError: without any row.
    """
    if not rows:
        raise ValueError("There is nothing to learn from.")
    card = fold(card)
    bins = [row for attribute in card.attributes for row in attribute.bins]
    index = {id(row): number for number, row in enumerate(bins, 1)}
    prior = [(card.offset - card.base) / card.factor, *(-row.points / card.factor for row in bins)]
    cases = (
        (_get_features(card, index, row), label) for row, label in zip(rows, labels, strict=True)
    )
    strengths = [_FREE, *[strength] * len(bins)]
    weights = logistic.fit(logistic.group(cases), prior, strengths)
    attributes = tuple(
        replace(
            attribute,
            bins=tuple(
                replace(row, points=-card.factor * weights[index[id(row)]])
                for row in attribute.bins
            ),
        )
        for attribute in card.attributes
    )
    base = card.offset - card.factor * weights[0]
    return replace(card, base=base, attributes=attributes, version=card.version + 1)


def fold(card: Card) -> Card:
    """Return the same card with its recalibration inside its points: slope 1 and intercept 0."""
    if card.slope == 1.0 and card.intercept == 0.0:
        return card
    base = card.offset - card.factor * card.intercept - card.slope * (card.offset - card.base)
    attributes = tuple(_scale(attribute, card.slope) for attribute in card.attributes)
    return replace(card, base=base, attributes=attributes, slope=1.0, intercept=0.0)


def calibrate(pds: Sequence[float], labels: Sequence[bool], strength: float = 1.0) -> Calibration:
    """Return how log odds should be stretched and moved so that probabilities fit what happened.

    :param strength: of the pull to no change (slope 1).
    """
    cases = [
        (((0, 1.0), (1, round(logit(pd), 3))), bool(label))
        for pd, label in zip(pds, labels, strict=True)
    ]
    rows, strengths = logistic.group(cases), [_FREE, strength]
    intercept, slope = logistic.fit(rows, [0.0, 1.0], strengths)
    spread = 1.96 * math.sqrt(logistic.get_variance(rows, [intercept, slope], strengths)[1])
    return Calibration(slope, intercept, slope - spread, slope + spread)


def recalibrate(card: Card, rows: Sequence[Values], labels: Sequence[bool]) -> Card:
    """Return the card with its recalibration brought up to date; its points stay.

    A slope that would turn the order round is not accepted: then only the level moves.
    """
    pds = [score(card, to_signals(row)).pd for row in rows]
    found = calibrate(pds, labels)
    slope = found.slope if found.slope > 0.1 else 1.0
    intercept = found.intercept if slope == found.slope else _get_shift(pds, labels)
    return replace(card, slope=slope * card.slope, intercept=intercept + slope * card.intercept)


def cross_validate(
    fit: Callable[[Sequence[Values], Sequence[bool]], Card],
    rows: Sequence[Values],
    labels: Sequence[bool],
    folds: int = 5,
) -> list[float]:
    """Return a probability for each row from a card that never saw it.

    Folds are taken in turn among returned and among paid orders, so that all have the same share.
    """
    order = sorted(range(len(rows)), key=lambda number: bool(labels[number]))
    fold_of = {number: place % folds for place, number in enumerate(order)}
    pds = [0.0] * len(rows)
    for part in range(folds):
        train = [number for number in range(len(rows)) if fold_of[number] != part]
        card = fit([rows[number] for number in train], [labels[number] for number in train])
        for number in range(len(rows)):
            if fold_of[number] == part:
                pds[number] = score(card, to_signals(rows[number])).pd
    return pds


def _fit_weights(attributes, rows, labels, strength):
    """Return intercept and weights: log odds of a return by weights of evidence, expected near -1."""
    cases = []
    for row, label in zip(rows, labels, strict=True):
        features = [(0, 1.0)]
        for index, attribute in enumerate(attributes, 1):
            found = get_bin(attribute, row.get(attribute.signal))
            if found and found.points:
                features.append((index, found.points))
        cases.append((tuple(features), label))
    size = len(attributes)
    return logistic.fit(logistic.group(cases), [0.0] * (size + 1), [_FREE, *[strength] * size])


def _get_features(card, index, row):
    found = (get_bin(attribute, row.get(attribute.signal)) for attribute in card.attributes)
    return ((0, 1.0), *((index[id(one)], 1.0) for one in found if one))


def _scale(attribute: Attribute, factor: float) -> Attribute:
    bins = tuple(replace(row, points=row.points * factor) for row in attribute.bins)
    return replace(attribute, bins=bins)


def _get_shift(pds, labels):
    """Return by how much the log odds of all must move so that the mean fits."""
    cases = (
        (((0, 1.0), (1, round(logit(pd), 3))), label) for pd, label in zip(pds, labels, strict=True)
    )
    return logistic.fit(logistic.group(cases), [0.0, 1.0], [_FREE, 1e9])[0]
