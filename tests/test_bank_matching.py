"""What an entry of the bank is about: debits by mandate, fees of their own, customers' transfers."""

from datetime import timedelta
from itertools import permutations

from odoo import fields
from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestBankMatching(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(2).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()

    def _transfer(self, amount, text, name="Somebody", reference="T-1"):
        """Return a credit transfer of a customer."""
        details = (
            f'<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId></Refs><Amt Ccy="EUR">{amount:.2f}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd><RltdPties><Dbtr><Pty><Nm>{name}</Nm></Pty></Dbtr></RltdPties>"
            f"<RmtInf><Ustrd>{text}</Ustrd></RmtInf></TxDtls>"
        )
        _amount, xml = self._entry(amount, reference, details)
        return amount, xml.replace("<Cd>IDDT</Cd>", "<Cd>RCDT</Cd>")

    def _charge(self, debit, amount, reference="F-1"):
        """Return a bank's charge in an entry of its own that names a debit."""
        _amount, xml = self._entry(-amount, reference, self._detail(debit, -amount), family="CHRG")
        return -amount, xml

    # === MANDATE AND AMOUNT === #

    def test_mandate_and_amount_of_several_attempts(self):
        """With two debits of one mandate and amount the one that is not credited yet is meant."""
        first = self.debits[0]
        invoice = self._create_order(first.partner_id)._sdd_invoice()
        again = invoice._queue_sdd_debit(mandate=first.mandate_id)
        later = self.env["sdd.batch"]._create_due_batches(self.journal)
        later.action_submit()
        self._import(self._camt([self._entry_batch(self.batch)]))
        content = self._camt([self._entry_single(again)])
        message = self._import(content.replace(again.end_to_end_id, "NOTPROVIDED"))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(again.state, "settled")
        content = self._camt([self._entry_return(first)], message_id="S-3")
        message = self._import(content.replace(first.end_to_end_id, "NOTPROVIDED"))
        self.assertEqual(message.state, "attention", "both may have come back")
        self.assertEqual((first.state, again.state), ("settled", "settled"))

    # === CREDITS === #

    def test_gross_credit_after_refusal_is_booked_once(self):
        self._import(self._pain002(self.batch, group_status="RJCT", reason="FF01"))
        self.assertEqual(self.batch.state, "rejected")
        today = fields.Date.today()
        message = self._import(self._camt([self._entry_batch(self.batch, reference="G-1")]))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self._get_transit(), -199.8)
        self.assertEqual(self.debits.mapped("settlement_date"), [today] * 2)
        message = self._import(self._camt([self._entry_batch(self.batch, reference="G-2")]))
        self.assertEqual(message.state, "attention")
        self.assertEqual(self._get_transit(), -199.8)
        back = [self._entry_return(debit, reason="FF01") for debit in self.debits]
        message = self._import(self._camt(back))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self._get_transit(), 0)
        self.assertEqual(self.debits.mapped("state"), ["rejected"] * 2)

    def test_gross_credit_marks_what_came_back_before(self):
        back, kept = self.debits
        self._import(self._camt([self._entry_return(back)], kind="054", message_id="N-1"))
        self._import(self._camt([self._entry_batch(self.batch)]))
        today = fields.Date.today()
        self.assertRecordValues(
            back | kept,
            [
                {"state": "returned", "settlement_date": today},
                {"state": "settled", "settlement_date": today},
            ],
        )
        self.assertEqual(self._get_transit(), -99.9)

    def test_net_credit_that_repeats_the_sum_of_the_file(self):
        refused, kept = self.debits
        self._import(self._pain002(self.batch, refused=refused))
        _amount, xml = self._entry_batch(self.batch, amount=99.9)
        entry = 99.9, xml.replace("</Btch>", '<TtlAmt Ccy="EUR">199.80</TtlAmt></Btch>')
        message = self._import(self._camt([entry]))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertRecordValues(refused | kept, [{"state": "rejected"}, {"state": "settled"}])
        self.assertEqual(self._get_transit(), 0)
        self.assertTrue(message.statement_line_ids.is_reconciled)
        message.action_read_again()
        self.assertEqual((message.state, message.line_count), ("done", 1))

    def test_gross_sum_of_the_file_beside_less_money(self):
        """What fits the file only is booked as that, and the difference is said."""
        _amount, xml = self._entry_batch(self.batch, amount=197.8)
        entry = 197.8, xml.replace("</Btch>", '<TtlAmt Ccy="EUR">199.80</TtlAmt></Btch>')
        message = self._import(self._camt([entry]))
        self.assertEqual(message.finding_ids.mapped("code"), ["sum_mismatch"])
        self.assertEqual(self.debits.mapped("state"), ["settled"] * 2)

    def test_unknown_part_of_a_credit_is_left_to_a_person(self):
        known, other = self.debits
        details = self._detail(known, 99.9) + self._detail(other, 99.9)
        entry = self._entry(199.8, "C-1", details)
        content = self._camt([entry]).replace(other.end_to_end_id, "ZZZ")
        message = self._import(content.replace(f"<MndtId>{other.mandate_id.name}</MndtId>", ""))
        self.assertEqual(known.state, "settled")
        self.assertRecordValues(
            message.finding_ids,
            [
                {
                    "code": "unknown_debit",
                    "direction": "credit",
                    "amount": 99.9,
                    "end_to_end_id": "ZZZ",
                    "statement_line_id": message.statement_line_ids.id,
                }
            ],
        )
        message.finding_ids._assign(other)
        self.assertEqual((message.state, other.state), ("done", "settled"))
        self.assertEqual(self._get_transit(), 0)
        self.assertTrue(message.statement_line_ids.is_reconciled)

    # === RETURNS WITHOUT THE USUAL MARK === #

    def _unmarked(self, debit, amount=None, family="ESDD", reference="U-1"):
        """Return money that left and names a debit, without a reason."""
        amount = debit.amount if amount is None else amount
        return self._entry(-amount, reference, self._detail(debit, -amount), family=family)

    def _assert_returned(self, debit, fee=0.0):
        """Check that a debit came back once, with this fee."""
        self.assertEqual(debit.state, "returned")
        self.assertEqual(debit.return_ids.mapped("fee"), [fee])
        self.assertEqual(debit.invoice_ids.amount_residual, debit.amount)
        booked = self.env["account.move.line"].search(
            [
                ("account_id", "=", self.journal.sdd_fee_account_id.id),
                ("parent_state", "=", "posted"),
            ]
        )
        self.assertAlmostEqual(sum(booked.mapped("balance")), fee)

    def test_money_that_left_is_a_return_however_it_is_marked(self):
        self._import(self._camt([self._entry_batch(self.batch)]))
        debit = self.debits[0]
        fees = {"ESDD": 0.0, "PRDD": 0.0, "RCDD": 2.0, "RIMB": 3.5, "OTHR": 3.5}
        for family, fee in fees.items():
            with self.subTest(family), self.env.cr.savepoint() as savepoint:
                entry = self._unmarked(debit, debit.amount + fee, family)
                message = self._import(self._camt([entry], message_id=family))
                self.assertEqual(message.state, "done", message.findings_text)
                self._assert_returned(debit, fee)
                self.assertEqual(self._get_transit(), 0)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_a_small_debit_that_comes_back_is_no_fee(self):
        """The bank's fee may be as large as the debit: what is booked decides, not its size."""
        partner = self._create_customer("Small")
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": partner.id,
                "invoice_line_ids": [
                    (0, 0, {"name": "Help", "price_unit": 49.9, "tax_ids": []}),
                ],
            }
        )
        invoice.action_post()
        debit = invoice._queue_sdd_debit(mandate=self._create_mandate(partner))
        debit._note_prenotification()
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        batch.action_submit()
        self._import(self._camt([self._entry_batch(batch)]))
        message = self._import(self._camt([self._unmarked(debit)], message_id="S-2"))
        self.assertEqual(message.state, "done", message.findings_text)
        self._assert_returned(debit)
        again = self._unmarked(debit, reference="U-2")
        message = self._import(self._camt([again], message_id="S-3"))
        self.assertEqual(message.finding_ids.mapped("code"), ["already_returned"])
        self._assert_returned(debit)

    def test_return_without_mark_in_any_order(self):
        """It is the same return that the bank also announces, or marks in another format."""
        debit = self.debits[0]
        files = {
            "credit": self._camt([self._entry_batch(self.batch)], message_id="S-1", opening=0.0),
            "notice": self._camt([self._entry_return(debit)], kind="054", message_id="N-1"),
            "return": self._camt([self._unmarked(debit)], message_id="S-2", opening=199.8),
        }
        for order in permutations(files):
            with self.subTest(order), self.env.cr.savepoint() as savepoint:
                for name in order:
                    self._import(files[name], name)
                self._assert_returned(debit)
                self.assertEqual(self._get_transit(), 0)
                marked = self._entry_return(debit, reference="U-9")
                self._import(self._camt([marked], message_id="S-9"))
                self._assert_returned(debit)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_what_is_charged_or_sent_by_us_is_no_return(self):
        self._import(self._camt([self._entry_batch(self.batch)]))
        debit = self.debits[0]
        _amount, xml = self._unmarked(debit)
        sent = -debit.amount, xml.replace("<Cd>IDDT</Cd>", "<Cd>ICDT</Cd>")
        message = self._import(self._camt([sent]))
        self.assertEqual(message.finding_ids.mapped("code"), ["impossible_amount"])
        self.assertFalse(message.statement_line_ids.is_reconciled)
        message = self._import(self._camt([self._charge(debit, 110.0)], message_id="S-3"))
        self.assertEqual(message.state, "attention")
        self.assertEqual(debit.state, "settled")

    # === FEES === #

    def test_charge_in_an_entry_of_its_own(self):
        debit = self.debits[0]
        self._import(self._camt([self._entry_batch(self.batch)]))
        message = self._import(
            self._camt([self._entry_return(debit, fee=3.0), self._charge(debit, 2.5)])
        )
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(debit.return_ids.fee, 5.5)
        fees = message.statement_line_ids.line_ids.filtered(
            lambda line: line.account_id == self.journal.sdd_fee_account_id
        )
        self.assertEqual(sorted(fees.mapped("balance")), [2.5, 3.0])
        self.assertEqual(debit.invoice_ids.amount_residual, 99.9)

    def test_charge_comes_before_the_return(self):
        debit = self.debits[0]
        self._import(self._camt([self._entry_batch(self.batch)]))
        self._import(self._camt([self._charge(debit, 2.5)]))
        self._import(self._camt([self._entry_return(debit, fee=3.0)], kind="054"))
        self.assertEqual(debit.return_ids.fee, 2.5)
        message = self._import(self._camt([self._entry_return(debit, fee=3.0)]))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(debit.return_ids.fee, 5.5)
        self.assertEqual(self._get_transit(), 0)

    def test_impossible_charge(self):
        debit = self.debits[0]
        message = self._import(self._camt([self._charge(debit, 60.0)]))
        self.assertEqual(message.state, "attention")
        self.assertFalse(message.statement_line_ids.is_reconciled)

    # === TRANSFERS === #

    def test_transfer_that_names_the_invoice_pays_it(self):
        invoice = self._create_order(self._create_customer("Payer"))._sdd_invoice()
        mandate = self._create_mandate(invoice.partner_id)
        debit = invoice._queue_sdd_debit(mandate=mandate)
        message = self._import(
            self._camt([self._transfer(99.9, f"Rechnung {invoice.name.replace('/', ' / ')} danke")])
        )
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertIn(invoice.payment_state, ("paid", "in_payment"))
        self.assertTrue(message.statement_line_ids.is_reconciled)
        self.assertEqual(message.statement_line_ids.partner_id, invoice.commercial_partner_id)
        self.assertEqual(debit.state, "cancelled")

    def test_transfer_that_names_another_number(self):
        invoice = self._create_order()._sdd_invoice()
        message = self._import(self._camt([self._transfer(99.9, f"{invoice.name}7")]))
        self.assertEqual(invoice.amount_residual, 99.9)
        self.assertFalse(message.statement_line_ids.is_reconciled)

    def test_transfer_in_doubt_is_left_to_a_person(self):
        customer = self._create_customer("Erika Mustermann")
        invoice = self._create_order(customer)._sdd_invoice()
        entries = [
            self._transfer(50.0, invoice.name, reference="T-1"),
            self._transfer(99.9, "Support", name="MUSTERMANN ERIKA", reference="T-2"),
            self._transfer(99.9, self.debits[0].invoice_ids.name, reference="T-3"),
            self._transfer(99.9, "Rent", name="Nobody", reference="T-4"),
        ]
        message = self._import(self._camt(entries))
        self.assertEqual(
            sorted(message.finding_ids.mapped("code")),
            ["transfer_alike", "transfer_amount", "transfer_in_collection"],
        )
        partial = message.finding_ids.filtered(lambda f: f.code == "transfer_amount")
        line = invoice._get_sdd_open_lines()
        self.assertEqual(partial._get_candidates()[0].record, line)
        partial._assign(line)
        self.assertEqual(invoice.amount_residual, 49.9)
        alike = message.finding_ids.filtered(lambda f: f.code == "transfer_alike")
        with self._refused("does not fit"):
            alike._assign(line)

    # === LOCKED PERIODS === #

    def test_statement_of_a_locked_period_says_so(self):
        today = fields.Date.today()
        for lock in ("fiscalyear_lock_date", "hard_lock_date"):
            with self.subTest(lock):
                savepoint = self.env.cr.savepoint()
                self.company[lock] = today
                message = self._import(self._camt([self._entry_batch(self.batch)]))
                self.assertEqual(message.state, "attention")
                self.assertEqual(message.finding_ids.code, "line_moved")
                next_day = today + timedelta(days=1)
                self.assertEqual(message.statement_line_ids.date, next_day)
                self.assertIn(str(next_day), message.findings_text)
                self.assertEqual(self.debits.mapped("state"), ["settled"] * 2)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_locks_of_sales_and_taxes_do_not_move_the_bank(self):
        today = fields.Date.today()
        self.company.write({"sale_lock_date": today, "tax_lock_date": today})
        message = self._import(self._camt([self._entry_batch(self.batch)]))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(message.statement_line_ids.date, today)

    def test_refusal_in_a_locked_period_says_so_quietly(self):
        self.company.fiscalyear_lock_date = fields.Date.today() + timedelta(days=3)
        message = self._import(self._pain002(self.batch, refused=self.debits[0]))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertIn("locked period", message.findings_text)
        self.assertEqual(self.debits[0].state, "rejected")

    # === UNDOING BY HAND === #

    def test_lines_that_carry_debits_are_not_undone(self):
        self._import(self._camt([self._entry_batch(self.batch)]))
        message = self._import(
            self._camt([self._entry_return(self.debits[0]), self._entry(-5.0, "X-1", "")])
        )
        line = message.statement_line_ids.filtered(lambda item: item.amount < -50)
        other = message.statement_line_ids - line
        credit = self.env["account.bank.statement.line"].search(
            [("sdd_message_id", "!=", message.id), ("journal_id", "=", self.journal.id)]
        )
        message.statement_line_ids.statement_id.unlink()
        for carrying in (line, credit):
            with self._refused("cannot be undone"):
                carrying.action_undo_reconciliation()
            with self._refused("cannot be undone|valid statement"):
                carrying.unlink()
            with self._refused("cannot be undone"):
                carrying.move_id.button_draft()
            with self._refused("cannot be undone"):
                carrying.line_ids.remove_move_reconcile()
        other.action_undo_reconciliation()
        self.assertEqual(self._get_transit(), 0)

    # === SEVERAL INVOICES === #

    def test_return_of_a_debit_for_several_invoices_opens_exactly_those(self):
        partner = self._create_customer("Two invoices")
        mandate = self._create_mandate(partner)
        values = {
            "move_type": "out_invoice",
            "partner_id": partner.id,
            "invoice_line_ids": [(0, 0, {"name": "Help", "price_unit": 10.0, "tax_ids": []})],
        }
        invoices = self.env["account.move"].create([values] * 3)
        invoices.action_post()
        lines = invoices[:2]._get_sdd_open_lines()
        debit = self._create_bare_debit(
            mandate,
            amount=20.0,
            move_line_ids=[(6, 0, lines.ids)],
            claimed_line_id=lines[:1].id,
            invoice_ids=[(6, 0, invoices[:2].ids)],
        )
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        batch.action_submit()
        self.assertEqual(batch.debit_ids, debit)
        self.assertEqual(invoices.mapped("amount_residual"), [0, 0, 10.0])
        self._import(self._camt([self._entry_batch(batch)]))
        self._import(self._camt([self._entry_return(debit, fee=3.0)]))
        self.assertEqual(invoices.mapped("amount_residual"), [10.0] * 3)
        self.assertEqual(debit.state, "returned")

    def test_return_of_a_part_opens_that_part(self):
        partner = self._create_customer("Part")
        mandate = self._create_mandate(partner)
        invoice = self._create_order(partner)._sdd_invoice()
        line = invoice._get_sdd_open_lines()
        values = {"move_line_ids": [(6, 0, line.ids)], "invoice_ids": [(6, 0, invoice.ids)]}
        debit = self._create_bare_debit(mandate, amount=40.0, claimed_line_id=line.id, **values)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        batch.action_submit()
        self.assertAlmostEqual(invoice.amount_residual, 59.9)
        self._import(self._camt([self._entry_batch(batch)]))
        self._import(self._camt([self._entry_return(debit)]))
        self.assertAlmostEqual(invoice.amount_residual, 99.9)
        self.assertEqual(debit.state, "returned")
