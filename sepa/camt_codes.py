"""What kind of movement an entry is: ISO bank transaction codes and the German GVC."""

import re
from dataclasses import dataclass
from decimal import Decimal

from .xmlnode import node, value

#: German transaction code (GVC) of a direct debit that came back: 109 Core, 108 B2B.
RETURN_GVCS = frozenset({"108", "109"})
#: ISO sub-family for a direct debit we collected that came back unpaid, in family IDDT.
RETURN_CODE = "PMNT/IDDT/UPDD"
#: Families of credit transfers: with a return reason they are a returned transfer, no debit of ours.
_TRANSFERS = frozenset({"RCDT", "ICDT", "RRCT", "IRCT"})

# "NRTI+109+00931+914": SWIFT type, GVC, number of the booking, reason number (issuer DK, older ZKA).
_SWIFT_FORM = re.compile(r"[A-Z][A-Z0-9]{3}\+(\d{3})(?:\+([^+]*))?(?:\+([^+]*))?.*")
_BARE_FORM = re.compile(r"(\d{3})(?:\+([^+]*))?(?:\+([^+]*))?.*")
_GERMAN_ISSUERS = frozenset({"DK", "ZKA"})


@dataclass(frozen=True, slots=True)
class Code:
    """A bank transaction code: `iso` ("PMNT/IDDT/UPDD"), `proprietary` as written, and its parts."""

    iso: str | None = None
    proprietary: str | None = None
    gvc: str | None = None
    reason_number: str | None = None

    @property
    def returned(self) -> bool:
        return self.iso == RETURN_CODE or self.gvc in RETURN_GVCS

    @property
    def transfer(self) -> bool:
        return bool(self.iso) and self.iso.split("/")[1] in _TRANSFERS


NO_CODE = Code()


def read_code(element) -> Code:
    """The `Code` in a `BkTxCd` or `OrgnlBkTxCd` element; `NO_CODE` for None."""
    if element is None:
        return NO_CODE
    domain = node(element, "Domn")
    iso = None
    if domain is not None:
        parts = (value(domain, "Cd"), value(domain, "Fmly/Cd"), value(domain, "Fmly/SubFmlyCd"))
        iso = "/".join(part or "" for part in parts)
    proprietary = value(element, "Prtry/Cd")
    gvc, number = split_proprietary(proprietary, value(element, "Prtry/Issr"))
    return Code(iso, proprietary, gvc, number)


def split_proprietary(code: str | None, issuer: str | None) -> tuple[str | None, str | None]:
    """GVC and reason number in a proprietary code; None for what it has not.

    >>> split_proprietary("NRTI+109+00931+914", "DK")
    ('109', '914')
    """
    if not code:
        return None, None
    match = _SWIFT_FORM.fullmatch(code)
    if match is None and (issuer or "").strip().upper() in _GERMAN_ISSUERS:
        match = _BARE_FORM.fullmatch(code)
    if match is None:
        return None, None
    return match.group(1), (match.group(3) or "").strip() or None


def comes_back(code: Code, has_reason: bool, amount: Decimal | None) -> bool:
    """Whether money left the account again because a direct debit of ours came back.

    The direction decides: a credit with a return code is a corrected return or a transfer of
    ours that came back, never a returned debit. `has_reason`: a return reason is there and
    the movement is no credit transfer.
    """
    if amount is None or amount >= 0:
        return False
    return code.returned or has_reason
