"""From signals to a colour: hard rules, what could not be checked, score cards and cut-offs."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass

from .card import score
from .counterfactual import find_counterfactuals
from .judging import combine, get_unknown_colour, judge, worst
from .model import GREEN, RANK, YELLOW, Context, Decision, PolicyData, Reason, Rule, Signal
from .rules import matches

__all__ = ["Finding", "apply_rules", "combine", "decide", "is_drawn", "judge_unknown", "worst"]

#: No policy may let more yellow orders through at random.
MAX_SAMPLE_RATE = 0.03
#: So many attributes of the cards are named as reasons.
MAX_SCORE_REASONS = 3


@dataclass(frozen=True, slots=True)
class Finding:
    """Colour and reasons of one part of a decision; `rules` are the hard rules that applied."""

    colour: str
    reasons: tuple[Reason, ...] = ()
    rules: tuple[Rule, ...] = ()


def decide(
    policy: PolicyData,
    signals: Mapping[str, Signal],
    context: Context,
    explain: bool = True,
) -> Decision:
    """Return colour, reasons and offers: the worst of what rules, unknown checks and cards say.

    Deterministic: the same arguments give the same answer, the random sample comes from the seed.
    Only yellow from points or from unknown checks is sampled, never what a rule said. The severity of
    a signal plays no part here: what must never be debited needs a rule.

    :param explain: false leaves out what would have changed it, which takes most of the time; for
        rehearsals of many orders.
    """
    ruled = apply_rules(policy, signals)
    unknown = judge_unknown(policy, signals)
    bank = score(policy.bank_card, signals) if policy.bank_card else None
    customer = score(policy.customer_card, signals) if policy.customer_card else None
    pd = combine(bank and bank.pd, customer and customer.pd)
    scored = _explain(*judge(policy, context, pd), bank, customer)
    own = worst(ruled.colour, unknown.colour, scored.colour)
    sampled = own == YELLOW and ruled.colour == GREEN and is_drawn(policy, context)
    colour = GREEN if sampled else own
    return Decision(
        colour=colour,
        own_colour=own,
        pd=pd,
        bank=bank,
        customer=customer,
        reasons=ruled.reasons + unknown.reasons + scored.reasons,
        counterfactuals=(
            find_counterfactuals(policy, signals, context) if explain and own != GREEN else ()
        ),
        is_sampled=sampled,
        needs_review=any(rule.needs_review for rule in ruled.rules),
        offers=tuple(policy.offers.get(colour, ())),
    )


def apply_rules(policy: PolicyData, signals: Mapping[str, Signal]) -> Finding:
    """Return what the hard rules say, the worst first."""
    found = tuple(rule for rule in policy.rules if matches(rule, signals.get(rule.signal)))
    reasons = tuple(
        Reason("rule", rule.signal, rule_id=rule.id)
        for rule in sorted(found, key=lambda rule: -RANK[rule.colour])
        if rule.colour != GREEN
    )
    return Finding(worst(*(rule.colour for rule in found)), reasons, found)


def judge_unknown(policy: PolicyData, signals: Mapping[str, Signal]) -> Finding:
    """Return what checks that could not run mean."""
    colours = {
        code: get_unknown_colour(policy, code)
        for code, signal in signals.items()
        if signal.status == "unknown"
    }
    reasons = tuple(Reason("unknown", code) for code, colour in colours.items() if colour != GREEN)
    return Finding(worst(*colours.values()), reasons)


def is_drawn(policy: PolicyData, context: Context) -> bool:
    """Return whether the seed falls into the random sample; without a seed it never does."""
    rate = min(policy.sample_rate, MAX_SAMPLE_RATE)
    if rate <= 0 or not context.seed:
        return False
    digest = hashlib.blake2b(f"sample:{context.seed}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") < rate * 2**64


def _explain(colour, is_default, bank, customer):
    """Return the finding of the cards with the attributes that count most against green."""
    if colour == GREEN:
        return Finding(colour)
    if is_default:
        return Finding(colour, (Reason("default", ""),))
    return Finding(colour, _name_worst(bank, customer))


def _name_worst(bank, customer):
    """Return the attributes that cost most chance, those of both cards measured alike."""
    found = {}
    for one in filter(None, (bank, customer)):
        weight = one.pd * (1.0 - one.pd)
        for part in one.contributions:
            loss = (part.best - part.points) * weight
            if loss > found.get(part.signal, (0.0,))[0]:
                found[part.signal] = (loss, Reason("score", part.signal, part.label, part.points))
    ranked = sorted(found.values(), key=lambda pair: -pair[0])
    return tuple(reason for _loss, reason in ranked[:MAX_SCORE_REASONS])
