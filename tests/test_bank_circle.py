"""The circle: queued, at the bank, settled or back again; what each step does to the ledger."""

from odoo import fields
from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestBankCircle(SupportDebitCommon):
    def _transit(self):
        """Return the balance of the account in transit."""
        lines = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.journal.sdd_transit_account_id.id),
                ("parent_state", "=", "posted"),
            ]
        )
        return round(sum(lines.mapped("balance")), 2)

    def test_submission_books_one_collective_entry(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        entry = batch.move_ids
        self.assertEqual(len(entry), 1)
        self.assertRecordValues(
            entry.line_ids.sorted("balance"),
            [
                {"balance": -99.9, "partner_id": debits[0].partner_id.id, "reconciled": True},
                {"balance": -99.9, "partner_id": debits[1].partner_id.id, "reconciled": True},
                {"balance": 199.8, "partner_id": False, "reconciled": False},
            ],
        )
        self.assertEqual(debits.mapped("state"), ["submitted"] * 2)
        self.assertEqual(debits.invoice_ids.mapped("payment_state"), ["in_payment"] * 2)
        self.assertFalse(
            self.env["account.payment"].search([("partner_id", "in", debits.partner_id.ids)])
        )

    def test_credits_settle_debits_and_pay_invoices(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(self._pain002(batch))
        self.assertEqual(batch.state, "accepted")
        message = self._import(self._camt([self._entry_single(debit) for debit in debits]))
        self.assertEqual((message.state, message.findings_text), ("done", ""))
        self.assertEqual(debits.mapped("state"), ["settled"] * 2)
        self.assertEqual(debits.invoice_ids.mapped("payment_state"), ["paid"] * 2)
        self.assertEqual(batch.state, "settled")
        self.assertEqual(self._transit(), 0)
        self.assertTrue(all(message.statement_line_ids.mapped("is_reconciled")))

    def test_batch_booking_in_one_sum(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        message = self._import(self._camt([self._entry_batch(batch)]))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(debits.mapped("state"), ["settled"] * 2)
        self.assertEqual(self._transit(), 0)

    def test_reject_before_settlement(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        message = self._import(self._pain002(batch, refused=debits[0]))
        self.assertEqual(batch.state, "partly_rejected")
        self.assertRecordValues(debits, [{"state": "rejected"}, {"state": "submitted"}])
        self.assertEqual(debits[0].invoice_ids.payment_state, "not_paid")
        self.assertEqual(debits[0].invoice_ids.amount_residual, 99.9)
        self.assertEqual(debits[0].return_ids.reason_id.code, "AC04")
        self.assertEqual(message.state, "done")
        self.assertEqual(self._transit(), 99.9)
        net = self._import(self._camt([self._entry_batch(batch, amount=99.9)]))
        self.assertEqual(net.state, "done", net.findings_text)
        self.assertEqual(debits[1].state, "settled")
        self.assertEqual(self._transit(), 0)

    def test_reject_then_gross_credit_and_separate_debit(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(self._pain002(batch, refused=debits[0]))
        message = self._import(
            self._camt([self._entry_batch(batch), self._entry_return(debits[0], reason="AC04")])
        )
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertRecordValues(debits, [{"state": "rejected"}, {"state": "settled"}])
        self.assertEqual(self._transit(), 0)
        self.assertEqual(debits[0].invoice_ids.payment_state, "not_paid")

    def test_return_after_settlement_with_fee(self):
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        message = self._import(
            self._camt([self._entry_return(debit, fee=3.5)], opening=99.9, message_id="S-2")
        )
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(debit.state, "returned")
        self.assertRecordValues(
            debit.return_ids, [{"fee": 3.5, "reason_code": "MS03", "kind": "return"}]
        )
        line = message.statement_line_ids
        self.assertRecordValues(
            line.move_id.line_ids.sorted("balance"),
            [
                {"account_id": self.journal.default_account_id.id, "balance": -103.4},
                {"account_id": self.journal.sdd_fee_account_id.id, "balance": 3.5},
                {"account_id": self.company_data["default_account_receivable"].id, "balance": 99.9},
            ],
        )
        invoice = debit.invoice_ids
        self.assertEqual((invoice.payment_state, invoice.amount_residual), ("not_paid", 99.9))
        self.assertEqual(self._transit(), 0)
        self.assertEqual(invoice._get_support_subscriptions().state, "suspended")

    def test_notification_first_then_statement(self):
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        self._import(self._camt([self._entry_return(debit)], kind="054", message_id="N-1"))
        self.assertEqual(debit.state, "returned")
        self.assertEqual(self._transit(), -99.9)
        message = self._import(
            self._camt([self._entry_return(debit, fee=3.5)], opening=99.9, message_id="S-2")
        )
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self._transit(), 0)
        self.assertRecordValues(debit.return_ids, [{"fee": 3.5}])
        self.assertEqual(debit.invoice_ids.amount_residual, 99.9)

    def test_statement_first_then_notification_changes_nothing(self):
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        self._import(self._camt([self._entry_return(debit)], opening=99.9, message_id="S-2"))
        count = self.env["account.move"].search_count([])
        message = self._import(
            self._camt([self._entry_return(debit)], kind="054", message_id="N-1")
        )
        self.assertEqual(message.state, "done")
        self.assertEqual(self.env["account.move"].search_count([]), count)
        self.assertEqual(len(debit.return_ids), 1)

    def test_same_file_and_same_entries_twice(self):
        debit = self._create_debits(1)
        batch = self._submit(debit)
        content = self._camt([self._entry_batch(batch)])
        first = self._import(content)
        self.assertEqual(self._import(content, name="again.xml"), first)
        other = self._import(self._camt([self._entry_batch(batch)], message_id="S-9"))
        self.assertEqual(other.line_count, 0)
        self.assertEqual(self._transit(), 0)

    def test_whole_file_rejected(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(self._pain002(batch, group_status="RJCT", reason="FF01"))
        self.assertEqual(batch.state, "rejected")
        self.assertEqual(debits.mapped("state"), ["rejected"] * 2)
        self.assertEqual(self._transit(), 0)

    def test_duplicate_answer_leaves_the_first_file_alone(self):
        debits = self._create_debits(1)
        batch = self._submit(debits)
        self._import(self._pain002(batch))
        message = self._import(
            self._pain002(batch, group_status="RJCT", reason="DUPL", message_id="B-2")
        )
        self.assertEqual((batch.state, debits.state), ("accepted", "submitted"))
        self.assertEqual(message.state, "attention")

    def test_two_notifications_in_one_file(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(self._camt([self._entry_batch(batch)]))
        first = self._camt([self._entry_return(debits[0])], kind="054", message_id="N-1")
        second = self._camt([self._entry_return(debits[1])], kind="054", message_id="N-2")
        block = second[second.index("<Ntfctn>") : second.index("</Ntfctn>") + len("</Ntfctn>")]
        message = self._import(first.replace("</Ntfctn>", f"</Ntfctn>{block}"))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(debits.mapped("state"), ["returned"] * 2)
        self.assertEqual(self._transit(), -199.8)

    def test_answer_to_a_batch_that_nobody_marked_as_submitted(self):
        debit = self._create_debits(1)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        message = self._import(self._pain002(batch, refused=debit))
        self.assertEqual((message.state, debit.state), ("attention", "batched"))
        self.assertIn(batch.name, message.findings_text)
        batch.action_submit()
        message.action_read_again()
        self.assertEqual((message.state, debit.state), ("done", "rejected"))

    def test_manual_debit_waits_for_the_due_date_of_the_invoice(self):
        invoice = self._create_order()._sdd_invoice()
        self._create_mandate()
        invoice.invoice_date_due = fields.Date.add(fields.Date.today(), days=30)
        debit = invoice._queue_sdd_debit()
        self.assertGreaterEqual(debit.collection_date, invoice.invoice_date_due)
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))

    def test_fee_stands_in_the_entry_only(self):
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        entry = self._entry(
            -103.4, "R-9", self._detail(debit, -debit.amount, "AM04"), family="UPDD"
        )
        message = self._import(self._camt([entry], opening=99.9, message_id="S-2"))
        self.assertRecordValues(debit.return_ids, [{"fee": 3.5, "reason_code": "AM04"}])
        self.assertNotIn(
            self.journal.suspense_account_id, message.statement_line_ids.move_id.line_ids.account_id
        )

    def test_collective_return_with_one_fee_for_all(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(self._camt([self._entry_batch(batch)]))
        details = "".join(self._detail(debit, -debit.amount, "MS03") for debit in debits)
        entry = self._entry(-206.8, "R-9", details, family="UPDD")
        message = self._import(self._camt([entry], opening=199.8, message_id="S-2"))
        fees = message.statement_line_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == self.journal.sdd_fee_account_id
        )
        self.assertEqual(sum(fees.mapped("balance")), 7.0)
        self.assertEqual(debits.mapped("state"), ["returned"] * 2)

    def test_batch_named_in_the_details(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        detail = (
            f"<TxDtls><Refs><MsgId>{batch.name}</MsgId><PmtInfId>{batch.name}-1</PmtInfId></Refs>"
            '<Amt Ccy="EUR">199.80</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls>'
        )
        message = self._import(self._camt([self._entry(199.8, "B-9", detail)]))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(debits.mapped("state"), ["settled"] * 2)

    def test_second_credit_waits_for_a_person(self):
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        again = [self._entry_single(debit, "X-1"), self._entry_batch(batch, reference="X-2")]
        message = self._import(self._camt(again, opening=99.9, message_id="S-2"))
        self.assertEqual((message.state, message.finding_count), ("attention", 2))
        self.assertEqual(self._transit(), 0)
        suspense = message.statement_line_ids.move_id.line_ids.filtered(
            lambda line: line.account_id == self.journal.suspense_account_id
        )
        self.assertEqual(sum(suspense.mapped("balance")), -199.8)

    def test_cancelled_debit_gives_its_claim_back_at_once(self):
        debit = self._create_debit()
        debit._cancel("Once more")
        again = debit.invoice_ids._queue_sdd_debit(mandate=debit.mandate_id)
        self.assertEqual((debit.state, again.state), ("cancelled", "queued"))
