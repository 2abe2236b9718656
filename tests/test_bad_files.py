"""Files from the bank that are wrong: each is kept and explained, nothing is lost or half done."""

import ast
import re
from decimal import Decimal
from pathlib import Path
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import OperationalError

from ..models.bank import const
from ..models.bank.statement_import import StatementImport
from .bank_files import CREDITOR_IBAN
from .common import DEBTOR_IBANS, SupportDebitCommon

SEPA = Path(__file__).parents[1] / "sepa"
LOGGER = "odoo.addons.support_debit.models.bank.sdd_bank_message"


@tagged("-at_install", "post_install")
class TestBadFiles(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.debits = cls._create_debits(2).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()

    def _get_picture(self):
        """Return everything that a file could change."""
        self.env.flush_all()
        return (
            self.env["account.move"].search_count([]),
            self.env["account.partial.reconcile"].search_count([]),
            self.env["account.bank.statement.line"].search_count([]),
            self.env["sdd.return"].search_count([]),
            self.debits.mapped("state"),
            self.debits.invoice_ids.mapped("payment_state"),
            self.batch.state,
            self._get_transit(),
        )

    def _import_bytes(self, content, journal=None):
        return self.env["sdd.bank.message"].import_file(
            self.journal if journal is None else journal, "file.xml", content
        )

    def _assert_harmless(self, content, state, words):
        """Import a file that must change nothing.

        :param content: str or bytes.
        :param str state: what becomes of the message.
        :param str words: regular expression that the explanation matches.
        :return: the message.
        """
        before = self._get_picture()
        if isinstance(content, str):
            content = content.encode()
        message = self._import_bytes(content)
        self.assertEqual(message.state, state, message.findings_text)
        self.assertRegex(message.findings_text, words)
        self.assertEqual(self._get_picture(), before)
        self.assertEqual(bool(message.sudo().file_data), bool(content))
        self.assertEqual(bool(message.activity_ids), state in ("failed", "attention"))
        return message

    # === FILES THAT ARE NONE === #

    def test_unreadable_files(self):
        good = self._camt([self._entry_batch(self.batch)])
        bomb = (
            '<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "lol"><!ENTITY b "&a;&a;&a;&a;">'
            '<!ENTITY c "&b;&b;&b;&b;">]><Document>&c;</Document>'
        )
        outside = '<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/passwd">]><Document>&x;</Document>'
        cases = {
            "empty": (b"", "empty"),
            "blanks": (b"  \n ", "empty"),
            "no XML": (b"hello", "not XML"),
            "a PDF": (b"%PDF-1.7 \x00\xff", "not XML"),
            "entity bomb": (bomb, "entities"),
            "outside entity": (outside, "entities"),
            "bomb in front of a good file": (
                good.replace("<Document", '<!DOCTYPE x [<!ENTITY a "b">]><Document', 1),
                "entities",
            ),
            "HTML": ("<html><body>Session expired</body></html>", "kind of file"),
            "cut off at once": (good[:120], "too early|not XML|kind of file"),
        }
        for what, (content, words) in cases.items():
            with self.subTest(what):
                self._assert_harmless(content, "failed", words)

    def test_damaged_file(self):
        content = self._camt([self._entry_batch(self.batch)]).replace("</Acct>", "</Acc>")
        self._assert_harmless(content, "attention", "damaged")

    def test_kinds_that_book_nothing(self):
        content = (
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pacs.004.001.09"><PmtRtr/></Document>'
        )
        before = self._get_picture()
        message = self._import(content)
        self.assertEqual(message.state, "ignored", message.findings_text)
        self.assertIn("pacs.004", message.findings_text)
        self.assertEqual(self._get_picture(), before)

    def test_every_code_has_a_sentence(self):
        """What the readers can report is explained, with the facts that they give."""
        unexplained = []
        for path in sorted(SEPA.glob("*.py")):
            if path.name.startswith(("pain008", "iban", "creditor", "charset", "references")):
                continue
            for node in ast.walk(ast.parse(path.read_text())):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                code = node.args[0]
                if name not in ("BankFileError", "add") or not isinstance(code, ast.Constant):
                    continue
                if not isinstance(code.value, str) or code.value == "read_twice":
                    continue
                params = {keyword.arg for keyword in node.keywords}
                sentence = const.FINDINGS.get(code.value)
                places = set(re.findall(r"%\((\w+)\)s", sentence._source)) if sentence else None
                if places is None or not places <= params:
                    unexplained.append((path.name, node.lineno, code.value, sorted(params)))
        self.assertFalse(unexplained)

    # === WHOSE FILE === #

    def test_other_banks_account(self):
        content = self._camt([self._entry_batch(self.batch)], iban=DEBTOR_IBANS[1])
        before = self._get_picture()
        message = self._import(content)
        self.assertEqual(message.state, "ignored")
        self.assertIn("5030", message.findings_text)
        self.assertNotIn(DEBTOR_IBANS[1], message.findings_text)
        self.assertEqual(self._get_picture(), before)

    def test_account_that_is_entered_later(self):
        """A file for no account of ours is read once more when somebody has entered the IBAN."""
        content = self._camt([self._entry_batch(self.batch)])
        self.journal.bank_account_id = False
        message = self._import(content)
        self.assertEqual(message.state, "ignored")
        message.action_read_again()
        self.assertEqual(message.state, "ignored")
        self.journal.set_bank_account(CREDITOR_IBAN)
        self.assertEqual(self._import(content), message)
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self.batch.state, "settled")

    def test_bank_was_chosen_but_the_file_is_for_another_account(self):
        content = self._camt([self._entry_batch(self.batch)], iban=DEBTOR_IBANS[1])
        self.assertEqual(self._import(content).state, "ignored")
        wizard = self.env["sdd.bank.import"].create(
            {
                "journal_id": self.journal.id,
                "attachment_ids": [
                    Command.create(
                        {"name": "s.xml", "raw": content.encode(), "mimetype": "text/xml"}
                    )
                ],
            }
        )
        message = self.env["sdd.bank.message"].browse(wizard.action_import()["res_id"])
        self.assertEqual((message.state, message.line_count), ("attention", 0))
        self.assertEqual(message.finding_ids.mapped("code"), ["other_account"])
        self.assertRegex(message.findings_text, "5030, and the bank “Test Bank.*Read again")
        self.assertNotIn(DEBTOR_IBANS[1], message.findings_text)
        self.journal.set_bank_account(DEBTOR_IBANS[1])
        message.action_read_again()
        self.assertEqual((message.state, self.batch.state), ("done", "settled"))

    def test_account_in_its_national_notation(self):
        content = self._camt([self._entry_batch(self.batch)])
        country = f"<IBAN>{CREDITOR_IBAN}</IBAN>"
        other = self.env["account.journal"].create(
            {"name": "Other", "type": "bank", "code": "OTHR", "company_id": self.company.id}
        )
        other.set_bank_account("DE47100000001245126199")
        for number, account in enumerate(("1245126199", "51210800/1245126199")):
            file = content.replace(country, f"<Othr><Id>{account}</Id></Othr>")
            file = file.replace("<Stmt><Id>S-1", f"<Stmt><Id>N-{number}")
            with self.subTest(account):
                # Two journals fit the bare number: the one that the file was put in for counts.
                message = self._import_bytes(file.encode())
                self.assertNotEqual(message.state, "ignored", message.findings_text)
                self.assertEqual(message.journal_id, self.journal)
        self.assertEqual(self.batch.state, "settled")
        bare = content.replace(country, "<Othr><Id>1245126199</Id></Othr>").replace("S-1", "S-2")
        message = self._import_bytes(bare.encode(), self.company_data["default_journal_bank"])
        self.assertEqual(message.state, "ignored")

    def test_unknown_batch(self):
        content = self._pain002(self.batch, refused=self.debits).replace(
            f"<OrgnlMsgId>{self.batch.name}<", "<OrgnlMsgId>SOMEBODY-ELSE<"
        )
        for own in (self.batch.name, *self.debits.mapped("end_to_end_id")):
            content = content.replace(own, "THEIRS")
        self._assert_harmless(content, "attention", "SOMEBODY-ELSE")

    def test_answer_to_a_batch_of_another_company(self):
        second = self._create_second_company()
        content = self._pain002(self.batch, refused=self.debits).encode()
        before = self._get_picture()
        message = self._import_bytes(content, second.sdd_journal_id)
        self.assertEqual((message.company_id, message.state), (second, "attention"))
        self.assertEqual(self._get_picture(), before)

    def test_unknown_references(self):
        unknown = self._pain002(self.batch, refused=self.debits[0]).replace(
            self.debits[0].end_to_end_id, "NEVER-SENT"
        )
        self._assert_harmless_for_debits(unknown, "NEVER-SENT")
        returned = self._camt([self._entry_return(self.debits[0])], kind="054", message_id="N-1")
        for old, new in (
            (self.debits[0].end_to_end_id, "NEVER-SENT"),
            (self.debits[0].mandate_id.name, "%"),
        ):
            returned = returned.replace(old, new)
        self._assert_harmless(returned, "attention", "NEVER-SENT")

    def _assert_harmless_for_debits(self, content, words):
        states = self.debits.mapped("state")
        message = self._import(content)
        self.assertEqual(message.state, "attention")
        self.assertRegex(message.findings_text, words)
        self.assertEqual(self.debits.mapped("state"), states)

    def test_wildcards_in_a_reference_match_nothing(self):
        """A percent sign in the bank's mandate reference is a character, not a wildcard."""
        job = StatementImport(
            self.env["sdd.bank.message"].new({"company_id": self.company.id}), b""
        )
        name = self.debits[0].mandate_id.name
        self.assertEqual(job.lookup.find_by_mandate(name.lower(), Decimal("99.90")), self.debits[0])
        for reference in ("%" + name[1:], name[:-1] + "_", "%", ""):
            self.assertFalse(job.lookup.find_by_mandate(reference, Decimal("99.90")), reference)

    # === THE SAME FILE AGAIN === #

    def test_imported_twice(self):
        content = self._camt([self._entry_batch(self.batch)])
        first = self._import(content)
        before = self._get_picture()
        self.assertEqual(self._import(content, "other name.xml"), first)
        self.assertEqual(self._get_picture(), before)

    def test_file_that_failed_can_be_imported_again(self):
        """A fault of ours, mended, must not keep the bank's file out for ever."""
        content = self._camt([self._entry_batch(self.batch)])
        before = self._get_picture()
        with (
            mute_logger(LOGGER),
            patch.object(StatementImport, "_open_section", side_effect=ValueError("on fire")),
        ):
            failed = self._import(content)
        self.assertEqual(failed.state, "failed")
        self.assertIn("on fire", failed.findings_text)
        self.assertTrue(failed.activity_ids)
        self.assertEqual(self._get_picture(), before)
        again = self._import(content)
        self.assertEqual((again, again.state), (failed, "done"), again.findings_text)
        self.assertEqual(self.debits.mapped("state"), ["settled"] * 2)
        self.assertFalse(again.activity_ids)

    def test_conflict_with_another_worker_is_tried_again(self):
        """A file that met a lock is not marked as failed: the caller starts over."""
        content = self._camt([self._entry_batch(self.batch)])
        with (
            patch.object(StatementImport, "_open_section", side_effect=OperationalError()),
            self.assertRaises(OperationalError),
            self.env.cr.savepoint(),
        ):
            self._import(content)
        self.assertFalse(self.env["sdd.bank.message"].search([("name", "=", "file.xml")]))

    def test_unknown_money_twice_in_one_file(self):
        """A copy is dropped and reported; two parts with one reference are both kept."""
        salary = self._entry(-5.0, "REF", "")
        other = self._entry(-7.0, "REF", "")
        message = self._import(self._camt([salary, salary, other]))
        self.assertEqual(sorted(message.statement_line_ids.mapped("amount")), [-7.0, -5.0])
        self.assertIn("taken once", message.findings_text)

    def test_markup_in_a_file_stays_text(self):
        content = self._pain002(self.batch, refused=self.debits[0]).replace(
            self.debits[0].end_to_end_id, "&lt;img src=x onerror=alert(1)&gt;"
        )
        message = self._import(content)
        self.assertEqual(message.state, "attention")
        self.assertIn("&lt;img", message.activity_ids.note)

    def test_file_of_a_locked_period(self):
        """A return in a closed month is booked in the first open one."""
        self._import(self._camt([self._entry_batch(self.batch)]))
        today = fields.Date.today()
        self.company.fiscalyear_lock_date = today
        message = self._import(
            self._camt([self._entry_return(self.debits[0])], kind="054", message_id="N-1")
        )
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual(self.debits[0].state, "returned")
        entry = self.debits[0].entry_line_ids.move_id.sorted("id")[-1]
        self.assertGreater(entry.date, today)
