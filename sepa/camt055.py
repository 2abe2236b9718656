"""Write a request to cancel debits before they settle: camt.055.001.08 (EPC130-08, request for
cancellation by the creditor). The answer is a camt.029, see `camt029`.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from . import references
from . import request_xml as xml
from .pain008_read import SentDebit
from .request_xml import RequestError

__all__ = ["REASONS", "CancellationRequest", "RequestError", "write"]

VERSION = "camt.055.001.08"

#: Why a creditor calls debits back (ISO ExternalCancellationReason1Code).
REASONS = ("CUST", "DUPL", "TECH", "AM09", "FRAD")


@dataclass(frozen=True, slots=True)
class CancellationRequest:
    """A request about debits of one file.

    `request_id` is unique for years, at most 30 characters; `creditor` the name that sends it, in
    the banks' characters; `bank` the BIC of the creditor's bank or None; `created` the bank's
    local time; `reason` one of `REASONS`, `text` some words for the bank.
    """

    request_id: str
    created: datetime
    creditor: str
    bank: str | None
    reason: str
    debits: Sequence[SentDebit]
    text: str = ""


def write(request: CancellationRequest) -> bytes:
    """Return the request as XML.

    :raises RequestError: see `request_xml.by_block`; also for an unknown reason.
    :raises references.InvalidReference: an id that banks refuse.
    """
    if request.reason not in REASONS:
        raise RequestError(f"{request.reason} is no reason to cancel a debit.")
    references.check(request.request_id)
    blocks = xml.by_block(request.debits)
    root, message = xml.document(VERSION, "CstmrPmtCxlReq")
    assignment = message.child("Assgnmt")
    assignment.text("Id", request.request_id)
    assignment.text("Assgnr/Pty/Nm", request.creditor)
    xml.agent(assignment, "Assgne/Agt", request.bank)
    assignment.text("CreDtTm", xml.moment(request.created))
    control = message.child("CtrlData")
    control.text("NbOfTxs", len(request.debits))
    control.text("CtrlSum", f"{xml.total(request.debits):.2f}")
    underlying = message.child("Undrlyg")
    for number, (block, debits) in enumerate(blocks.items(), 1):
        _block(underlying.child("OrgnlPmtInfAndCxl"), request, number, block, debits)
    return xml.render(root)


def _block(node, request, number, block, debits):
    node.text("PmtCxlId", f"{request.request_id}-{number}")
    node.text("OrgnlPmtInfId", block)
    group = node.child("OrgnlGrpInf")
    group.text("OrgnlMsgId", debits[0].message_id)
    group.text("OrgnlMsgNmId", debits[0].version)
    node.text("NbOfTxs", len(debits))
    node.text("CtrlSum", f"{xml.total(debits):.2f}")
    node.text("PmtInfCxl", "false")
    for position, debit in enumerate(debits, 1):
        _transaction(node.child("TxInf"), request, f"{number}-{position}", debit)


def _transaction(node, request, position, debit):
    # Whole, the id and the position may be longer than the 35 characters of the field.
    node.text("CxlId", f"{request.request_id[:24]}-{position}")
    node.text("OrgnlEndToEndId", debit.end_to_end_id)
    node.amount("OrgnlInstdAmt", debit.amount)
    node.text("OrgnlReqdColltnDt", debit.collection_date)
    xml.reason(node, "CxlRsnInf", request.reason, request.creditor, request.text)
    xml.original_transaction(node, debit)
