"""Signals about what was before: what was paid, came back, is open. Nearly all of one customer."""

from odoo.tools.translate import LazyTranslate

from .signals import SignalKind, add_signals

_lt = LazyTranslate(__name__)


def _history(
    label, sentence, unit="", change="", kind="number", use="credit", *, about_others=False
):
    return SignalKind(
        label, kind, "history", use, sentence, unit, change, about_others=about_others
    )


add_signals(
    {
        "customer_blocked": _history(
            _lt("Direct debit is blocked for the customer"),
            _lt("No direct debit is offered for the moment after what happened before."),
            change=_lt("the end of the block, or its lifting by a person"),
            kind="bool",
            use="fraud",
            # An e-mail address or telephone number may be blocked that is somebody else's.
            about_others=True,
        ),
        "is_first_order": _history(
            _lt("First order"),
            _lt("It is a first order."),
            kind="bool",
        ),
        "tenure_days": _history(
            _lt("Days since the first order"),
            _lt("The customer ordered for the first time %(value)s days ago."),
            "days",
        ),
        "debits_paid": _history(
            _lt("Debits that were paid"),
            _lt("Direct debits that were paid: %(value)s."),
            "times",
            _lt("more direct debits that were paid"),
        ),
        "returns_bank_13m": _history(
            _lt("Debits returned by the bank in 13 months"),
            _lt("Direct debits that the bank returned in the last 13 months: %(value)s."),
            "times",
            _lt("some time without another return"),
        ),
        "returns_customer_13m": _history(
            _lt("Debits taken back by the customer in 13 months"),
            _lt("Direct debits that the customer took back in the last 13 months: %(value)s."),
            "times",
            _lt("some time without another return"),
        ),
        "return_share": _history(
            _lt("Share of debits that came back"),
            _lt("The share of direct debits that came back: %(value)s."),
            "",
            _lt("more direct debits that were paid"),
        ),
        "days_since_return": _history(
            _lt("Days since the last return"),
            _lt("The last direct debit that came back did so %(value)s days ago."),
            "days",
            _lt("some time without another return"),
        ),
        "open_returned_amount": _history(
            _lt("Open amount of returned debits"),
            _lt("From returned direct debits, %(value)s EUR are still open."),
            "EUR",
            _lt("the open amount paid"),
        ),
        "overdue_amount": _history(
            _lt("Overdue amount"),
            _lt("Invoices of %(value)s EUR are overdue."),
            "EUR",
            _lt("the overdue invoices paid"),
        ),
        "exposure": _history(
            _lt("Amount at risk, with this order"),
            _lt("With this order, %(value)s EUR are debited that could still come back."),
            "EUR",
            _lt("a smaller amount, or some weeks between the orders"),
        ),
        "other_record_owes": _history(
            _lt("Open returns of what seems to be the same person"),
            _lt("A customer with the same details still has returned direct debits to pay."),
            "",
            _lt("the open amount paid"),
            kind="bool",
            use="fraud",
            about_others=True,
        ),
    }
)
