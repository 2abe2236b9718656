"""What requests about debits that were sent have in common (camt.055, pain.007).

Source: ISO 20022 message definitions of the 2019 release; EPC130-08, which asks for the whole
original transaction and not for its references only.
"""

from collections.abc import Iterable
from datetime import datetime
from decimal import Decimal

from lxml import etree

from .pain008_read import SentDebit

_MAX_REASON = 105


class RequestError(ValueError):
    """A request that no bank would take; the message says why."""


class Node:
    """Builds elements one below the other, in the order in which a schema wants them."""

    def __init__(self, element):
        self.element = element

    def child(self, path: str) -> "Node":
        """Add the elements of `path` ("Id/PrvtId/Othr") one inside the other; return the last."""
        element = self.element
        for name in path.split("/"):
            tag = etree.QName(element).namespace
            element = etree.SubElement(element, f"{{{tag}}}{name}")
        return Node(element)

    def text(self, path: str, value, **attributes: str) -> None:
        """Add the elements of `path` with a text; nothing when there is no value."""
        if value in (None, ""):
            return
        node = self.child(path).element
        node.text = str(value)
        node.attrib.update(attributes)

    def amount(self, path: str, value: Decimal) -> None:
        """Add an amount in euro."""
        self.text(path, f"{value:.2f}", Ccy="EUR")


def document(message: str, name: str) -> tuple[etree._Element, Node]:
    """Return (root, node of the message) of an empty document of one kind."""
    namespace = f"urn:iso:std:iso:20022:tech:xsd:{message}"
    root = etree.Element(f"{{{namespace}}}Document", nsmap={None: namespace})
    return root, Node(root).child(name)


def render(root) -> bytes:
    """Return the document as UTF-8 with its declaration."""
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def moment(value: datetime) -> str:
    """Return the bank's local time without fractions."""
    return value.replace(microsecond=0, tzinfo=None).isoformat()


def total(debits: Iterable[SentDebit]) -> Decimal:
    """Return the sum of the amounts."""
    return sum((debit.amount for debit in debits), Decimal(0))


def by_block(debits: Iterable[SentDebit]) -> dict[str, list[SentDebit]]:
    """Return the debits by the payment block of the original file, each block in its order.

    :raises RequestError: no debit at all, one twice, or debits of several files.
    """
    blocks: dict[str, list[SentDebit]] = {}
    seen, messages = set(), set()
    for debit in debits:
        if debit.end_to_end_id in seen:
            raise RequestError(f"{debit.end_to_end_id} is there twice.")
        seen.add(debit.end_to_end_id)
        messages.add(debit.message_id)
        blocks.setdefault(debit.payment_information_id, []).append(debit)
    if len(messages) != 1:
        raise RequestError("A request is about debits of exactly one file.")
    return blocks


def reason(node: Node, tag: str, code: str, originator: str, text: str = "") -> None:
    """Add the reason of a request, whose originator the EPC wants by name."""
    parent = node.child(tag)
    parent.text("Orgtr/Nm", originator)
    parent.text("Rsn/Cd", code)
    parent.text("AddtlInf", text[:_MAX_REASON])


def agent(node: Node, path: str, bic: str | None) -> None:
    """Add a bank by its BIC or as not provided."""
    inside = node.child(f"{path}/FinInstnId")
    if bic:
        inside.text("BICFI", bic)
    else:
        inside.text("Othr/Id", "NOTPROVIDED")


def original_transaction(node: Node, debit: SentDebit) -> None:
    """Add `OrgnlTxRef`, the debit as it was sent."""
    original = node.child("OrgnlTxRef")
    original.text("ReqdColltnDt", debit.collection_date)
    identifier = original.child("CdtrSchmeId/Id/PrvtId/Othr")
    identifier.text("Id", debit.creditor_id)
    identifier.text("SchmeNm/Prtry", "SEPA")
    kind = original.child("PmtTpInf")
    kind.text("SvcLvl/Cd", "SEPA")
    kind.text("LclInstrm/Cd", debit.scheme)
    kind.text("SeqTp", debit.sequence_type)
    mandate = original.child("MndtRltdInf")
    mandate.text("MndtId", debit.mandate_id)
    mandate.text("DtOfSgntr", debit.signature_date)
    original.text("Dbtr/Pty/Nm", debit.debtor_name)
    original.text("DbtrAcct/Id/IBAN", debit.debtor_iban)
    agent(original, "DbtrAgt", debit.debtor_bic)
    agent(original, "CdtrAgt", debit.creditor_bic)
    original.text("Cdtr/Pty/Nm", debit.creditor_name)
    original.text("CdtrAcct/Id/IBAN", debit.creditor_iban)
