"""Entries in files of the bank that do not fit: money waits for a person, nothing is booked twice."""

import re

from odoo.tests import tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestBadEntries(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(2).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()

    def test_debits_that_never_left(self):
        """The bank cannot refuse what it never got; the rest of its file is booked."""
        waiting = self._create_debit(self._create_customer("Waiting")).with_env(self.env)
        entries = [
            self._entry_return(waiting, reference="W-1"),
            self._entry_single(self.debits[0]),
        ]
        message = self._import(self._camt(entries))
        self.assertEqual(message.state, "attention", message.findings_text)
        self.assertIn(waiting.end_to_end_id, message.findings_text)
        self.assertEqual(waiting.state, "queued")
        self.assertEqual(self.debits[0].state, "settled")
        self.assertEqual(message.line_count, 2)

    def test_credit_of_a_batch_that_nobody_submitted(self):
        """The money waits for a person instead of an account in transit that never got it."""
        waiting = self._create_debit(self._create_customer("Waiting")).with_env(self.env)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(batch.debit_ids, waiting)
        transit = self._get_transit()
        for number, entry in enumerate((self._entry_batch(batch), self._entry_single(waiting))):
            message = self._import(self._camt([entry], message_id=f"S-{number}"))
            with self.subTest(number):
                self.assertEqual(message.state, "attention", message.findings_text)
                self.assertIn(batch.name, message.findings_text)
                self.assertEqual((batch.state, waiting.state), ("generated", "batched"))
                self.assertEqual(self._get_transit(), transit)
                self.assertFalse(message.statement_line_ids.is_reconciled)

    def test_credited_twice(self):
        """The same money under another reference waits for a person."""
        self._import(self._camt([self._entry_batch(self.batch)]))
        self.assertEqual(self._get_transit(), 0)
        for number, entry in enumerate(
            (
                self._entry_batch(self.batch, reference="AGAIN-1"),
                self._entry_single(self.debits[0], reference="AGAIN-2"),
            )
        ):
            message = self._import(self._camt([entry], message_id=f"S-1{number}"))
            with self.subTest(number):
                self.assertEqual(message.state, "attention", message.findings_text)
                self.assertEqual(self._get_transit(), 0)
                self.assertFalse(message.statement_line_ids.is_reconciled)

    def test_impossible_amounts(self):
        debit = self.debits[0]
        cases = {
            "less than collected": self._entry(
                -50.0, "A", self._detail(debit, -50.0, "MS03"), "UPDD"
            ),
            "a fee of 100": self._entry(-199.9, "B", self._detail(debit, -199.9, "MS03"), "UPDD"),
            "more than collected": self._entry(500.0, "C", self._detail(debit, 500.0)),
            "another sum of the batch": self._entry_batch(self.batch, amount=150.0, reference="D"),
        }
        for what, entry in cases.items():
            with self.subTest(what):
                message = self._import(self._camt([entry], message_id=what))
                self.assertEqual(message.state, "attention", message.findings_text)
                self.assertEqual(self.debits.mapped("state"), ["submitted"] * 2)
                self.assertEqual(self._get_transit(), 199.8)
                line = message.statement_line_ids
                self.assertEqual(line.amount, entry[0])
                self.assertFalse(line.is_reconciled)

    def test_zero_and_negative_amounts(self):
        content = self._camt([self._entry_batch(self.batch)])
        for amount in ("0.00", "-199.80", "1e3", "199,80", ""):
            broken = re.sub(r'(<Ntry><Amt Ccy="EUR">)[^<]*', rf"\g<1>{amount}", content)
            with self.subTest(amount):
                message = self._import(broken)
                self.assertIn(message.state, ("attention", "failed"), message.findings_text)
                self.assertEqual(self.debits.mapped("state"), ["submitted"] * 2)
                self.assertEqual(self._get_transit(), 199.8)

    def test_foreign_currency(self):
        content = self._camt([self._entry_batch(self.batch)]).replace('Ccy="EUR"', 'Ccy="USD"')
        message = self._import(content)
        self.assertEqual(message.state, "attention", message.findings_text)
        self.assertEqual(self.debits.mapped("state"), ["submitted"] * 2)
        self.assertEqual(self._get_transit(), 199.8)

    def test_unknown_codes(self):
        """A reason that is in no table still opens the invoice, and somebody looks at it."""
        message = self._import(self._pain002(self.batch, refused=self.debits[0], reason="ZZ99"))
        self.assertEqual(message.state, "attention")
        self.assertIn("ZZ99", message.findings_text)
        self.assertRecordValues(
            self.debits[0].return_ids, [{"reason_code": "ZZ99", "reason_id": False}]
        )
        self.assertEqual(self.debits[0].state, "rejected")
        self.assertIn("ZZ99", self.debits[0].state_reason)

    def test_wrong_balance(self):
        content = self._camt([self._entry_batch(self.batch)], closing=1000.0)
        message = self._import(content)
        self.assertEqual(message.state, "attention")
        self.assertIn("closing balance", message.findings_text)
        self.assertEqual(message.line_count, 1)

    def test_wrong_sum_of_an_entry(self):
        entry = self._entry(199.8, "X-1", self._detail(self.debits[0], 99.9))
        message = self._import(self._camt([entry]))
        self.assertEqual(message.state, "attention", message.findings_text)
        self.assertFalse(message.statement_line_ids.is_reconciled)

    def test_cut_off_and_then_complete(self):
        """What came before the cut is booked once; the complete file brings the rest."""
        complete = self._camt([self._entry_single(debit) for debit in self.debits])
        cut = complete[: complete.rindex("<Ntry>") + 80]
        first = self._import(cut)
        self.assertEqual((first.state, first.line_count), ("attention", 1), first.findings_text)
        self.assertIn("too early", first.findings_text)
        self.assertEqual(self.debits.mapped("state"), ["settled", "submitted"])
        second = self._import(complete)
        self.assertEqual((second.state, second.line_count), ("done", 1), second.findings_text)
        self.assertEqual(self.debits.mapped("state"), ["settled"] * 2)
        self.assertEqual(self._get_transit(), 0)

    def test_same_entry_twice_in_one_file(self):
        entry = self._entry_single(self.debits[0], reference="TWICE")
        message = self._import(self._camt([entry, entry]))
        self.assertEqual(message.state, "attention")
        self.assertEqual(self.debits.mapped("state"), ["settled", "submitted"])
        self.assertEqual(self._get_transit(), 99.9)

    def test_returned_twice(self):
        self._import(self._camt([self._entry_batch(self.batch)]))
        back = self._entry_return(self.debits[0], reference="R-1")
        again = self._entry_return(self.debits[0], reference="R-2")
        self._import(self._camt([back], opening=199.8, message_id="S-2"))
        message = self._import(self._camt([again], opening=99.9, message_id="S-3"))
        self.assertEqual(message.state, "attention")
        self.assertEqual(len(self.debits[0].return_ids), 1)
        self.assertEqual(self.debits[0].invoice_ids.amount_residual, 99.9)
        self.assertEqual(self._get_transit(), 0)
