"""The signals of a simulated order: the add-on's own checks of texts, and the simulated history."""

from functools import lru_cache

from scoring import holder, plausibility
from scoring.model import Signal
from sepa import iban as ibans

from . import parameters as p
from .history import MONTHS_13, WEEKS_8
from .policy_file import get_throw_away_domains


def say(code, value):
    """Return a signal as checks make it: a hit when there is something to say."""
    return Signal(code, value, "hit" if value else "ok")


@lru_cache(maxsize=200_000)
def _find_warnings(iban):
    try:
        return ibans.check(iban).warnings
    except ibans.IbanError:
        return None


def check_iban(iban):
    """Return the signals about a typed IBAN, from the add-on's own check."""
    warnings = _find_warnings(iban)
    if warnings is None:
        return {"iban_invalid": say("iban_invalid", True)}
    codes = ("bank_unknown", "national_check")
    return {code: say(code, code in warnings) for code in codes}


def check_order(order):
    """Return the signals about what was entered."""
    person = order.person
    match = holder.compare(person.name, person.holder)
    email = plausibility.is_email_of(person.email, get_throw_away_domains())
    return {
        "amount": Signal("amount", order.amount),
        "holder_match": Signal("holder_match", match),
        "email_disposable": say("email_disposable", email),
        "name_implausible": say("name_implausible", plausibility.is_name_implausible(person.name)),
    }


def check_history(order, account, now, history):
    """Return the signals about what was before: debits, returns, the account, how often and how fast."""
    person = order.person
    paid = sum(day < now for day in person.paid)
    debits = history.presented[person.number]
    returns = history.returns[person.number]
    paid += sum(day < now for day, _amount in debits) - len(returns)
    recent = [one for one in returns if one.day > now - MONTHS_13]
    by_bank = sum(not one.is_by_customer for one in recent)
    by_bank += sum(day > now - MONTHS_13 for day in person.failed)
    last = max([*person.failed, *(one.day for one in returns)], default=None)
    open_amount = sum(one.amount for one in returns if one.open_until > now)
    at_risk = sum(amount for day, amount in debits if day > now - WEEKS_8)
    values = {
        "is_first_order": order.is_new,
        "debits_paid": paid,
        "returns_bank_13m": by_bank,
        "returns_customer_13m": len(recent) - (by_bank - _failed(person, now)),
        "days_since_return": None if last is None else now - last,
        "open_returned_amount": open_amount,
        "exposure": at_risk + order.amount,
        "first_order_amount": order.amount if order.is_new else None,
        **_check_account(person, account, now, history),
        **_check_velocity(person, account, now, history),
    }
    return {code: say(code, value) for code, value in values.items()}


def _failed(person, now):
    return sum(day > now - MONTHS_13 for day in person.failed)


def _check_account(person, account, now, history):
    returns = [one for one in history.account_returns.get(account, ()) if one.day <= now]
    others = [
        one for one in history.seen(("iban", account), now, 10_000) if one[1] != person.number
    ]
    names = {one[3] for one in others if holder.is_other(person.holder, one[3])}
    return {
        "account_blocked": history.is_blocked(person, account, now),
        "account_returns_13m": sum(one.day > now - MONTHS_13 for one in returns),
        "account_open_returns": sum(one.open_until > now for one in returns),
        "account_customers": len({one[1] for one in others}),
        "account_other_names": len(names),
    }


def _check_velocity(person, account, now, history):
    by_iban = history.seen(("iban", account), now, 30)
    by_session = history.seen(("session", person.session), now, 1)
    by_email = history.seen(("email", person.email), now, 1)
    tried = max(
        len({one[2] for one in found if one[2] != account}) for found in (by_session, by_email)
    )
    return {
        "velocity_iban_30d": len(by_iban),
        "velocity_session_1h": sum(one[0] > now - 1 / 24 for one in by_session),
        "accounts_tried_24h": tried,
        "iban_customers_30d": len({one[1] for one in by_iban} - {person.number}),
    }


def ask_bureau(order, account):
    """Return the signals of a credit bureau; none when it does not know the person."""
    person = order.person
    if person.bureau is None:
        return {}
    colour = "green"
    if person.bureau < p.BUREAU_YELLOW:
        colour = "red" if person.bureau < p.BUREAU_RED else "yellow"
    found = {
        "bureau_colour": Signal("bureau_colour", colour),
        "bureau_score": Signal("bureau_score", round(500 + 100 * person.bureau)),
    }
    return found | check_account(order, account)


def check_account(order, account):
    """Return the signals of a bureau's account check; none about people whom it does not know."""
    person, found = order.person, {}
    if person.bureau is not None and order.is_detected:
        is_wrong = person.kind == "fabricated" or order.is_closed or account != person.iban
        found["bureau_account_invalid"] = say("bureau_account_invalid", is_wrong)
        if not is_wrong:
            match = "different" if person.kind == "stolen" else "match"
            found["bureau_holder_match"] = Signal("bureau_holder_match", match)
    return found
