"""camt.052 to camt.054 and MT940: money that came, money that went back."""

from decimal import Decimal

from odoo import fields

from ...sepa import camt, kinds, mt940
from ...sepa import iban as sepa_iban
from . import const
from .file_import import FileImport
from .nameless_entries import NamelessEntries
from .report_section import ReportSection
from .sections import NoticeSection, StatementSection
from .transfers import Transfers


class StatementImport(FileImport):
    """Settles batches and takes returned debits back.

    camt.053 and MT940 make statement lines. camt.052 and camt.054 announce them: their returns are
    booked against the account in transit at once, and the statement line clears that account later.
    Where a bank gives nothing but camt.052, its entries make statement lines, too.

    A file is read and booked some hundred entries at a time, so that its size costs no memory.
    """

    def __init__(self, message, content):
        super().__init__(message, content)
        self.settled = {}
        self.counts = {"line": 0, "settled": 0, "returned": 0}
        self.journals = {}
        self.batches_by_name = {}
        self.batch_names = set()
        self.asked = set()
        self.reversals = None
        self.transfers = Transfers(self)
        self.statements = self.env["sdd.bank.statement"]
        self.section = self.last_foreign = None
        self.nameless = {}
        self.explained = set()
        self.is_stopped = False
        self.others = self.left_for_later = self.left_out = self.without_reference = 0

    # === READING === #

    def run(self):
        file = self._read()
        self.add_reader_findings(f for f in file.findings if not self._is_settled(f))
        self.statements._check_continuity(self)
        if self.left_out:
            self.add_finding("left_out", count=self.left_out)
        if self.without_reference:
            self.add_finding("no_bank_reference", count=self.without_reference)
        if self.left_for_later:
            self.message._complete_later()
        is_foreign = bool(self.journals) and not any(self.journals.values())
        if is_foreign and self.message.is_journal_chosen:
            bank = self.message.journal_id.display_name
            self.add_finding("other_account", account=self._mask(self.last_foreign), bank=bank)
        self.finish(
            ignored=is_foreign and not self.message.is_journal_chosen,
            left_count=self.left_for_later,
            **{f"{name}_count": self._count(name) for name in self.counts},
        )

    def _read(self):
        """Work through the file; return it for what its reader has found."""
        reader = mt940 if self.message.kind == kinds.MT940 else camt
        file = reader.read(self.content)
        self.message.reference = file.message_id
        for item in file:
            if isinstance(item, camt.Statement):
                self._close_section()
                self._open_section(item)
            elif item.booked and self.section:
                self.section.add(item)
            if self.is_stopped:
                file.close()
                return file
        self._close_section()
        return file

    def _is_settled(self, finding):
        """Return whether something that the reader found has been answered by booking it.

        Entries that come twice are told apart then. What a bank says of a batch may be the sum of
        the file, and the entry what is left of it.
        """
        is_of_batch = finding.code == "sum_mismatch" and finding.params.get("level") == "batch"
        return finding.code == "duplicate_entry" or (
            is_of_batch and finding.where in self.explained
        )

    def _count(self, name):
        """Return how many there are now with those of an earlier reading."""
        return self.message[f"{name}_count"] + self.counts[name]

    def _open_section(self, statement):
        """Begin with a statement if its account is one of ours."""
        journal = self._find_journal(statement)
        if not journal:
            self.last_foreign = statement
            self.add_finding("foreign_account", account=self._mask(statement))
            return
        self.section = self._get_kind_of_section()(self, journal, statement)

    def _get_kind_of_section(self):
        """Return which kind of section works through the file's statements."""
        if self.message.family == "statement":
            return StatementSection
        is_report = self.message.is_only_source and self.message.kind.startswith("camt.052")
        return ReportSection if is_report else NoticeSection

    def _close_section(self):
        if self.section:
            self.section.close()
            self.section = None

    def _find_journal(self, statement):
        """Return the journal of a statement's account, which also becomes the message's."""
        journals = self.env["account.journal"]
        if statement.iban:
            journal = journals._sdd_find_by_iban(statement.iban, self.company)
        else:
            journal = journals._sdd_find_by_account_number(
                statement.other_account_id, self.company, self.message.journal_id
            )
        self._prepare_accounts(journal)
        self.journals[statement.iban, statement.other_account_id] = journal
        self.message.journal_id = journal or self.message.journal_id
        return journal

    @staticmethod
    def _prepare_accounts(journal):
        """See that debits can be booked: a return may come to another bank of the company, too."""
        main = journal.company_id.sdd_journal_id
        if (main or journal.sdd_batch_ids[:1]) and not (
            journal.sdd_transit_account_id and journal.sdd_fee_account_id
        ):
            main._sdd_prepare_accounts()
            journal._sdd_prepare_accounts()

    @staticmethod
    def _mask(statement):
        """Return an account number that may be read by everybody."""
        number = statement.iban or statement.other_account_id or "?"
        return f"•••• {number[-4:]}"

    def look_up(self, entries):
        """Fetch what the entries of a chunk may be about, in a few queries."""
        self._look_up_batches(entries)
        details = [detail for entry in entries for detail in entry.details]
        self.lookup.fetch(
            [detail.end_to_end_id for detail in details],
            [(detail.end_to_end_id, detail.mandate_id) for detail in details],
        )
        self.transfers.look_up(
            [
                detail
                for entry in entries
                if entry.amount > 0 and not entry.is_collection
                for detail in entry.details
                if not self.lookup.find(detail.end_to_end_id)
            ]
        )

    def after_chunk(self):
        """Free what a chunk has used; what is to be remembered are ids and references."""
        self.env.flush_all()
        self.env.invalidate_all()

    def takes_others(self, journal):
        """Return whether one more entry that is not about debits gets its statement line now.

        A statement line is a journal entry of its own: those of a very long statement are made by a
        job afterwards. A journal may leave them to another import altogether.
        """
        if journal.sdd_statement_lines == "debits":
            self.left_out += 1
            return False
        self.others += 1
        if self.others > const.OTHERS_AT_ONCE:
            self.left_for_later += 1
            return False
        return True

    def get_nameless(self, journal):
        """Return what tells the entries of an account apart that have no reference, in this file."""
        if journal not in self.nameless:
            self.nameless[journal] = NamelessEntries(self, journal)
        return self.nameless[journal]

    def find_debit(self, detail, entry):
        """Return the debit that a detail speaks of: EndToEndId, else mandate, amount and day."""
        if debit := self.lookup.not_sent.get(detail.end_to_end_id):
            reference = debit.batch_id.name or debit.end_to_end_id
            self.add_finding("not_sent", detail.where, detail, reference=reference)
            return debit.browse()
        if debit := self.lookup.find(detail.end_to_end_id):
            return debit
        amount = detail.original_amount if detail.original_amount is not None else detail.amount
        is_return = detail.is_return or (detail.amount or 0) < 0
        return self.lookup.find_by_mandate(
            detail.mandate_id, amount, entry.value_date or entry.booking_date, is_return
        )

    def _look_up_batches(self, entries):
        """Learn which of the names in a chunk are those of batches or blocks, in two queries."""
        named = [
            item
            for entry in entries
            if entry.amount > 0
            for item in (*entry.batches, *entry.details)
        ]
        names = {n for item in named for n in (item.message_id, item.payment_information_id) if n}
        names -= self.asked
        self.asked |= names
        prefixes = {name.rpartition("-")[0] for name in names} - {""}
        if names:
            batches = self.env["sdd.batch"].search([("name", "in", list(names | prefixes))])
            blocks = self.env["sdd.debit"]._read_group(
                [("payment_information_id", "in", list(names))], ["payment_information_id"]
            )
            self.batch_names |= {*batches.mapped("name"), *(name for (name,) in blocks)}

    def find_batch(self, named, journal):
        """Return the batch that the bank names by message id or block, asked once for each name."""
        key = named.message_id, named.payment_information_id, journal
        names = {name for name in key[:2] if name}
        if not self.batch_names & (names | {name.rpartition("-")[0] for name in names}):
            return self.env["sdd.batch"]
        if key not in self.batches_by_name:
            self.batches_by_name[key] = self.env["sdd.batch"]._find_named(*key)
        return self.batches_by_name[key]

    def has_reversals(self):
        """Return whether the company gives money back at all, asked once for a file."""
        if self.reversals is None:
            self.reversals = self.env["sdd.reversal"].search_count(
                [("company_id", "=", self.company.id)], limit=1
            )
        return bool(self.reversals)

    # === OUTCOME === #

    def get_day(self, entry):
        """Return the booking day of an entry, today if the bank left it out."""
        return entry.booking_date or fields.Date.context_today(self.message)

    @staticmethod
    def get_label(entry):
        """Return what a person reads on the statement line; account numbers in it are masked."""
        texts = [detail.remittance for detail in entry.details[:1]] + [entry.additional_info]
        label = next((text for text in texts if text), entry.account_servicer_reference or "/")
        return sepa_iban.mask_valid_in_text(label)[:140]

    def note_unknown(self, detail):
        """A return names a debit that nobody here knows."""
        if detail.end_to_end_id not in self.lookup.not_sent:
            self.add_finding(
                "unknown_debit", detail.where, detail, reference=detail.end_to_end_id or ""
            )

    def note_lines(self, lines):
        """Count the new statement lines."""
        self.counts["line"] += len(lines)

    def note_settled(self, debits, entry):
        """Remember that these debits' money has come, also if they came back before it did."""
        self.settled.update(dict.fromkeys(debits, self.get_day(entry)))
        self.counts["settled"] += len(debits.filtered(lambda d: d.state == "submitted"))
        self.debits |= debits

    def settle(self):
        """Settle the debits that were noted, day by day."""
        groups = {}
        for debit, date in self.settled.items():
            groups[date] = groups.get(date, self.env["sdd.debit"]) | debit
        for date, debits in groups.items():
            debits._settle(date)
        self.settled = {}

    def note_return(self, debit, entry, detail, fee=Decimal(0)):
        """Remember that a debit came back; return why and at what cost."""
        self.counts["returned"] += 1
        self.debits |= debit
        return {
            "kind": "return",
            "reason": detail.reason,
            "booking_date": self.get_day(entry),
            "fee": fee,
        }

    def note_separate_fee(self, debit, amount):
        """A bank has charged for a return in an entry of its own, before or after it."""
        debit.separate_fee += float(amount)
        for item in debit.return_ids:
            item.fee += float(amount)

    def reopen(self, returned, against_transit):
        """Open the invoices of returned debits, in one step for each day on which it is booked."""
        groups = {}
        for debit, item in returned.items():
            # What a statement line has booked needs no day of its own.
            key = against_transit and (item["booking_date"], debit.journal_id)
            groups.setdefault(key, {})[debit] = self.describe_reason(item["reason"])
        for key, reasons in groups.items():
            date, journal = key or (None, None)
            if against_transit:
                date = self.get_open_day(journal, date, "locked_period")
            debits = self.env["sdd.debit"].union(*reasons)
            debits._reopen("returned", reasons, date, self.message.name, against_transit)
        self.record_returns(returned)
