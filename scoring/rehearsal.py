"""What a policy would have done with orders of the past."""

from collections.abc import Iterable
from dataclasses import dataclass, fields

from .model import GREEN, RED, YELLOW
from .profit import Economics

GOOD, BAD, OPEN = "good", "bad", "open"


@dataclass(frozen=True, slots=True)
class Trial:
    """One order of the past under one policy.

    `amount` in euro; `colour` is what the policy says of it; `pd` the chance of a return that its cards
    give, None without; `outcome` is what became of its debit (`good`, `bad`), or `open` when it
    was never debited or nobody can know yet; `cost` of the checks in euro.
    """

    amount: float
    colour: str
    pd: float | None = None
    outcome: str = OPEN
    cost: float = 0.0


@dataclass(frozen=True, slots=True)
class Totals:
    """Orders by colour, and what is to be expected of them; money in euro, shares 0 to 1.

    `returns` are those that happened, and the expected ones of orders whose outcome nobody knows;
    `lost_orders` how many customers are expected to leave because no direct debit is offered at once.
    """

    orders: int = 0
    green: int = 0
    yellow: int = 0
    red: int = 0
    debit_share: float = 0.0
    returns: float = 0.0
    return_rate: float = 0.0
    lost_orders: float = 0.0
    lost_sales: float = 0.0
    check_cost: float = 0.0
    profit: float = 0.0


#: Measures of which more is better; of the others less is.
MORE_IS_BETTER = frozenset(("green", "debit_share", "profit"))
MEASURES = tuple(field.name for field in fields(Totals))


def get_risk(trial: Trial, base_rate: float) -> float:
    """Return the chance of a return: certainty where the outcome is known, else the card's, else the
    average.
    """
    if trial.outcome in (GOOD, BAD):
        return float(trial.outcome == BAD)
    return base_rate if trial.pd is None else trial.pd


def get_base_rate(trials: Iterable[Trial], default: float = 0.03) -> float:
    """Return which share of the known outcomes is bad; `default` while there is none."""
    known = [trial.outcome == BAD for trial in trials if trial.outcome != OPEN]
    return sum(known) / len(known) if known else default


def add_up(trials: Iterable[Trial], economics: Economics | None = None) -> Totals:
    """Return what is to be expected of orders under a policy."""
    trials = list(trials)
    economics = economics or Economics()
    if not trials:
        return Totals()
    base_rate = get_base_rate(trials)
    leaving = {GREEN: 0.0, YELLOW: economics.abandoned_yellow, RED: economics.abandoned}
    counts = dict.fromkeys((GREEN, YELLOW, RED), 0)
    returns = debited = lost_orders = lost_sales = profit = 0.0
    for trial in trials:
        risk, leave = get_risk(trial, base_rate), leaving[trial.colour]
        counts[trial.colour] += 1
        if trial.colour != RED:
            debited += 1 - leave
            returns += risk * (1 - leave)
        lost_orders += leave
        lost_sales += leave * trial.amount
        profit += economics.offer(trial.colour, trial.amount, risk)
    cost = sum(trial.cost for trial in trials)
    return Totals(
        orders=len(trials),
        **counts,
        debit_share=debited / len(trials),
        returns=returns,
        return_rate=returns / debited if debited else 0.0,
        lost_orders=lost_orders,
        lost_sales=lost_sales,
        check_cost=cost,
        profit=profit - cost,
    )
