"""Keeping the return rate at its goal: cut-offs are tightened on proof only, and loosened again.

"Proof" is a Wilson interval that lies wholly on one side of the goal, with the confidence divided by
the number of groups looked at, so that many groups don't make chance look like proof.

What a step changes is seen only when debits judged after it have matured, and the job looks far more
often. Until then the old returns prove nothing about the new cut-offs: whoever counted them again at
every look would tighten to the limit for one and the same miss.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from .measures import Estimate, wilson

TIGHTEN, LOOSEN, KEEP = "tighten", "loosen", "keep"


@dataclass(frozen=True, slots=True)
class Counts:
    """Matured debits of a group, how many came back, and the factor on its cut-offs now.

    `new_debits` and `new_returns` are those of them that were judged by the cut-offs of now; None when
    the cut-offs have not been changed.
    """

    debits: int
    returns: int
    factor: float = 1.0
    new_debits: int | None = None
    new_returns: int = 0


@dataclass(frozen=True, slots=True)
class Limits:
    """How far the governor may go by itself.

    A factor multiplies the cut-offs: `lowest` is the strictest allowed, `highest` the most generous.
    `step` is the largest change at once; nothing moves on fewer than `min_debits` debits or
    `min_returns` returns. A rate below `slack` times the goal allows to loosen.
    """

    lowest: float = 0.5
    highest: float = 1.0
    step: float = 0.25
    min_debits: int = 100
    min_returns: int = 5
    slack: float = 0.8
    confidence: float = 0.95


@dataclass(frozen=True, slots=True)
class Proposal:
    """What to do in a group and why.

    `reason` is `missed` (goal surely missed), `limit` (missed, but nothing is left to tighten), `met`
    (surely better than the goal), `full` (better, and as generous as allowed), `wait` (what the last
    step has changed is not seen yet), `unsure` or `few`. `is_new`: the rate is that of the debits
    judged by the cut-offs of now.
    """

    key: Hashable
    action: str
    factor: float
    reason: str
    rate: Estimate
    debits: int
    returns: int
    is_new: bool = False


def propose(
    counts: Mapping[Hashable, Counts], goal: float, limits: Limits | None = None
) -> list[Proposal]:
    """Return a proposal for each group, the worst rate first.

    :param counts: matured debits by group, e.g. by channel; one key for everything.
    :param goal: share of debits that may come back, 0 to 1.
    """
    limits = limits or Limits()
    # The confidence is that no group at all is wrongly accused.
    confidence = 1 - (1 - limits.confidence) / max(1, len(counts))
    found = [_propose(key, one, goal, limits, confidence) for key, one in counts.items()]
    return sorted(found, key=lambda proposal: -(proposal.rate.value or 0.0))


def _propose(key, one, goal, limits, confidence):
    factor = min(limits.highest, max(limits.lowest, one.factor))
    is_new = one.new_debits is not None and one.new_debits >= limits.min_debits
    debits, returns = (one.new_debits, one.new_returns) if is_new else (one.debits, one.returns)
    rate = wilson(returns, debits, confidence)
    if debits < limits.min_debits:
        action, new, reason = KEEP, factor, "few"
    elif one.new_debits is not None and not is_new:
        action, new, reason = KEEP, factor, "wait"
    else:
        action, new, reason = _step(rate, returns, factor, goal, limits)
    return Proposal(key, action, new, reason, rate, debits, returns, is_new)


def _step(rate, returns, factor, goal, limits):
    """Return action, factor and reason of a group of which enough is known."""
    if rate.low > goal and returns >= limits.min_returns:
        # As much stricter as the goal was missed, in bounded steps.
        wanted = max(1 - limits.step, goal / rate.value)
        new = max(limits.lowest, factor * wanted)
        return (TIGHTEN, new, "missed") if new < factor else (KEEP, factor, "limit")
    if rate.high < goal * limits.slack:
        new = min(limits.highest, factor * (1 + limits.step))
        return (LOOSEN, new, "met") if new > factor else (KEEP, factor, "full")
    return KEEP, factor, "unsure"
