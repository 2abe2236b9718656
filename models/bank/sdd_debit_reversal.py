"""How a reversal that the bank refused is undone, and what the story of a debit tells."""

from odoo import models

from ..debit.timeline import TimelineEvent


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _undo_reversal(self, reversal):
        """The money of these debits stayed here: count them as settled and their invoices as paid.

        The entry of the reversal is countered, never deleted.

        :param reversal: the `sdd.reversal` that the bank refused.
        """
        if not self:
            return
        entry = self._create_entry(
            reversal.journal_id,
            reversal.name,
            self._prepare_receivable_lines(-1) + self._prepare_transit_debits(),
        )
        self.sudo().return_ids.filtered(lambda item: item.kind == "reversal").unlink()
        self._move_to("settled", state_reason=False)
        self._match(self._plan_claims(entry))
        self.batch_id._reconcile_transit()

    def _plan_claims(self, entry):
        """Return what is matched: each line on the receivable with the invoice lines it pays."""
        plan = []
        for debit, lines in entry.line_ids.grouped("sdd_debit_id").items():
            for line in lines:
                claimed = debit.move_line_ids.filtered(
                    lambda item, line=line: (
                        item.account_id == line.account_id and not item.reconciled
                    )
                )
                plan += [line + claimed] if claimed else []
        return plan

    def _prepare_transit_debits(self):
        """Return the values of the lines that put these debits back into the account in transit."""
        return [
            {**values, "balance": -values["balance"]}
            for values in (debit._prepare_transit_credit() for debit in self)
        ]

    def _get_timeline_events(self):
        """Override to tell of the way to the bank and of requests to take debits back."""
        events = super()._get_timeline_events()
        debits = self.sudo()
        for debit in debits:
            events += debit._get_handover_events()
            events += debit._get_request_events()
        return events

    def _get_handover_events(self):
        """Return what is known of the hand-over of this debit's file."""
        texts = {
            "delivered": self.env._("The file reached the bank."),
            "failed": self.env._("The file did not reach the bank."),
            "unknown": self.env._("Nobody knows yet whether the bank has the file."),
            "confirmed": self.env._("Somebody saw to it that the bank has the file."),
        }
        return [
            TimelineEvent(
                item.finished or item.started, "batch", texts[item.outcome], self.batch_id
            )
            for item in self.batch_id.handover_ids
            # By hand, the moment of submission is told already.
            if item.outcome in texts and item.kind != "manual"
        ]

    def _get_request_events(self):
        """Return what was asked of the bank about this debit, and its answers."""
        events = []
        outcomes = {
            "accepted": self.env._("The bank called the debit back, as we had asked."),
            "refused": self.env._("The bank did not call the debit back."),
            "too_late": self.env._("It was too late to call the debit back."),
        }
        for line in self.cancellation_line_ids:
            request = line.cancellation_id
            if request.sent_date:
                text = self.env._("We asked the bank to call the debit back.")
                events.append(TimelineEvent(request.sent_date, "batch", text, request))
            if line.outcome in outcomes:
                date = request.answer_date or line.write_date
                events.append(TimelineEvent(date, "batch", outcomes[line.outcome], request))
        for reversal in self.reversal_ids.filtered("submitted_date"):
            text = self.env._("We told the bank to give the money back.")
            events.append(TimelineEvent(reversal.submitted_date, "batch", text, reversal))
        return events
