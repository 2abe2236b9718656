"""What the reader of camt.052, camt.053 and camt.054 hands out.

Amounts are `Decimal`; "signed" means plus for money coming into the account, minus for money
leaving it. A reference that a bank left out or called NOTPROVIDED is None.

`Entry` and `Detail`, of which a statement has thousands, are named tuples: as unchangeable as
a frozen dataclass and made in a third of the time.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from .bankfile import ReadOnce
from .camt_codes import COLLECTION_GVCS, TRANSFERS
from .reasons import Reason

ZERO = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Statement:
    """One account's statement, report or notification; balances are signed and booked ones."""

    id: str | None
    sequence_number: str | None
    iban: str | None
    other_account_id: str | None
    currency: str | None
    from_date: date | None
    to_date: date | None
    opening_balance: Decimal | None
    opening_date: date | None
    closing_balance: Decimal | None
    closing_date: date | None
    created: datetime | None
    where: str


@dataclass(frozen=True, slots=True)
class Batch:
    """What an entry says about the file it stands for (`NtryDtls/Btch`); `amount` is unsigned."""

    message_id: str | None
    payment_information_id: str | None
    count: int | None
    amount: Decimal | None


class Detail(NamedTuple):
    """One transaction of an entry (`TxDtls`).

    `amount` is signed: what was booked for it (`Amt`, else `AmtDtls/TxAmt`, else, when it is
    the entry's only one, the entry's). `original_amount` is unsigned: what we had asked for
    (`InstdAmt`), in `original_currency`. `charges` adds up every shape of `Chrgs`; banks fill
    it inconsistently, so the cost of a return is `fee`: booked minus original.
    """

    end_to_end_id: str | None = None
    mandate_id: str | None = None
    creditor_id: str | None = None
    message_id: str | None = None
    payment_information_id: str | None = None
    instruction_id: str | None = None
    account_servicer_reference: str | None = None
    amount: Decimal | None = None
    currency: str | None = None
    original_amount: Decimal | None = None
    original_currency: str | None = None
    charges: Decimal = ZERO
    fee: Decimal = ZERO
    is_return: bool = False
    reason: Reason | None = None
    bank_code: str | None = None
    gvc: str | None = None
    original_bank_code: str | None = None
    debtor_name: str | None = None
    debtor_iban: str | None = None
    creditor_name: str | None = None
    creditor_iban: str | None = None
    ultimate_debtor_name: str | None = None
    ultimate_creditor_name: str | None = None
    remittance: str = ""
    creditor_reference: str | None = None
    return_info: str = ""
    where: str = ""


class Entry(NamedTuple):
    """One line of a statement (`Ntry`).

    `amount` is signed. `booked` is False for pending and announced lines: those are no money.
    `is_return` says that a direct debit of ours came back (money left the account again);
    `return_fees` is what left beyond the original amounts, all details together. `details`
    is empty when the bank books a file in one sum; then `batch` names the file.
    """

    statement: Statement | None = None
    reference: str | None = None
    account_servicer_reference: str | None = None
    amount: Decimal = ZERO
    currency: str | None = None
    booked: bool = False
    status: str | None = None
    booking_date: date | None = None
    value_date: date | None = None
    bank_code: str | None = None
    proprietary_code: str | None = None
    gvc: str | None = None
    batches: tuple[Batch, ...] = ()
    details: tuple[Detail, ...] = ()
    charges: Decimal = ZERO
    return_fees: Decimal = ZERO
    additional_info: str | None = None
    reversal: bool = False
    is_return: bool = False
    where: str = ""

    @property
    def is_collection(self) -> bool:
        """Whether the bank calls this money that direct debits of ours brought."""
        family = (self.bank_code or "").split("/")[1:2]
        return self.amount > 0 and (family == ["IDDT"] or self.gvc in COLLECTION_GVCS)

    @property
    def is_charge(self) -> bool:
        """Whether the bank calls this money its own charge."""
        sub_family = (self.bank_code or "").split("/")[2:]
        kind = (self.proprietary_code or "")[1:4]
        return sub_family in (["CHRG"], ["COMM"], ["FEES"]) or kind == "CHG" or self.gvc == "808"

    @property
    def is_transfer(self) -> bool:
        """Whether this is a credit transfer, ours or a customer's."""
        family = (self.bank_code or "").split("/")[1:2]
        return bool(family) and family[0] in TRANSFERS

    @property
    def batch(self) -> Batch | None:
        """The first of `batches`; nearly always there is at most one."""
        return self.batches[0] if self.batches else None


class CamtFile(ReadOnce):
    """One camt file. The attributes are valid at once; iterating (once) reads the rest.

    `kind` ("camt.053"), `version` ("camt.053.001.08"), `message_id`, `created`, `findings`,
    which is complete after the iteration. The iteration yields each `Statement` and, after
    it, its `Entry` objects, in file order.
    """

    def __init__(self):
        super().__init__()
        self.kind: str | None = None
        self.version: str | None = None
        self.message_id: str | None = None
        self.created: datetime | None = None
