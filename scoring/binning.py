"""Points tables out of outcomes: which values belong together, and what they say.

Method of the trade (weight of evidence): 20 bins of equal size, neighbours that differ little
(chi-square below 3.84) or hold less than 5 % are merged, what is unknown has a bin of its own. Returns
are rare: a bin may also be small when it holds 5 % of them, and their quantiles are cuts, too.
"""

import math
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from .card import as_text
from .model import Attribute, Bin

FINE_BINS = 20
MIN_SHARE = 0.05
MIN_BADS = 10
#: 95 % of chance differences are smaller (chi-square with one degree of freedom).
MIN_CHI_SQUARE = 3.84
#: Texts are not ordered by themselves: those that are frequent enough stay apart sooner.
MIN_CHI_SQUARE_TEXTS = 1.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """A fact's points table in units of log odds (weights of evidence), and its information value.

    Below 0.02 a fact says nothing, above 0.5 it is too good to be true and wants a look.
    """

    attribute: Attribute
    information: float


@dataclass(slots=True)
class _Part:
    """A bin in the making: its condition, and how many were paid and returned."""

    row: Bin
    goods: int = 0
    bads: int = 0

    @property
    def count(self):
        return self.goods + self.bads

    def add(self, label):
        if label:
            self.bads += 1
        else:
            self.goods += 1


def weigh(signal: str, values: Sequence[object], labels: Sequence[bool]) -> Evidence:
    """Return what a fact says about returns.

    :param signal: code of the fact.
    :param values: what it was for each order, as `scoring.card.get_value` gives it.
    :param labels: true for a return.
    """
    parts = _make_parts(values, labels)
    missing = _Part(Bin(0.0, "?", is_missing=True))
    find = _get_finder(parts)
    for value, label in zip(values, labels, strict=True):
        (missing if value is None else find(value)).add(label)
    parts = _merge(parts, len(values))
    bads = sum(map(bool, labels))
    goods = len(labels) - bads
    rows, information = [], 0.0
    for part in (*parts, missing):
        woe = get_woe(part.goods, part.bads, goods, bads) if part.count else 0.0
        rows.append(replace(part.row, points=woe, label=part.row.label or _describe(part.row)))
        # The shares of the weight itself: with others, a few cases could tell less than nothing.
        good_share, bad_share = _get_shares(part.goods, part.bads, goods, bads)
        information += (good_share - bad_share) * woe if part.count else 0.0
    if not parts or parts[0].row.texts:
        rows.append(Bin(0.0, "…"))
    return Evidence(Attribute(signal, tuple(rows)), information)


def get_woe(goods: int, bads: int, all_goods: int, all_bads: int) -> float:
    """Return the weight of evidence of a bin: positive when it is better than all together."""
    good_share, bad_share = _get_shares(goods, bads, all_goods, all_bads)
    return math.log(good_share) - math.log(bad_share)


def _get_shares(goods, bads, all_goods, all_bads):
    """Return which part of the good and of the bad cases a bin holds; neither is ever quite nothing."""
    return (goods + 0.5) / (all_goods + 1), (bads + 0.5) / (all_bads + 1)


def _make_parts(values, labels):
    known = [value for value in values if value is not None]
    if any(isinstance(value, (bool, str)) for value in known) or not known:
        texts = sorted({as_text(value) for value in known})
        return [_Part(Bin(0.0, texts=(text,))) for text in texts]
    bads = [
        value for value, label in zip(values, labels, strict=True) if label and value is not None
    ]
    cuts = _get_quantiles(known) | (_get_quantiles(bads) if len(bads) >= FINE_BINS else set())
    ends = [None, *sorted(cuts - {float(min(known))}), None]
    return [_Part(Bin(0.0, low=low, high=high)) for low, high in pairwise(ends)]


def _get_quantiles(values):
    ordered = sorted(map(float, values))
    return {ordered[len(ordered) * index // FINE_BINS] for index in range(1, FINE_BINS)}


def _get_finder(parts):
    if parts and not parts[0].row.texts:
        ends = [part.row.high for part in parts[:-1]]
        return lambda value: parts[bisect_right(ends, value)]
    by_text = {part.row.texts[0]: part for part in parts}
    return lambda value: by_text[as_text(value)]


def _merge(parts, total):
    """Merge neighbours until all are large and different enough; texts are ordered by their rate."""
    is_text = bool(parts and parts[0].row.texts)
    if is_text:
        rate = {part.row.texts: (part.bads + 0.5) / (part.count + 1) for part in parts}
        parts = sorted(parts, key=lambda part: rate[part.row.texts])
    all_bads = sum(part.bads for part in parts)
    while len(parts) > 1:
        index, chi_square = _get_closest(parts, total, all_bads)
        if chi_square >= (MIN_CHI_SQUARE_TEXTS if is_text else MIN_CHI_SQUARE):
            break
        parts[index : index + 2] = [_join(*parts[index : index + 2])]
    return parts


def _get_closest(parts, total, all_bads):
    """Return (index, chi-square) of the pair to merge next; a small part always comes first."""

    enough = max(MIN_BADS, MIN_SHARE * all_bads)

    def is_small(part):
        return part.count < MIN_SHARE * total and part.bads < enough

    def closeness(index):
        first, second = parts[index], parts[index + 1]
        if is_small(first) or is_small(second):
            return _chi_square(first, second) - 1e9
        return _chi_square(first, second)

    index = min(range(len(parts) - 1), key=closeness)
    return index, closeness(index)


def _chi_square(first, second):
    goods, bads = first.goods + second.goods, first.bads + second.bads
    if not goods or not bads or not first.count or not second.count:
        return 0.0
    difference = first.goods * second.bads - second.goods * first.bads
    return difference**2 * (goods + bads) / (goods * bads * first.count * second.count)


def _join(first, second):
    if first.row.texts:
        row = replace(first.row, texts=first.row.texts + second.row.texts)
    else:
        row = replace(first.row, high=second.row.high)
    return _Part(row, first.goods + second.goods, first.bads + second.bads)


def _describe(row):
    if row.texts:
        return ", ".join(row.texts)
    if row.low is None and row.high is None:
        return "…"
    if row.low is None:
        return f"< {row.high:g}"
    return f"≥ {row.low:g}" if row.high is None else f"{row.low:g} – {row.high:g}"
