"""Checks of a pain.008 beyond its XSD.

Schema-valid is not bank-valid: no XSD notices a mixed scheme, a slash at the end of a mandate
reference or a due date on Good Friday. Sources: EPC130-08 and EPC131-08 (implementation
guidelines), DFÜ-Abkommen Anlage 3 (the German banks' rules), EPC409-09 (BIC and address outside
the EEA).
"""

from contextlib import contextmanager
from datetime import date, datetime
from typing import NamedTuple

from . import target
from .charset import VARIANTS
from .const import SCHEMES, SEQUENCE_TYPES
from .pain008_findings import Findings
from .pain008_values import ReadyAmendment, ReadyParty, Values
from .unique import SeenTexts

VERSIONS = frozenset(("pain.008.001.08", "pain.008.001.02"))


class ReadyMessage(NamedTuple):
    version: str
    message_id: str
    created: str
    initiating_party: str


class ReadyBlock(NamedTuple):
    payment_information_id: str
    scheme: str
    sequence_type: str
    collection_date: date
    creditor: ReadyParty
    iban: str
    bic: str | None
    creditor_id: str
    batch_booking: bool


class ReadyCollection(NamedTuple):
    end_to_end_id: str
    cents: int
    mandate_id: str
    signature_date: date
    debtor: ReadyParty
    iban: str
    bic: str | None
    remittance: str
    purpose: str | None
    amendment: ReadyAmendment | None


class Checker:
    """Goes through one message in the order in which it is written and collects findings."""

    def __init__(self, message):
        self._message = message
        self._findings = Findings()
        variant = message.charset if message.charset in VARIANTS else VARIANTS[0]
        self._values = Values(self._findings, variant)
        self._schemes = set()
        self._block_ids = set()
        self._end_to_end_ids = SeenTexts()
        self._unwritten = []

    @contextmanager
    def collect_findings(self):
        """Raise :class:`Pain008Error` at the end of the body if there are findings."""
        yield
        self._findings.raise_if_any()

    def message(self):
        """Check what is said once for the whole file; return a :class:`ReadyMessage`."""
        message, add = self._message, self._findings.add
        self._findings.label = message.message_id or ""
        if message.version not in VERSIONS:
            add("version", version=message.version)
        if message.charset not in VARIANTS:
            add("charset", charset=message.charset)
        created = ""
        if isinstance(message.created, datetime):
            created = message.created.isoformat(timespec="seconds")
        else:
            add("created")
        return ReadyMessage(
            message.version,
            self._values.reference(message.message_id, "Message id"),
            created,
            self._values.name(message.initiating_party, "Initiating party"),
        )

    def block(self, block):
        """Check what is said once for a block; return a :class:`ReadyBlock`."""
        values = self._values
        self._findings.label = block.payment_information_id or ""
        self._check_codes(block)
        self._check_block_id(block)
        self._check_collection_date(block.collection_date)
        iban, bic, outside = values.account(block.creditor_account, "Creditor")
        if outside:
            address = values.required_address(block.creditor, "Creditor", iban[:2])
        else:
            address = values.address(block.creditor, "Creditor")
        return ReadyBlock(
            block.payment_information_id,
            block.scheme,
            block.sequence_type,
            block.collection_date,
            ReadyParty(values.name(block.creditor.name, "Creditor"), address),
            iban,
            bic,
            values.creditor_id(block.creditor_id, "Creditor identifier"),
            block.batch_booking,
        )

    def collection(self, collection, block):
        """Check one debit; return a :class:`ReadyCollection`, or None if there are findings."""
        values, findings = self._values, self._findings
        findings.label = collection.label or collection.end_to_end_id or ""
        before = len(findings.list)
        end_to_end_id = values.reference(collection.end_to_end_id, "EndToEndId")
        cents = values.cents(collection.amount)
        if collection.currency != "EUR":
            findings.add("currency", currency=collection.currency)
        iban, bic, debtor = self._debtor(collection)
        line = ReadyCollection(
            end_to_end_id,
            cents,
            values.reference(collection.mandate_id, "Mandate reference"),
            self._signature_date(collection, block),
            debtor,
            iban,
            bic,
            values.remittance(collection.remittance),
            values.purpose(collection.purpose),
            collection.amendment and values.amendment(collection.amendment),
        )
        good = len(findings.list) == before
        if end_to_end_id:
            self._end_to_end_ids.add(end_to_end_id)
            if not good:
                self._unwritten.append(end_to_end_id)
        return line if good else None

    def end_of_block(self, block, seen):
        """Check a block whose debits have all been seen; ``seen`` is their number."""
        if not seen:
            self._findings.label = block.payment_information_id or ""
            self._findings.add("empty_block")

    def finish(self, blocks, written_ids):
        """Check what only the whole file shows.

        :param blocks: number of blocks.
        :param written_ids: function that returns the EndToEndIds of all debits written; it is
            called only when one of them seems to be repeated.
        """
        self._findings.label = self._message.message_id or ""
        if not blocks:
            self._findings.add("empty_message")
        suspects = self._end_to_end_ids.repeated()
        if not suspects:
            return
        counts = {}
        for ids in (self._unwritten, written_ids()):
            for text in ids:
                if text in suspects:
                    counts[text] = counts.get(text, 0) + 1
        for text, count in counts.items():
            if count > 1:
                self._findings.label = text
                self._findings.add("duplicate_end_to_end_id", end_to_end_id=text, count=count)

    def _check_codes(self, block):
        if block.scheme not in SCHEMES:
            self._findings.add("scheme", scheme=block.scheme)
        elif self._schemes and block.scheme not in self._schemes:
            # The German banks refuse it; the guidelines describe one scheme per message.
            self._findings.add("mixed_schemes")
        self._schemes.add(block.scheme)
        if block.sequence_type not in SEQUENCE_TYPES:
            self._findings.add("sequence_type", sequence_type=block.sequence_type)

    def _check_block_id(self, block):
        identifier = self._values.reference(block.payment_information_id, "Block id")
        if identifier in self._block_ids:
            self._findings.add(
                "duplicate_payment_information_id", payment_information_id=identifier
            )
        elif identifier:
            self._block_ids.add(identifier)

    def _check_collection_date(self, value):
        day = self._values.day(value, "Collection date")
        if day and not target.is_target_day(day):
            following = target.next_target_day(day)
            self._findings.add("collection_date_closed", date=str(day), next=str(following))

    def _debtor(self, collection):
        """Return (IBAN, BIC, party). Within the EEA the address stays away: it is not needed
        there, and what is not sent cannot be refused."""
        values = self._values
        iban, bic, outside = values.account(collection.account, "Debtor")
        name = values.name(collection.debtor.name, "Debtor")
        address = None
        if outside:
            address = values.required_address(collection.debtor, "Debtor", iban[:2])
        return iban, bic, ReadyParty(name, address)

    def _signature_date(self, collection, block):
        day = self._values.day(collection.signature_date, "Date of signature")
        due = block.collection_date
        if day and isinstance(due, date) and not isinstance(due, datetime) and day > due:
            self._findings.add(
                "signature_after_collection", signature_date=str(day), collection_date=str(due)
            )
        return day
