"""What the reader of pain.002 hands out."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from .bankfile import ReadOnce
from .reasons import Reason


@dataclass(frozen=True, slots=True)
class PaymentStatus:
    """The answer for one payment block (`PmtInf`); `status` is None when the bank gave none here."""

    original_payment_information_id: str | None
    status: str | None
    reasons: tuple[Reason, ...]
    where: str


@dataclass(frozen=True, slots=True)
class TransactionStatus:
    """The answer for one debit.

    `status` and `reasons` are those of the transaction or, where it has none, of its block,
    then of the file; `level` ("transaction", "payment", "group") says whose status it is.
    References that the bank left out or called NOTPROVIDED are None. `amount` is unsigned.
    """

    original_payment_information_id: str | None
    original_end_to_end_id: str | None
    original_instruction_id: str | None
    mandate_id: str | None
    amount: Decimal | None
    currency: str | None
    collection_date: date | None
    status: str | None
    reasons: tuple[Reason, ...]
    debtor_name: str | None
    debtor_iban: str | None
    creditor_id: str | None
    account_servicer_reference: str | None
    level: str
    where: str


class StatusReport(ReadOnce):
    """One pain.002. The attributes are valid at once; iterating (once) reads the rest of the file.

    `message_id`, `created` (datetime or None), `version` ("pain.002.001.10"),
    `original_message_id`, `original_name` ("pain.008.001.08"), `group_status` ("ACCP",
    "PART", "RJCT", … or None), `group_reasons`, `original_count`, `original_sum`,
    `findings`, which is complete after the iteration.

    A group status RJCT without transactions means all of them, except with reason DUPL: then
    the bank refuses the copy of a file whose message id it knows, and the first one stands.
    """

    def __init__(self):
        super().__init__()
        self.version: str | None = None
        self.message_id: str | None = None
        self.created: datetime | None = None
        self.original_message_id: str | None = None
        self.original_name: str | None = None
        self.group_status: str | None = None
        self.group_reasons: list[Reason] = []
        self.original_count: int | None = None
        self.original_sum: Decimal | None = None
