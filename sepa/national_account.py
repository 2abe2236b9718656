"""IBANs of people who know their account number and bank code only: Germany and Austria.

A German IBAN is the bank code and the account number with leading zeros, by the standard rule of the
Deutsche Bundesbank (rule 000000). Some banks calculate otherwise: what fits the check digits of
the account better is proposed, and the customer is asked to compare it with his card.
"""

import re
from dataclasses import dataclass

from . import iban as sepa_iban

#: {country: digits of the bank code, digits of the account number}
LENGTHS = {"DE": (8, 10), "AT": (5, 11)}
_TEXTS = {
    "country": "IBANs can be calculated for accounts in {countries}.",
    "bank_code": "A bank code of {country} has {expected} digits.",
    "account": "An account number of {country} has 1 to {expected} digits.",
}
#: Sub-account that German banks leave out on cards and statements.
_SUB_ACCOUNT = "00"


class AccountError(ValueError):
    """What is no national account. ``code`` is country, bank_code or account; ``params`` for a text."""

    def __init__(self, code, **params):
        super().__init__(_TEXTS[code].format(**params))
        self.code = code
        self.params = params


@dataclass(frozen=True, slots=True)
class Calculated:
    """An IBAN and what is known of it; `other` is another one that fits as well or better, or ""."""

    iban: str
    facts: sepa_iban.IbanFacts
    other: str = ""


def calculate(country, bank_code, account):
    """Return the IBAN of an account in its country's own notation.

    :param str country: DE or AT.
    :param str bank_code: Bankleitzahl, with or without blanks.
    :param str account: account number, with or without blanks, dots, dashes and slashes.
    :rtype: Calculated
    :raises AccountError: see there.

    >>> calculate("DE", "120 300 00", "202051").iban
    'DE02120300000000202051'
    """
    if country not in LENGTHS:
        raise AccountError("country", countries=", ".join(LENGTHS))
    bank_size, account_size = LENGTHS[country]
    bank_digits, account_digits = _digits(bank_code), _digits(account)
    if not re.fullmatch(rf"[1-9]\d{{{bank_size - 1}}}", bank_digits, re.ASCII):
        raise AccountError("bank_code", country=country, expected=bank_size)
    fits = re.fullmatch(rf"\d{{1,{account_size}}}", account_digits, re.ASCII)
    if not fits or not account_digits.strip("0"):
        raise AccountError("account", country=country, expected=account_size)
    number = _build(country, bank_digits, account_digits.zfill(account_size))
    facts = sepa_iban.check(number)
    return Calculated(number, facts, _find_other(country, bank_digits, account_digits, facts))


def _digits(text):
    return re.sub(r"[\s./-]+", "", text or "")


def _build(country, bank_code, account):
    bban = bank_code + account
    return country + sepa_iban.check_digits(country, bban) + bban


def _find_other(country, bank_code, account, facts):
    """Return the IBAN with the usual sub-account where only that one fits the bank's check digits."""
    short = len(account) <= LENGTHS[country][1] - len(_SUB_ACCOUNT)
    if country != "DE" or "national_check" not in facts.warnings or not short:
        return ""
    number = _build(country, bank_code, (account + _SUB_ACCOUNT).zfill(LENGTHS[country][1]))
    return number if "national_check" not in sepa_iban.check(number).warnings else ""
