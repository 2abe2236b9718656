"""One `TxDtls` element of camt.052/053/054 -> `Detail`, in the layout of any version."""

import re
from decimal import Decimal

from .bankfile import Findings
from .camt_codes import NO_CODE, Code, comes_back, read_code
from .camt_model import ZERO, Detail
from .reasons import Reason, normalize
from .xmlnode import (
    account_number,
    amount_at,
    every,
    kids,
    node,
    parse_amount,
    party_name,
    private_id,
    text,
    value,
)

_NOTHING = frozenset({"NOTPROVIDED", "NOT PROVIDED", "NONREF", "NICHT ANGEGEBEN", "UNKNOWN"})
# Fields that German banks keep in the remittance text where their old format had no element:
# "EREF+E-1 MREF+M-1 SVWZ+RETURN/REFUND" (DK, Anlage 3, MT940 field 86).
_LABEL = re.compile(r"(?:^|(?<=\s))(EREF|KREF|MREF|CRED|DEBT|OAMT|COAM|SVWZ|ABWA|ABWE|PURP)\+\s?")


def reference(raw: str | None) -> str | None:
    """A reference, or None for the words banks write where they have none."""
    return None if raw is None or raw.upper() in _NOTHING else raw


def signed(amount: Decimal | None, indicator: str | None) -> Decimal | None:
    """`amount` with the sign of CRDT or DBIT; None when either cannot be read: never guessed."""
    if amount is None or indicator not in ("CRDT", "DBIT"):
        return None
    return amount if indicator == "CRDT" else -amount


def labelled(remittance: str) -> dict[str, str]:
    """The labelled fields of a German remittance text; empty when it has none."""
    parts = _LABEL.split(remittance)
    return {label: content.strip() for label, content in zip(parts[1::2], parts[2::2], strict=True)}


def charges_in(element, where: str, findings: Findings) -> Decimal:
    """The sum of all `Chrgs` below `element`, unsigned.

    Up to .02 `Chrgs` repeats with an `Amt` each; later there is one with `Rcrd` records.
    Where neither is filled the total (`TtlChrgsAndTaxAmt`) counts.
    """
    total = ZERO
    for charges in every(element, "Chrgs"):
        records = every(charges, "Rcrd") or [charges]
        amounts = [(node(record, "Amt"), value(record, "CdtDbtInd")) for record in records]
        amounts = [pair for pair in amounts if pair[0] is not None]
        if not amounts:
            amounts = [(node(charges, "TtlChrgsAndTaxAmt"), None)]
        for amount, indicator in amounts:
            found = amount_at(amount, f"{where}/Chrgs", findings) or ZERO
            total += -found if indicator == "CRDT" else found
    return total


def remittance_of(element) -> tuple[str, str | None]:
    """Remittance text (all `Ustrd` lines, one blank between) and structured creditor reference."""
    lines = [text(line) or "" for line in every(element, "Ustrd")]
    structured = [value(part, "CdtrRefInf/Ref") for part in every(element, "Strd")]
    return " ".join(filter(None, lines)), next(filter(None, structured), None)


class DetailReader:
    """Reads the details of one entry: `sign` is its indicator, `code` its transaction code."""

    def __init__(self, sign: str | None, code: Code, findings: Findings):
        self.sign = sign
        self.code = code
        self.findings = findings

    def read(self, element, where: str) -> Detail:
        """The `Detail` of one `TxDtls`; `fee` is still zero, it takes the whole entry to tell."""
        found = kids(element)
        references = kids(found.get("Refs"))
        parties = kids(found.get("RltdPties"))
        remittance, creditor_reference = remittance_of(found.get("RmtInf"))
        marks = labelled(remittance) if "+" in remittance else {}
        code = read_code(found["BkTxCd"]) if "BkTxCd" in found else NO_CODE
        amount, currency = self.amount(found, where)
        original, original_currency = self.original(found, marks, where)
        returned = self.returned(found, code, amount)
        info = kids(found.get("RtrInf"))
        creditor = private_id(parties.get("Cdtr"))
        return Detail(
            end_to_end_id=_reference(references, "EndToEndId", marks, "EREF"),
            mandate_id=_reference(references, "MndtId", marks, "MREF"),
            creditor_id=creditor or marks.get("CRED"),
            message_id=_reference(references, "MsgId"),
            payment_information_id=_reference(references, "PmtInfId"),
            instruction_id=_reference(references, "InstrId"),
            account_servicer_reference=_reference(references, "AcctSvcrRef"),
            amount=amount,
            currency=currency,
            original_amount=original,
            original_currency=original_currency,
            charges=charges_in(element, where, self.findings) if "Chrgs" in found else ZERO,
            fee=ZERO,
            is_return=returned,
            reason=self.reason(found, code, remittance) if returned or info else None,
            bank_code=code.iso,
            gvc=code.gvc,
            original_bank_code=read_code(info.get("OrgnlBkTxCd")).iso,
            debtor_name=party_name(parties.get("Dbtr")),
            debtor_iban=account_number(parties.get("DbtrAcct")),
            creditor_name=party_name(parties.get("Cdtr")),
            creditor_iban=account_number(parties.get("CdtrAcct")),
            ultimate_debtor_name=party_name(parties.get("UltmtDbtr")),
            ultimate_creditor_name=party_name(parties.get("UltmtCdtr")),
            remittance=remittance,
            creditor_reference=creditor_reference,
            return_info=_lines(info),
            where=where,
        )

    def amount(self, found: dict, where: str) -> tuple[Decimal | None, str | None]:
        """Signed amount booked for this transaction, and its currency."""
        element = found.get("Amt")
        if element is None:
            element = node(found.get("AmtDtls"), "TxAmt/Amt")
        if element is None:
            return None, None
        own = text(found.get("CdtDbtInd")) or self.sign
        return signed(amount_at(element, f"{where}/Amt", self.findings), own), element.get("Ccy")

    def original(self, found: dict, marks: dict, where: str) -> tuple[Decimal | None, str | None]:
        """Unsigned amount that was asked for, and its currency."""
        element = node(found.get("AmtDtls"), "InstdAmt/Amt")
        if element is not None:
            amount = amount_at(element, f"{where}/AmtDtls/InstdAmt", self.findings)
            return amount, element.get("Ccy")
        stated = marks.get("OAMT", "").removeprefix("EUR").strip().split(" ")[0]
        if "," in stated:
            stated = stated.replace(".", "").replace(",", ".")
        return parse_amount(stated), "EUR" if stated else None

    def returned(self, found: dict, code: Code, amount: Decimal | None) -> bool:
        """Whether this is a debit of ours that came back; the code may stand here or at the entry."""
        own = text(found.get("CdtDbtInd")) or self.sign
        direction = amount if amount is not None else signed(Decimal(1), own)
        has_reason = "RtrInf" in found and not (code.transfer or self.code.transfer)
        return comes_back(code, has_reason, direction) or comes_back(self.code, False, direction)

    def reason(self, found: dict, code: Code, remittance: str) -> Reason | None:
        """The reason, from the exact element first and from the remittance text last."""
        info = found.get("RtrInf")
        lines = [text(line) or "" for line in every(info, "AddtlInf")]
        number = code.reason_number or self.code.reason_number
        iso, own = value(info, "Rsn/Cd"), value(info, "Rsn/Prtry")
        lines.append(text(found.get("AddtlTxInf")) or "")
        reason = normalize(iso, own, lines, number)
        if (reason is None or reason.code is None) and remittance:
            reason = normalize(iso, own, [*lines, remittance], number)
        return reason


def _reference(
    references: dict, name: str, marks: dict | None = None, label: str = ""
) -> str | None:
    found = reference(text(references.get(name)))
    if found is None and marks:
        found = reference(marks.get(label) or None)
    return found


def _lines(info: dict) -> str:
    """What `RtrInf` says in words."""
    element = info.get("AddtlInf")
    if element is None:
        return ""
    return " ".join(filter(None, (text(line) for line in every(element.getparent(), "AddtlInf"))))
