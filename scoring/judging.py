"""The parts of a decision that need neither reasons nor records: what a probability or a gap means."""

from .model import GREEN, RANK, RED, YELLOW, Context, Cutoff, PolicyData
from .rules import get_cutoff


def combine(bank_pd: float | None, customer_pd: float | None) -> float | None:
    """Return the probability that a debit comes back for one reason or the other.

    :param bank_pd: that the bank returns it, None when there is no card.
    :param customer_pd: that the customer takes it back, None when there is no card.
    """
    if bank_pd is None:
        return customer_pd
    if customer_pd is None:
        return bank_pd
    return 1.0 - (1.0 - bank_pd) * (1.0 - customer_pd)


def worst(*colours: str) -> str:
    """Return the worst of green, yellow and red; green for nothing."""
    return max(colours, key=RANK.__getitem__, default=GREEN)


def get_unknown_colour(policy: PolicyData, code: str = "") -> str:
    """Return the colour for a check that could not run: its own, the default, else green."""
    return policy.unknown.get(code) or policy.unknown.get("") or GREEN


def get_colour(cutoff: Cutoff, pd: float) -> str:
    """Return the colour of a probability: a cut-off itself belongs to the worse colour."""
    if pd < cutoff.green_max:
        return GREEN
    return YELLOW if pd < cutoff.yellow_max else RED


def judge(policy: PolicyData, context: Context, pd: float | None) -> tuple[str, bool]:
    """Return the colour of a combined probability, and whether it is a default for want of anything.

    Nothing is known without cut-offs, or without cards where there are no rules either; rules without
    cards that all stay silent mean green.
    """
    if pd is None and policy.rules:
        return GREEN, False
    cutoff = get_cutoff(policy.cutoffs, context)
    if pd is None or cutoff is None:
        return get_unknown_colour(policy), True
    return get_colour(cutoff, pd), False
