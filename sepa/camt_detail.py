"""One `TxDtls` element of camt.052/053/054 -> `Detail`, in the layout of any version."""

import re
from decimal import Decimal

from .bankfile import Findings
from .camt_codes import Code, comes_back, read_code
from .camt_model import ZERO, Detail
from .reasons import Reason, normalize
from .xmlnode import (
    account_number,
    amount_in,
    each,
    lines,
    parse_amount,
    party_id,
    party_name,
    reference,
    tree,
)

# Fields that German banks keep in the remittance text where their old format had no element:
# "EREF+E-1 MREF+M-1 SVWZ+RETURN/REFUND" (DK, Anlage 3, MT940 field 86).
_LABEL = re.compile(r"(?:^|(?<=\s))(EREF|KREF|MREF|CRED|DEBT|OAMT|COAM|SVWZ|ABWA|ABWE|PURP)\+\s?")


def signed(amount: Decimal | None, indicator: str | None) -> Decimal | None:
    """`amount` with the sign of CRDT or DBIT; None when either cannot be read: never guessed."""
    if amount is None or indicator not in ("CRDT", "DBIT"):
        return None
    return amount if indicator == "CRDT" else -amount


def labelled(remittance: str) -> dict[str, str]:
    """The labelled fields of a German remittance text; empty when it has none."""
    parts = _LABEL.split(remittance)
    return {label: content.strip() for label, content in zip(parts[1::2], parts[2::2], strict=True)}


def charges_in(found: dict, where: str, findings: Findings) -> Decimal:
    """The sum of all `Chrgs`, unsigned.

    Up to .02 `Chrgs` repeats with an `Amt` each; later there is one with `Rcrd` records.
    Where neither is filled the total (`TtlChrgsAndTaxAmt`) counts.
    """
    total = ZERO
    for charges in each(found, "Chrgs"):
        records = list(each(found, charges + "/Rcrd")) or [charges]
        records = [record for record in records if record + "/Amt" in found]
        for record in records:
            amount = amount_in(found, record + "/Amt", where, findings) or ZERO
            total += -amount if found.get(record + "/CdtDbtInd") == "CRDT" else amount
        if not records:
            total += amount_in(found, charges + "/TtlChrgsAndTaxAmt", where, findings) or ZERO
    return total


class DetailReader:
    """Reads the details of one entry: `sign` is its indicator, `code` its transaction code.

    `reversal`: the entry takes an earlier one back.
    """

    def __init__(self, sign: str | None, code: Code, findings: Findings, reversal: bool = False):
        self.sign = sign
        self.code = code
        self.findings = findings
        self.reversal = reversal

    def read(self, element, where: str) -> Detail:
        """The `Detail` of one `TxDtls`; `fee` is still zero, it takes the whole entry to tell."""
        found = tree(element)
        get = found.get
        remittance = " ".join(lines(found, "RmtInf/Ustrd"))
        marks = labelled(remittance) if "+" in remittance else {}
        code = read_code(found, "BkTxCd")
        amount, currency = self.amount(found, where)
        original, original_currency = self.original(found, marks, where)
        returned = self.returned(found, code, amount)
        given = returned or "RtrInf" in found
        return Detail(
            end_to_end_id=reference(get("Refs/EndToEndId")) or reference(marks.get("EREF")),
            mandate_id=reference(get("Refs/MndtId")) or reference(marks.get("MREF")),
            creditor_id=party_id(found, "RltdPties/Cdtr") or marks.get("CRED") or None,
            message_id=reference(get("Refs/MsgId")),
            payment_information_id=reference(get("Refs/PmtInfId")),
            instruction_id=reference(get("Refs/InstrId")),
            account_servicer_reference=reference(get("Refs/AcctSvcrRef")),
            amount=amount,
            currency=currency,
            original_amount=original,
            original_currency=original_currency,
            charges=charges_in(found, where, self.findings),
            fee=ZERO,
            is_return=returned,
            reason=self.reason(found, code, remittance) if given else None,
            bank_code=code.iso,
            gvc=code.gvc,
            original_bank_code=read_code(found, "RtrInf/OrgnlBkTxCd").iso,
            debtor_name=party_name(found, "RltdPties/Dbtr"),
            debtor_iban=account_number(found, "RltdPties/DbtrAcct"),
            creditor_name=party_name(found, "RltdPties/Cdtr"),
            creditor_iban=account_number(found, "RltdPties/CdtrAcct"),
            ultimate_debtor_name=party_name(found, "RltdPties/UltmtDbtr"),
            ultimate_creditor_name=party_name(found, "RltdPties/UltmtCdtr"),
            remittance=remittance,
            creditor_reference=_structured(found),
            return_info=" ".join(lines(found, "RtrInf/AddtlInf")),
            where=where,
        )

    def amount(self, found: dict, where: str) -> tuple[Decimal | None, str | None]:
        """Signed amount booked for this transaction, and its currency."""
        path = "Amt" if "Amt" in found else "AmtDtls/TxAmt/Amt"
        amount = amount_in(found, path, where, self.findings)
        return signed(amount, found.get("CdtDbtInd") or self.sign), found.get(path + "@")

    def original(self, found: dict, marks: dict, where: str) -> tuple[Decimal | None, str | None]:
        """Unsigned amount that was asked for, and its currency."""
        path = "AmtDtls/InstdAmt/Amt"
        if path in found:
            return amount_in(found, path, where, self.findings), found.get(path + "@")
        stated = marks.get("OAMT", "").removeprefix("EUR").strip().split(" ")[0]
        if "," in stated:
            stated = stated.replace(".", "").replace(",", ".")
        return parse_amount(stated), "EUR" if stated else None

    def returned(self, found: dict, code: Code, amount: Decimal | None) -> bool:
        """Whether this is a debit of ours that came back; the code may stand here or at the entry."""
        own = found.get("CdtDbtInd") or self.sign
        direction = amount if amount is not None else signed(Decimal(1), own)
        has_reason = "RtrInf" in found and not (code.transfer or self.code.transfer)
        return comes_back(code, has_reason, direction, self.reversal) or comes_back(
            self.code, False, direction, self.reversal
        )

    def reason(self, found: dict, code: Code, remittance: str) -> Reason | None:
        """The reason, from the exact element first and from the remittance text last."""
        words = [*lines(found, "RtrInf/AddtlInf"), found.get("AddtlTxInf", "")]
        number = code.reason_number or self.code.reason_number
        iso, own = found.get("RtrInf/Rsn/Cd"), found.get("RtrInf/Rsn/Prtry")
        reason = normalize(iso, own, words, number)
        if (reason is None or reason.code is None) and remittance:
            reason = normalize(iso, own, [*words, remittance], number)
        return reason


def _structured(found: dict) -> str | None:
    """The first structured creditor reference (ISO 11649 and the like)."""
    for part in each(found, "RmtInf/Strd"):
        if found.get(part + "/CdtrRefInf/Ref"):
            return found[part + "/CdtrRefInf/Ref"]
    return None
