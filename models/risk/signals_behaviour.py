"""Signals about how often something was ordered: the velocity of accounts, addresses, browsers.

Each counts other orders (not this one) that were judged before, within a window of time.
"""

from odoo.tools.translate import LazyTranslate

from .signals import SignalKind, add_signals

_lt = LazyTranslate(__name__)

#: {window: hours}
WINDOWS = {"1h": 1, "24h": 24, "30d": 720}

_WAIT = _lt("some time between the orders")
_SENTENCES = {
    "1h": _lt("Other orders with %(mark)s within an hour: %(value)s."),
    "24h": _lt("Other orders with %(mark)s within 24 hours: %(value)s."),
    "30d": _lt("Other orders with %(mark)s within 30 days: %(value)s."),
}
#: Marks as they stand in the sentences above: the same account ...
MARKS = {
    "iban": _lt("the same account"),
    "email": _lt("the same e-mail address"),
    "phone": _lt("the same telephone number"),
    "address": _lt("the same address"),
    "ip": _lt("the same internet connection"),
    "session": _lt("the same browser"),
}
_LABELS = {
    "iban": (
        _lt("Orders with this account within an hour"),
        _lt("Orders with this account within 24 hours"),
        _lt("Orders with this account within 30 days"),
    ),
    "email": (
        _lt("Orders with this e-mail address within an hour"),
        _lt("Orders with this e-mail address within 24 hours"),
        _lt("Orders with this e-mail address within 30 days"),
    ),
    "phone": (
        _lt("Orders with this telephone number within an hour"),
        _lt("Orders with this telephone number within 24 hours"),
        _lt("Orders with this telephone number within 30 days"),
    ),
    "address": (
        _lt("Orders to this address within an hour"),
        _lt("Orders to this address within 24 hours"),
        _lt("Orders to this address within 30 days"),
    ),
    "ip": (
        _lt("Orders from this internet connection within an hour"),
        _lt("Orders from this internet connection within 24 hours"),
        _lt("Orders from this internet connection within 30 days"),
    ),
    "session": (
        _lt("Orders from this browser within an hour"),
        _lt("Orders from this browser within 24 hours"),
        _lt("Orders from this browser within 30 days"),
    ),
}

add_signals(
    {
        f"velocity_{mark}_{window}": SignalKind(
            _LABELS[mark][position],
            "number",
            "behaviour",
            "fraud",
            _SENTENCES[window],
            unit="times",
            change=_WAIT,
            places={"mark": MARKS[mark]},
            # What was ordered in this browser, whoever sits before it has seen.
            about_others=mark != "session",
        )
        for mark in MARKS
        for position, window in enumerate(WINDOWS)
    }
)
add_signals(
    {
        "accounts_tried_24h": SignalKind(
            _lt("Different accounts tried within 24 hours"),
            "number",
            "behaviour",
            "fraud",
            _lt(
                "From the same browser or customer, other accounts were tried in 24 hours: %(value)s."
            ),
            unit="times",
            change=_lt("one account for all orders"),
        ),
        "iban_customers_30d": SignalKind(
            _lt("Other customers who ordered with this account in 30 days"),
            "number",
            "behaviour",
            "fraud",
            _lt("Other customers who ordered with this account in 30 days: %(value)s."),
            unit="customers",
            change=_lt("an account that nobody else pays from"),
            about_others=True,
        ),
        "ip_customers_24h": SignalKind(
            _lt("Other customers who ordered from this internet connection in 24 hours"),
            "number",
            "behaviour",
            "fraud",
            _lt(
                "Other customers who ordered from this internet connection in 24 hours: %(value)s."
            ),
            unit="customers",
            about_others=True,
        ),
        "session_customers_24h": SignalKind(
            _lt("Other customers who ordered in this browser in 24 hours"),
            "number",
            "behaviour",
            "fraud",
            _lt("Other customers who ordered in this browser in 24 hours: %(value)s."),
            unit="customers",
            about_others=True,
        ),
    }
)
