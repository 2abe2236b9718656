"""References: valid for banks, unique for different inputs."""

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sepa import references
from sepa.references import InvalidReference

PREFIXES = st.from_regex(r"[A-Z0-9]{1,8}", fullmatch=True)
NUMBERS = st.one_of(
    st.integers(0, 10**9), st.from_regex(r"[A-Z0-9]{1,5}(-[A-Z0-9]{1,5})?", fullmatch=True)
)
SHORT = st.integers(0, 99999)
MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1)).map(
    lambda moment: moment.replace(microsecond=0, tzinfo=UTC)
)


def code(function, *args):
    with pytest.raises(InvalidReference) as caught:
        function(*args)
    assert str(caught.value)
    return caught.value.code


@pytest.mark.parametrize("text", ["M-1", "a+?/-:().,'b", "X Y", "1", "A" * 35, "a/b/c"])
def test_accepted(text):
    assert references.check(text) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", "empty"),
        (None, "empty"),
        ("A" * 36, "length"),
        ("/M1", "slash"),
        ("M1/", "slash"),
        ("M//1", "slash"),
        ("/M//1", "slash"),
        (" M", "blank"),
        ("M ", "blank"),
        ("Mü", "character"),
        ("M_1", "character"),
        ("M&1", "character"),
        ("M\n", "character"),
        ("M\u00a01", "character"),
        ("\u0661", "character"),
    ],
)
def test_refused(text, expected):
    assert code(references.check, text) == expected


def test_examples():
    assert references.mandate_reference("sup", 123) == "SUP-123-TX"
    assert references.end_to_end_id("SUP", "2026-000123", 2) == "SUP-2026-000123-2"
    moment = datetime(2026, 11, 23, 9, 30, tzinfo=timezone(timedelta(hours=1)))
    message = references.message_id("SUP", moment, 17)
    assert message == "SUP-20261123083000-17"
    assert references.payment_information_id(message, 2) == "SUP-20261123083000-17-2"


@given(PREFIXES, NUMBERS, PREFIXES, NUMBERS)
def test_mandate_references_are_valid_and_unique(prefix, number, other_prefix, other_number):
    reference = references.mandate_reference(prefix, number)
    assert references.check(reference) == reference
    assert references.is_mandate_reference(reference.lower())
    other = references.mandate_reference(other_prefix, other_number)
    same = (prefix, str(number)) == (other_prefix, str(other_number))
    assert (reference == other) == same


@given(PREFIXES, NUMBERS, st.integers(1, 99), PREFIXES, NUMBERS, st.integers(1, 99))
def test_end_to_end_ids_are_valid_and_unique(prefix, number, attempt, prefix2, number2, attempt2):
    reference = references.end_to_end_id(prefix, number, attempt)
    assert references.check(reference) == reference
    other = references.end_to_end_id(prefix2, number2, attempt2)
    same = (prefix, str(number), attempt) == (prefix2, str(number2), attempt2)
    assert (reference == other) == same


@given(PREFIXES, MOMENTS, SHORT, PREFIXES, MOMENTS, SHORT, st.integers(1, 9), st.integers(1, 9))
def test_message_ids_are_valid_and_unique(prefix, moment, number, prefix2, moment2, number2, n, m):
    message = references.message_id(prefix, moment, number)
    other = references.message_id(prefix2, moment2, number2)
    block = references.payment_information_id(message, n)
    assert references.check(message) == message and references.check(block) == block
    same = (prefix, moment, number) == (prefix2, moment2, number2)
    assert (message == other) == same
    assert (block == references.payment_information_id(other, m)) == (same and n == m)


@given(PREFIXES, st.integers(10, 10**9), st.data())
def test_the_checksum_notices_a_misheard_character(prefix, number, data):
    reference = references.mandate_reference(prefix, number)
    place = data.draw(st.sampled_from([i for i, char in enumerate(reference) if char != "-"]))
    heard = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789"))
    assume(heard != reference[place])
    wrong = reference[:place] + heard + reference[place + 1 :]
    assert not references.is_mandate_reference(wrong)


@given(PREFIXES, st.integers(10, 10**9), st.data())
def test_the_checksum_notices_swapped_neighbours(prefix, number, data):
    reference = references.mandate_reference(prefix, number)
    place = data.draw(st.integers(0, len(reference) - 2))
    first, second = reference[place : place + 2]
    assume(first != second and "-" not in (first, second))
    wrong = reference[:place] + second + first + reference[place + 2 :]
    assert not references.is_mandate_reference(wrong)


@pytest.mark.parametrize(
    ("args", "expected"),
    [
        (("", 1), "prefix"),
        (("A-B", 1), "prefix"),
        (("Ä", 1), "prefix"),
        (("A" * 13, 1), "prefix"),
        (("A", -1), "number"),
        (("A", ""), "number"),
        (("A", "1--2"), "number"),
        (("A", "INV/1"), "number"),
        (("A", True), "number"),
        (("A", "1" * 40), "length"),
    ],
)
def test_makers_refuse_what_would_not_be_unique(args, expected):
    assert code(references.mandate_reference, *args) == expected


def test_counters_start_at_one():
    assert code(references.end_to_end_id, "A", 1, 0) == "attempt"
    assert code(references.payment_information_id, "A", 0) == "attempt"
    assert code(references.payment_information_id, "A//B", 1) == "slash"


def test_a_message_id_leaves_room_for_its_blocks():
    moment = datetime(2026, 11, 23)
    assert code(references.message_id, "ABCDEFGHIJKL", moment, 12345) == "length"
    longest = references.message_id("ABCDEFGHIJ", moment, 1234)
    assert len(references.payment_information_id(longest, 9999)) == 35
    with pytest.raises(TypeError):
        references.message_id("A", "2026-11-23", 1)
