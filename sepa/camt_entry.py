"""One `Ntry` element of camt.052/053/054 -> `Entry`, with what its parts must add up to."""

from collections.abc import Iterator
from decimal import Decimal

from .bankfile import LOCAL, Findings
from .camt_codes import comes_back, read_code
from .camt_detail import DetailReader, charges_in, signed
from .camt_model import ZERO, Batch, Detail, Entry, Statement
from .reasons import normalize
from .xmlnode import amount_in, date_in, others, parse_amount, parse_whole, reference, tree


class EntryReader:
    """Collects one entry: opened when its first details come, closed when the element ends.

    `where` is its path; findings go to `findings`. Details are read one by one, so that the
    caller can free their elements: an entry may have a hundred thousand of them.
    """

    def __init__(self, statement: Statement, where: str, findings: Findings):
        self.statement = statement
        self.where = where
        self.findings = findings
        self.details: list[Detail] = []
        self.reader: DetailReader | None = None

    def open(self, element) -> None:
        """Read what stands before the details: sign and transaction code."""
        found = tree(element, others(element, "NtryDtls"))
        self.found, self.children = found, len(element)
        self.code = read_code(found, "BkTxCd")
        self.indicator = found.get("CdtDbtInd")
        self.reversal = (found.get("RvslInd") or "").lower() in ("true", "1")
        self.reader = DetailReader(self.indicator, self.code, self.findings, self.reversal)

    def add_detail(self, element) -> None:
        """Read one `TxDtls`."""
        where = f"{self.where}/TxDtls[{len(self.details) + 1}]"
        self.details.append(self.reader.read(element, where))

    def close(self, element, always_booked: bool) -> Entry | None:
        """The `Entry`, or None (with a finding) when its amount or direction cannot be read."""
        if self.reader is None:
            self.open(element)
        if len(element) != self.children:
            self.found = tree(element, others(element, "NtryDtls"))
        found = self.found
        amount = self.read_amount(found)
        if amount is None:
            return None
        info = found.get("AddtlNtryInf") or None
        if len(self.details) == 1:
            self.complete_single(found, amount)
        self.find_reasons(info)
        returned = comes_back(self.code, False, amount, self.reversal)
        returned = returned or any(detail.is_return for detail in self.details)
        charges = charges_in(found, self.where, self.findings)
        batches = tuple(_batches(element))
        currency = found.get("Amt@")
        self.check_details(amount, currency, charges, returned)
        self.check_batches(batches, amount)
        fees = self.spread_fees(amount) if returned and self.details else ZERO
        status = found.get("Sts") or found.get("Sts/Cd") or found.get("Sts/Prtry") or None
        if status is None:
            self.findings.add("missing_node", self.where, node="Sts")
        return Entry(
            statement=self.statement,
            reference=reference(found.get("NtryRef")),
            account_servicer_reference=reference(found.get("AcctSvcrRef")),
            amount=amount,
            currency=currency,
            booked=status == "BOOK" or (status is None and always_booked),
            status=status,
            booking_date=date_in(found, "BookgDt", self.where, self.findings),
            value_date=date_in(found, "ValDt", self.where, self.findings),
            bank_code=self.code.iso,
            proprietary_code=self.code.proprietary,
            gvc=self.code.gvc,
            batches=batches,
            details=tuple(self.details),
            charges=charges,
            return_fees=fees,
            additional_info=info,
            reversal=self.reversal,
            is_return=returned,
            where=self.where,
        )

    def read_amount(self, found: dict) -> Decimal | None:
        """The signed amount; when it is unreadable, the finding keeps what identifies the entry."""
        amount = signed(amount_in(found, "Amt", self.where, Findings()), self.indicator)
        if amount is None:
            known = [detail.end_to_end_id for detail in self.details[:20] if detail.end_to_end_id]
            self.findings.add(
                "entry_unreadable",
                self.where,
                amount=(found.get("Amt") or "")[:40],
                indicator=(self.indicator or "")[:40],
                reference=found.get("AcctSvcrRef") or found.get("NtryRef"),
                end_to_end_ids=known,
            )
        return amount

    def complete_single(self, found: dict, amount: Decimal) -> None:
        """The only detail of an entry takes the entry's amounts where it has none of its own."""
        detail = self.details[0]
        changes = {}
        if detail.amount is None:
            changes = {"amount": amount, "currency": found.get("Amt@")}
        original = found.get("AmtDtls/InstdAmt/Amt")
        if detail.original_amount is None and original:
            changes["original_amount"] = parse_amount(original)
            changes["original_currency"] = found.get("AmtDtls/InstdAmt/Amt@")
        if changes:
            self.details[0] = detail._replace(**changes)

    def find_reasons(self, info: str | None) -> None:
        """Returned details without a reason code: look into the entry's additional text."""
        for index, detail in enumerate(self.details):
            if detail.is_return and (detail.reason is None or detail.reason.code is None) and info:
                given = detail.reason
                texts = [given.text if given else "", info]
                reason = normalize(None, given.proprietary if given else None, texts)
                self.details[index] = detail = detail._replace(reason=reason)
            reason = detail.reason
            if reason and not reason.known:
                code = (reason.code or reason.proprietary or "")[:40]
                self.findings.add("unknown_code", detail.where, kind="reason", value=code)

    def check_details(self, amount, currency, charges: Decimal, returned: bool) -> None:
        """The details must add up to the entry, with or without their charges.

        A return may be larger than its parts: the rest is the banks' fee, which some banks
        do not write down (facts: booked minus original).
        """
        parts = self.details
        if len(parts) == 1 and parts[0].amount == amount:
            return
        if not parts or any(d.amount is None or d.currency not in (None, currency) for d in parts):
            return
        total = sum((detail.amount for detail in parts), ZERO)
        listed = sum((detail.charges for detail in parts), ZERO)
        matching = amount in (total, total - listed, total - listed - charges, total - charges)
        if not matching and not (returned and amount <= total):
            self.findings.add(
                "sum_mismatch", self.where, level="entry", expected=str(amount), actual=str(total)
            )

    def check_batches(self, batches: tuple[Batch, ...], amount: Decimal) -> None:
        """The count of a batch must be that of its details, when the bank lists them at all."""
        counts = [batch.count for batch in batches]
        expected = sum(count or 0 for count in counts)
        if batches and None not in counts and self.details and expected != len(self.details):
            self.findings.add(
                "count_mismatch",
                self.where,
                level="batch",
                expected=expected,
                actual=len(self.details),
            )
        totals = [batch.amount for batch in batches]
        if batches and None not in totals and sum(totals, ZERO) != abs(amount):
            self.findings.add(
                "sum_mismatch",
                self.where,
                level="batch",
                expected=str(abs(amount)),
                actual=str(sum(totals, ZERO)),
            )

    def spread_fees(self, amount: Decimal) -> Decimal:
        """Fill in `fee` of every returned detail; returns what left beyond the original amounts.

        For one detail that is the entry less its original. In a collective return each
        detail has its own booked and original amount, and charges that lie on top of them.
        """
        unsigned = [_unsigned(detail) for detail in self.details]
        if any(original is None for _booked, original in unsigned):
            return ZERO
        total = abs(amount) - sum((original for _booked, original in unsigned), ZERO)
        if total <= 0:
            return ZERO
        if len(self.details) == 1:
            self.details[0] = self.details[0]._replace(fee=total)
            return total
        rest = abs(amount) - sum((booked for booked, _original in unsigned), ZERO)
        on_top = rest > 0 and rest == sum((detail.charges for detail in self.details), ZERO)
        for index, (detail, (booked, original)) in enumerate(
            zip(self.details, unsigned, strict=True)
        ):
            fee = max(booked - original, ZERO) + (detail.charges if on_top else ZERO)
            if fee:
                self.details[index] = detail._replace(fee=fee)
        return total


def _batches(element) -> Iterator[Batch]:
    """Every `Btch` of the entry."""
    for details in element:
        if LOCAL[details.tag] == "NtryDtls" and len(details) and LOCAL[details[0].tag] == "Btch":
            found = tree(details[0])
            yield Batch(
                message_id=reference(found.get("MsgId")),
                payment_information_id=reference(found.get("PmtInfId")),
                count=parse_whole(found.get("NbOfTxs")),
                amount=parse_amount(found.get("TtlAmt")),
            )


def _unsigned(detail: Detail) -> tuple[Decimal | None, Decimal | None]:
    """Booked and original amount of a detail without sign, each standing in for a missing other."""
    booked = abs(detail.amount) if detail.amount is not None else None
    original = detail.original_amount
    if original is None or detail.original_currency not in (None, detail.currency):
        original = booked
    return (booked if booked is not None else original), original
