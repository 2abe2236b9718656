"""What a finding keeps of the entry, detail or status that it is about."""

import json

from ...sepa import iban as sepa_iban
from ...sepa import pain002

#: Longest text that is kept of what the bank wrote.
_LONGEST = 500


def key_of(code, where, params):
    """Return what tells a finding from the others of its file.

    The database keeps the parameters in an order of its own.
    """
    return code, where or "", json.dumps(params or {}, sort_keys=True, default=str)


def of(about):
    """Return values of `sdd.bank.finding` that help to find the debit by hand.

    :param about: `sepa.camt.Entry`, `sepa.camt.Detail` or `sepa.pain002.TransactionStatus`, or a
        dict of such values.
    :rtype: dict
    """
    if isinstance(about, dict):
        return about
    if isinstance(about, pain002.TransactionStatus):
        reason = next(iter(about.reasons), None)
        return {
            "direction": "return",
            "amount": -float(about.amount or 0),
            "end_to_end_id": about.original_end_to_end_id,
            **_people(about, about.debtor_name, ""),
            **_reason(reason),
        }
    details = getattr(about, "details", None)
    detail = about if details is None else next(iter(details), None)
    values = {
        "amount": float(about.amount or 0),
        "booking_date": getattr(about, "booking_date", None),
        "direction": _direction(about),
    }
    if detail is not None and (details is None or len(details) == 1):
        name = detail.debtor_name or detail.ultimate_debtor_name
        values |= {
            "end_to_end_id": detail.end_to_end_id,
            **_people(detail, name, detail.remittance),
            **_reason(detail.reason),
        }
    return values


def _direction(about):
    if about.is_return:
        return "return"
    return "credit" if (about.amount or 0) > 0 else "other"


def _people(about, name, remittance):
    return {
        "mandate_reference": about.mandate_id,
        "counterparty": name,
        "remittance": sepa_iban.mask_in_text(remittance or "")[:_LONGEST],
    }


def _reason(reason):
    if reason is None:
        return {}
    return {
        "reason_code": reason.code or reason.proprietary,
        "reason_text": sepa_iban.mask_in_text(reason.text or "")[:_LONGEST],
    }
