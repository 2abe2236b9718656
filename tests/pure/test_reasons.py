"""One reason out of everything banks write."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import reasons


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("MD06", "MD06"),
        ("Rücklastschrift, AM04 Konto nicht gedeckt", "AM04"),
        ("return reason: ms03.", "MS03"),
        ("SONSTIGE GRUENDE", "MS03"),
        ("Sonstige Gründe", "MS03"),
        ("Sonstiger Grund", "MS03"),
        ("SONSTIGE  GRU\u0308NDE", "MS03"),
        ("WIDERSPRUCH DURCH ZAHLER", "MD06"),
        ("Der Zahler hat widersprochen", "MD06"),
        ("mangels Deckung", "AM04"),
        ("Konto aufgelöst", "AC04"),
        ("KONTO IST ERLOSCHEN", "AC04"),
        ("Konto gesperrt", "AC06"),
        ("Kunde verstorben", "MD07"),
        ("Kein gültiges Mandat", "MD01"),
        ("IBAN fehlerhaft", "AC01"),
        ("Rechnung XMD066 vom 3.", None),
        ("KAM04", None),
        ("", None),
        ("Vielen Dank", None),
    ],
)
def test_code_in_text(text, code):
    assert reasons.code_in_text(text) == code


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("901", "AC01"),
        ("902", "AC04"),
        ("903", "AC06"),
        ("904", "AG01"),
        ("906", "AM04"),
        ("909", "MD01"),
        ("910", "MD02"),
        ("912", "MD06"),
        ("913", "MD07"),
        ("914", "MS03"),
        ("915", "RC01"),
        ("0914", "MS03"),
        ("905", None),
        ("907", None),
        ("911", None),
        ("916", None),
        ("", None),
        (None, None),
    ],
)
def test_german_numbers_and_those_left_out_on_purpose(number, code):
    assert reasons.code_of_number(number) == code


def test_the_iso_code_wins_over_everything():
    found = reasons.normalize("AC04", "914", ["AM04"], "912")
    assert found == reasons.Reason("AC04", "914", "AM04")
    assert found.known


def test_a_banks_own_code_may_be_the_iso_code_in_the_wrong_place():
    assert reasons.normalize(None, "ms03").code == "MS03"
    assert reasons.normalize(None, "912").code == "MD06"
    assert reasons.normalize(None, "MD01 KEIN MANDAT").code == "MD01"


def test_a_strange_proprietary_code_is_kept_and_is_no_code():
    found = reasons.normalize(None, "QX77")
    assert (found.code, found.proprietary, found.known) == (None, "QX77", False)


def test_a_number_wins_over_words():
    assert reasons.normalize(None, None, ["SONSTIGE GRUENDE"], "912").code == "MD06"


def test_unknown_iso_code_is_kept_and_reported_unknown():
    found = reasons.normalize(" zz99 ")
    assert (found.code, found.known) == ("ZZ99", False)


def test_words_alone_are_a_reason_without_code():
    assert reasons.normalize(None, None, ["siehe Anlage", ""]) == reasons.Reason(
        None, None, "siehe Anlage"
    )


def test_nothing_is_no_reason():
    assert reasons.normalize(None, None, ["", "  "], None) is None
    assert reasons.normalize("", "", [], "") is None


@given(st.text(), st.text())
def test_any_text_is_survived_and_gives_only_known_codes(before, after):
    found = reasons.code_in_text(before + " " + after)
    assert found is None or len(found) == 4


@given(
    st.sampled_from(sorted(set(reasons.GERMAN_NUMBERS.values()))), st.text("abc ,.-", max_size=20)
)
def test_a_code_between_blanks_is_found(code, around):
    assert reasons.code_in_text(f"{around} {code} {around}") == code
