"""The shipped policy and its cards, read from the data files of the add-on."""

from dataclasses import replace
from functools import lru_cache
from pathlib import Path

from lxml import etree

from scoring.model import Attribute, Bin, Card, Cutoff, PolicyData, Rule

DATA = Path(__file__).parents[2] / "data"


@lru_cache
def get_throw_away_domains():
    """Return the shipped domains of throw-away e-mail addresses."""
    records = _read("risk_domain_data.xml", "risk.domain")
    return frozenset(
        one["name"] for one in records if one.get("kind", "disposable") == "disposable"
    )


@lru_cache
def read_policy():
    """Return the shipped policy as the add-on would decide with it."""
    file = "risk_policy_data.xml"
    policy = _read(file, "risk.policy")[0]
    offers = {}
    for one in _sorted(_read(file, "risk.policy.offer")):
        offers.setdefault(one["colour"], []).append(one["offer"])
    return PolicyData(
        id=1,
        rules=tuple(
            Rule(
                number,
                one["signal"],
                one["operator"],
                one.get("threshold", ""),
                one["colour"],
                bool(one.get("needs_review")),
            )
            for number, one in enumerate(_sorted(_read(file, "risk.rule")), 1)
        ),
        bank_card=_read_card(policy["bank_card_id"]),
        customer_card=_read_card(policy["customer_card_id"]),
        cutoffs=tuple(
            Cutoff(
                one["green_max"],
                one["yellow_max"],
                one.get("channel", ""),
                one.get("product_kind", ""),
                one.get("customer_kind", ""),
            )
            for one in _sorted(_read(file, "risk.policy.cutoff"))
        ),
        unknown={
            one.get("signal", ""): one["colour"] for one in _read(file, "risk.policy.unknown")
        },
        sample_rate=policy.get("sample_rate", 0.0),
        offers={colour: tuple(codes) for colour, codes in offers.items()},
    )


def _read_card(xml_id):
    cards = _read("risk_card_data.xml", "risk.card")
    card = next(one for one in cards if one["id"] == xml_id)
    rows = {}
    for one in _sorted(_read("risk_card_data.xml", "risk.card.line")):
        if one["card_id"] == xml_id:
            rows.setdefault(one["signal"], []).append(_make_bin(one))
    attributes = tuple(Attribute(signal, tuple(bins)) for signal, bins in rows.items())
    empty = Card(card.get("code", ""), 1, card.get("base", 600.0), attributes)
    return replace(empty, slope=card.get("slope", 1.0), intercept=card.get("intercept", 0.0))


def _make_bin(one):
    kind = one.get("kind", "range")
    return Bin(
        points=one.get("points", 0.0),
        label=one["name"],
        low=one.get("low", 0.0) if kind == "range" and one.get("has_low") else None,
        high=one.get("high", 0.0) if kind == "range" and one.get("has_high") else None,
        texts=tuple(text.strip() for text in one["texts"].split(",")) if kind == "texts" else (),
        is_missing=kind == "missing",
    )


def _sorted(records):
    return sorted(records, key=lambda one: one.get("sequence", 10))


@lru_cache
def _read(file, model):
    """Return the records of a model in a file as dicts of texts, numbers and XML ids."""
    found = []
    for record in etree.parse(str(DATA / file)).iter("record"):
        if record.get("model") == model:
            values = {field.get("name"): _get_value(field) for field in record.iter("field")}
            found.append({**values, "id": record.get("id")})
    return found


def _get_value(field):
    if field.get("ref"):
        return field.get("ref")
    if field.get("eval"):
        return {"True": True, "False": False}.get(field.get("eval")) or _number(field.get("eval"))
    return field.text or ""


def _number(text):
    try:
        return float(text)
    except ValueError:
        return False
