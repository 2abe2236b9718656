"""Statements in SWIFT's format, archives, and the same bookings in several formats."""

import io
import zipfile

from odoo import fields
from odoo.tests import tagged

from .bank_files import CREDITOR_IBAN
from .common import SupportDebitCommon


@tagged("post_install", "-at_install")
class TestMt940(SupportDebitCommon):
    def _mt940(self, lines, opening="1000,00", closing=None, number="1"):
        """Return a statement with these lines: (amount in cents, :61: rest, :86: text)."""
        total = 100_000 + sum(cents for cents, _reference, _text in lines)
        body = "".join(
            f":61:2611231123{'C' if cents > 0 else 'D'}R{abs(cents) // 100},{abs(cents) % 100:02d}"
            f"N192NONREF//{reference}\r\n:86:{text}\r\n"
            for cents, reference, text in lines
        )
        closing = closing or f"{total // 100},{total % 100:02d}"
        return (
            f":20:STARTUMSE\r\n:25:{CREDITOR_IBAN}\r\n:28C:{number}/1\r\n:60F:C261120EUR{opening}\r\n"
            f"{body}:62F:C261123EUR{closing}\r\n-\r\n"
        )

    def _credit(self, batch, reference="B1"):
        cents = round(batch.amount_total * 100)
        return cents, reference, f"192?00SAMMELLASTSCHRIFT?20KREF+{batch.name}?21SVWZ+Einzug"

    def _back(self, debit, fee=300, reference="B2", number="914"):
        words = f"EREF+{debit.end_to_end_id}"
        parts = "".join(
            f"?{20 + i}{words[i * 27 : i * 27 + 27]}" for i in range(-(-len(words) // 27))
        )
        return (
            -round(debit.amount * 100) - fee,
            reference,
            f"109?00RETOURE{parts}?28SVWZ+RUECKLASTSCHRIFT?34{number}",
        )

    def test_credit_and_return(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        message = self._import(self._mt940([self._credit(batch), self._back(debits[0])]), "s.sta")
        self.assertEqual((message.kind, message.family), ("mt940", "statement"))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertRecordValues(debits, [{"state": "returned"}, {"state": "settled"}])
        self.assertRecordValues(
            debits.invoice_ids, [{"payment_state": "not_paid"}, {"payment_state": "paid"}]
        )
        self.assertEqual(debits[0].return_ids.reason_id.code, "MS03")
        self.assertEqual(debits[0].return_ids.fee, 3.0)
        self.assertEqual(self._get_transit(), 0)
        self.assertEqual(message.line_count, 2)
        self.assertEqual(
            message.statement_line_ids.statement_id.mapped("balance_end_real"), [1096.9]
        )

    def test_same_bookings_in_another_format_are_known(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(
            self._mt940(
                [self._credit(batch, "BANKREF-1"), self._back(debits[0], reference="BANKREF-2")]
            )
        )
        content = self._camt(
            [
                self._entry_batch(batch, reference="BANKREF-1"),
                self._entry_return(debits[0], fee=3.0, reference="BANKREF-2"),
            ],
            opening=1000.0,
        )
        again = self._import(content.replace(str(fields.Date.today()), "2026-11-23"))
        self.assertEqual(again.line_count, 0)
        self.assertEqual(again.state, "done", again.findings_text)
        self.assertEqual(len(debits[0].return_ids), 1)
        self.assertEqual(self._get_transit(), 0)

    def test_return_announced_by_an_intraday_report(self):
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self._import(self._mt940([self._credit(batch)]))
        notice = self._import(self._camt([self._entry_return(debit, fee=3.0)], kind="052"))
        self.assertEqual(notice.state, "done", notice.findings_text)
        self.assertRecordValues(debit, [{"state": "returned"}])
        self.assertEqual(debit.invoice_ids.payment_state, "not_paid")
        self.assertEqual(self._get_transit(), -99.9)
        statement = self._import(
            self._mt940([self._back(debit)], number="2", opening="1099,90", closing="997,00")
        )
        self.assertEqual(statement.state, "done", statement.findings_text)
        self.assertEqual(self._get_transit(), 0)
        self.assertEqual(len(debit.return_ids), 1)

    def test_returns_with_other_marks(self):
        """A credit that is taken back, and what other banks call it."""
        debits = self._create_debits(4)
        batch = self._submit(debits)
        self._import(self._mt940([self._credit(batch)]))
        texts = {
            "RC99,90N171": "171?00LASTSCHRIFT?20EREF+{}",
            "D99,90NMSC": "166?00RUECKLEITUNG LASTSCHRIFT?20EREF+{}",
            "DR99,90NMSD": "Prelevement impaye EREF+{}",
            "D99,90NMSE": "EREF+{}",
        }
        body = "".join(
            f":61:2611231123{line}NONREF//R{debit.id}\r\n:86:{text.format(debit.end_to_end_id)}\r\n"
            for (line, text), debit in zip(texts.items(), debits, strict=True)
        )
        content = self._mt940([], number="2", opening="1399,60", closing="1000,00")
        message = self._import(content.replace(":62F:", f"{body}:62F:"))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(debits.mapped("state"), ["returned"] * 4)
        self.assertEqual(debits.return_ids.mapped("fee"), [0.0] * 4)
        self.assertEqual(self._get_transit(), 0)

    def test_statement_of_somebody_else(self):
        content = self._mt940([]).replace(CREDITOR_IBAN, "DE02120300000000202051")
        self.assertEqual(self._import(content).state, "ignored")

    def test_damaged_statement_is_kept(self):
        message = self._import(self._mt940([], closing="999,99"))
        self.assertEqual(message.state, "attention")
        self.assertIn("Opening balance and entries", message.findings_text)

    # === ARCHIVES === #

    def _zip(self, files):
        stream = io.BytesIO()
        with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
            for name, content in files.items():
                archive.writestr(name, content)
        return stream.getvalue()

    def _import_bytes(self, content, name="bank.zip"):
        return self.env["sdd.bank.message"].import_file(self.journal, name, content)

    def test_archive_with_several_files(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        content = self._zip(
            {
                "1/pain.xml": self._pain002(batch),
                "2/statement.sta": self._mt940([self._credit(batch)]),
            }
        )
        messages = self._import_bytes(content)
        self.assertRecordValues(
            messages,
            [
                {"name": "bank.zip: pain.xml", "kind": "pain.002.001.10", "state": "done"},
                {"name": "bank.zip: statement.sta", "kind": "mt940", "state": "done"},
            ],
        )
        self.assertEqual(debits.mapped("state"), ["settled"] * 2)
        self.assertEqual(self._import_bytes(content), messages, "again changes nothing")

    def test_archive_that_cannot_be_unpacked(self):
        for content in (
            self._zip({"[Content_Types].xml": "<a/>"}),
            self._zip({"a": "b"})[:40],
            self._zip({"inner.zip": self._zip({"a": "b"})}),
        ):
            message = self._import_bytes(content)
            self.assertEqual(message.state, "failed")
            self.assertIn("Unpack it yourself", message.findings_text)
