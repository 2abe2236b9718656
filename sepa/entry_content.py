"""What tells an entry without a reference of the bank from others: what it says."""

import hashlib

from .camt_model import Entry

#: With this begins every key made of contents; the references of banks do not.
MARK = "="


def content_key(entry: Entry) -> str:
    """A key of the day, value day, amount and texts of an entry.

    Two files that bring an entry give it the same key, wherever it stands in them and however their
    statements are numbered. Two entries that say the very same have one key, too.
    """
    days = f"{entry.booking_date or ''}/{entry.value_date or ''}"
    parts = [_texts_of(detail) for detail in entry.details]
    parts += [(batch.message_id, batch.payment_information_id) for batch in entry.batches]
    if not any(detail.remittance for detail in entry.details):
        parts.append((entry.additional_info,))
    plain = "\n".join("\t".join(map(_plain, part)) for part in parts)
    digest = hashlib.sha256(plain.encode("utf-8", "replace")).hexdigest()[:20]
    return f"{MARK}{days}/{entry.amount:.2f}/{digest}"


def _texts_of(detail) -> tuple:
    """References, purpose and names of a detail."""
    return (
        detail.end_to_end_id,
        detail.mandate_id,
        detail.message_id,
        detail.payment_information_id,
        detail.remittance,
        detail.debtor_name,
        detail.creditor_name,
    )


def _plain(text: str | None) -> str:
    """A text without what differs between two exports: blanks and capitals."""
    return "".join((text or "").split()).upper()
