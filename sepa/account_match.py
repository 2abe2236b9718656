"""Which IBAN a bank means when it names an account in its country's own notation.

Statements often name the account by bank code and account number: `19043/00234573201`,
`20041010050500013M02606`, or by the account number alone: `417164300`. All of these are parts of the
account's IBAN, some without their leading zeros.
"""

import re

#: Fewer characters than this may be the end of anybody's account number.
MIN_LENGTH = 7
#: {country: characters of the account number at the end of the IBAN}; before it is the bank's code.
ACCOUNT_LENGTHS = {"DE": 10, "AT": 11, "NL": 10}
#: {country: characters of the national check digits at the end, which some banks leave out}
KEY_LENGTHS = {"FR": 2, "MC": 2}

_BIC = re.compile(r"[A-Z]{4}([A-Z]{2})[A-Z0-9]{2}(?:[A-Z0-9]{3})?")
_CURRENCY = re.compile(r"(?<=[0-9])(?:EUR)$")


def fits(iban, account):
    """Return whether an account in any notation may be the one with this IBAN.

    :param str iban: the IBAN, normalised.
    :param str account: what the bank calls the account.

    >>> fits("AT611904300234573201", "19043/234573201")
    True
    """
    text = _CURRENCY.sub("", re.sub(r"\s", "", account.upper()))
    bank, _slash, number = text.rpartition("/")
    bank, number = _bare(bank), _bare(number)
    bic = _BIC.fullmatch(bank)
    if bic:
        # Some write the bank's BIC before the account number.
        return bic.group(1) == iban[:2] and _is_account(iban, number)
    if bank and _is_account(iban, number, bank):
        return True
    whole = bank + number
    return whole == iban or _is_account(iban, whole)


def find(ibans, account):
    """Return those of the IBANs that an account in any notation may have.

    :rtype: list[str]
    """
    return [iban for iban in ibans if fits(iban, account)]


def _bare(text):
    """Return the letters and digits of a text."""
    return re.sub(r"[^A-Z0-9]", "", text)


def _is_account(iban, number, bank=""):
    """Return whether a number is the national account number of an IBAN, or its end.

    :param str bank: the bank's code, if the bank has written it apart.
    """
    country, bban = iban[:2], iban[4:]
    size = ACCOUNT_LENGTHS.get(country)
    if bank:
        # Leading zeros stand between the bank's code and the account number.
        return bban.startswith(bank) and bban[len(bank) :].lstrip("0") == number.lstrip("0") != ""
    if len(number) < MIN_LENGTH:
        return False
    key = KEY_LENGTHS.get(country)
    if number == bban or (key and number == bban[:-key]):
        return True
    if size and len(number) <= size:
        # All of the account number but its zeros, or it is another account of the same bank.
        return bban[-size:].lstrip("0") == number.lstrip("0")
    return not size and bban.endswith(number)
