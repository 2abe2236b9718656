"""Reader of MT940: a statement of our bank account in SWIFT's format.

Hands out the same `Statement`, `Entry` and `Detail` as the reader of camt, so that everything
behind it need not know where a booking came from. German banks are to stop sending it, but
still do. What cannot be read is a finding; the rest of the file is there beside it.
"""

import re
from collections.abc import Iterator
from decimal import Decimal

from . import iban as ibans
from .bankfile import MAX_BYTES, BankFileError
from .camt_codes import COLLECTION_GVCS, RETURN_GVCS
from .camt_model import ZERO, CamtFile, Entry, Statement
from .mt940_booking import NO_REFERENCE, read_detail
from .mt940_details import Details, parse
from .mt940_text import Field, dutch_bank, fields, read_text
from .mt940_values import booking_day, national_iban, parse_day, parse_money

__all__ = ["read"]

_BALANCE = re.compile(r"\s*(C|D)(\d{6})([A-Z]{3})([\d.,]+)\s*")
_LINE = re.compile(
    # Some banks put blanks around the amount.
    r"(?P<value>\d{6})(?P<booked>\d{4})?(?P<mark>R?[CD]|E[CD])(?P<funds>[A-Z])? *"
    r"(?P<amount>\d[\d.]*,?\d*) *(?P<type>[A-Z][A-Z0-9]{3})?(?P<rest>[^\n]*)(?:\n(?P<more>.*))?",
    re.DOTALL,
)
#: SWIFT's types of booking and the German codes (GVC) that they may have.
_CODES_OF_TYPES = {
    "RTI": RETURN_GVCS,
    "DDT": RETURN_GVCS | COLLECTION_GVCS | {"104", "105"},
    "CHG": frozenset({"808"}),
}
_NUMBER = re.compile(r"\s*(\d+)(?:/(\d+))?\s*")


def read(source, max_bytes: int = MAX_BYTES) -> CamtFile:
    """Open an MT940 (bytes, path, or binary file); iterating yields statements and entries.

    Raises `BankFileError` when the file as a whole is none ("empty", "too_large",
    "unknown_format"). `kind` and `version` are "mt940".
    """
    text = read_text(source, max_bytes)
    result = CamtFile()
    result.kind = result.version = "mt940"
    reader = _Reader(result, list(fields(text)), dutch_bank(text))
    if not reader.looks_right():
        raise BankFileError("unknown_format", found="no account statement")
    result.message_id = reader.first_reference()
    result._items = reader.run()
    return result


class _Reader:
    """Goes through the fields of a file, statement by statement."""

    def __init__(self, result: CamtFile, found: list[Field], dutch_bank: str | None = None):
        self.findings = result.findings
        self.fields = found
        self.dutch_bank = dutch_bank
        self.statements = 0

    def looks_right(self) -> bool:
        tags = {item.tag for item in self.fields}
        return "25" in tags and bool(tags & {"60F", "60M", "61", "62F", "62M"})

    def first_reference(self) -> str | None:
        return next((item.text.strip() for item in self.fields if item.tag == "20"), None) or None

    def run(self) -> Iterator[Statement | Entry]:
        for pages in self.group():
            self.statements += 1
            yield from self.statement(pages)

    def group(self) -> Iterator[list[Field]]:
        """The fields of each statement; pages that go on (:60M:) belong to the one before."""
        current: list[Field] = []
        for page in self.pages():
            goes_on = any(item.tag == "60M" for item in page)
            if current and not (goes_on and self.identity(page) == self.identity(current)):
                yield current
                current = []
            current += page
        if current:
            yield current

    def pages(self) -> Iterator[list[Field]]:
        """The fields from one :20: to the next."""
        page: list[Field] = []
        for item in self.fields:
            if item.tag == "20" and page:
                yield page
                page = []
            page.append(item)
        if page:
            yield page

    @staticmethod
    def identity(page: list[Field]) -> tuple:
        """Account and statement number, without the page's."""
        texts = {}
        for item in page:
            texts.setdefault(item.tag, item.text.strip())
        number = texts.get("28C") or texts.get("28") or ""
        return texts.get("25"), number.partition("/")[0]

    # === STATEMENT === #

    def statement(self, found: list[Field]) -> Iterator[Statement | Entry]:
        where = f"MT940[{self.statements}]"
        texts: dict[str, Field] = {}
        for item in found:
            texts.setdefault(item.tag, item)
        opening = self.balance(texts.get("60F") or texts.get("60M"), where)
        last = [item for item in found if item.tag in ("62F", "62M")]
        closing = self.balance(last[-1] if last else None, where)
        number = _NUMBER.fullmatch(self.identity(found)[1] or "")
        iban, account = self.account(texts.get("25"), where)
        statement = Statement(
            id=self.statement_id(texts, iban or account, closing),
            sequence_number=number.group(1) if number else None,
            iban=iban,
            other_account_id=account,
            currency=(opening or closing or (None, None, None))[2],
            from_date=opening and opening[1],
            to_date=closing and closing[1],
            opening_balance=opening and opening[0],
            opening_date=opening and opening[1],
            closing_balance=closing and closing[0],
            closing_date=closing and closing[1],
            created=None,
            where=where,
        )
        yield statement
        total = ZERO
        for entry in self.entries(found, statement):
            total += entry.amount
            yield entry
        self.check(statement, total)

    @staticmethod
    def statement_id(texts: dict, account: str | None, closing) -> str | None:
        """What tells this statement from the bank's others: its number and the day it ends."""
        number = (texts.get("28C") or texts.get("28") or Field("", "", 0)).text.strip()
        day = closing and closing[1]
        return f"{number or '?'}-{day.isoformat()}" if day else (number or None)

    def account(self, item: Field | None, where: str) -> tuple[str | None, str | None]:
        """The account's IBAN, or what the bank calls it: bank code and number become an IBAN."""
        text = item.text.strip() if item else ""
        if not text:
            self.findings.add("missing_node", where, node=":25:")
            return None, None
        bare = text.split()[0].removesuffix("EUR")
        candidate = re.sub(r"[^A-Za-z0-9]", "", bare.partition("/")[2] or bare)
        for guess in (candidate, re.sub(r"[^A-Za-z0-9]", "", bare)):
            try:
                return ibans.validate(guess), None
            except ibans.IbanError:
                continue
        national = national_iban(bare, self.dutch_bank)
        return national, bare if national else text[:40]

    def balance(self, item: Field | None, where: str):
        """(signed amount, day, currency) of a balance field, or None with a finding."""
        if item is None:
            self.findings.add("missing_node", where, node="Bal")
            return None
        match = _BALANCE.fullmatch(item.text.split("\n")[0])
        amount = match and parse_money(match.group(4))
        day = match and parse_day(match.group(2))
        if not match or amount is None or day is None:
            self.findings.add("bad_amount", f"{where}/:{item.tag}:", value=item.text[:40])
            return None
        return (amount if match.group(1) == "C" else -amount), day, match.group(3)

    def check(self, statement: Statement, total: Decimal) -> None:
        """The balances must differ by what was booked."""
        opening, closing = statement.opening_balance, statement.closing_balance
        if None not in (opening, closing) and opening + total != closing:
            self.findings.add(
                "balance_mismatch",
                statement.where,
                opening=str(opening),
                entries=str(total),
                closing=str(closing),
                difference=str(closing - opening - total),
            )

    # === ENTRIES === #

    def entries(self, found: list[Field], statement: Statement) -> Iterator[Entry]:
        """Each :61: with the :86: that follows it."""
        number = 0
        for index, item in enumerate(found):
            if item.tag != "61":
                continue
            number += 1
            where = f"{statement.where}/:61:[{number}]"
            following = found[index + 1] if index + 1 < len(found) else None
            details = Details()
            if following and following.tag == "86":
                details = parse(following.text, _bare_codes(item, statement))
            entry = self.entry(item, details, statement, where)
            if entry is not None:
                yield entry

    def entry(self, item: Field, details: Details, statement: Statement, where: str):
        match = _LINE.match(item.text.strip())
        amount = match and parse_money(match.group("amount"))
        value_date = match and parse_day(match.group("value"))
        if not match or amount is None or value_date is None:
            self.findings.add(
                "entry_unreadable",
                where,
                amount=item.text[:16],
                indicator="",
                reference=None,
                end_to_end_ids=[details.words["EREF"]] if "EREF" in details.words else [],
            )
            return None
        mark = match.group("mark")
        signed = amount if mark in ("C", "RD", "EC") else -amount
        own, _slashes, bank = match.group("rest").partition("//")
        more = match.group("more") or ""
        detail = read_detail(details, mark, signed, statement.currency, own.strip(), more, where)
        reference = bank.split("\n")[0].strip()
        return Entry(
            statement=statement,
            reference=None,
            account_servicer_reference=None if reference.upper() in NO_REFERENCE else reference,
            amount=signed,
            currency=statement.currency,
            booked=not mark.startswith("E"),
            status="BOOK" if not mark.startswith("E") else "INFO",
            booking_date=booking_day(match.group("booked"), value_date),
            value_date=value_date,
            bank_code=None,
            proprietary_code=match.group("type"),
            gvc=details.gvc,
            batches=(),
            details=(detail,),
            charges=ZERO,
            return_fees=detail.fee,
            additional_info=details.posting_text or details.text or None,
            reversal=mark.startswith("R"),
            is_return=detail.is_return,
            where=where,
        )


def _bare_codes(item: Field, statement: Statement) -> frozenset:
    """The German codes with which a :86: without sub-fields may begin: those that :61: speaks of."""
    match = _LINE.match(item.text.strip())
    kind = ((match and match.group("type")) or "")[1:]
    if not (statement.iban or "").startswith("DE"):
        return frozenset()
    return frozenset({kind}) if kind.isdigit() else _CODES_OF_TYPES.get(kind, frozenset())
