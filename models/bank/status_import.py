"""pain.002: the bank's answer to a file of ours."""

from odoo import fields

from ...sepa import pain002
from . import const
from .file_import import FileImport


class StatusImport(FileImport):
    """Marks a batch accepted or takes back the debits that the bank refused."""

    def run(self):
        report = pain002.read(self.content)
        items = list(report)
        self.message.reference = report.message_id
        self.batches = self.env["sdd.batch"].search(
            [("name", "=", report.original_message_id), ("company_id", "=", self.company.id)]
        )
        self.add_reader_findings(report.findings)
        if not self.batches:
            if not self._answer_reversal(report):
                self.add_finding("unknown_batch", reference=report.original_message_id)
        elif self.batches.state in ("draft", "generated"):
            self.add_finding("not_submitted", reference=self.batches.name)
        elif self._is_duplicate_answer(report):
            self.add_finding("duplicate_file")
        else:
            self.message.journal_id = self.batches.journal_id
            refused = self._collect_refused(report, items)
            self._take_back(refused, report)
            self._update_batch(report)
        self.finish(returned_count=self.message.returned_count + len(self.debits))

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

    def _collect_refused(self, report, items):
        """Return `{debit: reason}` of what was refused: single debits, blocks, the whole file."""
        transactions = [item for item in items if isinstance(item, pain002.TransactionStatus)]
        self.lookup.fetch(
            [item.original_end_to_end_id for item in transactions],
            [(item.original_end_to_end_id, item.mandate_id) for item in transactions],
        )
        refused = {}
        if report.group_status == "RJCT" and not transactions:
            refused.update(
                dict.fromkeys(self.batches.debit_ids, next(iter(report.group_reasons), None))
            )
        listed = {item.original_payment_information_id for item in transactions}
        for item in items:
            if item.status != "RJCT":
                continue
            reason = next(iter(item.reasons), None)
            if isinstance(item, pain002.PaymentStatus):
                if item.original_payment_information_id not in listed:
                    refused.update(dict.fromkeys(self._find_block(report, item), reason))
                continue
            debit = self.lookup.find(item.original_end_to_end_id) or self.lookup.find_by_mandate(
                item.mandate_id, item.amount, item.collection_date
            )
            if debit and debit.batch_id == self.batches:
                refused[debit] = reason
            else:
                self.add_finding(
                    "unknown_debit", item.where, item, reference=item.original_end_to_end_id
                )
        return refused

    def _find_block(self, report, item):
        """Return the debits of the block that the bank answers to."""
        block_id = item.original_payment_information_id
        debits = self.batches._get_block_debits(block_id)
        blocks = set(debits.mapped("payment_information_id"))
        if (report.group_status != "RJCT" and len(blocks) > 1) or not debits:
            # Which of several blocks is meant is not for us to guess.
            self.add_finding("unknown_debit", item.where, reference=block_id or "")
            return debits.browse()
        return debits

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
        sent = self.batches.submitted_date
        earliest = sent.date() if sent else today
        day = max(min(report.created.date(), today), earliest)
        return self.get_open_day(self.batches.journal_id, day, "locked_period")

    def _update_batch(self, report):
        """Set the batch's state from the states of its debits."""
        batch = self.batches
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
