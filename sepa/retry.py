"""When a direct debit that came back is presented again, or why it is not.

Everything here is computed from plain values: days are days of the bank's zone, money is Decimal.
No scheme rule limits the number of attempts. What is usual: two in 42 days at most, each with a new
notice, only where the account had no funds or the banks failed (EPC R-transaction guidance; the
limits of Adyen's and GoCardless's retry products).
"""

from datetime import date, timedelta
from decimal import Decimal

from . import target
from .payday import PayDay, Window, day_of, find_payday
from .retry_model import (
    BUCKETS,
    STRATEGIES,
    Failure,
    History,
    Plan,
    Policy,
    Stop,
)

__all__ = (
    "BUCKETS",
    "STRATEGIES",
    "Failure",
    "History",
    "Plan",
    "Policy",
    "Stop",
    "Window",
    "describe_payday",
    "find_objection",
    "get_bucket",
    "get_possible_days",
    "is_worth",
    "plan_retry",
)

_DAY = timedelta(days=1)


def plan_retry(
    policy: Policy,
    failure: Failure,
    earliest: date,
    chosen_day: int = 0,
    history: History | None = None,
    max_retries: int | None = None,
) -> Plan | Stop:
    """Choose the day of the next attempt.

    :param policy: the creditor's rules, with the pay-day windows of the customer's country.
    :param failure: the debit that came back.
    :param earliest: the first due date that bank and notice allow.
    :param chosen_day: the day of the month that the customer chose, 1 to 28; 0 for none.
    :param history: how the customer's debits went before.
    :param max_retries: a limit of the return's reason; the stricter one counts.
    """
    allowed = policy.max_retries if max_retries is None else min(policy.max_retries, max_retries)
    if failure.attempt > allowed:
        return Stop("max", {"count": allowed, "days": policy.window_days})
    last = policy.get_last_day(failure.first_collection)
    lower = _get_lower(policy, failure, earliest)
    if lower > last:
        return Stop("window", {"days": policy.window_days, "last": last.isoformat()})
    history = history if history and history.is_usable else None
    day, code, params = _choose(policy, failure, lower, last, chosen_day, history)
    chance = _get_chance(policy, failure.attempt, day, history)
    if policy.stops_when_not_worth and not is_worth(failure.amount, failure.fee, chance):
        money = {"amount": str(failure.amount), "fee": str(failure.fee)}
        return Stop("not_worth", {**money, "chance": _percent(chance)})
    return Plan(day, code, params, chance, last)


def is_worth(amount: Decimal, fee: Decimal, chance: Decimal) -> bool:
    """Tell whether an attempt brings more than it costs on average."""
    return amount * chance > fee * (1 - chance)


def find_objection(day: date, earliest: date, last: date | None = None) -> str | None:
    """Return what speaks against a due date that a person wants.

    :return: `closed` and `early` forbid it, `late` is a warning: the usual time is over.
    """
    if not target.is_target_day(day):
        return "closed"
    if day < earliest:
        return "early"
    return "late" if last and day > last else None


def get_possible_days(earliest: date, last: date) -> list[date]:
    """Return the TARGET days from `earliest` to `last`, both included."""
    days = []
    day = target.next_target_day(earliest)
    while day <= last:
        days.append(day)
        day = target.next_target_day(day + _DAY)
    return days


def get_bucket(day: int) -> tuple[int, int]:
    """Return the days of the month that are counted together with this one."""
    return next(bucket for bucket in BUCKETS if day <= bucket[1])


def _get_lower(policy, failure, earliest):
    """Return the first day that is far enough from the failed attempt; banks' faults need no distance."""
    lower = target.next_target_day(earliest)
    if failure.is_technical:
        return lower
    return max(lower, target.add_target_days(failure.collection, policy.distance_days))


def _choose(policy, failure, lower, last, chosen_day, history):
    """Return day, code and params of the first strategy that has a day in time."""
    if failure.is_technical:
        return lower, "technical", {}
    found = {
        "chosen_day": lambda: _find_chosen_day(lower, last, chosen_day),
        "history": lambda: _find_good_day(policy, failure, lower, last, history),
        "payday": lambda: _find_payday(policy, lower, last),
    }
    for strategy in policy.strategies:
        if choice := found[strategy]():
            return choice
    return lower, "earliest", {"days": policy.window_days, "last": last.isoformat()}


def _find_chosen_day(lower, last, chosen_day):
    """Return the customer's own day, if it comes in time."""
    if not chosen_day:
        return None
    day = _next_day_of_month(lower, chosen_day)
    return (day, "chosen_day", {"day": chosen_day}) if day <= last else None


def _find_good_day(policy, failure, lower, last, history):
    """Return the customer's best day of those that went better than usual."""
    if not history:
        return None
    prior = policy.get_prior(failure.attempt)
    ranked = []
    for bucket in BUCKETS:
        paid, total = history.count(bucket)
        share = _get_posterior(prior, policy.prior_weight, paid, total)
        if paid and share > prior:
            ranked.append((-share, bucket, paid, total))
    for _share, bucket, paid, total in sorted(ranked):
        day = _next_day_of_month(lower, history.get_best_day(bucket))
        if day <= last:
            return day, "history", _describe_bucket(bucket, paid, total)
    return None


def _find_payday(policy, lower, last):
    """Return the next pay-day, if it comes in time."""
    found = find_payday(policy.windows, lower, last)
    return (found.day, "payday", describe_payday(found)) if found else None


def describe_payday(found: PayDay) -> dict[str, str]:
    """Return the params of a sentence about a pay-day."""
    return {"first": found.start.isoformat(), "last": found.end.isoformat()}


def _describe_bucket(bucket, paid, total):
    """Return the params of a sentence about a customer's good days."""
    return {"first": bucket[0], "last": bucket[1], "paid": paid, "total": total}


def _get_chance(policy, repetition, day, history):
    """Return the chance of an attempt on this day: the prior, moved by the customer's own history."""
    prior = policy.get_prior(repetition)
    if not history:
        return prior
    paid, total = history.count(get_bucket(day.day))
    return _get_posterior(prior, policy.prior_weight, paid, total)


def _get_posterior(prior, weight, paid, total):
    """Return the mean of a Beta distribution that starts at `prior` with `weight` observations."""
    if not weight + total:
        return prior
    return (prior * weight + paid) / (weight + total)


def _next_day_of_month(lower, day_of_month):
    """Return the first bank day on or after the next such day that is not before `lower`."""
    month = lower.replace(day=1) - _DAY
    for _month in range(4):
        wanted = day_of(month.year, month.month, day_of_month)
        day = target.next_target_day(wanted)
        if day >= lower:
            return day
        month = (month.replace(day=1) + 31 * _DAY).replace(day=1)
    raise AssertionError("A year has no four months without this day.")


def _percent(share):
    """Return a share as a whole number of percent."""
    return int((share * 100).to_integral_value())
