"""Debits that come back, for tests of what follows."""

from odoo import Command

from .common import SupportDebitCommon


class RetryCommon(SupportDebitCommon):
    """A company with the usual rules and customers whose debits come back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policy = cls.env["sdd.retry.policy"].create(
            {
                "company_id": cls.company.id,
                "window_ids": [
                    Command.create({"first_day": 0, "last_day": 3}),
                    Command.create({"first_day": 15, "last_day": 16}),
                ],
            }
        )
        cls.journal.sdd_horizon_days = 60

    def _reject(self, debits, reason="AM04"):
        """Let the bank refuse debits before settlement and return what became of them."""
        batch = self._submit_all(debits)
        message = self._import(
            self._pain002(batch, debits, reason=reason, message_id=f"P-{batch.id}")
        )
        self.assertEqual(set(debits.mapped("state")), {"rejected"}, message.findings_text)
        return debits.return_ids

    def _return_settled(self, debit, reason="AM04", fee=3.0):
        """Let a debit be credited and go back, and return what became of it."""
        batch = self._submit_all(debit)
        self._import(self._camt([self._entry_batch(batch)], message_id=f"S-{batch.id}"))
        entry = self._entry_return(debit, fee=fee, reason=reason)
        self._import(self._camt([entry], message_id=f"R-{batch.id}"))
        self.assertEqual(debit.state, "returned")
        return debit.return_ids

    def _submit_all(self, debits):
        """Send debits to the bank in one file; their customers were told in time."""
        # In sudo mode: notices are noted by the program.
        debits.sudo()._note_prenotification()
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(batch.debit_ids, debits)
        batch.action_submit()
        return batch

    def _retry_of(self, debit):
        """Return the attempt that repeats a debit."""
        return debit.next_debit_ids

    def _pay(self, invoice, amount):
        """Register a payment of an invoice."""
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=invoice.ids)
            .create(
                {
                    "amount": amount,
                    "journal_id": self.journal.id,
                    "payment_date": invoice.invoice_date,
                }
            )
            ._create_payments()
        )
