"""Codec of the PAYONE Server API for `consumerscore` and `bankaccountcheck`.

Form-encoded request, lines of `name=value` as answer: PAYONE Platform, Server API description,
https://docs.payone.com (consumerscore, bankaccountcheck).
"""

import hashlib
from collections.abc import Mapping
from urllib.parse import urlencode

from .bureau import MAX_BYTES, Answer, BureauError

URL = "https://api.pay1.de/post-gateway/"
#: Score of `consumerscore`; U is unknown.
COLOURS = {"G": "green", "Y": "yellow", "R": "red"}
#: `personstatus`: PPB name and person at the address, PHB name at the house, PAB address only, PKI
#: not delivered, PNZ not deliverable, PPV deceased, PPF address wrong, PUG, PUZ, UKN unknown, PNP
#: not looked at.
PERSONS = {
    "PPB": "known",
    "PHB": "name",
    "PAB": "unknown",
    "PKI": "unknown",
    "PNZ": "moved",
    "PPV": "deceased",
    "PPF": "unknown",
    "PUG": "moved",
}
NOT_LOOKED_AT = frozenset({"", "NONE", "PNP"})
#: `secstatus`: 10 correct, 20 corrected, 30 no address found.
ADDRESSES = {"10": "correct", "20": "corrected", "30": "wrong"}
SCORE_CODES = ("bureau_colour", "bureau_score", "bureau_person", "bureau_address")
ACCOUNT_CODES = ("bureau_account_invalid", "bureau_account_blocked")


def encode(parameters: Mapping[str, str]) -> bytes:
    """Return the body of a request; the portal's key goes as its MD5, as the API asks."""
    values = {name: value for name, value in parameters.items() if value}
    if key := values.get("key"):
        values["key"] = hashlib.md5(key.encode(), usedforsecurity=False).hexdigest()
    return urlencode(sorted(values.items()), encoding="utf-8").encode()


def decode(body: bytes) -> dict[str, str]:
    """Return the fields of an answer.

    :raise BureauError: (`malformed`) when there is no `status` in it.
    """
    if len(body) > MAX_BYTES:
        raise BureauError("malformed", "too large")
    fields = {}
    for line in body.decode("utf-8", "replace").splitlines():
        name, equals, value = line.partition("=")
        if equals and name.strip():
            fields[name.strip().casefold()] = value.strip()
    if "status" not in fields:
        raise BureauError("malformed", "no status")
    return fields


def make_common(merchant: str, portal: str, account: str, key: str, is_live: bool) -> dict:
    """Return what every request says of who asks."""
    return {
        "mid": merchant,
        "portalid": portal,
        "aid": account,
        "key": key,
        "mode": "live" if is_live else "test",
        "encoding": "UTF-8",
        "api_version": "3.11",
    }


def make_score(facts: Mapping[str, str], address_check: str, score_type: str) -> dict:
    """Return the parameters of a `consumerscore` without who asks.

    Sex, birth date and language, which the API would take, are not sent.
    """
    is_company = facts.get("customer_kind") == "company"
    return {
        "request": "consumerscore",
        "addresschecktype": address_check,
        "consumerscoretype": score_type,
        "businessrelation": "b2b" if is_company else "b2c",
        "company": facts.get("full_name", "") if is_company else "",
        "firstname": "" if is_company else facts.get("first_name", ""),
        "lastname": facts.get("last_name", ""),
        "street": facts.get("street", ""),
        "streetname": facts.get("street_name", ""),
        "streetnumber": facts.get("street_number", ""),
        "zip": facts.get("zip", ""),
        "city": facts.get("city", ""),
        "country": facts.get("country", ""),
        "email": facts.get("email", ""),
        "telephonenumber": facts.get("phone", ""),
    }


def make_account(facts: Mapping[str, str], check_type: str) -> dict:
    """Return the parameters of a `bankaccountcheck` without who asks."""
    return {
        "request": "bankaccountcheck",
        "checktype": check_type,
        "bankcountry": facts.get("iban", "")[:2],
        "iban": facts.get("iban", ""),
    }


def read_score(fields: Mapping[str, str]) -> Answer:
    """Return what a `consumerscore` says. INVALID: the address cannot be; ERROR: ask again later."""
    status = fields["status"].upper()
    if status == "ERROR":
        return _error(fields, SCORE_CODES)
    if status == "INVALID":
        values = {"bureau_colour": None, "bureau_address": "wrong"}
        return Answer("ok", values, message=_message(fields))
    if status != "VALID":
        raise BureauError("malformed", "unknown status")
    values = {"bureau_colour": COLOURS.get(fields.get("score", "").upper())}
    # What is not part of the contract, or was not looked at, is not delivered.
    if number := fields.get("scorevalue"):
        values["bureau_score"] = _number(number)
    if (person := fields.get("personstatus", "").upper()) not in NOT_LOOKED_AT:
        values["bureau_person"] = PERSONS.get(person)
    if address := fields.get("secstatus"):
        values["bureau_address"] = ADDRESSES.get(address)
    known = any(value is not None for value in values.values())
    return Answer("ok" if known else "unknown", values, message=_message(fields))


def read_account(fields: Mapping[str, str]) -> Answer:
    """Return what a `bankaccountcheck` says."""
    status = fields["status"].upper()
    if status == "ERROR":
        return _error(fields, ACCOUNT_CODES)
    if status not in ("VALID", "INVALID", "BLOCKED"):
        raise BureauError("malformed", "unknown status")
    values = {
        "bureau_account_invalid": status == "INVALID",
        "bureau_account_blocked": status == "BLOCKED",
    }
    return Answer("ok", values, message=_message(fields))


def _error(fields, codes):
    number = fields.get("errorcode", "")
    return Answer("error", dict.fromkeys(codes), message=number if number.isdigit() else "")


def _message(fields):
    return fields.get("customermessage", "")[:200]


def _number(text):
    try:
        return float(int(text))
    except ValueError:
        return None
