"""Write a reversal: debits that have settled are given back, pain.007.001.09 (EPC130-08 2.3).

The scheme lets a creditor reverse until five TARGET days after the due date (Core rulebook 4.3);
later a credit transfer is the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from . import references
from . import request_xml as xml
from .pain008_read import SentDebit
from .request_xml import RequestError
from .target import add_target_days

__all__ = ["REASONS", "RequestError", "Reversal", "last_day", "write"]

VERSION = "pain.007.001.09"

#: Why a creditor gives money back (EPC130-08, AT-R004): collected twice, or not specified. MS03
#: says that the bank does not specify a reason, which is nothing a creditor can send.
REASONS = ("AM05", "MS02")

_TARGET_DAYS = 5


@dataclass(frozen=True, slots=True)
class Reversal:
    """A reversal of debits of one file; the fields are those of `camt055.CancellationRequest`."""

    message_id: str
    created: datetime
    creditor: str
    bank: str | None
    reason: str
    debits: Sequence[SentDebit]
    text: str = ""
    batch_booking: bool = True


def last_day(collection_date: date) -> date:
    """Return the last day on which a debit with this due date can be reversed (D+5 TARGET days)."""
    return add_target_days(collection_date, _TARGET_DAYS)


def write(reversal: Reversal) -> bytes:
    """Return the reversal as XML.

    :raises RequestError: see `request_xml.by_block`; also for an unknown reason.
    :raises references.InvalidReference: an id that banks refuse.
    """
    if reversal.reason not in REASONS:
        raise RequestError(f"{reversal.reason} is no reason to reverse a debit.")
    references.check(reversal.message_id)
    blocks = xml.by_block(reversal.debits)
    root, message = xml.document(VERSION, "CstmrPmtRvsl")
    header = message.child("GrpHdr")
    header.text("MsgId", reversal.message_id)
    header.text("CreDtTm", xml.moment(reversal.created))
    header.text("NbOfTxs", len(reversal.debits))
    header.text("CtrlSum", f"{xml.total(reversal.debits):.2f}")
    header.text("GrpRvsl", "false")
    header.text("InitgPty/Nm", reversal.creditor)
    xml.agent(header, "CdtrAgt", reversal.bank)
    original = message.child("OrgnlGrpInf")
    original.text("OrgnlMsgId", reversal.debits[0].message_id)
    original.text("OrgnlMsgNmId", reversal.debits[0].version)
    for number, (block, debits) in enumerate(blocks.items(), 1):
        _block(message.child("OrgnlPmtInfAndRvsl"), reversal, number, block, debits)
    return xml.render(root)


def _block(node, reversal, number, block, debits):
    node.text("RvslPmtInfId", f"{reversal.message_id}-{number}")
    node.text("OrgnlPmtInfId", block)
    node.text("OrgnlNbOfTxs", len(debits))
    node.text("OrgnlCtrlSum", f"{xml.total(debits):.2f}")
    node.text("BtchBookg", "true" if reversal.batch_booking else "false")
    node.text("PmtInfRvsl", "false")
    for position, debit in enumerate(debits, 1):
        line = node.child("TxInf")
        line.text("RvslId", f"{reversal.message_id[:24]}-{number}-{position}")
        line.text("OrgnlEndToEndId", debit.end_to_end_id)
        line.amount("OrgnlInstdAmt", debit.amount)
        line.amount("RvsdInstdAmt", debit.amount)
        line.text("ChrgBr", "SLEV")
        xml.reason(line, "RvslRsnInf", reversal.reason, reversal.creditor, reversal.text)
        xml.original_transaction(line, debit)
