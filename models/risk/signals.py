"""The table of signals: what a check can find out, in words. Rules, cards and reports speak of these.

Later files add theirs to `SIGNALS`; nothing that `const.FORBIDDEN_FACTS` names may stand in it.
"""

from typing import NamedTuple

from odoo.tools import formatLang
from odoo.tools.translate import LazyTranslate

from ... import const as root_const
from .const import FORBIDDEN_FACTS

_lt = LazyTranslate(__name__)

#: Groups of signals in the order in which people choose from them.
GROUPS = {
    "order": _lt("The order"),
    "account": _lt("The bank account"),
    "customer": _lt("What the customer entered"),
    "behaviour": _lt("How often, how fast"),
    "history": _lt("What was before"),
    "bureau": _lt("What a bureau says"),
}
#: What a signal may be used for: § 31 BDSG asks for a proven relevance of what judges credit.
USES = {
    "credit": _lt("Creditworthiness"),
    "fraud": _lt("Protection against fraud"),
    "quality": _lt("Quality of the data"),
}


class SignalKind(NamedTuple):
    """One signal in words.

    `kind` is that of its value (`bool`, `number`, `text`); `sentence` says to anybody, without blame,
    what was found, with the places of `Signal.params`, `%(value)s` among them; `change` says what would
    have to be otherwise ("" where the customer can do nothing about it). `choices` are the texts
    that can occur. `unit`: "EUR", "days", "times", "customers" or "". `places` fill the sentence with
    texts that are translated, too. `about_others`: it may rest on what other people did: whoever enters
    a neighbour's name and account would learn about the neighbour from it.
    """

    label: str
    kind: str
    group: str
    use: str
    sentence: str
    unit: str = ""
    change: str = ""
    choices: dict = {}
    places: dict = {}
    about_others: bool = False


#: {code of a signal: SignalKind}
SIGNALS = {
    "amount": SignalKind(
        _lt("Amount of the order"),
        "number",
        "order",
        "credit",
        _lt("The order amounts to %(value)s EUR."),
        unit="EUR",
        change=_lt("a smaller amount"),
    ),
    "channel": SignalKind(
        _lt("Where it is ordered"),
        "text",
        "order",
        "quality",
        _lt("The order came in this way: %(value)s."),
        choices={
            "web": _lt("Shop"),
            "phone": _lt("Telephone"),
            "portal": _lt("Portal"),
            "renewal": _lt("Renewal"),
        },
    ),
    "product_kind": SignalKind(
        _lt("Kind of package"),
        "text",
        "order",
        "credit",
        _lt("Kind of package: %(value)s."),
        choices={
            "base": _lt("Base package"),
            "addon": _lt("Add-on"),
            "upgrade": _lt("Upgrade"),
            "ad_hoc": _lt("One-off"),
        },
    ),
    "customer_kind": SignalKind(
        _lt("Consumer or company"),
        "text",
        "order",
        "quality",
        _lt("The order is placed as: %(value)s."),
        choices={"consumer": _lt("Consumer"), "company": _lt("Company")},
    ),
    "mandate_grade": SignalKind(
        _lt("How well the mandate is proven"),
        "text",
        "order",
        "fraud",
        _lt("The mandate is proven with grade %(value)s."),
        change=_lt("a mandate confirmed by link, code or signature"),
        choices={"A": "A", "B": "B", "C": "C", "D": "D", "none": _lt("Not at all")},
    ),
    "first_order_amount": SignalKind(
        _lt("Amount of a first order"),
        "number",
        "order",
        "credit",
        _lt("It is a first order, and it amounts to %(value)s EUR."),
        unit="EUR",
        change=_lt("a smaller first order"),
    ),
}


def add_signals(signals):
    """Add signals of another file to the table.

    :param dict signals: {code: SignalKind}.
    :raise ValueError: for a fact that must not be used, or a code that is there already.
    """
    for code in signals:
        if code in FORBIDDEN_FACTS or code in SIGNALS:
            raise ValueError(code)
    SIGNALS.update(signals)


def get_label(env, code):
    """Return the name of a signal in the language of the environment; the code if it is unknown."""
    kind = SIGNALS.get(code)
    return env._(kind.label) if kind else code


def is_about_others(code):
    """Return whether a signal may tell about other people; one that is not known any more may."""
    kind = SIGNALS.get(code)
    return not kind or kind.about_others


def get_value_text(env, code, value):
    """Return the value of a signal as people read it.

    :param str code: of the signal.
    :param value: bool, number, text or None.
    :rtype: str
    """
    kind = SIGNALS.get(code)
    if value is None or value == "":
        return env._("unknown")
    if isinstance(value, bool):
        return env._("yes") if value else env._("no")
    if isinstance(value, float) and not value.is_integer():
        return formatLang(env, value, digits=2)
    if isinstance(value, int | float):
        return f"{value:.0f}"
    choice = kind and kind.choices.get(value)
    return env._(choice) if choice else str(value)


def get_sentence(env, code, value=None, params=None):
    """Return what a signal found, as a sentence that a customer may read.

    :param str code: of the signal.
    :param value: its value.
    :param dict params: of the signal.
    :rtype: str, in the language of the environment
    """
    kind = SIGNALS.get(code)
    if not kind:
        return f"{code}: {get_value_text(env, code, value)}"
    places = {
        "value": get_value_text(env, code, value),
        **{name: env._(text) for name, text in kind.places.items()},
        **(params or {}),
    }
    try:
        return root_const.say(env, kind.sentence, places)
    except (KeyError, TypeError, ValueError):
        # A signal of an older version that lacks a place of today's sentence.
        return f"{get_label(env, code)}: {places['value']}"


def get_change(env, code):
    """Return what would have to be otherwise, "" when the customer can do nothing about it."""
    kind = SIGNALS.get(code)
    return env._(kind.change) if kind and kind.change else ""
