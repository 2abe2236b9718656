"""Write a direct debit file, pain.008 (EPC130-08 Core, EPC131-08 B2B): the one entry is `write`.

The file is checked while it is written, against what the XSD of ISO 20022 lets pass and banks
refuse. Its lines may come from generators: memory does not grow with their number, apart from
eight bytes per line to find an EndToEndId used twice.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from tempfile import SpooledTemporaryFile
from typing import BinaryIO

from . import pain008_xml as xml
from .pain008_check import Checker
from .pain008_findings import Finding, Pain008Error

__all__ = [
    "Account",
    "Amendment",
    "Block",
    "Collection",
    "Finding",
    "Message",
    "Pain008Error",
    "Party",
    "Written",
    "write",
]

_SPOOL_IN_MEMORY = 4 * 1024 * 1024
_CHUNK = 64 * 1024


@dataclass(frozen=True, slots=True)
class Party:
    """A name and, where a bank outside the EEA needs it, an address.

    The address is structured, or hybrid: town and country plus at most two ``address_lines``.
    ``country`` is an ISO 3166 code. All texts may hold any characters; they are converted and
    then cut to the lengths of the scheme.
    """

    name: str
    street: str = ""
    building: str = ""
    postcode: str = ""
    town: str = ""
    country: str = ""
    address_lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Account:
    """An IBAN, grouped or not; the BIC is required outside the EEA only."""

    iban: str
    bic: str | None = None


@dataclass(frozen=True, slots=True)
class Amendment:
    """What changed in a mandate since the last collection; goes into the next one only.

    A new account is named by its old IBAN or, when that is not to be told,
    ``same_mandate_new_account`` (SMNDA; since November 2016 "new debtor account").
    """

    original_mandate_id: str | None = None
    original_creditor_id: str | None = None
    original_creditor_name: str | None = None
    original_iban: str | None = None
    same_mandate_new_account: bool = False


@dataclass(frozen=True, slots=True)
class Collection:
    """One debit. ``label`` names it in error messages, by default the EndToEndId."""

    end_to_end_id: str
    amount: Decimal
    mandate_id: str
    signature_date: date
    debtor: Party
    account: Account
    remittance: str = ""
    currency: str = "EUR"
    amendment: Amendment | None = None
    purpose: str | None = None
    label: str = ""


@dataclass(frozen=True, slots=True)
class Block:
    """Debits of one scheme, sequence type, due date, creditor account and creditor identifier."""

    payment_information_id: str
    scheme: str
    sequence_type: str
    collection_date: date
    creditor: Party
    creditor_account: Account
    creditor_id: str
    collections: Iterable[Collection]
    batch_booking: bool = True


@dataclass(frozen=True, slots=True)
class Message:
    """One file. ``created`` is the bank's local time, or a moment with a zone.

    ``charset`` is a variant of :func:`.charset.to_sepa`; ``version`` pain.008.001.08 or .02.
    """

    message_id: str
    created: datetime
    initiating_party: str
    blocks: Iterable[Block]
    charset: str = "epc"
    version: str = "pain.008.001.08"


@dataclass(frozen=True, slots=True)
class Written:
    """Number of debits, their sum in euro and number of blocks, as the file states them."""

    count: int
    control_sum: Decimal
    payment_count: int


@dataclass(slots=True)
class _SpooledBlock:
    """A block whose lines lie in the spool: what its head needs, and how long the lines are."""

    head: object
    count: int = 0
    cents: int = 0
    size: int = 0


def write(message: Message, stream: BinaryIO) -> Written:
    """Write ``message`` as UTF-8 XML to ``stream``; each iterable is consumed once.

    :raises Pain008Error: with all findings (at most 100); nothing was written to ``stream``.
    :raises Exception: whatever the iterables raise; nothing was written then either.
    """
    checker = Checker(message)
    with SpooledTemporaryFile(max_size=_SPOOL_IN_MEMORY) as spool:
        blocks = []
        with checker.collect_findings():
            head = checker.message()
            for block in message.blocks:
                blocks.append(_spool(block, message.version, checker, spool))
            checker.finish(len(blocks), lambda: _end_to_end_ids(spool))
        written = Written(
            sum(block.count for block in blocks),
            Decimal(sum(block.cents for block in blocks)).scaleb(-2),
            len(blocks),
        )
        spool.seek(0)
        _assemble(head, blocks, written, spool, stream)
    return written


def _spool(block, version, checker, spool):
    """Write the lines of one block to the spool and return their count, sum and size."""
    ready = checker.block(block)
    result = _SpooledBlock(ready)
    seen = 0
    for seen, collection in enumerate(block.collections, 1):  # noqa: B007
        line = checker.collection(collection, block)
        if line is not None:
            result.size += spool.write(xml.collection(line, version).encode("ascii"))
            result.count += 1
            result.cents += line.cents
    checker.end_of_block(block, seen)
    return result


def _end_to_end_ids(spool):
    """Yield the EndToEndIds of the lines in the spool."""
    spool.seek(0)
    for line in spool:
        yield xml.end_to_end_id(line)


def _assemble(head, blocks, written, spool, stream):
    total = sum(block.cents for block in blocks)
    stream.write(xml.opening(head, written.count, total).encode("ascii"))
    for block in blocks:
        stream.write(
            xml.block_head(block.head, head.version, block.count, block.cents).encode("ascii")
        )
        _copy(spool, stream, block.size)
        stream.write(xml.BLOCK_END.encode("ascii"))
    stream.write(xml.CLOSING.encode("ascii"))


def _copy(source, target, size):
    while size:
        chunk = source.read(min(size, _CHUNK))
        target.write(chunk)
        size -= len(chunk)
