"""Accounts that a bank does not name by their IBAN."""

import pytest

from sepa import account_match

DE = "DE89370400440532013000"
AT = "AT611904300234573201"
NL = "NL91ABNA0417164300"
FR = "FR1420041010050500013M02606"
BE = "BE68539007547034"
ES = "ES9121000418450200051332"


@pytest.mark.parametrize(
    ("iban", "account"),
    [
        (NL, "417164300"),
        (NL, "0417164300"),
        (NL, "041.71.64.300"),
        (NL, "ABNANL2A/417164300"),
        (NL, "0417164300EUR"),
        ("NL20INGB0001234567", "1234567"),
        (AT, "19043/00234573201"),
        (AT, "19043/234573201"),
        (AT, "1904300234573201"),
        (AT, "00234573201"),
        (AT, "234573201"),
        (FR, "20041010050500013M02606"),
        (FR, "20041 01005 0500013M026 06"),
        (FR, "20041010050500013m026"),
        (DE, "37040044/532013000"),
        (DE, "37040044/0532013000 EUR"),
        (DE, "370400440532013000"),
        (DE, "532013000"),
        (DE, "COBADEFFXXX/0532013000"),
        (BE, "539-0075470-34"),
        (ES, "0200051332"),
        (DE, DE),
    ],
)
def test_the_same_account(iban, account):
    assert account_match.find([DE, AT, NL, FR, BE, ES, "NL20INGB0001234567"], account) == [iban]


@pytest.mark.parametrize(
    ("iban", "account"),
    [
        (NL, ""),
        (NL, "/"),
        (NL, "164300"),
        (NL, "7164300"),
        (NL, "1417164300"),
        (DE, "2013000"),
        (DE, "50010517/0532013000"),
        (DE, "DEUTATWW/0532013000"),
        (DE, "37040044/13000"),
        (DE, "37040044/0"),
        (AT, "20111/00234573201"),
        (FR, "13M02606x"),
        (BE, "47034"),
        (DE, "٥٣٢٠١٣٠٠٠"),
    ],
)
def test_another_account(iban, account):
    assert not account_match.fits(iban, account)


def test_several_fit():
    other = "DE02370502990532013000"
    assert account_match.find([DE, other], "532013000") == [DE, other]
    assert account_match.find([DE, other], "37050299/532013000") == [other]
