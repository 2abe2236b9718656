"""Whether a hard rule applies to what a check found, and which line of cut-offs counts."""

from collections.abc import Iterable

from .card import as_text, get_value
from .model import Context, Cutoff, Rule, Signal

OPERATORS = ("=", "!=", "<", "<=", ">", ">=", "in", "hit", "set")
_TRUE = frozenset(("true", "yes", "1"))
_FALSE = frozenset(("false", "no", "0"))


def matches(rule: Rule, signal: Signal | None) -> bool:
    """Return whether the rule applies. What is unknown meets no rule: a table of its own judges it.

    A threshold that can't be read as what the value is never applies, see `find_mistake`.
    """
    if signal is None or signal.status == "unknown":
        return False
    if rule.operator == "hit":
        return signal.status == "hit"
    value = get_value(signal)
    if value is None:
        return False
    if rule.operator == "set":
        return True
    if rule.operator in ("in", "=", "!="):
        return _is_listed(rule, value) is (rule.operator != "!=")
    return _compares(rule, value)


def find_mistake(rule: Rule, kind: str) -> str:
    """Return what is wrong with a rule about a fact of a kind, "" when nothing is.

    :param kind: what the fact's values are: `bool`, `number` or `text`.
    :return: `operator` (not known, or not for this kind), `threshold` (missing or unreadable) or "".
    """
    if rule.operator in ("hit", "set"):
        return ""
    if rule.operator not in OPERATORS or (rule.operator[0] in "<>" and kind != "number"):
        return "operator"
    words = _words(rule)
    if rule.operator != "in" and len(words) > 1:
        return "threshold"
    readable = {
        "number": lambda word: _number(word) is not None,
        "bool": lambda word: word in _TRUE | _FALSE,
    }.get(kind, bool)
    return "" if words and all(map(readable, words)) else "threshold"


def get_cutoff(cutoffs: Iterable[Cutoff], context: Context) -> Cutoff | None:
    """Return the line that fits with most conditions, the first of equals; None when none fits."""
    wanted = (context.channel, context.product_kind, context.customer_kind)
    best, most = None, -1
    for line in cutoffs:
        conditions = (line.channel, line.product_kind, line.customer_kind)
        if all(not have or have == want for have, want in zip(conditions, wanted, strict=True)):
            count = sum(map(bool, conditions))
            if count > most:
                best, most = line, count
    return best


def _words(rule):
    # A single number may be written with a decimal comma.
    if rule.operator != "in":
        text = rule.threshold.strip().casefold()
        return [text] if text else []
    return [word for text in rule.threshold.split(",") if (word := text.strip().casefold())]


def _is_listed(rule, value):
    words = _words(rule)
    if isinstance(value, bool):
        return any(word in (_TRUE if value else _FALSE) for word in words)
    if isinstance(value, float):
        return any(_number(word) == value for word in words)
    return as_text(value).casefold() in words


def _compares(rule, value):
    limit = _number(rule.threshold)
    if limit is None or isinstance(value, (bool, str)):
        return False
    if rule.operator == "<":
        return value < limit
    if rule.operator == "<=":
        return value <= limit
    return value > limit if rule.operator == ">" else rule.operator == ">=" and value >= limit


def _number(text):
    try:
        number = float(text.strip().replace(",", "."))
    except ValueError:
        return None
    return number if abs(number) != float("inf") and number == number else None
