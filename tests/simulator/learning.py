"""Cards and cut-offs learned from simulated years other than those that are reported.

As the add-on does it every month: the points of both cards are drawn towards what happened. Before,
a person has given the bureau's score rows of its own, with 0 points each.
"""

from bisect import bisect_left
from dataclasses import replace
from itertools import pairwise

from scoring.card import score
from scoring.fit import get_values, refit_card
from scoring.judging import combine
from scoring.model import Attribute, Bin, Cutoff

from . import run, world

BANK_CODES = ("AC01", "AC04", "AM04", "MS03")
CUSTOMER_CODES = ("MD06", "MD01", "MS02")
#: Scores of the bureau at which a row of the points table ends.
SCORE_ENDS = (310.0, 375.0, 440.0, 500.0, 560.0, 620.0)
#: Direct debits that are kept in the training years: half a percent above the goal, for chance.
SHARE = 0.935
#: Cut-offs that are tried, strictest first.
CUTOFFS = tuple(step / 1000 for step in range(40, 200, 5))


def learn(stage, seeds, count):
    """Return the stage with learned cards and with one cut-off, chosen in the training years.

    The cut-off is the first that keeps enough direct debits, from an estimated one upwards.

    :param stages.Stage stage: what is looked at, and the policy under which the orders were taken.
    :param list[int] seeds: training years; none of them may be reported.
    :param int count: orders of a year.
    """
    years = [world.make_world(seed, count) for seed in seeds]
    results = [run.run(stage, orders) for orders in years]
    outcomes = [outcome for result in results for outcome in result.outcomes]
    policy = refit(stage.policy, outcomes)
    cutoff = estimate_cutoff(policy, outcomes, sum(result.checkouts for result in results))
    for cut in CUTOFFS[bisect_left(CUTOFFS[:-1], cutoff) :]:
        found = replace(stage, name="+ cards learned from years before", policy=_cut(policy, cut))
        if get_share(found, years) >= SHARE:
            break
    return found


def refit(policy, outcomes):
    """Return the policy with both cards learned from (signals, code of the return or "")."""
    rows = [get_values(signals) for signals, _code in outcomes]
    codes = [code for _signals, code in outcomes]
    bank = refit_card(add_score(policy.bank_card), rows, [code in BANK_CODES for code in codes])
    customer = [code in CUSTOMER_CODES for code in codes]
    return replace(
        policy, bank_card=bank, customer_card=refit_card(policy.customer_card, rows, customer)
    )


def add_score(card):
    """Return the card with rows for the bureau's score that count nothing yet."""
    bins = [
        Bin(0.0, f"{low}-{high}", low=low, high=high)
        for low, high in pairwise((None, *SCORE_ENDS, None))
    ]
    attribute = Attribute("bureau_score", (*bins, Bin(0.0, "?", is_missing=True)))
    return replace(card, attributes=(*card.attributes, attribute))


def estimate_cutoff(policy, outcomes, checkouts):
    """Return the chance of a return below which so many debits lie as are to be kept."""
    pds = sorted(
        combine(score(policy.bank_card, signals).pd, score(policy.customer_card, signals).pd)
        for signals, _code in outcomes
    )
    return pds[min(int(SHARE * checkouts), len(pds) - 1)]


def get_share(stage, years):
    """Return the share of direct debits that a stage keeps in these years."""
    results = [run.run(stage, orders) for orders in years]
    return sum(result.debits for result in results) / sum(result.checkouts for result in results)


def _cut(policy, cut):
    return replace(policy, cutoffs=(Cutoff(cut, cut),))
