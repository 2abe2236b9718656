"""Exports from a bank's portal overlap: entries without a reference are booked once all the same."""

from unittest.mock import patch

from odoo.tests import tagged

from ..models.bank import const
from .bank_files import CREDITOR_IBAN
from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestOverlappingFiles(SupportDebitCommon):
    def _export(self, entries, opening=100, number="0"):
        """Return an MT940 of whole euros; `entries` are triples of day, amount and purpose."""
        closing = opening + sum(amount for _day, amount, _text in entries)
        first, last = entries[0][0], entries[-1][0]
        body = "".join(
            f":61:2611{day:02d}11{day:02d}{'C' if amount > 0 else 'D'}R{abs(amount)},00NMSCNONREF\r\n"
            f":86:{'166' if amount > 0 else '177'}?00UMSATZ?20SVWZ+{text}?32SOMEBODY\r\n"
            for day, amount, text in entries
        )
        return (
            f":20:STARTUMS\r\n:25:{CREDITOR_IBAN}\r\n:28C:{number}\r\n"
            f":60F:C2611{first:02d}EUR{opening},00\r\n{body}:62F:C2611{last:02d}EUR{closing},00\r\n-\r\n"
        )

    def _get_amounts(self):
        lines = self.env["account.bank.statement.line"].search(
            [("journal_id", "=", self.journal.id)]
        )
        return sorted(lines.mapped("amount"))

    def test_two_exports_that_overlap(self):
        days = [(2, 10, "A"), (3, 20, "B"), (4, 30, "C"), (5, 40, "D")]
        self.assertEqual(self._import(self._export(days[:3])).line_count, 3)
        second = self._import(self._export(days[1:], opening=110))
        self.assertEqual(second.line_count, 1)
        self.assertIn("known already", second.findings_text)
        self.assertEqual(self._get_amounts(), [10, 20, 30, 40])
        self.assertEqual(self._import(self._export(days)).line_count, 0)
        self.assertEqual(self._import(self._export(days[3:], opening=160)).line_count, 0)

    def test_equal_entries_of_one_file_are_two(self):
        fee = (3, -5, "Fee")
        first = self._export([(2, 10, "A"), fee, fee])
        with patch.object(const, "ENTRIES_AT_ONCE", 1):
            self.assertEqual(self._import(first).line_count, 3)
        self.assertEqual(self._import(first + "\r\n").line_count, 0)
        more = self._import(self._export([fee, fee, fee, (4, 1, "B")], opening=110))
        self.assertEqual(more.line_count, 2)
        self.assertEqual(self._get_amounts(), [-5, -5, -5, 1, 10])

    def test_statements_of_one_day_do_not_overlap(self):
        """Morning and afternoon with the same fee: the balances say that these are two."""
        fee = (3, -5, "Fee")
        morning = self._export([(3, 10, "A"), fee], opening=100, number="1")
        afternoon = self._export([fee, (3, 7, "B")], opening=105, number="2")
        for first, second in ((morning, afternoon), (afternoon, morning)):
            with self.subTest(first), self.env.cr.savepoint() as savepoint:
                self.assertEqual(self._import(first).line_count, 2)
                self.assertEqual(self._import(second).line_count, 2)
                self.assertEqual(self._get_amounts(), [-5, -5, 7, 10])
                for content in (first, second):
                    self.assertEqual(self._import(f"{content}\r\n").line_count, 0)
                day = self._export([(3, 10, "A"), fee, fee, (3, 7, "B"), (4, 1, "C")])
                self.assertEqual(self._import(day).line_count, 1)
                self.assertEqual(self._get_amounts(), [-5, -5, 1, 7, 10])
                savepoint.rollback()
                self.env.invalidate_all()

    def test_lines_of_an_earlier_release(self):
        """Their keys were made of statement, place, day and amount."""
        days = [(2, 10, "A"), (3, 20, "B"), (3, 20, "B"), (4, 30, "C"), (5, 40, "D")]
        message = self._import(self._export(days[:4]))
        lines = message.statement_line_ids.sorted("id")
        for number, line in enumerate(lines):
            day = line.sdd_entry_date
            line.sudo().sdd_entry_key = f"0-2026-11-04/{number}/{day}/{line.amount:.2f}"
        second = self._import(self._export(days[1:], opening=110))
        self.assertEqual(second.line_count, 1)
        third = self._export([(3, 20, "B"), (3, 20, "B"), (3, 20, "B"), (4, 30, "Other")], 110)
        self.assertEqual(self._import(third).line_count, 2)
        self.assertEqual(self._get_amounts(), [10, 20, 20, 20, 30, 30, 40])
