"""The stages of checking: parts of the shipped policy, each with one more kind of knowledge."""

from dataclasses import dataclass, replace

from scoring.model import PolicyData

from .policy_file import read_policy

_DIGITS = {"bank_unknown", "national_check"}


@dataclass(frozen=True, slots=True)
class Stage:
    """What is looked at, and the part of the policy that judges it."""

    name: str
    policy: PolicyData
    asks_again: tuple[str, ...] = ()
    has_history: bool = False
    has_score: bool = False
    has_bureau: bool = False
    has_service: bool = False
    has_payday: bool = False
    has_link: bool = False
    checks_all_accounts: bool = False
    asks_about_all: bool = False


def get_stages(policy=None):
    """Return the stages; each holds what the one before it had.

    :param scoring.model.PolicyData policy: the shipped one by default.
    """
    policy = policy or read_policy()
    nothing = replace(
        policy,
        rules=(),
        bank_card=None,
        customer_card=None,
        cutoffs=(),
        unknown={},
        sample_rate=0.0,
    )
    digits = replace(nothing, rules=_pick(policy, lambda code: code in _DIGITS))
    blocks = replace(nothing, rules=_pick(policy, lambda code: not code.startswith("bureau")))
    hard, soft = ("iban_invalid",), ("iban_invalid", *sorted(_DIGITS))
    return (
        Stage("nothing", nothing),
        Stage("structure of the IBAN", nothing, hard),
        Stage("+ bank code and national digits", digits, soft),
        Stage("+ velocity and blocks", blocks, soft, True),
        Stage("+ score", policy, soft, True, True),
        Stage("+ bureau", policy, soft, True, True, True),
        Stage("+ notice, complaint page, chosen day", policy, soft, True, True, True, True),
    )


def get_more_stages(policy=None, asks_about_all=False):
    """Return what the shipped set-up does not do by itself, each after all that came before it.

    :param scoring.model.PolicyData policy: the shipped one by default.
    :param bool asks_about_all: whether to end with a bureau that is asked about every order.
    """
    full = get_stages(policy)[-1]
    payday = replace(full, name="+ pay-day, at most 14 days away", has_payday=True)
    link = replace(payday, name="+ link for new telephone customers", has_link=True)
    checked = replace(link, name="+ account check of every new customer", checks_all_accounts=True)
    asked = replace(checked, name="+ bureau asked about everybody", asks_about_all=True)
    return (payday, link, checked, asked) if asks_about_all else (payday, link, checked)


def _pick(policy, wanted):
    return tuple(rule for rule in policy.rules if wanted(rule.signal))
