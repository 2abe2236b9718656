"""Questions to bureaus and their answers as plain values: what is sent where, and how it is read."""

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from .model import Signal

#: Larger answers are not read.
MAX_BYTES = 256 * 1024
#: A tree of an answer is followed no deeper.
MAX_DEPTH = 12
MISSING = object()
_PART = re.compile(r"^([^.\[\]]+)((?:\[\d{1,3}\])*)$")
_NUMBER_LAST = re.compile(
    r"^(?P<street>.*\D)\s+(?P<number>\d+\s?[a-zA-Z]?(?:\s?[-/]\s?\d+\s?[a-zA-Z]?)?)$"
)
_NUMBER_FIRST = re.compile(r"^(?P<number>\d+\s?(?:bis|ter|[a-zA-Z])?),?\s+(?P<street>\D.*)$")
_YES = frozenset("1 true yes y ja j oui".split())
_NO = frozenset("0 false no n nein non".split())
#: Texts of signals from the best to the worst; what is in no list is no answer.
ORDERS = {
    "bureau_colour": ("green", "yellow", "red"),
    "bureau_negative": ("none", "soft", "medium", "hard"),
    "bureau_person": ("known", "name", "unknown", "moved", "deceased"),
    "bureau_address": ("correct", "corrected", "wrong"),
    "bureau_holder_match": ("match", "close", "different"),
}
NUMBERS = frozenset({"bureau_score", "bureau_pd"})
FLAGS = frozenset({"bureau_account_invalid", "bureau_account_blocked"})
CODES = (*ORDERS, *sorted(NUMBERS), *sorted(FLAGS))
#: After such an answer no other bureau is asked.
_DECISIVE = {("bureau_colour", "red"), ("bureau_negative", "hard")}


class BureauError(ValueError):
    """What came back, or what is set up, makes no sense. `code` says why, without personal data."""

    def __init__(self, code: str, detail: str = ""):
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code = code
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Question:
    """One request: method, address, headers and body, ready to be sent."""

    url: str
    method: str = "POST"
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    content_type: str = "application/json"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bureau said: `values` by signal code; None where it does not know.

    What a bureau does not deliver at all, while it answers the rest, is left out: nobody asked for it.

    `status`: `ok`, `unknown` (it has nothing on the customer) or `error` (it could not answer).
    """

    status: str
    values: Mapping[str, object] = field(default_factory=dict)
    reference: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class Reading:
    """Where in an answer a signal stands: path, table of texts, factor of numbers."""

    path: str
    signal: str
    table: Mapping[str, str] = field(default_factory=dict)
    factor: float = 1.0


# === PATHS === #


def parse_path(path: str) -> list[str | int]:
    """Return the steps of a path like `result.checks[0].code`.

    :raise BureauError: (`path`) when it is none.
    """
    steps: list[str | int] = []
    for part in (path or "").strip().split("."):
        match = _PART.match(part.strip())
        if not match:
            raise BureauError("path", path)
        steps.append(match[1].strip())
        steps += [int(number) for number in re.findall(r"\d+", match[2])]
    if len(steps) > MAX_DEPTH:
        raise BureauError("path", path)
    return steps


def find(tree, path: str):
    """Return what stands at a path, `MISSING` when nothing does."""
    for step in parse_path(path):
        if isinstance(step, int):
            if not isinstance(tree, list) or step >= len(tree):
                return MISSING
            tree = tree[step]
        elif isinstance(tree, dict) and step in tree:
            tree = tree[step]
        else:
            return MISSING
    return tree


def put(tree: dict, path: str, value) -> None:
    """Write a value at a path, making what is missing on the way.

    :raise BureauError: (`path`) when something else stands in the way, or a list is not in order.
    """
    steps = parse_path(path)
    node = tree
    for step, following in zip(steps, [*steps[1:], None], strict=True):
        fresh = value if following is None else ([] if isinstance(following, int) else {})
        if isinstance(step, int):
            if not isinstance(node, list) or step > len(node):
                raise BureauError("path", path)
            if step == len(node):
                node.append(fresh)
            elif following is None:
                raise BureauError("path", path)
        elif not isinstance(node, dict) or (following is None and step in node):
            raise BureauError("path", path)
        else:
            node.setdefault(step, fresh)
        node = node[step]


def flatten(tree, prefix: str = "", depth: int = 0) -> list[tuple[str, object]]:
    """Return all values of an answer with their paths, at most 200, for people who set up a bureau."""
    if depth > MAX_DEPTH:
        return []
    if isinstance(tree, dict):
        pairs = [(f"{prefix}.{key}" if prefix else str(key), tree[key]) for key in tree]
    elif isinstance(tree, list):
        pairs = [(f"{prefix}[{number}]", item) for number, item in enumerate(tree)]
    else:
        return [(prefix, tree)]
    return [one for path, node in pairs for one in flatten(node, path, depth + 1)][:200]


# === QUESTIONS === #


def split_name(name: str) -> tuple[str, str]:
    """Return first names and last name: the last word counts as the name, "Doe, Jane" too."""
    name = " ".join((name or "").split())
    if "," in name:
        last, _comma, first = name.partition(",")
        return first.strip(), last.strip()
    first, _space, last = name.rpartition(" ")
    return first, last


def split_street(street: str) -> tuple[str, str]:
    """Return street and house number; "" for a number that is not there.

    >>> split_street("Hauptstraße 12 a")
    ('Hauptstraße', '12 a')
    """
    text = " ".join((street or "").split())
    match = _NUMBER_LAST.match(text) or _NUMBER_FIRST.match(text)
    return (match["street"].strip(" ,"), match["number"].strip()) if match else (text, "")


def build_json(pairs: Iterable[tuple[str, object]]) -> bytes:
    """Return the JSON body of `(path, value)` pairs; values that are not known are left out."""
    tree: dict = {}
    for path, value in pairs:
        if value not in (None, ""):
            put(tree, path, value)
    return json.dumps(tree, ensure_ascii=False, sort_keys=True).encode()


# === ANSWERS === #


def parse_json(body: bytes):
    """Return the tree of a JSON answer.

    :raise BureauError: (`malformed`) for anything that is no JSON object, or too large.
    """
    if len(body) > MAX_BYTES:
        raise BureauError("malformed", "too large")
    try:
        tree = json.loads(body.decode("utf-8-sig"), parse_constant=lambda text: None)
    except (ValueError, RecursionError) as error:
        raise BureauError("malformed", "no JSON") from error
    if not isinstance(tree, dict | list):
        raise BureauError("malformed", "no JSON object")
    return tree


def parse_table(text: str) -> dict[str, str]:
    """Return the table that somebody typed: "G=green; Y=yellow" (letters of any case).

    :raise BureauError: (`table`) for a part without "=".
    """
    table = {}
    for part in re.split(r"[;\n]", text or ""):
        if not part.strip():
            continue
        left, equals, right = part.partition("=")
        if not equals or not left.strip() or not right.strip():
            raise BureauError("table", part.strip())
        table[left.strip().casefold()] = right.strip().casefold()
    return table


def read_value(reading: Reading, raw):
    """Return the value of a signal, None when the answer says nothing that is understood."""
    if raw is MISSING or raw is None or isinstance(raw, dict | list):
        return None
    text = ("true" if raw else "false") if isinstance(raw, bool) else str(raw).strip()
    text = reading.table.get(text.casefold(), reading.table.get("*", text))
    if reading.signal in NUMBERS:
        return _read_number(text, reading)
    folded = text.casefold()
    if reading.signal in FLAGS:
        return True if folded in _YES else False if folded in _NO else None
    return folded if folded in ORDERS.get(reading.signal, ()) else None


def _read_number(text, reading):
    try:
        number = float(text.replace(" ", "").replace(",", ".")) * reading.factor
    except ValueError:
        return None
    if not math.isfinite(number) or abs(number) > 1e9:
        return None
    if reading.signal == "bureau_pd" and not 0.0 <= number <= 1.0:
        return None
    return round(number, 6)


def read_answer(
    tree, readings: Iterable[Reading], ok_path: str = "", ok_values: str = ""
) -> Answer:
    """Return what an answer says.

    :param ok_path: where it says whether it worked; "" when it never does.
    :param ok_values: the texts that mean it did, divided by commas.
    """
    readings = tuple(readings)
    if ok_path:
        said = find(tree, ok_path)
        wanted = {value.strip().casefold() for value in ok_values.split(",") if value.strip()}
        if said is MISSING or str(said).strip().casefold() not in wanted:
            return Answer("unknown", {reading.signal: None for reading in readings})
    values: dict[str, object] = {}
    for reading in readings:
        raw = find(tree, reading.path)
        if raw is not MISSING and values.get(reading.signal) is None:
            values[reading.signal] = read_value(reading, raw)
    if any(value is not None for value in values.values()):
        return Answer("ok", values)
    return Answer("unknown", {reading.signal: None for reading in readings})


# === SIGNALS === #


def complete(answer: Answer, codes: Iterable[str]) -> dict[str, object]:
    """Return what counts of an answer: without one, None for everything that was wanted.

    :param codes: of the signals that the bureau is asked for.
    """
    if answer.status == "ok":
        return dict(answer.values)
    return {**dict.fromkeys(codes), **answer.values}


def to_signals(values: Mapping[str, object]) -> list[Signal]:
    """Return the signals of an answer: `unknown` where the bureau said nothing."""
    return [
        Signal(code, status="unknown")
        if value is None
        else Signal(code, value, "hit" if is_adverse(code, value) else "ok")
        for code, value in values.items()
    ]


def is_adverse(code: str, value) -> bool:
    """Return whether a value says something; the best one of a list and `False` do not."""
    if code in ORDERS:
        return value != ORDERS[code][0]
    return bool(value)


def is_decided(signals: Iterable[Signal]) -> bool:
    """Return whether asking somebody else would change nothing."""
    return any((signal.code, signal.value) in _DECISIVE for signal in signals)


def merge(signals: Iterable[Signal]) -> list[Signal]:
    """Return one signal for each code: what is known counts before what is not, then the worst.

    Scores of two bureaus have different scales: the first one counts.
    """
    merged: dict[str, Signal] = {}
    for signal in signals:
        before = merged.get(signal.code)
        if before is None or _rank(signal) > _rank(before):
            merged[signal.code] = signal
    return list(merged.values())


def _rank(signal):
    if signal.status == "unknown":
        return -1.0
    if signal.code in ORDERS:
        return float(ORDERS[signal.code].index(signal.value))
    return 0.0 if signal.code == "bureau_score" else float(signal.value)


# === WHEN TO ASK === #


def is_worth(amount: float, price: float, hit_rate: float, min_amount: float = 0.0) -> bool:
    """Return whether a question is worth its price: what it saves on average exceeds what it costs.

    :param amount: of the order.
    :param price: of one question, in the same currency.
    :param hit_rate: share of questions that keep an amount from being lost, 0.0 to 1.0.
    """
    return amount > 0 and amount >= min_amount and amount * hit_rate >= price


def is_paused(
    calls: Iterable[tuple[datetime, bool]],
    now: datetime,
    failures: int,
    minutes: int,
    waiting: Iterable[datetime] = (),
) -> bool:
    """Return whether a bureau is left alone for now, because it keeps failing.

    :param calls: (when, whether it failed) of the latest calls, newest first.
    :param failures: so many in a row pause it; 0 never does.
    :param minutes: for how long after the last one; then one call tries again.
    :param waiting: when the calls went out that have no answer yet. One from after the pause is the
        one that tries again: until it has an answer, nobody else does.
    """
    latest = list(calls)[:failures] if failures > 0 else []
    if not latest or len(latest) < failures or not all(failed for _date, failed in latest):
        return False
    # A clock that was set back would make the pause endless.
    if now < latest[0][0]:
        return False
    end = latest[0][0] + timedelta(minutes=minutes)
    return now < end or any(date >= end for date in waiting)
