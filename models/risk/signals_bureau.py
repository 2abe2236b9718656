"""Signals about what bureaus answered."""

from odoo.tools.translate import LazyTranslate

from .signals import SignalKind, add_signals

_lt = LazyTranslate(__name__)


def _bureau(label, kind, sentence, use="credit", change="", choices=None):
    # About the person with the name and address that were entered: whoever that is.
    return SignalKind(
        label,
        kind,
        "bureau",
        use,
        sentence,
        change=change,
        choices=choices or {},
        about_others=True,
    )


_ASK = _lt("an entry at the bureau put right, if it is wrong")

add_signals(
    {
        "bureau_colour": _bureau(
            _lt("Bureau's colour"),
            "text",
            _lt("What the bureau says: %(value)s."),
            change=_ASK,
            choices={"green": _lt("Green"), "yellow": _lt("Yellow"), "red": _lt("Red")},
        ),
        "bureau_score": _bureau(
            _lt("Bureau's score"),
            "number",
            _lt("The bureau's score: %(value)s."),
            change=_ASK,
        ),
        "bureau_pd": _bureau(
            _lt("Chance of not being paid, as the bureau says"),
            "number",
            _lt("The bureau's estimate: %(value)s."),
            change=_ASK,
        ),
        "bureau_negative": _bureau(
            _lt("Negative entries at the bureau"),
            "text",
            _lt("Negative entries at the bureau: %(value)s."),
            change=_ASK,
            choices={
                "none": _lt("none"),
                "soft": _lt("light ones"),
                "medium": _lt("medium ones"),
                "hard": _lt("severe ones"),
            },
        ),
        "bureau_person": _bureau(
            _lt("Person known at the address"),
            "text",
            _lt("The person at this address: %(value)s."),
            "quality",
            choices={
                "known": _lt("known"),
                "name": _lt("name known at the address"),
                "unknown": _lt("not known"),
                "moved": _lt("moved"),
                "deceased": _lt("deceased"),
            },
        ),
        "bureau_address": _bureau(
            _lt("Address as the bureau knows it"),
            "text",
            _lt("The address: %(value)s."),
            "quality",
            choices={
                "correct": _lt("correct"),
                "corrected": _lt("corrected"),
                "wrong": _lt("not known"),
            },
        ),
        "bureau_holder_match": _bureau(
            _lt("Account holder as the bureau knows him"),
            "text",
            _lt("Account and holder at the bureau: %(value)s."),
            "fraud",
            _lt("an account in the customer's own name"),
            choices={
                "match": _lt("the same"),
                "close": _lt("nearly the same"),
                "different": _lt("different"),
            },
        ),
        "bureau_account_invalid": _bureau(
            _lt("The bureau does not know the account"),
            "bool",
            _lt("The bureau does not know this account."),
            "quality",
            _lt("another account"),
        ),
        "bureau_account_blocked": _bureau(
            _lt("The account is blocked at the bureau"),
            "bool",
            _lt("The bureau has this account as blocked."),
            "fraud",
            _lt("another account"),
        ),
    }
)
