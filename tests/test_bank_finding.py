"""What cannot be matched: candidates, assignment by hand, dismissal."""

from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestBankFinding(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(3).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()

    def _strip(self, content, debit):
        """Return a file in which the bank names neither the reference nor the mandate of a debit."""
        reference = debit.end_to_end_id
        return content.replace(reference, "NOTPROVIDED").replace(
            f"<MndtId>{debit.mandate_id.name}</MndtId>", ""
        )

    def _get_suspense(self, message):
        lines = message.statement_line_ids.line_ids
        return sum(
            lines.filtered(lambda x: x.account_id == self.journal.suspense_account_id).mapped(
                "balance"
            )
        )

    def _import_unknown_return(self, debit, fee=3.5, name=None):
        self._import(self._camt([self._entry_batch(self.batch)]))
        entry = self._entry_return(debit, fee=fee)
        content = self._strip(self._camt([entry], opening=299.7, message_id="S-2"), debit)
        if name:
            content = content.replace(
                "<RtrInf>",
                f"<RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties><RtrInf>",
            )
        return self._import(content)

    def test_return_is_assigned_by_hand(self):
        debit = self.debits[1]
        message = self._import_unknown_return(debit, name="Customer 1")
        finding = message.finding_ids
        self.assertRecordValues(
            finding,
            [
                {
                    "state": "open",
                    "code": "unknown_debit",
                    "direction": "return",
                    "amount": -103.4,
                    "counterparty": "Customer 1",
                    "reason_code": "MS03",
                    "statement_line_id": message.statement_line_ids.id,
                }
            ],
        )
        self.assertEqual((message.state, message.finding_count), ("attention", 1))
        self.assertEqual(self._get_suspense(message), 103.4)
        self.assertEqual(finding._get_candidates()[0].record, debit)
        finding._assign(debit)
        self.assertEqual((finding.state, finding.debit_id), ("assigned", debit))
        self.assertEqual((message.state, message.finding_count), ("done", 0))
        self.assertRecordValues(debit, [{"state": "returned", "return_on_statement": True}])
        self.assertRecordValues(debit.return_ids, [{"fee": 3.5, "reason_code": "MS03"}])
        self.assertEqual(debit.invoice_ids.amount_residual, 99.9)
        self.assertRecordValues(
            message.statement_line_ids.line_ids.sorted("balance"),
            [
                {"account_id": self.journal.default_account_id.id, "balance": -103.4},
                {"account_id": self.journal.sdd_fee_account_id.id, "balance": 3.5},
                {"account_id": self.company_data["default_account_receivable"].id, "balance": 99.9},
            ],
        )
        self.assertEqual(self._get_transit(), 0)
        self.assertTrue(message.statement_line_ids.is_reconciled)
        with self._refused("Somebody else"):
            finding._assign(debit)

    def test_announced_return_first_then_the_line_by_hand(self):
        debit = self.debits[0]
        self._import(self._camt([self._entry_return(debit)], kind="054", message_id="N-1"))
        message = self._import_unknown_return(debit)
        message.finding_ids._assign(debit)
        self.assertEqual(debit.state, "returned")
        self.assertEqual(debit.return_ids.fee, 3.5)
        self.assertEqual(self._get_transit(), 0)
        self.assertEqual(debit.invoice_ids.amount_residual, 99.9)

    def test_credit_is_assigned_by_hand(self):
        debit = self.debits[0]
        content = self._strip(self._camt([self._entry_single(debit)]), debit)
        content = content.replace(f"<MsgId>{self.batch.name}</MsgId>", "")
        message = self._import(content)
        finding = message.finding_ids
        self.assertEqual((finding.code, finding.direction), ("unknown_credit", "credit"))
        self.assertIn(debit, [candidate.record for candidate in finding._get_candidates()])
        finding._assign(debit)
        self.assertEqual(debit.state, "settled")
        self.assertEqual(debit.invoice_ids.payment_state, "paid")
        self.assertEqual(self._get_transit(), 199.8)
        self.assertTrue(message.statement_line_ids.is_reconciled)

    def test_sum_of_some_debits_is_assigned_by_hand(self):
        message = self._import(self._camt([self._entry_batch(self.batch, amount=199.8)]))
        finding = message.finding_ids
        self.assertEqual(finding.code, "batch_sum_mismatch")
        with self._refused("does not fit"):
            finding._assign(self.debits)
        finding._assign(self.debits[:2])
        self.assertEqual(self.debits.mapped("state"), ["settled", "settled", "submitted"])
        self.assertEqual(self._get_transit(), 99.9)
        self.assertEqual(message.state, "done")

    def test_impossible_assignments_change_nothing(self):
        message = self._import_unknown_return(self.debits[0], fee=80.0)
        finding = message.finding_ids
        moves = self.env["account.move"].search_count([])
        with self._refused("does not fit"):
            finding._assign(self.debits[0])
        with self._refused("never at the bank"):
            finding._assign(self._create_debit(self._create_customer("New")))
        with self._refused("one debit"):
            finding._assign(self.debits[:2])
        with self._refused("holds nothing"):
            finding._assign(self.env["sdd.debit"])
        self.assertEqual(self.env["account.move"].search_count([]), moves)
        self.assertEqual((finding.state, self._get_suspense(message)), ("open", 179.9))

    def test_announcement_is_assigned_by_hand(self):
        debit = self.debits[0]
        self._import(self._camt([self._entry_batch(self.batch)]))
        entry = self._entry_return(debit)
        message = self._import(
            self._strip(self._camt([entry], kind="054", message_id="N-1"), debit)
        )
        message.finding_ids._assign(debit)
        self.assertEqual(debit.state, "returned")
        self.assertEqual(self._get_transit(), -99.9)
        self._import(self._camt([entry], opening=299.7, message_id="S-2"))
        self.assertEqual(self._get_transit(), 0)

    def test_refusal_is_assigned_by_hand(self):
        debit = self.debits[0]
        content = self._pain002(self.batch, refused=debit).replace(debit.end_to_end_id, "CUT-OFF")
        message = self._import(content)
        finding = message.finding_ids
        self.assertEqual((finding.direction, finding.end_to_end_id), ("return", "CUT-OFF"))
        finding.sudo().amount = -99.9
        finding._assign(debit)
        self.assertEqual((debit.state, debit.return_ids.kind), ("rejected", "reject"))
        self.assertEqual(self._get_transit(), 199.8)

    def test_dismissal_closes_the_file(self):
        message = self._import(self._camt([self._entry_batch(self.batch)], closing=5.0))
        self.assertEqual(message.state, "attention")
        self.assertTrue(message.activity_ids)
        message.finding_ids.action_dismiss("The bank has rounded.")
        self.assertRecordValues(
            message.finding_ids, [{"state": "dismissed", "closing_note": "The bank has rounded."}]
        )
        self.assertEqual(message.state, "done")
        self.assertFalse(message.activity_ids)

    def test_read_again_heals_and_doubles_nothing(self):
        debit = self._create_debit(self._create_customer("New"))
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        message = self._import(self._pain002(batch, refused=debit))
        self.assertEqual(message.finding_ids.mapped("code"), ["not_submitted"])
        message.action_read_again()
        self.assertEqual(len(message.finding_ids), 1)
        batch.action_submit()
        message.action_read_again()
        self.assertEqual(message.finding_ids.mapped("state"), ["dismissed"])
        self.assertEqual((message.state, debit.state), ("done", "rejected"))
