"""Signals about the bank account. Its country is none of them: Regulation (EU) 260/2012 Art. 9(2)."""

from odoo.tools.translate import LazyTranslate

from .signals import SignalKind, add_signals

_lt = LazyTranslate(__name__)

_CHECK_IBAN = _lt("an IBAN compared with the bank card once more")
_OTHER_ACCOUNT = _lt("another account")

add_signals(
    {
        "iban_invalid": SignalKind(
            _lt("The IBAN cannot exist"),
            "bool",
            "account",
            "quality",
            _lt("The IBAN does not have the form or the check digits of an IBAN."),
            change=_CHECK_IBAN,
        ),
        "bank_unknown": SignalKind(
            _lt("The bank code is not known"),
            "bool",
            "account",
            "quality",
            _lt("The bank code of the IBAN is not in the list of banks."),
            change=_CHECK_IBAN,
        ),
        "national_check": SignalKind(
            _lt("The account number looks unusual for its bank"),
            "bool",
            "account",
            "quality",
            _lt("The account number does not fit what its bank usually gives out."),
            change=_CHECK_IBAN,
        ),
        "sdd_unreachable": SignalKind(
            _lt("The bank takes no direct debits"),
            "bool",
            "account",
            "quality",
            _lt("The bank of the account takes no direct debits, says the directory of banks."),
            change=_lt("an account at a bank that takes direct debits"),
        ),
        "account_blocked": SignalKind(
            _lt("The account is blocked"),
            "bool",
            "account",
            "fraud",
            _lt("Direct debits from this account are blocked at the moment."),
            change=_OTHER_ACCOUNT,
            about_others=True,
        ),
        "account_is_ours": SignalKind(
            _lt("The account is our own"),
            "bool",
            "account",
            "quality",
            _lt("The account that was entered is our own one."),
            change=_lt("the customer's own account"),
        ),
        "account_open_returns": SignalKind(
            _lt("Returned debits of the account that are still open"),
            "number",
            "account",
            "credit",
            _lt("Debits from this account came back and are still to be paid: %(value)s."),
            unit="times",
            change=_lt("the open amount paid"),
            about_others=True,
        ),
        "account_returns_13m": SignalKind(
            _lt("Returned debits of the account in 13 months"),
            "number",
            "account",
            "credit",
            _lt("Debits from this account that came back in the last 13 months: %(value)s."),
            unit="times",
            change=_OTHER_ACCOUNT,
            about_others=True,
        ),
        "account_days_since_return": SignalKind(
            _lt("Days since a debit of the account came back"),
            "number",
            "account",
            "credit",
            _lt("A debit from this account came back %(value)s days ago."),
            unit="days",
            change=_lt("some time without another return"),
            about_others=True,
        ),
        "account_customers": SignalKind(
            _lt("Other customers with this account"),
            "number",
            "account",
            "fraud",
            _lt("Other customers who pay from this account: %(value)s."),
            unit="customers",
            change=_lt("an account that nobody else pays from"),
            about_others=True,
        ),
        "account_other_names": SignalKind(
            _lt("Other holders' names given for this account"),
            "number",
            "account",
            "fraud",
            _lt("For this account, other holders' names were given: %(value)s."),
            unit="times",
            change=_lt("an account in the customer's own name"),
            about_others=True,
        ),
        "account_days_known": SignalKind(
            _lt("Days since the customer first gave this account"),
            "number",
            "account",
            "credit",
            _lt("The customer has given this account for the first time %(value)s days ago."),
            unit="days",
        ),
        "holder_match": SignalKind(
            _lt("Account holder and customer"),
            "text",
            "account",
            "fraud",
            _lt("The names of account holder and customer: %(value)s."),
            change=_lt("an account in the customer's own name"),
            choices={
                "match": _lt("the same"),
                "close": _lt("nearly the same"),
                "partly": _lt("something in common"),
                "different": _lt("different"),
            },
        ),
    }
)
