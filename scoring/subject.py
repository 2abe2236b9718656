"""What is known about an order, an invoice or a debit while somebody asks whether it may be debited."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

#: When something is asked: while a field is typed, when the basket is looked at, when the order is
#: placed, before each later collection.
STAGES = ("field", "basket", "submit", "collection")


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """The question put to a policy. Nothing of it is stored in the clear.

    Texts are as typed and may be empty; `amount` is in euro, taxes included; `now` is naive UTC.
    The ids are those of database records, 0 where there is none.
    """

    stage: str
    now: datetime
    company_id: int
    partner_id: int = 0
    order_id: int = 0
    transaction_id: int = 0
    invoice_id: int = 0
    debit_id: int = 0
    mandate_id: int = 0
    #: "web", "phone", "portal" or "renewal".
    channel: str = "web"
    #: A kind of `support.plan`, "" when the order holds none or several.
    product_kind: str = ""
    amount: Decimal = Decimal(0)
    is_company: bool = False
    name: str = ""
    holder: str = ""
    #: Normalised, without spaces; "" when it is not known.
    iban: str = ""
    street: str = ""
    zip_code: str = ""
    city: str = ""
    #: ISO code of the address; for the form of postcodes and telephone numbers only, never for points.
    country_code: str = ""
    email: str = ""
    phone: str = ""
    vat: str = ""
    birth_date: str = ""
    ip_address: str = ""
    session: str = ""
    #: Language in which texts are written, e.g. "de_DE".
    lang: str = ""

    @property
    def customer_kind(self) -> str:
        """`company` or `consumer`, as cut-offs name it."""
        return "company" if self.is_company else "consumer"
