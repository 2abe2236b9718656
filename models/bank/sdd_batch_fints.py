"""How a batch goes to the bank over FinTS."""

from decimal import Decimal

from odoo import models
from odoo.exceptions import UserError

from ...sepa import bankfile, fints_adapter


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    def _start_handover(self):
        """Override: the dialog has logged in and written the attempt down before it books."""
        if self.connection_kind == "fints" and (handover := self._get_open_attempt()):
            handover._finish("started")
            return None
        return super()._start_handover()

    def _hand_over_fints(self):
        """Ask for the PIN; see `sdd.fints.wizard`."""
        return self.env["sdd.fints.wizard"]._action_send(self)

    def _get_open_attempt(self):
        """Return the attempt that the dialog in this request has begun, if there is one."""
        return self.env["sdd.handover"].browse(self.env.context.get("sdd_handover_id"))

    def _get_fints_order(self):
        """Return this batch as an order for the bank.

        Note: self.ensure_one()

        :rtype: sepa.fints_client.Debits
        """
        self.ensure_one()
        content = self.file_content
        return fints_adapter.fints_client.Debits(
            fints_adapter.Account(
                iban=self.journal_id.bank_account_id.sudo().sanitized_acc_number,
                bic=self.journal_id.bank_id.bic or None,
            ),
            content,
            self.scheme,
            self.debit_count,
            Decimal(f"{self.amount_total:.2f}"),
            bankfile.detect(content),
        )

    def _check_can_be_sent(self):
        """Raise a UserError unless the bank may be called for this batch.

        Note: self.ensure_one()

        :return: whether the batch still has to be booked.
        :rtype: bool
        """
        self.ensure_one()
        self.check_access("write")
        if self.state in ("draft", "generated"):
            self._check_can_be_submitted()
            return True
        self.lock_for_update()
        self.invalidate_recordset(["handover_state"])
        if self.handover_state != "failed":
            raise UserError(
                self.env._(
                    "Batch %s was sent already. Ask the bank whether it has it before you send it"
                    " again.",
                    self.name,
                )
            )
        return False
