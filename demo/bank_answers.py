"""What the demo's bank says: pain.002, camt.053 and camt.054 as bytes.

Written apart from the readers in `sepa`, so that the demo shows files as banks send them and
not as we would write them. Amounts are `Decimal`, signed as the account sees them.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from xml.etree import ElementTree

PAIN = "urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"
CAMT = "urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"

#: Domain, family and sub-family of what happens on the account (ISO external code sets).
BATCH_CREDIT = ("PMNT", "IDDT", "ESDD")
RETURN = ("PMNT", "IDDT", "UPDD")
TRANSFER = ("PMNT", "RCDT", "ESCT")
CHARGES = ("PMNT", "MDOP", "CHRG")


@dataclass(frozen=True)
class File:
    """The pain.008 that the bank answers to."""

    message_id: str
    payment_information_id: str
    count: int
    total: Decimal


@dataclass(frozen=True)
class Line:
    """One line of a statement.

    `file` is set for the credit of a whole file; the other references speak of one debit.
    `original` is what was collected once, unsigned; `reason` the code of a return.
    """

    amount: Decimal
    reference: str
    text: str
    code: tuple[str, str, str]
    file: File | None = None
    end_to_end_id: str = ""
    mandate_id: str = ""
    name: str = ""
    iban: str = ""
    original: Decimal | None = None
    reason: str = ""


def _add(parent, path, text=None):
    """Append nested elements and return the last one; `text` is what it holds."""
    for tag in path.split("/"):
        parent = ElementTree.SubElement(parent, tag)
    if text is not None:
        parent.text = str(text)
    return parent


def _amount(parent, path, amount):
    """Append an unsigned amount in euro."""
    _add(parent, path, f"{abs(amount):.2f}").set("Ccy", "EUR")


def _side(amount):
    """Return the indicator for money that comes (CRDT) or goes (DBIT)."""
    return "CRDT" if amount >= 0 else "DBIT"


def _bytes(root):
    """Return a document as a file."""
    ElementTree.indent(root)
    return ElementTree.tostring(root, encoding="UTF-8", xml_declaration=True)


def status_report(file, created, results=(), group_reason=None):
    """Return the bank's pain.002 to a file.

    :param File file: what it answers to.
    :param datetime created: when the bank answered, local time.
    :param results: (EndToEndId, reason code or None) of each debit.
    :param group_reason: the reason for which the whole file is refused.
    :rtype: bytes
    """
    refused = [reason for _reference, reason in results if reason]
    status = "RJCT" if group_reason else "PART" if refused else "ACCP"
    root = ElementTree.Element("Document", xmlns=PAIN)
    report = _add(root, "CstmrPmtStsRpt")
    header = _add(report, "GrpHdr")
    _add(header, "MsgId", f"STS{created:%y%m%d%H%M%S}{file.message_id[-6:]}")
    _add(header, "CreDtTm", created.isoformat(timespec="seconds"))
    group = _add(report, "OrgnlGrpInfAndSts")
    _add(group, "OrgnlMsgId", file.message_id)
    _add(group, "OrgnlMsgNmId", "pain.008.001.08")
    _add(group, "OrgnlNbOfTxs", file.count)
    _add(group, "OrgnlCtrlSum", f"{file.total:.2f}")
    _add(group, "GrpSts", status)
    if group_reason:
        _add(group, "StsRsnInf/Rsn/Cd", group_reason)
    elif results:
        _add_results(report, file, status, results)
    return _bytes(root)


def _add_results(report, file, status, results):
    """Append the outcome of each debit of a file."""
    block = _add(report, "OrgnlPmtInfAndSts")
    _add(block, "OrgnlPmtInfId", file.payment_information_id)
    _add(block, "PmtInfSts", status)
    for reference, reason in results:
        transaction = _add(block, "TxInfAndSts")
        _add(transaction, "OrgnlEndToEndId", reference)
        _add(transaction, "TxSts", "RJCT" if reason else "ACCP")
        if reason:
            _add(transaction, "StsRsnInf/Rsn/Cd", reason)


class Account:
    """The bank's side of one account: hands out statements whose balances follow each other.

    :param str iban: the account.
    :param Decimal balance: what is on it before the first statement.
    """

    def __init__(self, iban, balance):
        self.iban = iban
        self.balance = balance
        self.number = 0

    def statement(self, day, lines):
        """Return the camt.053 of one day and move the balance on.

        :param date day: booking date of all lines.
        :param lines: `Line` objects.
        :rtype: bytes
        """
        self.number += 1
        closing = self.balance + sum((line.amount for line in lines), Decimal(0))
        root, statement = self._open("053", "BkToCstmrStmt/Stmt", day)
        self._add_balance(statement, "OPBD", day, self.balance)
        self._add_balance(statement, "CLBD", day, closing)
        for line in lines:
            _add_line(statement, day, line)
        self.balance = closing
        return _bytes(root)

    def notification(self, day, lines):
        """Return the camt.054 that announces lines of one day.

        :rtype: bytes
        """
        root, notification = self._open("054", "BkToCstmrDbtCdtNtfctn/Ntfctn", day)
        for line in lines:
            _add_line(notification, day, line)
        return _bytes(root)

    def _open(self, kind, path, day):
        """Return a new document and the element that takes balances and lines."""
        root = ElementTree.Element("Document", xmlns=CAMT.format(kind=kind))
        outer, _slash, inner = path.partition("/")
        body = _add(root, outer)
        created = datetime.combine(day, datetime.min.time()).replace(hour=19, minute=30)
        header = _add(body, "GrpHdr")
        _add(header, "MsgId", f"{kind}D{day:%Y%m%d}N{self.number}")
        _add(header, "CreDtTm", created.isoformat())
        content = _add(body, inner)
        _add(content, "Id", f"{day:%Y}/{self.number:03d}" if kind == "053" else f"N{day:%Y%m%d}")
        _add(content, "ElctrncSeqNb", self.number)
        _add(content, "CreDtTm", created.isoformat())
        account = _add(content, "Acct")
        _add(account, "Id/IBAN", self.iban)
        _add(account, "Ccy", "EUR")
        return root, content

    @staticmethod
    def _add_balance(statement, kind, day, amount):
        """Append an opening or closing balance."""
        balance = _add(statement, "Bal")
        _add(balance, "Tp/CdOrPrtry/Cd", kind)
        _amount(balance, "Amt", amount)
        _add(balance, "CdtDbtInd", _side(amount))
        _add(balance, "Dt/Dt", day)


def _add_line(statement, day: date, line):
    """Append one line with what the bank knows about it."""
    entry = _add(statement, "Ntry")
    _amount(entry, "Amt", line.amount)
    _add(entry, "CdtDbtInd", _side(line.amount))
    _add(entry, "Sts/Cd", "BOOK")
    _add(entry, "BookgDt/Dt", day)
    _add(entry, "ValDt/Dt", day)
    _add(entry, "AcctSvcrRef", line.reference)
    _add_code(entry, line.code)
    details = _add(entry, "NtryDtls")
    if line.file:
        _add_file(details, line.file)
    else:
        _add_transaction(details, line)
    _add(entry, "AddtlNtryInf", line.text)


def _add_code(parent, code):
    """Append a bank transaction code."""
    domain = _add(parent, "BkTxCd/Domn")
    _add(domain, "Cd", code[0])
    family = _add(domain, "Fmly")
    _add(family, "Cd", code[1])
    _add(family, "SubFmlyCd", code[2])


def _add_file(details, file):
    """Say which of our files a collective credit stands for."""
    batch = _add(details, "Btch")
    _add(batch, "MsgId", file.message_id)
    _add(batch, "PmtInfId", file.payment_information_id)
    _add(batch, "NbOfTxs", file.count)


def _add_transaction(details, line):
    """Append the one transaction of a line."""
    transaction = _add(details, "TxDtls")
    references = _add(transaction, "Refs")
    _add(references, "EndToEndId", line.end_to_end_id or "NOTPROVIDED")
    if line.mandate_id:
        _add(references, "MndtId", line.mandate_id)
    _amount(transaction, "Amt", line.amount)
    _add(transaction, "CdtDbtInd", _side(line.amount))
    if line.original is not None:
        _amount(transaction, "AmtDtls/InstdAmt/Amt", line.original)
    if line.name:
        parties = _add(transaction, "RltdPties")
        _add(parties, "Dbtr/Pty/Nm", line.name)
        if line.iban:
            _add(parties, "DbtrAcct/Id/IBAN", line.iban)
    _add(transaction, "RmtInf/Ustrd", line.text)
    if line.reason:
        _add(transaction, "RtrInf/Rsn/Cd", line.reason)
