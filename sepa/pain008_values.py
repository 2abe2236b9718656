"""Single values of a pain.008: each is checked and returned in the form in which it is written.

Every method takes what a caller gave and returns a text or number that needs no further check.
What is wrong goes to the findings, and the result is then not used.
"""

import re
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from typing import NamedTuple

from . import creditor_id, references
from . import iban as ibans
from .charset import to_sepa
from .const import (
    MAX_ADDRESS_LINE,
    MAX_ADDRESS_LINES,
    MAX_BUILDING,
    MAX_CENTS,
    MAX_NAME,
    MAX_POSTCODE,
    MAX_REMITTANCE,
    MAX_STREET,
    MAX_TOWN,
    NON_EEA,
)

_MAX_AMOUNT = Decimal(MAX_CENTS).scaleb(-2)
_COUNTRY = re.compile(r"[A-Z]{2}")
_PURPOSE = re.compile(r"[A-Z0-9]{4}")
_WORD = re.compile(r"[A-Za-z0-9]")
# The narrower pattern of version .02, which every BIC in use fits.
_BIC = re.compile(r"[A-Z]{6}[A-Z2-9][A-NP-Z0-9](?:[A-Z0-9]{3})?")


class ReadyAddress(NamedTuple):
    street: str
    building: str
    postcode: str
    town: str
    country: str
    lines: tuple


class ReadyParty(NamedTuple):
    name: str
    address: ReadyAddress | None


class ReadyAmendment(NamedTuple):
    mandate_id: str | None
    creditor_id: str | None
    creditor_name: str | None
    iban: str | None
    same_mandate_new_account: bool


@lru_cache(maxsize=4096)
def _normal_bic(text):
    """Return the BIC in capitals, or None if it is none."""
    bic = "".join(text.split()).upper()
    return bic if _BIC.fullmatch(bic) else None


class Values:
    """Checks of single values that write to ``findings``; texts are converted by ``charset``."""

    def __init__(self, findings, charset):
        self._add = findings.add
        self._charset = charset

    def text(self, text, max_length):
        """Return a text in the banks' characters, cut after the conversion."""
        return to_sepa(text, self._charset, max_length)

    def name(self, text, party):
        """Return a name of at most 70 characters (EPC130-08, AT-D001 and AT-E001)."""
        name = self.text(text, MAX_NAME)
        if not _WORD.search(name):
            self._add("name", party=party)
        return name

    def remittance(self, text):
        """Return one unstructured remittance text, "" for none."""
        return self.text(text, MAX_REMITTANCE)

    def reference(self, text, field):
        """Return a reference unchanged: it identifies something and must not be converted."""
        try:
            return references.check(text)
        except references.InvalidReference as error:
            self._add("reference", field=field, problem=error.code, message=str(error))
            return None

    def creditor_id(self, text, field):
        """Return a normalised creditor identifier."""
        try:
            return creditor_id.check(text)
        except creditor_id.CreditorIdError as error:
            self._add("creditor_id", field=field, problem=error.code, message=str(error))
            return None

    def iban(self, text, party):
        """Return a normalised IBAN, or None."""
        try:
            return ibans.validate(text)
        except ibans.IbanError as error:
            self._add("iban", party=party, problem=error.code, message=str(error))
            return None

    def account(self, account, party):
        """Return (IBAN, BIC or None, whether the account lies outside the EEA)."""
        iban = self.iban(account.iban, party)
        bic = None
        if account.bic:
            bic = _normal_bic(account.bic)
            if not bic:
                self._add("bic", party=party)
        outside = iban is not None and iban[:2] in NON_EEA
        if outside and not account.bic:
            # EPC409-09: the BIC went away within the EEA only.
            self._add("bic_required", party=party, country=iban[:2])
        return iban, bic, outside

    def cents(self, amount):
        """Return a positive amount in cents."""
        if not isinstance(amount, Decimal) or not amount.is_finite():
            self._add("amount_type")
        elif amount <= 0:
            self._add("amount_not_positive", amount=str(amount))
        elif amount > _MAX_AMOUNT:
            self._add("amount_too_high", amount=str(amount))
        else:
            cents = int(amount.scaleb(2))
            # The comparison is exact where arithmetic would round.
            if Decimal(cents).scaleb(-2) == amount:
                return cents
            self._add("amount_decimals", amount=str(amount))
        return 0

    def day(self, value, field):
        """Return a plain date, or None."""
        if isinstance(value, date) and not isinstance(value, datetime):
            return value
        self._add("date", field=field)
        return None

    def purpose(self, code):
        """Return an external purpose code such as OTHR, or None."""
        if code and not _PURPOSE.fullmatch(code):
            self._add("purpose", purpose=code)
        return code or None

    def address(self, party, role):
        """Return a structured or hybrid address, or None unless it has town and country.

        Lines without town and country were never a valid form for the German banks and are the
        form that the scheme is going to withdraw (EPC153-22).
        """
        country = (party.country or "").strip().upper()
        if country and not _COUNTRY.fullmatch(country):
            self._add("address_country", party=role, country=country)
            return None
        town = self.text(party.town, MAX_TOWN)
        lines = tuple(self.text(line, MAX_ADDRESS_LINE) for line in party.address_lines)
        lines = tuple(line for line in lines if line)
        if len(lines) > MAX_ADDRESS_LINES:
            self._add("address_lines", party=role, count=len(lines))
        if not (town and country):
            if lines:
                self._add("address_unstructured", party=role)
            return None
        return ReadyAddress(
            self.text(party.street, MAX_STREET),
            self.text(party.building, MAX_BUILDING),
            self.text(party.postcode, MAX_POSTCODE),
            town,
            country,
            lines,
        )

    def required_address(self, party, role, account_country):
        """Return the address that a bank outside the EEA asks for (EPC130-08, AT-P005)."""
        address = self.address(party, role)
        if address is None:
            self._add("address_required", party=role, country=account_country)
        return address

    def amendment(self, change):
        """Return what is written of a mandate's amendment (EPC130-08, AT-T015 and following)."""
        ready = ReadyAmendment(
            change.original_mandate_id
            and self.reference(change.original_mandate_id, "Original mandate reference"),
            change.original_creditor_id
            and self.creditor_id(change.original_creditor_id, "Original creditor identifier"),
            change.original_creditor_name
            and self.name(change.original_creditor_name, "Original creditor"),
            change.original_iban and self.iban(change.original_iban, "Original account"),
            bool(change.same_mandate_new_account),
        )
        if change.original_iban and change.same_mandate_new_account:
            self._add("amendment_conflict")
        if not any(ready):
            self._add("amendment_empty")
        return ready
