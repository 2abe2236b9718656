"""Read our own direct debit file again: what exactly was sent to the bank.

Requests that refer to a debit later (camt.055, pain.007) must repeat what the file said, and not
what mandate or customer say today. Reads pain.008.001.02 and .08.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from .bankfile import BankFileError, open_source, release, stream_elements, version_of
from .xmlnode import account_number, others, parse_amount, parse_date, party_id, party_name, tree

_NAMES = ("CstmrDrctDbtInitn", "GrpHdr", "PmtInf", "DrctDbtTxInf")


@dataclass(frozen=True, slots=True)
class SentDebit:
    """One debit as it stands in the file.

    `version` is the file's message name ("pain.008.001.08"), `amount` in euro; parts that the file
    does not have are None or "".
    """

    message_id: str
    version: str
    payment_information_id: str
    end_to_end_id: str
    amount: Decimal
    scheme: str
    sequence_type: str
    collection_date: date
    mandate_id: str
    signature_date: date
    debtor_name: str
    debtor_iban: str
    debtor_bic: str | None
    creditor_name: str
    creditor_iban: str
    creditor_bic: str | None
    creditor_id: str


def read(source, wanted: Iterable[str]) -> dict[str, SentDebit]:
    """Return `{EndToEndId: SentDebit}` for the wanted references that the file holds.

    :param source: the pain.008 (bytes, path, or binary file).
    :raises BankFileError: when it is not a readable pain.008.
    """
    reader = _Reader(set(wanted))
    stream, ours = open_source(source)
    try:
        for event, local, element in stream_elements(stream, _NAMES):
            (reader.on_start if event == "start" else reader.on_end)(local, element)
    finally:
        if ours:
            stream.close()
    if not reader.version:
        raise BankFileError("unknown_format", found="no CstmrDrctDbtInitn")
    return reader.found


class _Reader:
    """Follows the element stream; `found` has what is wanted."""

    def __init__(self, wanted: set[str]):
        self.wanted = wanted
        self.found: dict[str, SentDebit] = {}
        self.version = ""
        self.header: dict = {}
        self.head: dict = {}
        self.block = None

    def on_start(self, local: str, element) -> None:
        if local == "CstmrDrctDbtInitn":
            self.version = version_of(element)
        elif local == "PmtInf":
            self.block, self.head = element, {}

    def on_end(self, local: str, element) -> None:
        if local == "GrpHdr":
            self.header = tree(element)
        elif local == "DrctDbtTxInf" and self.block is not None:
            self.head = self.head or tree(self.block, others(self.block, "DrctDbtTxInf"))
            line = tree(element)
            release(element)
            if line.get("PmtId/EndToEndId") in self.wanted:
                sent = _debit(self.version, self.header, self.head, line)
                self.found[sent.end_to_end_id] = sent


def _debit(version: str, header: dict, head: dict, line: dict) -> SentDebit:
    def bic(found, path):
        return found.get(f"{path}/FinInstnId/BICFI") or found.get(f"{path}/FinInstnId/BIC") or None

    return SentDebit(
        message_id=header.get("MsgId", ""),
        version=version,
        payment_information_id=head.get("PmtInfId", ""),
        end_to_end_id=line["PmtId/EndToEndId"],
        amount=parse_amount(line.get("InstdAmt")),
        scheme=head.get("PmtTpInf/LclInstrm/Cd", ""),
        sequence_type=head.get("PmtTpInf/SeqTp", ""),
        collection_date=parse_date(head.get("ReqdColltnDt")),
        mandate_id=line.get("DrctDbtTx/MndtRltdInf/MndtId", ""),
        signature_date=parse_date(line.get("DrctDbtTx/MndtRltdInf/DtOfSgntr")),
        debtor_name=party_name(line, "Dbtr") or "",
        debtor_iban=account_number(line, "DbtrAcct") or "",
        debtor_bic=bic(line, "DbtrAgt"),
        creditor_name=party_name(head, "Cdtr") or "",
        creditor_iban=account_number(head, "CdtrAcct") or "",
        creditor_bic=bic(head, "CdtrAgt"),
        creditor_id=party_id(head, "CdtrSchmeId") or "",
    )
