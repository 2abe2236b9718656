"""Questions to bureaus and their answers as plain values."""

import contextlib
import json
from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring import bureau, bureau_payone
from scoring.bureau import MISSING, BureauError, Reading
from scoring.model import Signal

NOW = datetime(2026, 11, 23, 12)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner),
    max_leaves=20,
)


@pytest.mark.parametrize(
    ("text", "street", "number"),
    [
        ("Hauptstraße 12 a", "Hauptstraße", "12 a"),
        ("Am Markt 3-5", "Am Markt", "3-5"),
        ("12 bis rue de la Paix", "rue de la Paix", "12 bis"),
        ("Straße des 17. Juni 135", "Straße des 17. Juni", "135"),
        ("Postfach", "Postfach", ""),
        ("", "", ""),
    ],
)
def test_street(text, street, number):
    assert bureau.split_street(text) == (street, number)


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("Jörg Müßig", ("Jörg", "Müßig")),
        ("Müßig, Jörg", ("Jörg", "Müßig")),
        ("  Anna  Maria Muster ", ("Anna Maria", "Muster")),
        ("Cher", ("", "Cher")),
        ("", ("", "")),
    ],
)
def test_name(text, names):
    assert bureau.split_name(text) == names


def test_body():
    body = bureau.build_json(
        [("person.name.last", "Müßig"), ("items[0].amount", 99.9), ("email", ""), ("x", None)]
    )
    assert json.loads(body) == {
        "person": {"name": {"last": "Müßig"}},
        "items": [{"amount": 99.9}],
    }


@pytest.mark.parametrize("path", ["", "a..b", "a[b]", "[0]", "a.", "a[0", ".".join("a" * 20)])
def test_bad_path(path):
    with pytest.raises(BureauError):
        bureau.parse_path(path)


@pytest.mark.parametrize(
    ("first", "second"), [("a", "a"), ("a", "a.b"), ("b", "a[1]"), ("a[0]", "a[0]"), ("a.b", "a")]
)
def test_paths_in_each_others_way(first, second):
    tree = {}
    bureau.put(tree, first, 1)
    with pytest.raises(BureauError):
        bureau.put(tree, second, 1)


@given(JSON, st.sampled_from(["a", "a.b", "a[0].b", "x[1]"]))
def test_find_never_fails(tree, path):
    bureau.find(tree, path)
    assert len(bureau.flatten(tree)) <= 200


@given(JSON, st.sampled_from(bureau.CODES))
def test_read_value_is_plain(raw, code):
    value = bureau.read_value(Reading("a", code), raw)
    assert value is None or isinstance(value, str | float | bool)
    if code == "bureau_pd" and value is not None:
        assert 0 <= value <= 1


def test_read_value():
    colour = Reading("a", "bureau_colour", bureau.parse_table("G=green; Y = yellow\nR=red"))
    assert [bureau.read_value(colour, raw) for raw in ("g", "R", "green", "U", None, 1)] == [
        "green",
        "red",
        "green",
        None,
        None,
        None,
    ]
    share = Reading("a", "bureau_pd", factor=0.01)
    assert [bureau.read_value(share, raw) for raw in ("2,5", 3, "x", 120, "NaN", -1)] == [
        0.025,
        0.03,
        None,
        None,
        None,
        None,
    ]
    flag = Reading("a", "bureau_account_blocked")
    assert [bureau.read_value(flag, raw) for raw in (True, "N", 1, "maybe")] == [
        True,
        False,
        True,
        None,
    ]
    rest = Reading("a", "bureau_negative", bureau.parse_table("0=none; *=hard"))
    assert [bureau.read_value(rest, raw) for raw in (0, 7, MISSING)] == ["none", "hard", None]


def test_answer():
    readings = [Reading("r.colour", "bureau_colour"), Reading("r.score", "bureau_score")]
    tree = {"status": "OK", "r": {"colour": "red", "score": 410}}
    answer = bureau.read_answer(tree, readings, "status", "ok, valid")
    assert (answer.status, answer.values) == (
        "ok",
        {"bureau_colour": "red", "bureau_score": 410.0},
    )
    assert bureau.read_answer({"status": "NO"}, readings, "status", "ok").status == "unknown"
    assert bureau.read_answer({}, readings).values == dict.fromkeys(
        ("bureau_colour", "bureau_score")
    )


def test_what_is_not_delivered_is_left_out():
    readings = [
        Reading("r.colour", "bureau_colour"),
        Reading("r.score", "bureau_score"),
        Reading("account.blocked", "bureau_account_blocked"),
    ]
    codes = [reading.signal for reading in readings]
    answer = bureau.read_answer({"r": {"colour": "green", "score": "?"}}, readings)
    assert bureau.complete(answer, codes) == {"bureau_colour": "green", "bureau_score": None}
    silent = bureau.read_answer({"r": {}}, readings)
    assert silent.status == "unknown"
    assert bureau.complete(silent, codes) == dict.fromkeys(codes)
    assert bureau.complete(bureau.Answer("error"), codes) == dict.fromkeys(codes)


@pytest.mark.parametrize("body", [b"", b"<html>", b"1", b'"x"', b"\xff\xfe", b"[" * 9999, b"{"])
def test_malformed(body):
    with pytest.raises(BureauError):
        bureau.parse_json(body)
    with pytest.raises(BureauError):
        bureau.parse_json(b" " * (bureau.MAX_BYTES + 1))


def test_signals():
    values = {"bureau_colour": "green", "bureau_negative": "hard", "bureau_score": None}
    assert [(s.code, s.status) for s in bureau.to_signals(values)] == [
        ("bureau_colour", "ok"),
        ("bureau_negative", "hit"),
        ("bureau_score", "unknown"),
    ]


def test_merge():
    merged = bureau.merge(
        [
            Signal("bureau_colour", status="unknown"),
            Signal("bureau_colour", "green"),
            Signal("bureau_colour", "yellow", "hit"),
            Signal("bureau_score", 500.0),
            Signal("bureau_score", 12.0),
            Signal("bureau_person", status="unknown"),
        ]
    )
    assert {s.code: s.value for s in merged} == {
        "bureau_colour": "yellow",
        "bureau_score": 500.0,
        "bureau_person": None,
    }
    assert bureau.is_decided([Signal("bureau_colour", "red", "hit")])
    assert not bureau.is_decided(merged)


@pytest.mark.parametrize(
    ("amount", "price", "rate", "minimum", "worth"),
    [
        (100, 1, 0.02, 0, True),
        (49.9, 1, 0.02, 0, False),
        (100, 1, 0.02, 150, False),
        (100, 0, 0, 0, True),
        (0, 0, 1, 0, False),
    ],
)
def test_worth(amount, price, rate, minimum, worth):
    assert bureau.is_worth(amount, price, rate, minimum) is worth


def test_pause():
    def calls(*minutes):
        return [(NOW - timedelta(minutes=m), True) for m in minutes]

    assert bureau.is_paused(calls(1, 2, 3), NOW, 3, 5)
    assert not bureau.is_paused(calls(1, 2), NOW, 3, 5)
    assert not bureau.is_paused(calls(6, 7, 8), NOW, 3, 5)
    assert not bureau.is_paused([*calls(1, 2), (NOW, False)][::-1], NOW, 3, 5)
    assert not bureau.is_paused(calls(-9, 1, 2), NOW, 3, 5), "a clock was set back"
    assert not bureau.is_paused(calls(1, 2, 3), NOW, 0, 5)


def test_one_tries_again_after_a_pause():
    calls = [(NOW - timedelta(minutes=m), True) for m in (6, 7, 8)]
    just_now, before = NOW - timedelta(seconds=1), NOW - timedelta(minutes=2)
    assert not bureau.is_paused(calls, NOW, 3, 5, [])
    assert bureau.is_paused(calls, NOW, 3, 5, [just_now])
    assert not bureau.is_paused(calls, NOW, 3, 5, [before]), "it went out during the pause"
    assert not bureau.is_paused([(NOW, False), *calls], NOW, 3, 5, [just_now])


def test_payone_score():
    facts = {
        "first_name": "Jörg",
        "last_name": "Müßig",
        "zip": "10115",
        "customer_kind": "consumer",
    }
    common = bureau_payone.make_common("1", "2", "3", "secret", False)
    body = bureau_payone.encode({**common, **bureau_payone.make_score(facts, "BA", "IH")}).decode()
    assert "lastname=M%C3%BC%C3%9Fig" in body and "mode=test" in body
    assert "secret" not in body and "key=5ebe2294ecd0e0f08eab7690d2a6ee69" in body
    for never in ("gender", "birthday", "language"):
        assert never not in body
    text = b"status=VALID\nscore=R\nscorevalue=420\nsecstatus=20\npersonstatus=PHB\n"
    answer = bureau_payone.read_score(bureau_payone.decode(text))
    assert answer.values == {
        "bureau_colour": "red",
        "bureau_score": 420.0,
        "bureau_person": "name",
        "bureau_address": "corrected",
    }


@pytest.mark.parametrize(
    ("text", "known"),
    [
        (b"status=VALID\nscore=G", {"bureau_colour": "green"}),
        (b"status=VALID\nscore=G\npersonstatus=NONE", {"bureau_colour": "green"}),
        (
            b"status=VALID\nscore=G\npersonstatus=UKN",
            {"bureau_colour": "green", "bureau_person": None},
        ),
        (b"status=INVALID", {"bureau_colour": None, "bureau_address": "wrong"}),
    ],
)
def test_payone_what_was_not_looked_at_is_left_out(text, known):
    assert bureau_payone.read_score(bureau_payone.decode(text)).values == known


@pytest.mark.parametrize(
    ("text", "status", "colour"),
    [
        (b"status=VALID\nscore=U", "unknown", None),
        (b"status=INVALID\nerrorcode=887", "ok", None),
        (b"status=ERROR\nerrorcode=2003\nerrormessage=x", "error", None),
        (b"status=VALID\r\nscore=g\r\n", "ok", "green"),
    ],
)
def test_payone_statuses(text, status, colour):
    answer = bureau_payone.read_score(bureau_payone.decode(text))
    assert (answer.status, answer.values["bureau_colour"]) == (status, colour)


def test_payone_account():
    made = bureau_payone.make_account({"iban": "DE02120300000000202051"}, "1")
    assert made["bankcountry"] == "DE"
    for text, invalid, blocked in (
        (b"status=VALID", False, False),
        (b"status=INVALID", True, False),
        (b"status=BLOCKED", False, True),
    ):
        values = bureau_payone.read_account(bureau_payone.decode(text)).values
        assert (values["bureau_account_invalid"], values["bureau_account_blocked"]) == (
            invalid,
            blocked,
        )


@given(st.binary(max_size=200))
def test_payone_any_bytes(body):
    with contextlib.suppress(BureauError):
        fields = bureau_payone.decode(body)
        bureau_payone.read_score(fields)
        bureau_payone.read_account(fields)
