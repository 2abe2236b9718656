"""What one booking of an MT940 is about, and whether it takes a debit of ours back."""

import re
from decimal import Decimal

from .camt_codes import COLLECTION_GVCS, RETURN_GVCS
from .camt_model import ZERO, Detail
from .mt940_details import Details
from .mt940_values import amount_of, valid_iban
from .reasons import KNOWN_CODES, Reason, normalize

NO_REFERENCE = frozenset({"", "NONREF", "NOTPROVIDED", "NOREF", "KEINE"})
#: What banks call a debit that came back when they give no German code. The charge for it, which
#: has a similar name, is none.
_RETURN_WORDS = re.compile(
    r"R(?:UE|Ü)CK(?:LASTSCHRIFT|LEITUNG|BUCHUNG)(?!S?-?(?:GEB|KOSTEN|ENTGELT))"
    r"|LASTSCHRIFT\s*RETOUR|RETOUR.?LASTSCHRIFT|STORNO\s*LASTSCHRIFT"
    r"|STORNO INCASSO|INCASSO STORNO|STORNERING"
    r"|(?<!FRAIS )(?<!FRAIS DE )(?<!FRAIS SUR )\b(?:IMPAY[EÉ]|REJETS?\b)",
    re.IGNORECASE,
)


def read_detail(
    found: Details, mark: str, amount: Decimal, currency, own: str, more: str, where: str
) -> Detail:
    """What a booking is about, from :86: and the second line of :61:.

    `found`: what :86: says; `mark`: the letters before the amount (D, C, RD, RC); `amount`:
    signed; `own`: our reference in :61:; `more`: the second line of :61:.
    """
    words = found.words
    second = dict(re.findall(r"/(OCMT|CHGS)/\s*([^/]*)", more))
    original = amount_of(words.get("OAMT")) or amount_of(second.get("OCMT"))
    charges = amount_of(words.get("COAM")) or amount_of(second.get("CHGS")) or ZERO
    texts = [found.text, found.posting_text, words.get("RTYP", "")]
    returned, reason = _outcome(found, mark, amount, texts)
    fee = ZERO
    if returned and original is not None and -amount >= original:
        fee = -amount - original
    end_to_end = words.get("EREF") or ""
    return Detail(
        end_to_end_id=None if end_to_end.upper() in NO_REFERENCE else end_to_end,
        mandate_id=words.get("MREF") or None,
        creditor_id=words.get("CRED") or None,
        message_id=words.get("KREF"),
        payment_information_id=words.get("KREF") or (None if own.upper() in NO_REFERENCE else own),
        instruction_id=None,
        account_servicer_reference=None,
        amount=amount,
        currency=currency,
        original_amount=original,
        original_currency=currency if original is not None else None,
        charges=charges,
        fee=fee,
        is_return=returned,
        reason=reason,
        bank_code=None,
        gvc=found.gvc,
        original_bank_code=None,
        debtor_name=found.name or None,
        debtor_iban=valid_iban(found.account),
        creditor_name=None,
        creditor_iban=None,
        ultimate_debtor_name=words.get("ABWA"),
        ultimate_creditor_name=words.get("ABWE"),
        remittance=found.text,
        creditor_reference=None,
        return_info=" ".join(text for text in texts[:2] if text),
        where=where,
    )


def _outcome(
    found: Details, mark: str, amount: Decimal, texts: list[str]
) -> tuple[bool, Reason | None]:
    """Whether a booking takes a debit back, and why."""
    word = (found.words.get("RTRN") or "").strip("/ ")[:4].upper() or None
    named = (
        found.number
        or word
        or found.gvc in RETURN_GVCS
        or (mark == "RC" and found.gvc in COLLECTION_GVCS)
        or _RETURN_WORDS.search(" ".join(texts))
    )
    if amount >= 0 or not named:
        return False, None
    code = word if word in KNOWN_CODES else None
    return True, normalize(code, None if code else word, texts, found.number)
