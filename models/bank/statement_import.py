"""camt.052 to camt.054 and MT940: money that came, money that went back."""

from collections import defaultdict
from decimal import Decimal

from odoo import fields

from ...sepa import camt, kinds, mt940
from ...sepa import iban as sepa_iban
from .counterparts import Counterparts
from .file_import import FileImport
from .transfers import Transfers


class StatementImport(FileImport):
    """Settles batches and takes returned debits back.

    camt.053 and MT940 make statement lines. camt.052 and camt.054 announce them: their returns are
    booked against the account in transit at once, and the statement line clears that account later.
    """

    def __init__(self, message, content):
        super().__init__(message, content)
        self.settled = {}
        self.returned = {}
        self.journals = {}
        self.lines = self.env["account.bank.statement.line"]
        self.transfers = Transfers(self)

    # === READING === #

    def run(self):
        reader = mt940 if self.message.kind == kinds.MT940 else camt
        file = reader.read(self.content)
        self.message.reference = file.message_id
        entries = defaultdict(list)
        for item in file:
            if isinstance(item, camt.Statement):
                entries[item] = []
            elif item.booked:
                entries[item.statement].append(item)
        # Entries that come twice are told apart when they are booked.
        self.add_reader_findings(f for f in file.findings if f.code != "duplicate_entry")
        for statement, items in entries.items():
            journal = self._find_journal(statement)
            if not journal:
                self.add_finding("foreign_account", account=self._mask(statement))
            elif self.message.family == "statement":
                self._import_statement(journal, statement, items)
            else:
                self._import_notification(items)
        ignored = bool(entries) and not any(self._find_journal(statement) for statement in entries)
        self.finish(
            ignored=ignored,
            line_count=self.message.line_count + len(self.lines),
            settled_count=self.message.settled_count + len(self.settled),
            returned_count=self.message.returned_count + len(self.returned),
        )

    def _find_journal(self, statement):
        """Return the journal of a statement's account, which also becomes the message's."""
        if statement not in self.journals:
            journal = self.env["account.journal"]._sdd_find_by_iban(statement.iban, self.company)
            self.journals[statement] = journal
            self.message.journal_id = journal or self.message.journal_id
        return self.journals[statement]

    @staticmethod
    def _mask(statement):
        """Return an account number that may be read by everybody."""
        number = statement.iban or statement.other_account_id or "?"
        return f"•••• {number[-4:]}"

    def _details(self, entries):
        """Return all details of the entries."""
        return [detail for entry in entries for detail in entry.details]

    def _find_debit(self, detail, known):
        """Return the debit that a detail speaks of: EndToEndId, else mandate and amount."""
        if debit := self.not_sent.get(detail.end_to_end_id):
            reference = debit.batch_id.name or debit.end_to_end_id
            self.add_finding("not_sent", detail.where, detail, reference=reference)
            return debit.browse()
        amount = detail.original_amount if detail.original_amount is not None else detail.amount
        return known.get(detail.end_to_end_id) or self.find_by_mandate(detail.mandate_id, amount)

    def note_unknown(self, detail):
        """A return names a debit that nobody here knows."""
        if detail.end_to_end_id not in self.not_sent:
            self.add_finding(
                "unknown_debit", detail.where, detail, reference=detail.end_to_end_id or ""
            )

    # === ANNOUNCED === #

    def _import_notification(self, entries):
        """Take back the debits that the bank announces; credits wait for the statement."""
        known = self.find_debits(self._details(entries), lambda detail: detail.end_to_end_id)
        announced = {}
        for entry in entries:
            for detail in entry.details:
                if not detail.is_return:
                    continue
                debit = self._find_debit(detail, known)
                if not debit:
                    self.note_unknown(detail)
                elif debit.state in ("rejected", "returned") or debit in self.returned:
                    self.add_finding("already_known", detail.where, reference=debit.end_to_end_id)
                else:
                    announced[debit] = self._note_return(debit, entry, detail)
        self._reopen(announced, against_transit=True)

    # === ON THE STATEMENT === #

    def _import_statement(self, journal, statement, entries):
        """Make a statement line for each entry and match what it stands for."""
        known = self.find_debits(self._details(entries), lambda detail: detail.end_to_end_id)
        fresh = self._drop_known_entries(journal, statement, entries)
        values = []
        direct = {}
        batches = self.env["sdd.batch"]
        for key, entry in fresh.items():
            counterparts = Counterparts(self, journal, entry, known)
            values.append(self._prepare_line(journal, entry, key, counterparts.build()))
            batches |= counterparts.batches
            direct.update(counterparts.direct_returns)
        self.lines |= self.env["account.bank.statement.line"].create(values)
        for date, debits in self._group_settled().items():
            debits._settle(date)
        self._reopen(direct, against_transit=False)
        (batches | self.debits.batch_id)._reconcile_transit()
        self._create_statement(journal, statement)

    def _drop_known_entries(self, journal, statement, entries):
        """Return `{key: entry}` of the entries that no file has brought before."""
        keyed = {}
        euro = journal.company_id.currency_id.name
        for number, entry in enumerate(entries):
            if (entry.currency or euro) != euro:
                self.add_finding("other_currency", entry.where, currency=entry.currency)
                continue
            key = entry.account_servicer_reference or entry.reference
            if not key:
                key = f"{statement.id}/{number}/{entry.booking_date}/{entry.amount}"
            if key in keyed and self._is_copy(entry, keyed[key]):
                self.add_finding("duplicate_entry", entry.where, reference=key)
                continue
            if key in keyed:
                key = f"{key}#{number}"
            keyed[key] = entry
        seen = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", journal.id), ("sdd_entry_key", "in", list(keyed))]
        )
        for line in seen:
            self.add_finding(
                "already_known", keyed[line.sdd_entry_key].where, reference=line.sdd_entry_key
            )
            del keyed[line.sdd_entry_key]
        return keyed

    @staticmethod
    def _is_copy(entry, other):
        """Return whether two entries with one reference are one, and not two parts of something."""

        def contents(item):
            details = [(d.end_to_end_id, d.amount, d.remittance) for d in item.details]
            return item.amount, item.booking_date, item.additional_info, item.batches, details

        return contents(entry) == contents(other)

    def _prepare_line(self, journal, entry, key, counterparts):
        """Return the values of one statement line with all its journal items."""
        amount = float(entry.amount)
        label = self._get_label(entry)
        liquidity = {
            "name": label,
            "account_id": journal.default_account_id.id,
            "currency_id": journal.currency_id.id or journal.company_id.currency_id.id,
            "balance": amount,
            "amount_currency": amount,
        }
        partners = {item["partner_id"] for item in counterparts if item.get("partner_id")}
        return {
            "journal_id": journal.id,
            "date": entry.booking_date or fields.Date.context_today(self.message),
            "payment_ref": label,
            # What stands on the printed statement, to find the entry by.
            "ref": entry.account_servicer_reference or entry.reference,
            "amount": amount,
            "partner_id": partners.pop() if len(partners) == 1 else False,
            "sdd_message_id": self.message.id,
            "sdd_entry_key": key,
            "sdd_entry_place": entry.where,
            "line_ids": [(0, 0, liquidity)]
            + [(0, 0, {"name": label, **item}) for item in counterparts],
        }

    @staticmethod
    def _get_label(entry):
        """Return what a person reads on the statement line; account numbers in it are masked."""
        texts = [detail.remittance for detail in entry.details[:1]] + [entry.additional_info]
        label = next((text for text in texts if text), entry.account_servicer_reference or "/")
        return sepa_iban.mask_valid_in_text(label)[:140]

    def _create_statement(self, journal, statement):
        """Group the new lines under the bank's own statement with its balances."""
        lines = self.lines.filtered(
            lambda line: line.journal_id == journal and not line.statement_id
        )
        if not lines or statement.closing_balance is None:
            return
        self.env["account.bank.statement"].create(
            {
                "name": statement.id or self.message.name,
                "line_ids": [(6, 0, lines.ids)],
                "balance_start": float(statement.opening_balance or 0),
                "balance_end_real": float(statement.closing_balance),
            }
        )

    # === OUTCOME === #

    def note_settled(self, debits, entry):
        """Remember that these debits' money has come."""
        for debit in debits:
            self.settled[debit] = entry.booking_date or fields.Date.context_today(self.message)
        self.debits |= debits

    def _group_settled(self):
        """Return the settled debits by booking date."""
        groups = {}
        for debit, date in self.settled.items():
            groups[date] = groups.get(date, self.env["sdd.debit"]) | debit
        return groups

    def _note_return(self, debit, entry, detail, fee=Decimal(0)):
        """Remember that a debit came back, why and at what cost."""
        self.returned[debit] = {
            "kind": "return",
            "reason": detail.reason,
            "booking_date": entry.booking_date or fields.Date.context_today(self.message),
            "fee": fee,
        }
        self.debits |= debit
        return self.returned[debit]

    def _reopen(self, returned, against_transit):
        """Open the invoices of returned debits, in one entry for each reason and day."""
        groups = {}
        for debit, item in returned.items():
            key = (self.describe_reason(item["reason"]), item["booking_date"])
            groups[key] = groups.get(key, self.env["sdd.debit"]) | debit
        for (reason, date), debits in groups.items():
            debits._reopen("returned", reason, date, self.message.name, against_transit)
        self.record_returns(returned)
