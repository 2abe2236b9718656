"""Statements of the bank follow each other; gaps are found and heal."""

from odoo.tests import tagged

from .bank_files import CREDITOR_IBAN
from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestStatementContinuity(SupportDebitCommon):
    def _statement(self, day, number, opening, closing):
        """Return an MT940 of one day with one booking of its own."""

        def money(amount):
            return f"{'C' if amount >= 0 else 'D'}2611{day:02d}EUR{abs(amount)},00"

        change = closing - opening
        return (
            f":20:STARTUMSE\r\n:25:{CREDITOR_IBAN}\r\n:28C:{number:05d}/001\r\n:60F:{money(opening)}\r\n"
            f":61:2611{day:02d}11{day:02d}{'C' if change > 0 else 'D'}R{abs(change)},00NMSCNONREF//D{day}\r\n"
            f":86:Something of day {day}\r\n:62F:{money(closing)}\r\n-\r\n"
        )

    def test_gap_heals_when_the_statement_arrives(self):
        first = self._import(self._statement(2, 1, 0, 10))
        self.assertEqual(first.state, "done", first.findings_text)
        third = self._import(self._statement(4, 3, 15, 20))
        self.assertEqual(third.state, "attention")
        self.assertEqual(third.finding_ids.code, "statement_missing")
        self.assertIn("Statement 2 ", third.findings_text)
        second = self._import(self._statement(3, 2, 10, 15))
        self.assertEqual(second.state, "done", second.findings_text)
        self.assertRecordValues(third.finding_ids, [{"state": "dismissed"}])
        self.assertEqual((third.state, third.finding_count), ("done", 0))

    def test_other_balance_and_twice(self):
        self._import(self._statement(2, 1, 0, 10))
        gap = self._import(self._statement(3, 2, 11, 15))
        self.assertEqual(gap.finding_ids.code, "statement_gap")
        twice = self._import(self._statement(3, 2, 11, 17))
        self.assertIn("statement_twice", twice.finding_ids.mapped("code"))

    def test_the_same_statement_in_another_file_is_known(self):
        content = self._statement(2, 1, 0, 10)
        self._import(content)
        again = self._import(content + "\r\n")
        self.assertEqual((again.state, again.line_count), ("done", 0), again.findings_text)
        self.assertEqual(
            self.env["sdd.bank.statement"].search_count([("journal_id", "=", self.journal.id)]), 1
        )

    def test_reading_again_keeps_the_finding(self):
        self._import(self._statement(2, 1, 0, 10))
        gap = self._import(self._statement(4, 3, 15, 20))
        gap.action_read_again()
        self.assertRecordValues(gap.finding_ids, [{"state": "open", "code": "statement_missing"}])

    def test_several_statements_in_one_file_in_any_order(self):
        message = self._import(self._statement(3, 2, 10, 15) + self._statement(2, 1, 0, 10))
        self.assertEqual((message.state, message.line_count), ("done", 2), message.findings_text)
