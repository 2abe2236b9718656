"""Creditor identifiers: published examples pass, lengths and countries are enforced."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import creditor_id
from sepa.const import SEPA_COUNTRIES

VALID = """
DE98ZZZ09999999999 DE98TLA09999999999 AT61ZZZ01234567890 NL79ZZZ999999990000 FR72ZZZ123456
BE68ZZZ0123456789 ES50ZZZM23456789 ES23ZZZ47690558N IT66ZZZA1B2C3D4E5F6G7H8
CH51ZZZ12345678901 DE51ZZZ12345678901
""".split()


def with_digits(country, number, business="ZZZ"):
    digits = "".join(str(int(char, 36)) for char in number + country) + "00"
    return f"{country}{98 - int(digits) % 97:02d}{business}{number}"


def refused(text):
    with pytest.raises(creditor_id.CreditorIdError) as caught:
        creditor_id.check(text)
    return caught.value


@pytest.mark.parametrize("text", VALID)
def test_published_examples_are_accepted(text):
    assert creditor_id.check(text) == text
    assert creditor_id.check(f" {text[:4].lower()} {text[4:7]}\u00a0{text[7:]} ") == text


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("", "empty"),
        (None, "empty"),
        ("DE99ZZZ09999999999", "check_digits"),
        ("AT12ZZZ00000000001", "check_digits"),
        ("FR14ZZZ001122", "check_digits"),
        ("DE98ZZZ9999999999", "length"),
        ("DE29ZZZ0999", "length"),
        (with_digits("ZZ", "09999999999"), "country"),
        (with_digits("XK", "09999999999"), "country"),
        ("DE98ZZZ0999999999?", "character"),
        ("DEA8ZZZ09999999999", "character"),
        ("1E98ZZZ09999999999", "character"),
        ("SE98ZZZ", "length"),
        (with_digits("SE", "1" * 29), "length"),
    ],
)
def test_mistakes_are_named(text, code):
    error = refused(text)
    assert error.code == code
    assert str(error)


def test_parameters_name_the_expected_length():
    assert refused("BE98ZZZ9999").params == {"country": "BE", "expected": "17 or 20", "actual": 11}


@given(
    st.sampled_from(sorted(SEPA_COUNTRIES)),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=28, max_size=28),
    st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", min_size=3, max_size=3),
)
def test_business_code_is_outside_the_checksum(country, number, business):
    size = creditor_id.CREDITOR_ID_LENGTHS.get(country, (35,))[0] - 7
    plain = with_digits(country, number[:size])
    other = creditor_id.with_business_code(plain, business)
    assert creditor_id.check(plain) == plain
    assert creditor_id.business_code(other) == business
    assert creditor_id.same_creditor(plain, other)


@given(st.integers(0, 10**11 - 1), st.integers(0, 10), st.integers(1, 9))
def test_one_wrong_digit_is_always_found(number, position, step):
    good = with_digits("DE", f"{number:011d}")
    place = 7 + position
    bad = good[:place] + str((int(good[place]) + step) % 10) + good[place + 1 :]
    assert refused(bad).code == "check_digits"


def test_other_creditor_and_bad_business_code():
    assert not creditor_id.same_creditor("DE98ZZZ09999999999", "DE51ZZZ12345678901")
    with pytest.raises(creditor_id.CreditorIdError) as caught:
        creditor_id.with_business_code("DE98ZZZ09999999999", "ZZZZ")
    assert caught.value.code == "business_code"
