"""Reader of pain.002, the bank's answer to a collection file (customer payment status report).

Reads pain.002.001.02 to .15 and the German 002.003.03 alike. A bank may answer for the whole
file, for one payment block, or for single transactions, and may do so before settlement or,
in some countries, after it (a refund reported as RJCT/MD06).
"""

from collections import Counter
from collections.abc import Iterator
from decimal import Decimal

from .bankfile import (
    MAX_BYTES,
    MESSAGES,
    BankFileError,
    open_source,
    release,
    stream_elements,
    version_of,
)
from .pain002_model import PaymentStatus, StatusReport, TransactionStatus
from .reasons import Reason, normalize
from .xmlnode import (
    account_number,
    amount_in,
    date_in,
    each,
    lines,
    moment_in,
    others,
    parse_amount,
    parse_whole,
    party_id,
    party_name,
    reference,
    tree,
)

#: ISO ExternalPaymentTransactionStatus, group and block codes that occur in answers to debits,
#: and the four of payee verification, which concern credit transfers only.
KNOWN_STATUSES = frozenset(
    "ACCC ACCP ACFC ACIS ACPD ACSC ACSP ACTC ACWC ACWP BLCK CANC PART PATC PDNG PRES RCVD RJCT "
    "RCVC RVNA RVNM RVMC".split()
)

_NAMES = (*MESSAGES, "GrpHdr", "OrgnlGrpInfAndSts", "OrgnlPmtInfAndSts", "TxInfAndSts")


def read(source, max_bytes: int = MAX_BYTES) -> StatusReport:
    """Open a pain.002 (bytes, path, or binary file) and read its header.

    Raises `BankFileError` when the file as a whole is no readable pain.002. Damage further
    down ends the iteration with a finding "truncated", "not_well_formed" or "too_large".
    """
    report = StatusReport()
    report._items = _Reader(report, source, max_bytes).run()
    next(report._items)
    return report


class _Reader:
    """Follows the element stream and fills the report; `run` yields None once the header is known."""

    def __init__(self, report: StatusReport, source, max_bytes: int):
        self.report = report
        self.source = source
        self.max_bytes = max_bytes
        self.block = self.blocks = self.transactions = 0
        self.payment: PaymentStatus | None = None
        self.opened = False
        self.statuses: Counter = Counter()
        self.announced: dict[str, int] = {}

    def run(self) -> Iterator:
        stream, ours = open_source(self.source, self.max_bytes)
        ready = False
        try:
            for event, local, element in stream_elements(stream, _NAMES, self.max_bytes):
                items = (
                    self.on_start(local, element)
                    if event == "start"
                    else self.on_end(local, element)
                )
                if not ready and (
                    self.blocks
                    or self.transactions
                    or (local == "OrgnlGrpInfAndSts" and event == "end")
                ):
                    ready = True
                    yield None
                yield from items
            self.finish()
        except BankFileError as error:
            if not ready or error.code == "other_format":
                raise
            self.report.findings.add(error.code, "", **error.params)
        finally:
            if ours:
                stream.close()
        if not ready:
            yield None

    def on_start(self, local: str, element):
        if local in MESSAGES and not self.opened:
            if MESSAGES[local] != "pain.002":
                raise BankFileError("other_format", found=version_of(element), expected="pain.002")
            self.opened = True
            self.report.version = version_of(element)
        elif local == "OrgnlPmtInfAndSts" and self.opened:
            self.blocks += 1
            self.payment, self.block = None, 0
        elif local == "TxInfAndSts" and self.blocks and self.payment is None:
            return self.open_block(element.getparent())
        return ()

    def on_end(self, local: str, element):
        if not self.opened:
            return ()
        if local == "GrpHdr":
            self.read_header(element)
        elif local == "OrgnlGrpInfAndSts":
            self.read_group(element)
        elif local == "TxInfAndSts":
            item = self.transaction(element)
            release(element)
            return (item,)
        elif local == "OrgnlPmtInfAndSts":
            items = self.open_block(element) if self.payment is None else ()
            release(element)
            self.payment = None
            return items
        return ()

    def read_header(self, element) -> None:
        report, found = self.report, tree(element)
        report.message_id = found.get("MsgId") or None
        report.created = moment_in(found, "CreDtTm", "GrpHdr", report.findings)

    def read_group(self, element) -> None:
        report, where, found = self.report, "OrgnlGrpInfAndSts", tree(element)
        report.original_message_id = reference(found.get("OrgnlMsgId"))
        report.original_name = reference(found.get("OrgnlMsgNmId"))
        report.original_count = parse_whole(found.get("OrgnlNbOfTxs"))
        report.original_sum = parse_amount(found.get("OrgnlCtrlSum"))
        report.group_status = self.status(found.get("GrpSts"), where)
        report.group_reasons = list(self.reasons(found, where))
        for part in each(found, "NbOfTxsPerSts"):
            count = parse_whole(found.get(part + "/DtldNbOfTxs"))
            self.announced[found.get(part + "/DtldSts")] = count

    def open_block(self, element) -> tuple[PaymentStatus]:
        where = f"OrgnlPmtInfAndSts[{self.blocks}]"
        found = tree(element, others(element, "TxInfAndSts"))
        self.payment = PaymentStatus(
            original_payment_information_id=reference(found.get("OrgnlPmtInfId")),
            status=self.status(found.get("PmtInfSts"), where),
            reasons=self.reasons(found, where),
            where=where,
        )
        return (self.payment,)

    def transaction(self, element) -> TransactionStatus:
        self.transactions += 1
        self.block += 1
        inside = f"OrgnlPmtInfAndSts[{self.blocks}]/" if self.payment else ""
        where = f"{inside}TxInfAndSts[{self.block}]"
        found, findings = tree(element), self.report.findings
        amount, currency = self.amount(found, where)
        status, reasons, level = self.effective(found, where)
        self.statuses[status] += 1
        end_to_end = reference(found.get("OrgnlEndToEndId"))
        if end_to_end is None:
            findings.add("missing_node", where, node="OrgnlEndToEndId")
        block = self.payment.original_payment_information_id if self.payment else None
        mandate = "OrgnlTxRef/MndtRltdInf/"
        mandate_id = found.get(mandate + "MndtId") or found.get(mandate + "DrctDbtMndt/MndtId")
        return TransactionStatus(
            original_payment_information_id=block or reference(found.get("OrgnlPmtInfId")),
            original_end_to_end_id=end_to_end,
            original_instruction_id=reference(found.get("OrgnlInstrId")),
            mandate_id=reference(mandate_id),
            amount=amount,
            currency=currency,
            collection_date=date_in(found, "OrgnlTxRef/ReqdColltnDt", where, findings),
            status=status,
            reasons=reasons,
            debtor_name=party_name(found, "OrgnlTxRef/Dbtr"),
            debtor_iban=account_number(found, "OrgnlTxRef/DbtrAcct"),
            creditor_id=party_id(found, "OrgnlTxRef/CdtrSchmeId"),
            account_servicer_reference=found.get("AcctSvcrRef") or None,
            level=level,
            where=where,
        )

    def amount(self, found: dict, where: str) -> tuple[Decimal | None, str | None]:
        """The amount of the original debit: `Amt/InstdAmt`, or the one settled between banks."""
        path = "OrgnlTxRef/Amt/InstdAmt"
        if path not in found:
            path = "OrgnlTxRef/IntrBkSttlmAmt"
        amount = amount_in(found, path, where, self.report.findings)
        return amount, found.get(path + "@")

    def effective(self, found: dict, where: str) -> tuple[str | None, tuple[Reason, ...], str]:
        """Status, reasons and whose status it is: an answer above holds for what lies below it."""
        own = self.status(found.get("TxSts"), where)
        above, group = self.payment, self.report
        reasons = self.reasons(found, where)
        status, level = own, "transaction"
        if own is None and above is not None and above.status:
            status, level = above.status, "payment"
        elif own is None and group.group_status:
            status, level = group.group_status, "group"
        if not reasons and status == "RJCT":
            reasons = (above.reasons if above else ()) or tuple(group.group_reasons)
        return status, reasons, level

    def status(self, raw: str | None, where: str) -> str | None:
        if raw and raw not in KNOWN_STATUSES:
            self.report.findings.add("unknown_code", where, kind="status", value=raw[:40])
        return raw or None

    def reasons(self, parent: dict, where: str) -> tuple[Reason, ...]:
        """The reasons given in `parent`; codes that no rule book knows become a finding."""
        found = []
        for path in each(parent, "StsRsnInf"):
            iso, own = parent.get(path + "/Rsn/Cd"), parent.get(path + "/Rsn/Prtry")
            reason = normalize(iso, own, lines(parent, path + "/AddtlInf"))
            if reason is None:
                continue
            if not reason.known:
                code = reason.code or reason.proprietary or ""
                self.report.findings.add("unknown_code", where, kind="reason", value=code[:40])
            found.append(reason)
        return tuple(found)

    def finish(self) -> None:
        """What can only be said at the end: nodes that never came and counts that do not match."""
        report = self.report
        if not self.opened:
            raise BankFileError("unknown_format", found="no CstmrPmtStsRpt")
        if report.message_id is None:
            report.findings.add("missing_node", "GrpHdr", node="MsgId")
        if report.original_message_id is None:
            report.findings.add("missing_node", "OrgnlGrpInfAndSts", node="OrgnlMsgId")
        for status, count in self.announced.items():
            if count is not None and self.statuses[status] not in (0, count):
                report.findings.add(
                    "count_mismatch",
                    "OrgnlGrpInfAndSts",
                    status=status,
                    expected=count,
                    actual=self.statuses[status],
                )
        if report.original_count is not None and self.transactions > report.original_count:
            report.findings.add(
                "count_mismatch",
                "OrgnlGrpInfAndSts",
                expected=report.original_count,
                actual=self.transactions,
            )
