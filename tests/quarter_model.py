"""What must have become of a quarter's debits: plain arithmetic on the bank's own books.

Nothing in here knows Odoo or the add-on. Amounts are cents. The bank's books are what mock-bank
answers to `GET /_mock/collections`.
"""

from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import pairwise

#: What the bank takes for a debit that comes back after its settlement.
FEE = 350
#: Reasons for which an amount may be presented once more without the customer's doing.
MAY_BE_REPEATED = {"AM04", "MS03", "FF01"}
#: Most attempts by the programme itself for one invoice: one and two repetitions.
MOST_ATTEMPTS = 3


@dataclass(frozen=True)
class Attempt:
    """One collection in the bank's books."""

    reference: str
    invoice: str
    mandate: str
    amount: int
    state: str
    due: str
    settled: str | None
    returned: str | None
    reason: str | None

    @property
    def is_collected(self):
        return self.state == "settled"


def _attempt(row):
    states = {"rejected": "rejected", "returned": "returned"}
    state = states.get(row["status"]) or ("settled" if row["booked_at"] else "submitted")
    return Attempt(
        reference=row["end_to_end_id"],
        invoice=row["remittance"][0].rpartition(" ")[2],
        mandate=row["mandate_id"],
        amount=row["amount"],
        state=state,
        due=row["collection_date"],
        settled=row["settlement_date"] if row["booked_at"] else None,
        returned=row["return_due"] if row["status"] == "returned" else None,
        reason=row["return_reason"] or row["reason"],
    )


class Model:
    """The quarter as it should be.

    :param list collections: the bank's books, newest first.
    :param dict invoices: {invoice number: amount in cents} of everything that was sold.
    """

    def __init__(self, collections, invoices):
        self.invoices = invoices
        attempts = [_attempt(row) for row in reversed(collections)]
        self.attempts = sorted(attempts, key=lambda attempt: attempt.due)
        self.by_invoice = defaultdict(list)
        for attempt in self.attempts:
            self.by_invoice[attempt.invoice].append(attempt)

    # === SUMS === #

    def _sum(self, *states):
        return sum(attempt.amount for attempt in self.attempts if attempt.state in states)

    @property
    def collected(self):
        return self._sum("settled")

    @property
    def in_transit(self):
        return self._sum("submitted")

    @property
    def owed(self):
        """What the customers owe and no debit at the bank is collecting."""
        return sum(self.invoices.values()) - self.collected - self.in_transit

    @property
    def fees(self):
        return FEE * sum(attempt.state == "returned" for attempt in self.attempts)

    @property
    def bank_balance(self):
        return self.collected - self.fees

    # === EACH INVOICE === #

    def get_invoice(self, name):
        """Return (payment state, cents that are open) of an invoice."""
        states = Counter(attempt.state for attempt in self.by_invoice[name])
        if states["settled"]:
            return "paid", 0
        if states["submitted"]:
            return "in_payment", 0
        return "not_paid", self.invoices[name]

    def get_faults(self):
        """Return what must never have happened, as sentences; none when all is well."""
        faults = []
        for name, attempts in self.by_invoice.items():
            if name not in self.invoices:
                faults.append(f"{name}: collected without an invoice")
                continue
            faults += [f"{name}: {fault}" for fault in self._get_invoice_faults(name, attempts)]
        references = Counter(attempt.reference for attempt in self.attempts)
        return faults + [f"{name}: used twice" for name, times in references.items() if times > 1]

    def _get_invoice_faults(self, name, attempts):
        if sum(attempt.is_collected for attempt in attempts) > 1:
            yield "collected twice"
        if any(attempt.amount != self.invoices[name] for attempt in attempts):
            yield "another amount than the invoice's"
        reasons = [attempt.reason for attempt in attempts[:-1]]
        if None in reasons:
            yield "presented again though it had not come back"
        if wrong := [reason for reason in reasons if reason and reason not in MAY_BE_REPEATED]:
            yield f"presented again after {wrong}"
        for before, after in pairwise(attempts):
            if after.due <= max(before.due, before.returned or ""):
                yield "presented again before it had come back"
        if len([reason for reason in reasons if reason != "FF01"]) >= MOST_ATTEMPTS:
            yield "presented too often"
