"""The directory of banks that take direct debits: import, and the debits that wait for it."""

import base64
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from ..sepa import bank_directory
from .common import DEBTOR_IBANS, SupportDebitCommon

#: The banks of the first two debtors.
FIRST_BIC, SECOND_BIC = "BYLADEM1001", "INGDDEFF"


@tagged("-at_install", "post_install")
class TestBankDirectory(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.directory = cls.env["sdd.bank.directory"]
        cls.directory.search([]).unlink()
        cls.first = cls._create_mandate()
        cls.second = cls._create_mandate(cls._create_customer("Second"), DEBTOR_IBANS[1])
        for mandate, bic in ((cls.first, FIRST_BIC), (cls.second, SECOND_BIC)):
            mandate.bank_account_id.bank_id = cls.env["res.bank"].create(
                {"name": "Bank", "bic": bic}
            )

    def _replace(self, *rows, age=0):
        """Put a directory of (bic, core, b2b) in place; `age` in days."""
        entries = tuple(bank_directory.Entry(bic, "Bank", core, b2b) for bic, core, b2b in rows)
        directory = bank_directory.Directory(None, entries, (), 0)
        self.directory._replace(directory, fields.Date.today() - timedelta(days=age))

    def _debits(self):
        return self._create_bare_debit(self.first) | self._create_bare_debit(self.second)

    def _make(self):
        return self.env["sdd.batch"]._create_due_batches(self.journal)

    # === CHECKS === #

    def test_no_directory(self):
        debits = self._debits()
        self.assertFalse(debits._check_reachability())
        text = self.env["sdd.preflight"]._describe_directory()
        self.assertIn("No bank directory has been imported", text)
        self.assertEqual(self._make().debit_ids, debits)

    def test_unreachable(self):
        """A bank that takes no Core debits, and one that the directory does not know."""
        debits = self._debits()
        self._replace((FIRST_BIC, False, True), ("MARKDEFF", True, True))
        self.assertFalse(self._make())
        self.assertEqual(debits.mapped("waiting_code"), ["reachability"] * 2)
        self.assertIn("takes no CORE direct debits", debits[0].waiting_reason)
        self.assertIn("is not in the bank directory", debits[1].waiting_reason)
        self._replace((FIRST_BIC, True, False), (SECOND_BIC, True, False))
        self.assertEqual(self._make().debit_ids, debits)

    def test_b2b(self):
        firm = self._create_customer("Firma GmbH", is_company=True)
        mandate = self._create_mandate(firm, DEBTOR_IBANS[0], scheme="B2B")
        mandate.action_note_bank_confirmation()
        mandate.bank_account_id.bank_id = self.first.bank_account_id.bank_id
        debit = self._create_bare_debit(mandate)
        self._replace((FIRST_BIC, True, False))
        self.assertIn(debit, debit._check_reachability())
        self._replace((FIRST_BIC, False, True))
        self.assertFalse(debit._check_reachability())

    def test_head_office_stands_for_its_branches(self):
        self._replace(("BYLADEM1", True, True), (SECOND_BIC, True, True))
        self.assertFalse(self._debits()._check_reachability())
        self._replace((FIRST_BIC, False, False), ("BYLADEM1", True, True))
        found = self._debits()._check_reachability()
        self.assertEqual(len(found), 2)

    def test_bic_of_the_iban(self):
        """A bank that nobody has entered is found by the IBAN."""
        self.first.bank_account_id.bank_id = False
        self.assertEqual(self.first._get_bic(), FIRST_BIC)
        self._replace((FIRST_BIC, False, False))
        debit = self._create_bare_debit(self.first)
        self.assertIn(debit, debit._check_reachability())

    def test_old_directory_only_warns(self):
        debits = self._debits()
        self._replace((FIRST_BIC, True, True), age=250)
        self.assertFalse(debits._check_reachability())
        self.assertEqual(list(debits._warn_reachability()), [debits[1]])
        preflight = self.env["sdd.preflight"].browse(
            self.env["sdd.preflight"].action_look()["res_id"]
        )
        self.assertEqual(preflight.ready_ids, debits)
        self.assertEqual(
            preflight.line_ids.filtered(lambda x: x.code == "reachability").kind, "told"
        )
        self.assertIn("Import a newer one", preflight.directory_text)
        self.journal.sdd_directory_months = 12
        self.assertEqual(list(debits._check_reachability()), [debits[1]])

    # === IMPORT === #

    def _wizard(self, text, **values):
        data = base64.b64encode(text.encode())
        return self.env["sdd.bank.directory.import"].create({"file_data": data, **values})

    def test_import(self):
        """First it says what the file holds, then it replaces the directory as a whole."""
        self._replace(("OLDBDEFF", True, True), (FIRST_BIC, True, True))
        text = (
            "SCL-Directory;gültig ab 14.09.2026\nBIC;Name;SCT;COR;COR1;B2B;SCC\n"
            f"{FIRST_BIC};DKB;1;1;0;1;0\nMARKDEFFXXX;Bundesbank;1;1;0;0;0\nwrong;X;1;1;0;1;0\n"
        )
        wizard = self._wizard(text)
        wizard.action_check()
        self.assertRecordValues(
            wizard,
            [
                {
                    "state": "ready",
                    "valid_from": fields.Date.to_date("2026-09-14"),
                    "bank_count": 2,
                    "core_count": 2,
                    "b2b_count": 1,
                    "new_count": 1,
                    "gone_count": 1,
                    "left_out_count": 1,
                }
            ],
        )
        self.assertGreaterEqual(wizard.lost_count, 1)
        self.assertIn("Line 5", wizard.findings)
        self.assertEqual(len(self.directory.search([])), 2)
        wizard.action_import()
        self.assertEqual(
            self.directory.search([]).mapped(lambda b: (b.bic, b.core, b.b2b)),
            [(FIRST_BIC, True, True), ("MARKDEFF", True, False)],
        )
        self.assertEqual(self.directory._get_valid_from(), fields.Date.to_date("2026-09-14"))

    def test_refused_files(self):
        with self._refused("Choose a file"):
            self.env["sdd.bank.directory.import"].create({}).action_check()
        with self._refused("no line names the columns"):
            self._wizard("hello").action_check()
        with self._refused("names no bank"):
            self._wizard("bic;core;b2b\n").action_import()
        plain = "bic;core;b2b\nMARKDEFF;1;1\n"
        with self._refused("since when"):
            self._wizard(plain).action_import()
        tomorrow = fields.Date.today() + timedelta(days=1)
        with self._refused("Import it then"):
            self._wizard(plain, valid_from=tomorrow).action_import()

    def test_rights(self):
        staff = new_test_user(self.env, "directory_staff", "support_debit.group_support_user")
        self._replace((FIRST_BIC, True, True))
        self.assertEqual(self.directory.with_user(staff).search_count([]), 1)
        with self._refused("", Exception):
            self.directory.with_user(staff).search([]).unlink()
        with self._refused("", Exception):
            self.env["sdd.bank.directory.import"].with_user(staff).create({})
