"""What travels between checks, scorecards and decisions."""

from collections.abc import Mapping
from dataclasses import dataclass, field

GREEN, YELLOW, RED, UNKNOWN = COLOURS = ("green", "yellow", "red", "unknown")
#: The worse of two colours has the higher rank; `unknown` is replaced before colours are compared.
RANK = {GREEN: 0, YELLOW: 1, RED: 2}


@dataclass(frozen=True, slots=True)
class Signal:
    """What one check found.

    `value` is a bool, a number or a short text that names nobody; None when there is nothing to say.
    `status`: `ok` (looked, nothing wrong), `hit` (looked, something to say), `unknown` (could not
    look). `severity`: `info` (counts in cards and rules only), `soft` (please check again) or `hard`.
    `params` fill the sentence of the check; they must not hold an IBAN.
    """

    code: str
    value: bool | int | float | str | None = None
    status: str = "ok"
    severity: str = "info"
    params: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Rule:
    """A hard rule: when the value of a signal compares like this, the colour is at least that.

    `operator` is one of `=`, `!=`, `<`, `<=`, `>`, `>=`, `in` (threshold: texts divided by commas),
    `hit` and `set`; `threshold` is a text, read as what the value is.
    """

    id: int
    signal: str
    operator: str
    threshold: str
    colour: str
    #: Whether a person looks at it (a `risk.case`).
    needs_review: bool = False


@dataclass(frozen=True, slots=True)
class Cutoff:
    """From which probability of a return an order is no longer green, and no longer yellow.

    Empty texts stand for any; the line with most matches counts, then the first one.
    Probabilities are 0.0 to 1.0 of the combined risk (see `decision.combine`).
    """

    green_max: float
    yellow_max: float
    channel: str = ""
    product_kind: str = ""
    customer_kind: str = ""


@dataclass(frozen=True, slots=True)
class Bin:
    """One row of a points table: numbers from `low` (included) to `high` (not), or one of `texts`.

    `is_missing` catches what is unknown; a bin without any condition catches all the rest.
    """

    points: float
    label: str = ""
    low: float | None = None
    high: float | None = None
    texts: tuple[str, ...] = ()
    is_missing: bool = False


@dataclass(frozen=True, slots=True)
class Attribute:
    """One fact of a scorecard (`signal`: a code of `Signal`) and its points table."""

    signal: str
    bins: tuple[Bin, ...]


@dataclass(frozen=True, slots=True)
class Card:
    """A scorecard: `base` points plus the points of each attribute.

    `factor` and `offset` give points = offset + factor * ln(odds of being good), by
    default 600 points at 50:1 with 20 points for double the odds. `slope` and `intercept` are Platt's
    recalibration of the log odds of a return: 1 and 0 when there is none.
    """

    code: str
    version: int
    base: float
    attributes: tuple[Attribute, ...]
    factor: float = 28.85390081777927
    offset: float = 487.1228762045055
    slope: float = 1.0
    intercept: float = 0.0


@dataclass(frozen=True, slots=True)
class Contribution:
    """How one attribute counted: its points, and the best it could have brought."""

    signal: str
    label: str
    points: float
    best: float


@dataclass(frozen=True, slots=True)
class Score:
    """Points (rounded), probability of a return 0.0 to 1.0, and what it is made of."""

    points: int
    pd: float
    contributions: tuple[Contribution, ...]


@dataclass(frozen=True, slots=True)
class PolicyData:
    """All that a decision needs of one version of a policy.

    `unknown` says which colour a check that could not run stands for, by signal code; "" is the
    default. `sample_rate` is the share of yellow orders accepted at random for learning, 0.0 to 0.03.
    `offers` lists the ways to pay for each colour, the best first.
    """

    id: int
    rules: tuple[Rule, ...] = ()
    bank_card: Card | None = None
    customer_card: Card | None = None
    cutoffs: tuple[Cutoff, ...] = ()
    unknown: Mapping[str, str] = field(default_factory=dict)
    sample_rate: float = 0.0
    offers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Context:
    """What a decision needs beside signals; `seed` (a hash) makes the random sample repeatable."""

    channel: str = "web"
    product_kind: str = ""
    customer_kind: str = "consumer"
    seed: str = ""


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a colour is not green: a rule, an unknown check or an attribute of a card.

    `kind`: `rule`, `unknown`, `score` or `default` (no card and no rule could say anything).
    """

    kind: str
    signal: str
    label: str = ""
    points: float = 0.0
    rule_id: int = 0


@dataclass(frozen=True, slots=True)
class Counterfactual:
    """What alone would have made it green: this signal in this bin (or the rule not met).

    `needs_all` is true for the members of a set of which only all together would have done it; it is
    given when nothing did alone. `rule_id` names the rule that must not apply, 0 for a bin.
    """

    signal: str
    label: str
    needs_all: bool = False
    rule_id: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer. `colour` counts; `own_colour` is the one before a yellow was sampled to green.

    `pd` is the combined probability of a return, None without a card.
    """

    colour: str
    own_colour: str
    pd: float | None
    bank: Score | None
    customer: Score | None
    reasons: tuple[Reason, ...]
    counterfactuals: tuple[Counterfactual, ...]
    is_sampled: bool
    needs_review: bool
    offers: tuple[str, ...]
