"""Decisions: the worst counts, every colour is explained, and the explanation is true."""

import math
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scoring.card import score
from scoring.decision import MAX_SAMPLE_RATE, combine, decide
from scoring.model import (
    RANK,
    Attribute,
    Bin,
    Card,
    Context,
    Cutoff,
    PolicyData,
    Rule,
    Signal,
)
from scoring.rules import find_mistake, get_cutoff, matches

RETURNS = Attribute(
    "returned_count",
    (Bin(5.0, "none", high=1), Bin(-60.0, "one", low=1, high=2), Bin(-90.0, "more", low=2)),
)
TENURE = Attribute(
    "tenure_days",
    (
        Bin(-8.0, "new", high=30),
        Bin(2.0, "months", low=30, high=365),
        Bin(20.0, "years", low=365),
        Bin(0.0, "unknown", is_missing=True),
    ),
)
MAIL = Attribute(
    "email_kind", (Bin(-70.0, "thrown away", texts=("disposable",)), Bin(2.0, "usual"))
)
BANK = Card("bank", 1, 590.0, (RETURNS, TENURE))
CUSTOMER = Card("customer", 1, 640.0, (MAIL, TENURE))
RULES = (
    Rule(1, "account_blocked", "hit", "", "red", needs_review=True),
    Rule(2, "amount", ">", "500", "yellow"),
)
POLICY = PolicyData(
    7,
    rules=RULES,
    bank_card=BANK,
    customer_card=CUSTOMER,
    cutoffs=(Cutoff(0.07, 0.30),),
    unknown={"": "green", "bureau": "yellow"},
    offers={"green": ("sdd",), "yellow": ("sdd_settled", "transfer"), "red": ("transfer",)},
)
GOOD = {"returned_count": 0, "tenure_days": 400, "email_kind": "own", "amount": 99.9}
SIGNALS = st.fixed_dictionaries(
    {
        "returned_count": st.none() | st.integers(0, 4),
        "tenure_days": st.none() | st.integers(0, 900),
        "email_kind": st.none() | st.sampled_from(("own", "free", "disposable")),
        "amount": st.none() | st.floats(1, 2000),
        "account_blocked": st.booleans(),
        "bureau": st.sampled_from(("unknown", "G")),
    }
)


def make_signals(values):
    """Signals as checks make them: `True` is a hit, "unknown" could not be looked up."""
    found = {}
    for code, value in values.items():
        status = "hit" if value is True else "ok"
        if value == "unknown":
            value, status = None, "unknown"
        found[code] = Signal(code, value, status)
    return found


def judge(policy=POLICY, context=None, **values):
    return decide(policy, make_signals({**GOOD, **values}), context or Context())


def test_an_ordinary_customer_is_green_without_reasons():
    found = judge()
    assert (found.colour, found.reasons, found.counterfactuals) == ("green", (), ())
    assert found.offers == ("sdd",)
    assert found.pd == pytest.approx(combine(found.bank.pd, found.customer.pd))


def test_a_rule_makes_red_and_asks_a_person():
    found = judge(account_blocked=True)
    assert (found.colour, found.needs_review, found.offers) == ("red", True, ("transfer",))
    assert [(reason.kind, reason.rule_id) for reason in found.reasons] == [("rule", 1)]
    assert [(one.signal, one.rule_id) for one in found.counterfactuals] == [("account_blocked", 1)]


def test_points_make_yellow_and_name_what_counted():
    found = judge(returned_count=1, tenure_days=10)
    assert found.colour == "yellow"
    assert found.reasons[0].signal == "returned_count"
    assert {one.signal for one in found.counterfactuals} == {"returned_count"}


def test_two_obstacles_need_two_changes():
    found = judge(account_blocked=True, amount=900)
    assert [one.signal for one in found.counterfactuals] == ["account_blocked", "amount"]
    assert all(one.needs_all for one in found.counterfactuals)


def test_a_check_that_could_not_run_counts_as_the_table_says():
    found = judge(bureau="unknown")
    assert found.colour == "yellow"
    assert [(reason.kind, reason.signal) for reason in found.reasons] == [("unknown", "bureau")]
    assert judge(tenure_days="unknown").colour == "green"
    strict = replace(POLICY, unknown={"": "red"})
    assert judge(strict, tenure_days="unknown").colour == "red"


@pytest.mark.parametrize(
    ("policy", "colour"),
    [
        (PolicyData(1), "green"),
        (PolicyData(1, unknown={"": "yellow"}), "yellow"),
        # A card without cut-offs can't say anything.
        (PolicyData(1, bank_card=BANK, unknown={"": "yellow"}), "yellow"),
        (PolicyData(1, rules=RULES, unknown={"": "yellow"}), "green"),
    ],
)
def test_policies_that_say_little(policy, colour):
    found = judge(policy)
    assert found.colour == colour
    assert bool(found.reasons) is (colour != "green")


def test_the_line_with_most_conditions_counts():
    lines = (
        Cutoff(0.1, 0.2),
        Cutoff(0.2, 0.3, channel="phone"),
        Cutoff(0.3, 0.4, channel="phone", product_kind="base"),
        Cutoff(0.4, 0.5, product_kind="base"),
        Cutoff(0.5, 0.6, product_kind="base"),
    )
    assert get_cutoff(lines, Context("phone", "base")).green_max == 0.3
    assert get_cutoff(lines, Context("phone", "addon")).green_max == 0.2
    assert get_cutoff(lines, Context("web", "base")).green_max == 0.4
    assert get_cutoff(lines, Context("web")).green_max == 0.1
    assert get_cutoff(lines[1:2], Context("web")) is None


@pytest.mark.parametrize(
    ("operator", "threshold", "value", "applies"),
    [
        ("=", "free", "FREE", True),
        ("=", "true", True, True),
        ("=", "no", False, True),
        ("=", "2,5", 2.5, True),
        ("!=", "free", "own", True),
        ("in", "free, disposable", "disposable", True),
        ("in", "1, 3", 3, True),
        (">", "500", 500, False),
        (">=", "500", 500, True),
        ("<", "500,5", 500.4, True),
        ("<=", "x", 1, False),
        (">", "1", "text", False),
        (">", "0", True, False),
        ("set", "", 0, True),
        ("set", "", None, False),
        ("!=", "free", None, False),
        ("between", "1", 1, False),
    ],
)
def test_operators(operator, threshold, value, applies):
    assert matches(Rule(1, "x", operator, threshold, "red"), Signal("x", value)) is applies


@pytest.mark.parametrize(
    ("operator", "threshold", "kind", "mistake"),
    [
        (">", "500", "number", ""),
        (">", "five", "number", "threshold"),
        (">", "", "number", "threshold"),
        (">", "1", "text", "operator"),
        ("like", "1", "text", "operator"),
        ("=", "maybe", "bool", "threshold"),
        ("in", "a, b", "text", ""),
        ("in", " , ", "text", "threshold"),
        ("=", "nan", "number", "threshold"),
        ("hit", "", "bool", ""),
    ],
)
def test_mistakes_in_rules_are_found(operator, threshold, kind, mistake):
    assert find_mistake(Rule(1, "x", operator, threshold, "red"), kind) == mistake


@given(SIGNALS)
def test_the_worst_counts_and_is_explained(values):
    signals = make_signals(values)
    found = decide(POLICY, signals, Context())
    assert found == decide(POLICY, signals, Context())
    colours = [rule.colour for rule in RULES if matches(rule, signals.get(rule.signal))]
    assert RANK[found.colour] >= max((RANK[colour] for colour in colours), default=0)
    assert bool(found.reasons) is (found.colour != "green")
    assert found.offers == POLICY.offers[found.colour]
    assert len({(one.signal, one.needs_all) for one in found.counterfactuals}) == len(
        found.counterfactuals
    )


@given(SIGNALS)
def test_what_would_have_changed_it_is_true(values):
    signals = make_signals(values)
    found = decide(POLICY, signals, Context())
    groups = [found.counterfactuals]
    if found.counterfactuals and not found.counterfactuals[0].needs_all:
        groups = [(one,) for one in found.counterfactuals]
    for answers in filter(None, groups):
        changed = dict(signals)
        for answer in answers:
            changed[answer.signal] = replace(
                changed[answer.signal], value=pick(answer, values[answer.signal]), status="ok"
            )
        assert decide(POLICY, changed, Context()).colour == "green"


def pick(answer, value):
    """A value that fulfils an answer."""
    if answer.label:
        return {
            "none": 0, "one": 1, "more": 2, "new": 0, "months": 30, "years": 365, "usual": "own",
        }[answer.label]  # fmt: skip
    return {"account_blocked": False, "amount": 1.0, "bureau": "G"}.get(answer.signal, value)


@given(SIGNALS, st.sampled_from(("DE", "LT", "FR")), st.sampled_from(("de_DE", "fr_FR", "lt_LT")))
def test_what_is_in_no_table_never_counts(values, country, lang):
    signals = make_signals(values)
    more = {**signals, **make_signals({"iban_country": country, "language": lang})}
    assert decide(POLICY, more, Context()) == decide(POLICY, signals, Context())


@given(st.sampled_from((0, 1, 2)), st.integers(0, 900))
def test_more_points_are_never_a_worse_colour(count, days):
    better = judge(returned_count=count, tenure_days=days + 400)
    assert RANK[better.colour] <= RANK[judge(returned_count=count, tenure_days=days).colour]


def test_the_random_sample_is_small_repeatable_and_never_against_a_rule():
    policy = replace(POLICY, sample_rate=0.5)
    yellow = {"returned_count": 1, "tenure_days": 10}
    contexts = [Context(seed=str(number)) for number in range(3000)]
    drawn = [judge(policy, context, **yellow).is_sampled for context in contexts]
    assert 0.02 < sum(drawn) / len(drawn) < 0.04 <= MAX_SAMPLE_RATE + 0.01
    context = contexts[drawn.index(True)]
    found = judge(policy, context, **yellow)
    assert (found.colour, found.own_colour, found.offers) == ("green", "yellow", ("sdd",))
    assert found.reasons
    assert not judge(policy, context, **yellow, amount=900).is_sampled
    assert not judge(policy, context, account_blocked=True).is_sampled
    assert not judge(replace(policy, sample_rate=0), context, **yellow).is_sampled
    assert not judge(policy, Context(), **yellow).is_sampled


def test_two_risks_are_combined():
    assert combine(None, None) is None
    assert combine(0.1, None) == combine(None, 0.1) == 0.1
    assert combine(0.1, 0.2) == pytest.approx(0.28)


@given(SIGNALS)
def test_points_add_up(values):
    signals = make_signals(values)
    found = score(BANK, signals)
    total = BANK.base + math.fsum(part.points for part in found.contributions)
    assert found.points == round(total)
