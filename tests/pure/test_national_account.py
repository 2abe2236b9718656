"""Account number and bank code to IBAN, for DE and AT."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import iban, national_account

KNOWN = [
    ("DE", "12030000", "202051", "DE02120300000000202051"),
    ("DE", "370 400 44", "0532013000", "DE89370400440532013000"),
    ("DE", "500-105-17", "0648489890", "DE12500105170648489890"),
    ("AT", "19043", "00234573201", "AT611904300234573201"),
    ("AT", "19043", "234573201", "AT611904300234573201"),
]


@pytest.mark.parametrize(("country", "bank_code", "account", "expected"), KNOWN)
def test_known_accounts(country, bank_code, account, expected):
    assert national_account.calculate(country, bank_code, account).iban == expected


@pytest.mark.parametrize(
    ("country", "bank_code", "account", "code"),
    [
        ("CH", "12030000", "202051", "country"),
        ("DE", "1203000", "202051", "bank_code"),
        ("DE", "0203000x", "202051", "bank_code"),
        ("DE", "٣٧٠٤٠٠٤٤", "202051", "bank_code"),
        ("DE", "12030000", "", "account"),
        ("DE", "12030000", "0000", "account"),
        ("DE", "12030000", "12345678901", "account"),
        ("AT", "12030000", "202051", "bank_code"),
        ("DE", None, None, "bank_code"),
    ],
)
def test_refused(country, bank_code, account, code):
    with pytest.raises(national_account.AccountError) as caught:
        national_account.calculate(country, bank_code, account)
    assert caught.value.code == code
    assert not account or account not in str(caught.value)


def test_missing_sub_account_is_proposed():
    found = [
        national_account.calculate("DE", "37040044", str(number))
        for number in range(1000000, 1000400)
    ]
    assert any(calculated.other for calculated in found)
    for calculated in found:
        if calculated.other:
            assert "national_check" in calculated.facts.warnings
            assert "national_check" not in iban.check(calculated.other).warnings


@given(st.integers(10000000, 99999999), st.integers(1, 10**10 - 1))
def test_every_result_is_valid_and_readable_again(bank_code, account):
    calculated = national_account.calculate("DE", str(bank_code), str(account))
    assert iban.validate(calculated.iban) == calculated.iban
    assert int(calculated.iban[4:12]) == bank_code and int(calculated.iban[12:]) == account


@given(st.text(max_size=20), st.text(max_size=20), st.text(max_size=20))
def test_bad_input_is_only_refused(country, bank_code, account):
    with suppress(national_account.AccountError):
        national_account.calculate(country, bank_code, account)
