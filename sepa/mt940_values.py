"""Amounts, days and accounts as MT940 writes them."""

import re
from datetime import date
from decimal import Decimal

from . import iban as ibans

_MONEY = re.compile(r"(?:[A-Z]{3})?\s*(\d[\d.]*(?:,\d*)?)")


def national_iban(text: str, dutch_bank: str | None = None) -> str | None:
    """The IBAN of a bank code and account number, without the banks' exceptions; None if it is none.

    Germany: 8 digits and 10; Austria: 5 and 11; the Netherlands: the number, by `dutch_bank`.
    """
    for country, bank_length, length in (("DE", 8, 10), ("AT", 5, 11)):
        if match := re.fullmatch(rf"(\d{{{bank_length}}})/(\d{{1,{length}}})", text):
            bban = match.group(1) + match.group(2).zfill(length)
            return f"{country}{ibans.check_digits(country, bban)}{bban}"
    number = text.replace(".", "")
    if dutch_bank and re.fullmatch(r"\d{7,10}", number):
        bban = dutch_bank + number.zfill(10)
        return f"NL{ibans.check_digits('NL', bban)}{bban}"
    return None


def valid_iban(text: str) -> str | None:
    try:
        return ibans.validate(text) if text else None
    except ibans.IbanError:
        return None


def parse_money(text: str) -> Decimal | None:
    """An amount with a comma before the cents; points group thousands."""
    bare = text.replace(".", "") if "," in text else text
    whole, _comma, cents = bare.partition(",")
    if not whole.isdigit() or len(whole) > 15 or len(cents) > 2 or (cents and not cents.isdigit()):
        return None
    return Decimal(f"{whole}.{cents.ljust(2, '0')}")


def amount_of(text: str | None) -> Decimal | None:
    """The amount in a text such as "EUR11,85", or None."""
    match = _MONEY.match(text.strip()) if text else None
    return parse_money(match.group(1)) if match else None


def parse_day(text: str) -> date | None:
    """YYMMDD as a date of this century."""
    try:
        return date(2000 + int(text[:2]), int(text[2:4]), int(text[4:6]))
    except ValueError:
        return None


def booking_day(text: str | None, value_date: date) -> date:
    """The booking day: it stands without its year, which is the one nearest to the value date."""
    if not text:
        return value_date
    days = []
    for year in (value_date.year - 1, value_date.year, value_date.year + 1):
        try:
            days.append(date(year, int(text[:2]), int(text[2:4])))
        except ValueError:
            continue
    return min(days, key=lambda day: abs(day - value_date), default=value_date)
