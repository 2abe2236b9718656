"""Reader of camt.052, camt.053 and camt.054: what happened on our bank account.

Reads all versions from .001.02 on, whatever their namespaces and prefixes, one entry at a
time and in flat memory. Every detail of an entry tells whether a direct debit of ours came
back, why, and what the bank took for it.
"""

from collections.abc import Iterator

from .bankfile import (
    MAX_BYTES,
    MESSAGES,
    BankFileError,
    open_source,
    release,
    stream_elements,
    version_of,
)
from .camt_check import Totals, read_balances
from .camt_entry import EntryReader
from .camt_model import Batch, CamtFile, Detail, Entry, Statement
from .reasons import Reason
from .xmlnode import account_number, date_in, moment_in, others, tree

__all__ = ["Batch", "CamtFile", "Detail", "Entry", "Reason", "Statement", "read"]

_KINDS = {"BkToCstmrAcctRpt": "Rpt", "BkToCstmrStmt": "Stmt", "BkToCstmrDbtCdtNtfctn": "Ntfctn"}
_NAMES = (*MESSAGES, *_KINDS.values(), "GrpHdr", "Ntry", "TxDtls")


def read(source, max_bytes: int = MAX_BYTES) -> CamtFile:
    """Open a camt.052/053/054 (bytes, path, or binary file) and read its header.

    Raises `BankFileError` when the file as a whole is none of them. Damage further down ends
    the iteration with a finding "truncated", "not_well_formed" or "too_large"; what stood
    before it has been handed out.
    """
    result = CamtFile()
    result._items = _Reader(result, source, max_bytes).run()
    next(result._items)
    return result


class _Reader:
    """Follows the element stream; `run` yields None once the header is known, then the items."""

    def __init__(self, result: CamtFile, source, max_bytes: int):
        self.result = result
        self.findings = result.findings
        self.source = source
        self.max_bytes = max_bytes
        self.container: str | None = None
        self.statements = self.entries = 0
        self.statement_element = self.entry_element = None
        self.statement: Statement | None = None
        self.totals: Totals | None = None
        self.entry: EntryReader | None = None
        self.ids: set = set()

    def run(self) -> Iterator[Statement | Entry | None]:
        stream, ours = open_source(self.source, self.max_bytes)
        ready = False
        try:
            for event, local, element in stream_elements(stream, _NAMES, self.max_bytes):
                items = (self.on_start if event == "start" else self.on_end)(local, element)
                if not ready and (self.statements or (local == "GrpHdr" and event == "end")):
                    ready = True
                    yield None
                yield from items
            self.finish()
        except BankFileError as error:
            if not ready or error.code == "other_format":
                raise
            self.findings.add(error.code, self.place(), **error.params)
        finally:
            if ours:
                stream.close()
        if not ready:
            yield None

    def place(self) -> str:
        """The path of what is being read."""
        if self.statement_element is None:
            return ""
        path = f"{self.container}[{self.statements}]"
        return path if self.entry_element is None else f"{path}/Ntry[{self.entries}]"

    def on_start(self, local: str, element):
        if local in MESSAGES:
            self.open_message(local, element)
        elif local == self.container and self.statement_element is None:
            self.statements += 1
            self.entries = 0
            self.statement_element, self.statement = element, None
        elif local == "Ntry" and self.entry_element is None and self.inside(element):
            items = self.open_statement(self.statement_element)
            self.entries += 1
            self.entry_element = element
            self.entry = EntryReader(self.statement, self.place(), self.findings)
            return items
        elif local == "TxDtls" and self.entry is not None and self.entry.reader is None:
            self.entry.open(self.entry_element)
        return ()

    def on_end(self, local: str, element):
        if local == "GrpHdr" and self.container and self.result.message_id is None:
            self.read_header(element)
        elif local == "TxDtls" and self.entry is not None:
            if element.getparent().getparent() is self.entry_element:
                self.entry.add_detail(element)
                release(element)
        elif local == "Ntry" and element is self.entry_element:
            return self.close_entry(element)
        elif local == self.container and element is self.statement_element:
            return self.close_statement(element)
        return ()

    def inside(self, element) -> bool:
        """Whether `element` is a direct child of the statement being read, not of some extension."""
        return self.statement_element is not None and (
            element.getparent() is self.statement_element
        )

    def open_message(self, local: str, element) -> None:
        if local not in _KINDS:
            raise BankFileError("other_format", found=version_of(element), expected="camt")
        self.container = _KINDS[local]
        if self.result.kind is None:
            self.result.kind = MESSAGES[local]
            self.result.version = version_of(element)

    def read_header(self, element) -> None:
        found = tree(element)
        self.result.message_id = found.get("MsgId") or None
        self.result.created = moment_in(found, "CreDtTm", "GrpHdr", self.findings)

    def open_statement(self, element) -> tuple[Statement, ...]:
        """Read the statement's own data once, when its first entry begins or when it ends."""
        if self.statement is not None:
            return ()
        where, findings = f"{self.container}[{self.statements}]", self.findings
        found = tree(element, others(element, "Ntry"))
        opening, opening_date, closing, closing_date = read_balances(found, where, findings)
        start = "FrToDt/FrDtTm" if "FrToDt/FrDtTm" in found else "FrToDt/FrDt"
        end = "FrToDt/ToDtTm" if "FrToDt/ToDtTm" in found else "FrToDt/ToDt"
        self.statement = Statement(
            id=found.get("Id") or None,
            sequence_number=found.get("ElctrncSeqNb") or found.get("LglSeqNb") or None,
            iban=account_number(found, "Acct"),
            other_account_id=found.get("Acct/Id/Othr/Id") or None,
            currency=found.get("Acct/Ccy") or None,
            from_date=date_in(found, start, where, findings),
            to_date=date_in(found, end, where, findings),
            opening_balance=opening,
            opening_date=opening_date,
            closing_balance=closing,
            closing_date=closing_date,
            created=moment_in(found, "CreDtTm", where, findings),
            where=where,
        )
        self.check_statement()
        self.totals = Totals(self.statement, findings)
        return (self.statement,)

    def check_statement(self) -> None:
        """A statement names its account and comes once."""
        statement = self.statement
        if statement.iban is None and statement.other_account_id is None:
            self.findings.add("missing_node", statement.where, node="Acct/Id")
        if statement.id is None:
            self.findings.add("missing_node", statement.where, node="Id")
        key = (statement.id, statement.iban, statement.sequence_number, statement.from_date)
        if statement.id and key in self.ids:
            self.findings.add("duplicate_statement", statement.where, id=statement.id[:40])
        self.ids.add(key)

    def close_entry(self, element):
        entry = self.entry.close(element, always_booked=self.result.kind == "camt.053")
        self.totals.add(entry)
        release(element)
        self.entry = self.entry_element = None
        return (entry,) if entry is not None else ()

    def close_statement(self, element):
        items = self.open_statement(element)
        self.totals.finish(
            tree(element, others(element, "Ntry")), check_balance=self.result.kind == "camt.053"
        )
        release(element)
        self.statement_element = self.statement = self.totals = None
        return items

    def finish(self) -> None:
        """What can only be said at the end."""
        if self.container is None:
            raise BankFileError("unknown_format", found="no account report")
        if self.result.message_id is None:
            self.findings.add("missing_node", "GrpHdr", node="MsgId")
        if not self.statements:
            self.findings.add("missing_node", "", node=self.container)
