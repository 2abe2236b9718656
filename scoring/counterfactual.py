"""What would have had to be different for an order to be green (CJEU C-203/22)."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from .card import get_bin, get_pd, get_value, holds, is_rest
from .judging import combine, get_unknown_colour, judge
from .model import GREEN, Attribute, Card, Context, Counterfactual, PolicyData, Signal
from .rules import matches

#: So many answers are given, those that ask for the smallest change first.
MAX_ANSWERS = 3
#: So many changes at once are tried when none is enough alone.
MAX_TOGETHER = 3
#: Stands for a text that no row and no rule names.
_OTHER = "\0"


@dataclass(frozen=True, slots=True)
class _Change:
    """What one change of one signal does: points on both cards, obstacles out of the way."""

    answer: Counterfactual
    bank: float = 0.0
    customer: float = 0.0
    lifted: int = 0

    @property
    def cost(self):
        return abs(self.bank) + abs(self.customer)


def find_counterfactuals(
    policy: PolicyData, signals: Mapping[str, Signal], context: Context
) -> tuple[Counterfactual, ...]:
    """Return the smallest single changes that make an order green, else the fewest that do together.

    Nothing is proposed that amounts to knowing less. Empty when even `MAX_TOGETHER` changes at once
    are not enough.
    """
    case = _Case(policy, signals, context)
    alone = {}
    for change in sorted(case.changes, key=lambda change: change.cost):
        if case.is_green([change]):
            alone.setdefault(change.answer.signal, change.answer)
    if alone:
        return tuple(alone.values())[:MAX_ANSWERS]
    return _find_set(case)


def _find_set(case):
    """Take the change that helps most, again and again, until the order is green."""
    chosen = []
    for _step in range(MAX_TOGETHER):
        taken = {change.answer.signal for change in chosen}
        left = [change for change in case.changes if change.answer.signal not in taken]
        if not left:
            return ()
        chosen.append(min(left, key=lambda change: case.measure([*chosen, change])))
        if case.is_green(chosen):
            return tuple(replace(change.answer, needs_all=True) for change in chosen)
    return ()


class _Case:
    """An order with its points and obstacles, and all that might change for the better."""

    def __init__(self, policy, signals, context):
        self.policy, self.signals, self.context = policy, signals, context
        self.by_signal = {}
        for rule in policy.rules:
            if rule.colour != GREEN:
                self.by_signal.setdefault(rule.signal, []).append(rule)
        self.bank = _Points(policy.bank_card, signals)
        self.customer = _Points(policy.customer_card, signals)
        self.blocked = {code: self._count(code, signals.get(code)) for code in self._codes()}
        self.obstacles = sum(self.blocked.values())
        self.changes = [*self._get_lifts(), *self._get_moves()]

    def is_green(self, changes):
        return self.measure(changes)[0] == 0

    def measure(self, changes):
        """Return (obstacles left, probability of a return): what orders changes."""
        bank = self.bank.get_pd(sum(change.bank for change in changes))
        customer = self.customer.get_pd(sum(change.customer for change in changes))
        pd = combine(bank, customer)
        colour, _is_default = judge(self.policy, self.context, pd)
        left = self.obstacles - sum(change.lifted for change in changes)
        return left + (colour != GREEN), pd or 0.0

    def _codes(self):
        # Not a set: the answer must be the same in every process.
        return {**self.by_signal, **self.signals}

    def _count(self, code, signal):
        """Return how many rules and gaps stand against green because of a signal."""
        if signal is not None and signal.status == "unknown":
            return int(get_unknown_colour(self.policy, code) != GREEN)
        return sum(matches(rule, signal) for rule in self.by_signal.get(code, ()))

    def _get_lifts(self):
        """Yield changes that only undo a rule or a gap; the points stay as they are."""
        for code, count in self.blocked.items():
            if count:
                rules = self.by_signal.get(code, ())
                hit = next((rule for rule in rules if matches(rule, self.signals[code])), None)
                answer = Counterfactual(code, "", rule_id=hit.id if hit else 0)
                yield _Change(answer, lifted=count)

    def _get_moves(self):
        """Yield changes into a better row of a points table."""
        for code in {**self.bank.attributes, **self.customer.attributes}:
            value = get_value(self.signals.get(code))
            for points in (self.bank, self.customer):
                for label, new in points.get_better(code, value):
                    yield self._make_move(code, label, value, new)

    def _make_move(self, code, label, value, new):
        lifted = self.blocked.get(code, 0) - self._count(code, Signal(code, new))
        bank = self.bank.get_gain(code, value, new)
        customer = self.customer.get_gain(code, value, new)
        return _Change(Counterfactual(code, label), bank, customer, lifted)


class _Points:
    """The points of one card for one order; without a card nothing counts."""

    def __init__(self, card: Card | None, signals):
        self.card = card
        self.attributes = {one.signal: one for one in card.attributes} if card else {}
        self.total = card.base if card else 0.0
        for code, attribute in self.attributes.items():
            self.total += _get_points(attribute, get_value(signals.get(code)))

    def get_pd(self, gain):
        return get_pd(self.card, self.total + gain) if self.card else None

    def get_gain(self, code, old, new):
        attribute = self.attributes.get(code)
        if attribute is None:
            return 0.0
        return _get_points(attribute, new) - _get_points(attribute, old)

    def get_better(self, code, value):
        """Return (label, nearest value) of the rows that bring more points than the present one."""
        attribute = self.attributes.get(code)
        if attribute is None:
            return []
        now = _get_points(attribute, value)
        return [
            (row.label, _get_nearest(attribute, row, value))
            for row in attribute.bins
            if row.points > now and not row.is_missing
        ]


def _get_points(attribute: Attribute, value):
    row = get_bin(attribute, value)
    return row.points if row else 0.0


def _get_nearest(attribute, row, value):
    """Return the value inside a row that is nearest to the present one."""
    if row.texts:
        text = row.texts[0]
        return text == "true" if text in ("true", "false") else text
    if is_rest(row):
        return _get_rest(attribute, value)
    low = -math.inf if row.low is None else row.low
    high = math.inf if row.high is None else math.nextafter(row.high, -math.inf)
    if isinstance(value, (bool, float)):
        return min(max(float(value), low), high)
    return low if math.isfinite(low) else high


def _get_rest(attribute, value):
    """Return a value that no other row of the table holds."""
    if isinstance(value, bool):
        return not value
    ends = [end for row in attribute.bins for end in (row.low, row.high) if end is not None]
    for end in (*ends, *(end - 1.0 for end in ends)):
        if not any(holds(row, end) for row in attribute.bins):
            return end
    return _OTHER
