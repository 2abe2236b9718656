"""What became of a return, in sentences that can be read out."""

from odoo import api, fields, models
from odoo.tools import format_date, format_datetime


class SddReturn(models.Model):
    _inherit = "sdd.return"

    done_text = fields.Text(string="What was done", compute="_compute_done_text", compute_sudo=True)
    invoice_count = fields.Integer(related="debit_id.invoice_count")

    @api.depends_context("lang", "tz")
    def _compute_done_text(self):
        for item in self:
            item.done_text = "\n".join(item._get_done_sentences() + item._get_told_sentences())

    def action_view_debit(self):
        """Open the debit that came back."""
        self.ensure_one()
        return self._open_record(self.debit_id)

    def action_view_mandate(self):
        """Open the mandate of the debit that came back."""
        self.ensure_one()
        return self.mandate_id._action_open()

    def action_view_reason(self):
        """Open what follows from this reason."""
        self.ensure_one()
        return self._open_record(self._get_reason())

    def action_view_invoices(self):
        """Open the invoices that are open again."""
        return self.debit_id.action_view_invoices()

    def action_view_message(self):
        """Open the bank's file that this return came with."""
        self.ensure_one()
        return self._open_record(self.message_id)

    @api.model
    def _open_record(self, record):
        """Return the action that opens a record."""
        return {
            "type": "ir.actions.act_window",
            "res_model": record._name,
            "view_mode": "form",
            "res_id": record.id,
        }

    def _get_done_sentences(self):
        """Return what followed from this return for mandate, account, support and other debits.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        self.ensure_one()
        sentences = []
        if self.mandate_outcome == "ended":
            sentences.append(self.env._("The mandate has ended; a new one is needed."))
        elif self.mandate_outcome == "suspended":
            sentences.append(self.env._("The mandate was suspended."))
        if self.account_blocked:
            sentences.append(self.env._("Its account takes no new mandates."))
        sentences += self._get_stopped_sentences()
        if self.lifted_date:
            sentences.append(
                self.env._(
                    "%(user)s lifted this on %(date)s.",
                    user=self.lifted_by_id.name,
                    date=format_date(self.env, self.lifted_date),
                )
            )
        elif not sentences:
            sentences.append(
                self.env._("The invoice is open again; mandate and support go on as they were.")
            )
        return sentences

    def _get_stopped_sentences(self):
        """Return which other debits and which support were stopped.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        sentences = []
        held = len(self.held_debit_ids)
        if held == 1:
            sentences.append(self.env._("Another debit waits for it."))
        elif held:
            sentences.append(self.env._("%s other debits wait for it.", held))
        if names := ", ".join(self.suspended_subscription_ids.mapped("name")):
            sentences.append(self.env._("Support was suspended: %s.", names))
        return sentences

    def _get_told_sentences(self):
        """Return what the customer was told and when it is tried again.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        self.ensure_one()
        sentences = []
        if self.message_state == "sent":
            moment = format_datetime(self.env, self.message_date, dt_format="short")
            sentences.append(self.env._("The customer was told on %s.", moment))
        elif self.message_state in ("queued", "outgoing"):
            sentences.append(self.env._("The customer is being told by e-mail."))
        elif self.message_state == "failed":
            sentences.append(
                self.env._("The customer could not be told: %s", self.message_error or "")
            )
        for debit in self._get_next_debits():
            day = format_date(self.env, debit.collection_date)
            sentences.append(self.env._("It is tried again on %s.", day))
        return sentences
