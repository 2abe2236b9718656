"""What the parts of a statement must add up to: balances, totals, and nothing twice."""

from collections import deque
from decimal import Decimal

from .bankfile import Findings
from .camt_model import ZERO, Entry, Statement
from .xmlnode import amount_in, date_in, each, parse_amount, parse_whole

#: Balance codes that open and close, the better one first. ITBD is an intraday balance.
_OPENING = ("OPBD", "PRCD")
_CLOSING = ("CLBD", "ITBD")
#: How many entries are remembered to recognise one that comes twice; keeps memory flat.
_REMEMBERED = 10_000


def read_balances(statement: dict, where: str, findings: Findings) -> tuple:
    """Signed opening balance, its day, signed closing balance, its day; None for what is missing.

    With several of one kind (pages of a statement) the first opening and the last closing count.
    """
    found: dict[str, list] = {}
    for path in each(statement, "Bal"):
        kind = path + "/Tp/CdOrPrtry"
        code = statement.get(kind + "/Cd") or statement.get(kind + "/Prtry") or ""
        amount = amount_in(statement, path + "/Amt", where, findings)
        indicator = statement.get(path + "/CdtDbtInd")
        if amount is None or indicator not in ("CRDT", "DBIT"):
            findings.add("missing_node", f"{where}/{path}", node="CdtDbtInd", balance=code[:40])
            continue
        day = date_in(statement, path + "/Dt", where, findings)
        found.setdefault(code, []).append((amount if indicator == "CRDT" else -amount, day))
    opening = next((found[code][0] for code in _OPENING if code in found), (None, None))
    closing = next((found[code][-1] for code in _CLOSING if code in found), (None, None))
    return (*opening, *closing)


class Totals:
    """Adds up one statement's entries and compares them with what the bank says (constant memory)."""

    def __init__(self, statement: Statement, findings: Findings):
        self.statement = statement
        self.findings = findings
        self.count = self.booked_count = self.unreadable = 0
        self.credits = self.debits = ZERO
        self.booked = ZERO
        self.recent: deque = deque()
        self.seen: set = set()

    def add(self, entry: Entry | None) -> None:
        """Count an entry; None stands for one that could not be read."""
        if entry is None:
            self.unreadable += 1
            return
        self.count += 1
        if entry.amount >= 0:
            self.credits += entry.amount
        else:
            self.debits -= entry.amount
        if entry.booked:
            self.booked += entry.amount
            self.booked_count += 1
        currency = self.statement.currency
        if currency and entry.currency and entry.currency != currency:
            self.findings.add(
                "currency_mismatch", entry.where, expected=currency, actual=entry.currency[:40]
            )
        self.remember(entry)

    def remember(self, entry: Entry) -> None:
        """Report an entry that is word for word one of the last ones."""
        if not entry.account_servicer_reference:
            return
        first = entry.details[0] if entry.details else None
        key = hash(
            (
                entry.account_servicer_reference,
                entry.reference,
                entry.amount,
                entry.booked,
                entry.booking_date,
                entry.additional_info,
                first and (first.end_to_end_id, first.remittance, first.debtor_iban),
            )
        )
        if key in self.seen:
            reference = entry.account_servicer_reference
            self.findings.add("duplicate_entry", entry.where, reference=reference)
            return
        self.seen.add(key)
        self.recent.append(key)
        if len(self.recent) > _REMEMBERED:
            self.seen.discard(self.recent.popleft())

    def finish(self, found: dict, check_balance: bool) -> None:
        """Compare with balances (`check_balance`) and `TxsSummry` of the ended statement."""
        statement = self.statement
        opening, closing = statement.opening_balance, statement.closing_balance
        if check_balance and None not in (opening, closing):
            if opening + self.booked != closing:
                self.findings.add(
                    "balance_mismatch",
                    statement.where,
                    opening=str(opening),
                    entries=str(self.booked),
                    closing=str(closing),
                    difference=str(closing - opening - self.booked),
                )
        elif check_balance:
            self.findings.add(
                "missing_node",
                statement.where,
                node="Bal",
                opening=str(opening),
                closing=str(closing),
            )
        if "TxsSummry" in found:
            self.check_summary(found)

    def check_summary(self, found: dict) -> None:
        """`TxsSummry`: how many entries, and the sums of credits and debits."""
        said = parse_whole(found.get("TxsSummry/TtlNtries/NbOfNtries"))
        read = self.count + self.unreadable
        if said is not None and said not in (read, self.booked_count):
            self.findings.add(
                "count_mismatch",
                self.statement.where,
                level="statement",
                expected=said,
                actual=read,
            )
        if self.booked_count != self.count or self.unreadable:
            return  # banks disagree on whether pending lines belong to the sums
        for name, actual in (("TtlCdtNtries", self.credits), ("TtlDbtNtries", self.debits)):
            expected: Decimal | None = parse_amount(found.get(f"TxsSummry/{name}/Sum"))
            if expected is not None and expected != actual:
                self.findings.add(
                    "sum_mismatch",
                    self.statement.where,
                    level=name,
                    expected=str(expected),
                    actual=str(actual),
                )
