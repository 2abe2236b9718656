"""pain.002: the bank's answer to a file of ours."""

from odoo import fields

from ...sepa import pain002
from . import const
from .file_import import FileImport


class StatusImport(FileImport):
    """Marks a batch accepted or takes back the debits that the bank refused."""

    def __init__(self, message, content):
        super().__init__(message, content)
        self.transactions, self.blocks = [], []
        self.is_named = False

    def run(self):
        report = pain002.read(self.content)
        items = list(report)
        self.message.reference = report.message_id
        self.transactions = [i for i in items if isinstance(i, pain002.TransactionStatus)]
        self.blocks = [i for i in items if isinstance(i, pain002.PaymentStatus)]
        self.lookup.fetch(
            [item.original_end_to_end_id for item in self.transactions],
            [(item.original_end_to_end_id, item.mandate_id) for item in self.transactions],
        )
        self.add_reader_findings(report.findings)
        self.batches = self.env["sdd.batch"].search(
            [("name", "=", report.original_message_id), ("company_id", "=", self.company.id)]
        )
        self.is_named = bool(self.batches)
        if not self.is_named and not self._answer_reversal(report):
            self.batches = self._find_batches_of_contents(report)
            if not self.batches:
                self.add_finding("unknown_batch", reference=report.original_message_id or "")
        if self.batches:
            self._answer_batches(report)
        self.finish(returned_count=self.message.returned_count + len(self.debits))

    def _find_batches_of_contents(self, report):
        """Return the batches whose debits or blocks an answer lists that does not name a batch.

        Some banks leave the message id out, write NOTPROVIDED or an id of their own.
        """
        if not (report.original_name or "pain.008").startswith("pain.008"):
            return self.env["sdd.batch"]
        debits = self.env["sdd.debit"]
        for item in self.transactions:
            reference = item.original_end_to_end_id
            debits |= self.lookup.find(reference) or self.lookup.not_sent.get(reference, debits)
        names = {i.original_payment_information_id for i in (*self.blocks, *self.transactions)}
        if names := names - {None}:
            debits |= debits.search(
                [
                    ("payment_information_id", "in", list(names)),
                    ("company_id", "=", self.company.id),
                ]
            )
        return debits.batch_id

    def _answer_batches(self, report):
        """Carry out what the bank says about the batches that are with it."""
        for batch in self.batches.filtered(lambda b: b.state in ("draft", "generated")):
            self.add_finding("not_submitted", reference=batch.name)
            self.batches -= batch
        if not self.batches:
            return
        if self._is_duplicate_answer(report):
            self.add_finding("duplicate_file")
            return
        self.message.journal_id = self.batches.journal_id[:1]
        refused = self._collect_refused(report)
        self._take_back(refused, report)
        for batch in self.batches:
            self._update_batch(batch, report)

    def _answer_reversal(self, report):
        """Note the bank's answer to a reversal; return whether it is one."""
        reversal = self.env["sdd.reversal"].search(
            [("name", "=", report.original_message_id), ("company_id", "=", self.company.id)]
        )
        if reversal.state == "submitted":
            self.message.journal_id = reversal.journal_id
            reversal._note_answered()
            if report.group_status == "RJCT":
                reason = next(iter(report.group_reasons), None)
                reversal._note_rejected(self.describe_reason(reason))
        return bool(reversal)

    def _is_duplicate_answer(self, report):
        """Return whether the bank refuses a copy of a file that it has taken before."""
        codes = {reason.code for reason in report.group_reasons} | {
            reason.proprietary for reason in report.group_reasons
        }
        return report.group_status == "RJCT" and bool(codes & const.DUPLICATE_REASONS)

    def _collect_refused(self, report):
        """Return `{debit: reason}` of what was refused: the whole file, blocks, single debits.

        What is said of a file or a block holds for all in it, also if only some are listed.
        """
        refused = {}
        if report.group_status == "RJCT" and self._is_about_whole_file(report):
            reason = next(iter(report.group_reasons), None)
            refused.update(dict.fromkeys(self.batches.debit_ids, reason))
        for item in self.blocks:
            if item.status == "RJCT":
                reason = next(iter(item.reasons), None)
                for debit in self._find_block(report, item):
                    refused[debit] = reason or refused.get(debit)
        for item in self.transactions:
            self._add_listed(item, refused)
        return refused

    def _is_about_whole_file(self, report):
        """Return whether a status of the group is that of all debits of a batch.

        An answer that does not name the batch may be about a part that the bank has put together.
        """
        if self.is_named:
            return True
        return len(self.batches) == 1 and report.original_count == self.batches.debit_count

    def _add_listed(self, item, refused):
        """Note what the bank says of a single debit; it stands above what it says of all.

        :param item: `sepa.pain002.TransactionStatus`.
        :param dict refused: {debit: reason}, is changed.
        """
        debit = self.lookup.find(item.original_end_to_end_id) or self.lookup.find_by_mandate(
            item.mandate_id, item.amount, item.collection_date
        )
        is_ours = bool(debit) and debit.batch_id in self.batches
        if item.status == "RJCT" and is_ours:
            refused[debit] = next(iter(item.reasons), None) or refused.get(debit)
        elif item.status == "RJCT":
            self.add_finding(
                "unknown_debit", item.where, item, reference=item.original_end_to_end_id
            )
        elif is_ours and debit in refused:
            del refused[debit]
            self.add_finding(
                "contradiction",
                item.where,
                item,
                reference=debit.end_to_end_id,
                status=item.status or "",
            )

    def _find_block(self, report, item):
        """Return the debits of the block that the bank answers to."""
        block_id = item.original_payment_information_id
        debits = self.batches.debit_ids.filtered(
            lambda d: block_id and d.payment_information_id == block_id
        )
        if debits or (report.group_status == "RJCT" and self._is_about_whole_file(report)):
            return debits
        is_listed = any(t.where.startswith(f"{item.where}/") for t in self.transactions)
        if self.is_named and not is_listed:
            debits = self.batches._get_block_debits(block_id)
            if len(set(debits.mapped("payment_information_id"))) == 1:
                return debits
        if block_id or not is_listed:
            # Which of several blocks is meant is not for us to guess.
            self.add_finding("unknown_debit", item.where, reference=block_id or "")
        return debits.browse()

    def _take_back(self, refused, report):
        """Open the invoices again; what is known from another file stays as it is."""
        date = self._get_booking_date(report)
        by_outcome = {}
        for debit, reason in refused.items():
            if debit.state in ("rejected", "returned"):
                self.add_finding("already_known", reference=debit.end_to_end_id)
            elif debit.state in ("submitted", "settled"):
                # Some banks report refunds after settlement in a pain.002, too.
                state = "rejected" if debit.state == "submitted" else "returned"
                by_outcome.setdefault(state, {})[debit] = self.describe_reason(reason)
        for state, texts in by_outcome.items():
            debits = self.env["sdd.debit"].union(*texts)
            debits._reopen(state, texts, date, self.message.name)
            self.record_returns(
                {
                    debit: {
                        "kind": "reject" if state == "rejected" else "return",
                        "reason": refused[debit],
                        "booking_date": date,
                    }
                    for debit in debits
                }
            )
            self.debits |= debits

    def _get_booking_date(self, report):
        """Return the day of the bank's answer, not before the batch was sent nor after today."""
        today = fields.Date.context_today(self.message)
        if not report.created:
            return today
        sent = [date for date in self.batches.mapped("submitted_date") if date]
        earliest = max(sent).date() if sent else today
        day = max(min(report.created.date(), today), earliest)
        return self.get_open_day(self.batches.journal_id[:1], day, "locked_period")

    def _update_batch(self, batch, report):
        """Set a batch's state from the states of its debits."""
        if batch.state not in ("submitted", "accepted", "partly_rejected"):
            return
        states = set(batch.debit_ids.mapped("state"))
        if states <= {"rejected"}:
            batch._move_to("rejected")
        elif "rejected" in states:
            batch._move_to("partly_rejected")
        elif report.group_status != "RJCT" and batch.state == "submitted":
            batch._move_to("accepted")
        if "settled" in states:
            batch._update_settled()
