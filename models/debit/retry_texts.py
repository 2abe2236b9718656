"""What is said about repeated debits: codes and params are stored, sentences made when read."""

import re

from odoo.tools import format_amount, format_date
from odoo.tools.translate import LazyTranslate

from ...const import say as say_text

_lt = LazyTranslate(__name__)
_ISO_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MONEY = ("amount", "fee", "old_amount")

#: Why an attempt is due on its day, for the staff.
REASONS = {
    "chosen_day": _lt("The customer chose day %(day)s of the month for his debits."),
    "history": _lt(
        "From day %(first)s to day %(last)s of the month, %(paid)s of %(total)s debits of this"
        " customer were paid."
    ),
    "payday": _lt("Next pay-day: most salaries arrive between %(first)s and %(last)s."),
    "technical": _lt("The banks failed, not the customer, so it is the first possible day."),
    "earliest": _lt(
        "No better day comes within %(days)s days after the first attempt, so it is the first"
        " possible one."
    ),
    "person": _lt("%(user)s wants it tried again on the first possible day."),
    "moved": _lt("%(user)s moved it from %(old)s."),
    "moved_customer": _lt("The customer chose this day instead of %(old)s."),
}
#: The same for the customer.
REASONS_FOR_CUSTOMER = {
    "chosen_day": _lt("That is your own debit day, day %(day)s of the month."),
    "history": _lt("Debits around this day of the month have worked for you before."),
    "payday": _lt("Salaries and pensions have mostly arrived by then."),
    "technical": _lt("Nothing is wrong with your account; the banks could not process it."),
    "person": _lt("We agreed to try it again."),
    "moved_customer": _lt("You chose this day."),
}
#: Why there is no further attempt, for the staff.
STOPS = {
    "max": _lt("No further attempt: %(count)s repetitions within %(days)s days are used up."),
    "max_one": _lt("No further attempt: the one repetition that is allowed is used up."),
    "max_none": _lt("No further attempt: no repetitions are made here."),
    "window": _lt(
        "No further attempt: it could not be due within %(days)s days after the first one,"
        " that is until %(last)s."
    ),
    "not_worth": _lt(
        "No further attempt: at a chance of %(chance)s %% the %(amount)s are not worth the bank's"
        " fee of %(fee)s."
    ),
    "reason": _lt("No further attempt: the reason of the return does not allow it."),
    "fix": _lt("No attempt before somebody has put right what was wrong."),
    "mandate": _lt("No further attempt: mandate %(mandate)s is not active."),
    "spent": _lt("No further attempt: mandate %(mandate)s was for one debit only."),
    "nothing_open": _lt("No further attempt: nothing is open any more."),
    "other_debit": _lt("No further attempt: another debit collects the amount already."),
    "manual": _lt("No further attempt by itself: the rules say that a person decides."),
}
#: What was done with an attempt.
EVENTS = {
    "planned": _lt("Attempt %(attempt)s was planned for %(date)s."),
    "moved": _lt("%(user)s moved the attempt from %(old)s to %(date)s."),
    "moved_customer": _lt("The customer moved the attempt from %(old)s to %(date)s."),
    "paused": _lt("%(user)s paused the attempt."),
    "resumed": _lt("%(user)s let the attempt go on, now on %(date)s."),
    "reduced": _lt("The customer paid a part: %(amount)s are collected instead of %(old_amount)s."),
    "link": _lt("%(user)s sent a payment link instead of the attempt."),
}


def say(env, texts, code, params, currency=None):
    """Return a sentence in the language of `env`, "" for a code that is not in the table.

    Dates are stored as ISO text and amounts as decimal text; both are written as people do.

    :param dict texts: one of the tables above.
    :param str code: its key.
    :param dict params: what the sentence names.
    :param currency: `res.currency` of the amounts.
    """
    if code not in texts:
        return ""
    values = {}
    for key, value in (params or {}).items():
        if isinstance(value, str) and _ISO_DATE.fullmatch(value):
            value = format_date(env, value)
        elif key in _MONEY and currency:
            value = format_amount(env, float(value), currency)
        values[key] = value
    try:
        return say_text(env, texts[code], values)
    except KeyError:
        # Written by an older version, with other params.
        return ""
