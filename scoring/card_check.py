"""Whether every value finds its row in a points table."""

import itertools
import math
from collections.abc import Iterator

from .card import is_rest
from .model import Attribute, Card


def find_gaps(card: Card) -> list[tuple[str, str]]:
    """Return what is wrong with the rows of a card as (signal, mistake).

    Mistakes: `unknown` (no row for what is unknown, and none for all the rest), `gap` (numbers that
    fall in no row), `overlap` (numbers or texts that fall in two), `order` (a row that ends before it
    starts). Empty when every value finds exactly one row.
    """
    return [
        (attribute.signal, mistake)
        for attribute in card.attributes
        for mistake in dict.fromkeys(_check(attribute))
    ]


def _check(attribute: Attribute) -> Iterator[str]:
    rows = attribute.bins
    has_rest = any(is_rest(row) for row in rows)
    if not has_rest and not any(row.is_missing for row in rows):
        yield "unknown"
    texts = [text for row in rows for text in row.texts]
    if len(texts) != len(set(texts)) or sum(map(is_rest, rows)) > 1:
        yield "overlap"
    if texts and not has_rest and not {"true", "false"} <= set(texts):
        yield "gap"
    ranges = sorted(
        (-math.inf if row.low is None else row.low, math.inf if row.high is None else row.high)
        for row in rows
        if row.low is not None or row.high is not None
    )
    if ranges:
        yield from _check_ranges(ranges, has_rest)


def _check_ranges(ranges: list[tuple[float, float]], has_rest: bool) -> Iterator[str]:
    if any(low >= high for low, high in ranges):
        yield "order"
    ends = [(-math.inf, ranges[0][0])]
    ends += [(left[1], right[0]) for left, right in itertools.pairwise(ranges)]
    ends.append((ranges[-1][1], math.inf))
    if any(end > start for end, start in ends[1:-1]):
        yield "overlap"
    if not has_rest and any(end < start for end, start in ends):
        yield "gap"
