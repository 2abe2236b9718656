"""What can be a name, an address, an e-mail address, a telephone number; nothing raises."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import plausibility as p

TOWNS = {("DE", p.fold("Köln")): [("50667", "51149")]}


@pytest.mark.parametrize(
    "name",
    "Ng|Li|Krč|Ó Súilleabháin|李娜|Дмитрий|Anne-Marie|Ayşe|Nguyễn Thị Minh|Max Mustermann|Jörg Müßig".split(
        "|"
    ),
)
def test_names(name):
    assert not p.is_name_implausible(name)


@pytest.mark.parametrize("name", "asdfgh|Test|123|xxxx|aaaa bbbb|qwertz|Max 3|---".split("|"))
def test_no_names(name):
    assert p.is_name_implausible(name)


def test_companies_have_digits():
    assert not p.is_name_implausible("1&1 Telecom GmbH", is_company=True)
    assert not p.is_name_implausible("")


@pytest.mark.parametrize(
    ("postcode", "country", "invalid"),
    [
        ("10115", "DE", False),
        ("D-10115", "DE", False),
        ("00999", "DE", True),
        ("1011", "DE", True),
        ("1010", "AT", False),
        ("A-1010", "AT", False),
        ("1012 ab", "NL", False),
        ("L-1234", "LU", False),
        ("LT-01100", "LT", False),
        ("SW1A 1AA", "GB", False),
        ("75001", "FR", False),
        ("7500", "FR", True),
        ("whatever", "US", False),
        ("", "DE", False),
    ],
)
def test_postcodes(postcode, country, invalid):
    assert p.is_postcode_invalid(postcode, country) is invalid


def test_towns():
    assert p.is_town_mismatch("10115", "Köln", "DE", TOWNS)
    assert not p.is_town_mismatch("50667", "koeln", "DE", TOWNS)
    assert not p.is_town_mismatch("10115", "Kleinkleckersdorf", "DE", TOWNS)
    assert not p.is_town_mismatch("123", "Köln", "DE", TOWNS), "that is another finding"


@pytest.mark.parametrize(
    "email", "a@b.de|jörg@müßig.de|a.b+c@x-y.co.uk|Jörg <a@b.de>|o'neill@x.ie".split("|")
)
def test_emails(email):
    assert not p.is_email_invalid(email)


@pytest.mark.parametrize(
    "email", "a@b|@b.de|a b@c.de|a@b..de|a@-b.de|a.@b.de|ab.de|a@1.2".split("|")
)
def test_no_emails(email):
    assert p.is_email_invalid(email)


def test_typo():
    common = {"gmail.com", "mail.com", "gmx.de", "gmx.net", "web.de"}
    assert p.find_email_typo("a@gmial.com", common) == "a@gmail.com"
    assert p.find_email_typo("a@gmail.con", common) == "a@gmail.com"
    assert p.find_email_typo("a@mail.com", common) == ""
    assert p.find_email_typo("a@gmaail.com", common) == "a@gmail.com"
    assert p.find_email_typo("a@firma.de", common) == ""
    assert p.find_email_typo("", common) == ""


def test_domains_above():
    assert p.is_email_of("a@mail.trash.example", frozenset({"trash.example"}))
    assert not p.is_email_of("a@trash.example.org", frozenset({"trash.example"}))


def test_one_mailbox_one_key():
    assert p.email_key("J.Mu+x@GoogleMail.com") == p.email_key("jmu@gmail.com")
    assert p.email_key("j.mu@web.de") != p.email_key("jmu@web.de")


def test_phone():
    assert p.parse_phone("0171 1234567", "DE") == (True, "+491711234567")
    assert p.parse_phone("+33 1 23 45 67 89", "DE") == (True, "+33123456789")
    assert p.parse_phone("12", "DE")[0] is False
    assert p.parse_phone("call me", "DE")[0] is False
    assert p.parse_phone("0171 1234567", "") == (None, "")
    assert p.parse_phone("", "DE") == (None, "")
    assert p.phone_key("0049 171 / 12345-67", "DE") == "+491711234567"


def test_addresses():
    assert p.address_key("Hauptstraße 1", "10115", "DE") == p.address_key(
        "Haupt Str. 1", "10115", "DE"
    )
    assert p.address_key("Hauptstr 1a", "10115", "DE") != p.address_key("Hauptstr 1", "10115", "DE")
    assert p.address_key("Hauptstraße", "10115", "DE") == ""


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2008-11-23", False),
        ("2008-11-24", True),
        ("1950-01-01", False),
        ("2030-01-01", None),
        ("", None),
        ("31.12.1999", None),
    ],
)
def test_age(born, expected):
    assert p.is_under_age(born, date(2026, 11, 23)) is expected


@given(st.text(max_size=60), st.sampled_from(["DE", "AT", "NL", "GB", "XX", ""]))
def test_nothing_raises(text, country):
    p.is_name_implausible(text)
    p.is_postcode_invalid(text, country)
    p.is_town_mismatch(text, text, country, TOWNS)
    p.is_email_invalid(text)
    p.find_email_typo(text, {"gmail.com"})
    p.email_key(text)
    p.parse_phone(text, country)
    p.address_key(text, text, country)
    p.is_under_age(text, date(2026, 11, 23))
