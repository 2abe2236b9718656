"""Debits that are not needed any more: paid, credited, cancelled, taken back; in time or too late."""

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestDebitWithdrawn(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate()
        cls.invoice = cls._create_order()._sdd_invoice()

    def _queue(self):
        return self.invoice._queue_sdd_debit(mandate=self.mandate).with_env(self.env)

    def test_paid_another_way(self):
        debit = self._queue()
        self._register_payment(self.invoice)
        self.assertEqual(debit.state, "cancelled")
        self.assertTrue(debit.state_reason)

    def test_partly_paid_is_held(self):
        debit = self._queue()
        self._register_payment(self.invoice, amount=50.0)
        self.assertEqual(debit.state, "queued")
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))
        self.assertEqual(debit.state, "held")
        self.assertIn("Less is open", debit.state_reason)

    def test_credited(self):
        debit = self._queue()
        refund = self.invoice._reverse_moves([{"invoice_date": fields.Date.today()}], cancel=True)
        self.assertEqual((refund.state, self.invoice.payment_state), ("posted", "reversed"))
        self.assertEqual(debit.state, "cancelled")

    def test_invoice_taken_back(self):
        debit = self._queue()
        self.invoice.button_draft()
        self.assertEqual(debit.state, "cancelled")

    def test_invoice_in_a_file_cannot_be_taken_back(self):
        debit = self._queue()
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        with self._refused(batch.name):
            self.invoice.button_draft()
        batch.action_submit()
        with self.assertRaises(UserError):
            self.invoice.button_draft()
        self.assertEqual((debit.state, self.invoice.state), ("submitted", "posted"))

    def test_booking_of_a_batch_cannot_be_taken_back(self):
        debit = self._queue()
        batch = self._submit(debit)
        with self._refused("direct debits"):
            batch.move_ids.button_draft()
        self._import(self._pain002(batch, refused=debit))
        with self._refused("direct debits"):
            debit.entry_line_ids.move_id.button_draft()
        self.assertEqual(self._get_transit(), 0)

    def test_cancelled_order_is_not_collected(self):
        """Support that was cancelled is not charged before somebody has looked."""
        debit = self._queue()
        self.invoice.line_ids.sale_line_ids.order_id._action_cancel()
        self.assertEqual(debit.state, "held")
        self.assertTrue(debit.state_reason)
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))

    def test_paid_while_in_a_file(self):
        """The file is ready when the customer pays himself: it must not go out like that."""
        debit = self._queue()
        other = self._create_debit(self._create_customer("Other"), None)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(batch.debit_ids, debit | other)
        self._register_payment(self.invoice)
        with self._refused(debit.end_to_end_id):
            batch.action_submit()
        batch.action_generate()
        self.assertEqual(batch.debit_ids, other)
        self.assertNotIn(debit.end_to_end_id, batch.file_content.decode())
        batch.action_submit()
        self.assertIn(debit.state, ("held", "cancelled"))

    def test_mandate_revoked_while_in_a_file(self):
        debit = self._queue()
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.mandate.action_revoke()
        with self._refused(self.mandate.name):
            batch.action_submit()
        self.assertEqual(debit.state, "batched")
        batch.action_generate()
        self.assertFalse(batch.exists())
        self.assertEqual(debit.state, "cancelled")
