"""What can be wrong with a direct debit file, and how it is told."""

from dataclasses import dataclass

MAX_FINDINGS = 100

TEXTS = {
    "version": "The version {version} is not known.",
    "charset": "The character set {charset} is not known.",
    "empty_message": "The file holds no debit.",
    "empty_block": "The block holds no debit.",
    "mixed_schemes": "Core and B2B debits may not stand in one file.",
    "scheme": "The scheme must be CORE or B2B, not '{scheme}'.",
    "sequence_type": "The sequence type '{sequence_type}' is not known.",
    "date": "{field} is not a date.",
    "created": "The time of creation is not a date with a time.",
    "collection_date_closed": "{date} is no TARGET day; the next one is {next}.",
    "reference": "{field}: {message}",
    "duplicate_end_to_end_id": "The EndToEndId {end_to_end_id} stands {count} times in the file.",
    "duplicate_payment_information_id": "The block id {payment_information_id} stands twice.",
    "creditor_id": "{field}: {message}",
    "iban": "{party}: {message}",
    "bic": "{party}: the BIC does not have the form of one.",
    "bic_required": "{party}: an account in {country} needs a BIC.",
    "address_required": "{party}: an account in {country} needs an address with town and country.",
    "address_unstructured": "{party}: the address has lines, but no town and country.",
    "address_lines": "{party}: the address has {count} lines; two are possible.",
    "address_country": "{party}: '{country}' is not the code of a country.",
    "name": "{party}: the name is empty, or nothing of it is left in the banks' characters.",
    "amount_type": "The amount is not a decimal number.",
    "amount_not_positive": "The amount {amount} is not above zero.",
    "amount_too_high": "The amount {amount} is above 999999999.99.",
    "amount_decimals": "The amount {amount} has more than two decimals.",
    "currency": "The currency must be EUR, not '{currency}'.",
    "signature_after_collection": "The mandate is signed on {signature_date}, after the "
    "collection on {collection_date}.",
    "purpose": "'{purpose}' is not a purpose code.",
    "amendment_empty": "The mandate's amendment names no change.",
    "amendment_conflict": "The mandate's amendment names the old account and hides it as well.",
}


@dataclass(frozen=True)
class Finding:
    """One mistake: a code of :data:`TEXTS`, the debit or block it is about, and facts.

    ``params`` never holds an IBAN, so that findings may be logged.
    """

    code: str
    label: str
    params: dict

    def __str__(self):
        text = TEXTS[self.code].format(**self.params)
        return f"{self.label}: {text}" if self.label else text


class Pain008Error(ValueError):
    """A message that banks would refuse. ``findings`` lists the mistakes in the file's order.

    ``complete`` is False when the search ended at the hundredth finding.
    """

    def __init__(self, findings, complete=True):
        self.findings = list(findings)
        self.complete = complete
        lines = [str(finding) for finding in self.findings]
        if not complete:
            lines.append("The search ended here; there may be more.")
        super().__init__("\n".join(lines))


class Findings:
    """Collects findings; raises :class:`Pain008Error` when there are too many to read.

    ``label`` names what is being checked at the moment.
    """

    def __init__(self):
        self.label = ""
        self.list = []

    def add(self, code, **params):
        """Note one mistake about the current label."""
        self.list.append(Finding(code, self.label, params))
        if len(self.list) >= MAX_FINDINGS:
            raise Pain008Error(self.list, complete=False)

    def raise_if_any(self):
        """Raise :class:`Pain008Error` unless nothing was found."""
        if self.list:
            raise Pain008Error(self.list)
