"""What kind of movement an entry is: ISO bank transaction codes and the German GVC."""

import re
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

#: German transaction code (GVC) of a direct debit that came back: 109 Core, 108 B2B.
RETURN_GVCS = frozenset({"108", "109"})
#: GVC of money from direct debits of ours: one Core or B2B debit, a file of them.
COLLECTION_GVCS = frozenset({"171", "174", "192", "196"})
#: Family of the direct debits that we collect.
_COLLECTIONS = "IDDT"
#: Sub-families of a direct debit that came back: unpaid, reversed, called back, refunded.
_RETURNS = frozenset({"UPDD", "PRDD", "RCDD", "RIMB"})
#: Families of credit transfers: with a return reason they are a returned transfer, no debit of ours.
TRANSFERS = frozenset({"RCDT", "ICDT", "RRCT", "IRCT"})

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
    def family(self) -> str | None:
        return self.iso.split("/")[1] if self.iso else None

    @property
    def returned(self) -> bool:
        named = self.family == _COLLECTIONS and self.iso.split("/")[2] in _RETURNS
        return named or self.gvc in RETURN_GVCS

    @property
    def collected(self) -> bool:
        return self.family == _COLLECTIONS or self.gvc in COLLECTION_GVCS

    @property
    def transfer(self) -> bool:
        return self.family in TRANSFERS


NO_CODE = Code()


def read_code(found: dict, path: str) -> Code:
    """The `Code` at `path` (`BkTxCd`, `OrgnlBkTxCd`); `NO_CODE` when there is none."""
    if path not in found:
        return NO_CODE
    family = path + "/Domn/Fmly"
    return _code(
        found.get(path + "/Domn/Cd"),
        found.get(family + "/Cd"),
        found.get(family + "/SubFmlyCd"),
        found.get(path + "/Prtry/Cd") or None,
        found.get(path + "/Prtry/Issr"),
    )


@lru_cache(maxsize=1024)
def _code(domain, family, sub_family, proprietary, issuer) -> Code:
    """A statement has few different codes, so each is taken apart once."""
    iso = f"{domain}/{family or ''}/{sub_family or ''}" if domain else None
    return Code(iso, proprietary, *split_proprietary(proprietary, issuer))


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


def comes_back(
    code: Code, has_reason: bool, amount: Decimal | None, reversal: bool = False
) -> bool:
    """Whether money left the account again because a direct debit of ours came back.

    The direction decides: a credit with a return code is a corrected return or a transfer of
    ours that came back, never a returned debit. `has_reason`: a return reason is there and
    the movement is no credit transfer. `reversal`: the bank takes an earlier entry back.
    """
    if amount is None or amount >= 0:
        return False
    return code.returned or has_reason or (reversal and code.collected)
