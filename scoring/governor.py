"""Keeping the return rate at its goal: cut-offs are tightened on proof only, and loosened again.

"Proof" is a Wilson interval that lies wholly on one side of the goal, with the confidence divided by
the number of groups looked at, so that many groups don't make chance look like proof.
"""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

from .measures import Estimate, wilson

TIGHTEN, LOOSEN, KEEP = "tighten", "loosen", "keep"


@dataclass(frozen=True, slots=True)
class Counts:
    """Matured debits of a group, how many came back, and the factor on its cut-offs now."""

    debits: int
    returns: int
    factor: float = 1.0


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
    (surely better than the goal), `full` (better, and as generous as allowed), `unsure` or `few`.
    """

    key: Hashable
    action: str
    factor: float
    reason: str
    rate: Estimate


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
    rate = wilson(one.returns, one.debits, confidence)
    factor = min(limits.highest, max(limits.lowest, one.factor))
    if one.debits < limits.min_debits:
        return Proposal(key, KEEP, factor, "few", rate)
    if rate.low > goal and one.returns >= limits.min_returns:
        # As much stricter as the goal was missed, in bounded steps.
        wanted = max(1 - limits.step, goal / rate.value)
        new = max(limits.lowest, factor * wanted)
        if new < factor:
            return Proposal(key, TIGHTEN, new, "missed", rate)
        return Proposal(key, KEEP, factor, "limit", rate)
    if rate.high < goal * limits.slack:
        new = min(limits.highest, factor * (1 + limits.step))
        if new > factor:
            return Proposal(key, LOOSEN, new, "met", rate)
        return Proposal(key, KEEP, factor, "full", rate)
    return Proposal(key, KEEP, factor, "unsure", rate)
