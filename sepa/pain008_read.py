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
    wanted = set(wanted)
    found: dict[str, SentDebit] = {}
    stream, ours = open_source(source)
    version, header, block, head = "", {}, None, {}
    try:
        for event, local, element in stream_elements(stream, _NAMES):
            if event == "start":
                if local == "CstmrDrctDbtInitn":
                    version = version_of(element)
                elif local == "PmtInf":
                    block, head = element, {}
            elif local == "GrpHdr":
                header = tree(element)
            elif local == "DrctDbtTxInf" and block is not None:
                head = head or tree(block, others(block, "DrctDbtTxInf"))
                line = tree(element)
                release(element)
                if line.get("PmtId/EndToEndId") in wanted:
                    sent = _debit(version, header, head, line)
                    found[sent.end_to_end_id] = sent
    finally:
        if ours:
            stream.close()
    if not version:
        raise BankFileError("unknown_format", found="no CstmrDrctDbtInitn")
    return found


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
