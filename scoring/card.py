"""Points of a scorecard, and the probability of a return that they stand for."""

import math
from bisect import bisect_right
from collections.abc import Mapping

from .model import Attribute, Bin, Card, Contribution, Score, Signal

#: Beyond these log odds a probability is 0 or 1 for every purpose; `exp` must not overflow.
_MAX_LOG_ODDS = 40.0
#: Cards prepared for scoring, by identity. A policy has two, a process meets few.
_PREPARED: dict[int, tuple] = {}
_MAX_PREPARED = 64


def score(card: Card, signals: Mapping[str, Signal]) -> Score:
    """Return points, probability of a return and the part of each attribute.

    What is unknown (no signal, no value, status `unknown`) counts as the bin for unknowns, else as
    the bin for all the rest; a value without any bin counts 0 points.
    """
    total, parts = card.base, []
    for signal, find, table, missing in _prepare(card):
        value = get_value(signals.get(signal))
        part = missing if value is None else find(value, table)
        total += part.points
        parts.append(part)
    return Score(round(total), get_pd(card, total), tuple(parts))


def get_pd(card: Card, points: float) -> float:
    """Return the probability of a return, 0.0 to 1.0, that so many points mean on this card."""
    log_odds = (card.offset - points) / card.factor
    return sigmoid(card.intercept + card.slope * log_odds)


def get_points(card: Card, pd: float) -> float:
    """Return the points of a card at which the probability is this: the reverse of `get_pd`.

    :param pd: probability, between 0 and 1, neither of them.
    """
    return card.offset - card.factor * (logit(pd) - card.intercept) / card.slope


def sigmoid(log_odds: float) -> float:
    """Return the probability of log odds."""
    log_odds = max(-_MAX_LOG_ODDS, min(_MAX_LOG_ODDS, log_odds))
    return 1.0 / (1.0 + math.exp(-log_odds))


def logit(probability: float) -> float:
    """Return the log odds of a probability; 0 and 1 give the largest ones that are told apart."""
    if not 0.0 < probability < 1.0:
        return _MAX_LOG_ODDS if probability >= 1.0 else -_MAX_LOG_ODDS
    return math.log(probability / (1.0 - probability))


def get_value(signal: Signal | None) -> bool | float | str | None:
    """Return what a signal says: a bool, a float, a text, or None when it says nothing."""
    if signal is None or signal.status == "unknown" or signal.value is None:
        return None
    value = signal.value
    if isinstance(value, (bool, str)):
        return value
    value = float(value)
    return None if math.isnan(value) else value


def get_bin(attribute: Attribute, value: bool | float | str | None) -> Bin | None:
    """Return the row of a points table for a value as `get_value` gives it, None when there is none."""
    rest = None
    for row in attribute.bins:
        if value is None and row.is_missing:
            return row
        if value is not None and holds(row, value):
            return row
        if rest is None and is_rest(row):
            rest = row
    return rest


def is_rest(row: Bin) -> bool:
    """Return whether a row catches whatever no other row does."""
    return not row.is_missing and not row.texts and row.low is None and row.high is None


def holds(row: Bin, value: bool | float | str) -> bool:
    """Return whether a value fulfils the condition of a row; a row without condition says no."""
    if row.is_missing:
        return False
    if row.texts:
        return as_text(value) in row.texts
    if isinstance(value, str) or is_rest(row):
        return False
    return (row.low is None or row.low <= value) and (row.high is None or value < row.high)


def as_text(value: bool | float | str) -> str:
    """Return a value as tables and thresholds write it: `true`, `3`, `2.5`, `free_mail`."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else f"{value:g}"


def _prepare(card):
    """Return (signal, function that finds a part, its table, part of what is unknown) by attribute."""
    kept = _PREPARED.get(id(card))
    # The card is kept as well: its identity must not pass to another one.
    if kept is None or kept[0] is not card:
        if len(_PREPARED) >= _MAX_PREPARED:
            _PREPARED.clear()
        kept = _PREPARED[id(card)] = (card, tuple(map(_prepare_attribute, card.attributes)))
    return kept[1]


def _prepare_attribute(attribute):
    best = max((row.points for row in attribute.bins), default=0.0)
    nothing = Contribution(attribute.signal, "", 0.0, best)

    def part(row):
        return Contribution(attribute.signal, row.label, row.points, best) if row else nothing

    missing = part(get_bin(attribute, None))
    rest = part(next(filter(is_rest, attribute.bins), None))
    rows = [row for row in attribute.bins if not row.is_missing and not is_rest(row)]
    if all(row.texts for row in rows):
        by_text = {text: part(row) for row in reversed(rows) for text in row.texts}
        return attribute.signal, _find_text, (by_text, rest), missing
    if not any(row.texts for row in rows):
        return attribute.signal, _find_number, _prepare_ranges(rows, part, rest), missing
    return attribute.signal, _find_row, ([(row, part(row)) for row in rows], rest), missing


def _prepare_ranges(rows, part, rest):
    """Return the ends of all ranges, and the part that counts below, between and above them."""
    ends = sorted({end for row in rows for end in (row.low, row.high) if end is not None})
    inside = [math.nextafter(ends[0], -math.inf), *ends]
    rows_inside = [next((row for row in rows if holds(row, number)), None) for number in inside]
    return ends, [part(row) if row else rest for row in rows_inside], rest


def _find_text(value, table):
    by_text, rest = table
    return by_text.get(value if isinstance(value, str) else as_text(value), rest)


def _find_number(value, table):
    ends, parts, rest = table
    return rest if isinstance(value, str) else parts[bisect_right(ends, value)]


def _find_row(value, table):
    rows, rest = table
    return next((part for row, part in rows if holds(row, value)), rest)
