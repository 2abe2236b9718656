"""Export of mandates, and the way back: what is exported can be imported and is the same."""

import io
from datetime import date, timedelta

import openpyxl
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..sepa import mandate_columns, mandate_table, mandate_write
from .common import DEBTOR_IBANS
from .test_mandate_import import OLD_CREDITOR_ID, MandateImportCase


@tagged("-at_install", "post_install")
class TestMandateImportExport(MandateImportCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank_user = new_test_user(
            cls.env,
            login="sees_numbers",
            groups="support_debit.group_support_user,support_debit.group_bank_details",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )

    def _read(self, content):
        """Return the rows of a file by the key of their columns."""
        table = mandate_table.read_table(content)
        keys = [mandate_columns.recognize(header) for header in table.headers]
        return [
            {key: cell for key, cell in zip(keys, cells, strict=True) if cell not in (None, "")}
            for _number, cells in table.rows
        ]

    def test_numbers_are_masked_without_the_right(self):
        mandate = self._create_mandate()
        for file_type in ("csv", "xlsx"):
            name, content = mandate.with_user(self.accountant)._export_file(file_type)
            self.assertTrue(name.endswith(file_type))
            row = self._read(content)[0]
            self.assertEqual(row["iban"], "DE•• •••• •••• •••• •• 2051")
            self.assertEqual(row["reference"], mandate.name)
        with self.assertRaises(AccessError):
            mandate.with_user(self.accountant)._export_file("csv", with_iban=True)

    def test_full_numbers_are_noted(self):
        mandate = self._create_mandate()
        domain = [("user_id", "=", self.bank_user.id), ("way", "=", "export")]
        mandate.with_user(self.bank_user)._export_file("csv")
        self.assertFalse(self.env["sdd.iban.access"].search(domain))
        _name, content = mandate.with_user(self.bank_user)._export_file("csv", with_iban=True)
        self.assertEqual(self._read(content)[0]["iban"], DEBTOR_IBANS[0])
        noted = self.env["sdd.iban.access"].search(domain)
        self.assertEqual(
            (noted.mandate_id, noted.bank_account_id), (mandate, mandate.bank_account_id)
        )

    def test_dialog_exports_what_was_chosen(self):
        mandates = self._create_mandate() | self._create_mandate(self._create_customer("B"))
        mandates[1].action_revoke()
        wizards = self.env["sdd.mandate.export"].with_user(self.accountant)
        action = mandates[0].with_user(self.accountant).action_export_file()
        wizard = wizards.with_context(**action["context"]).create({})
        self.assertEqual((wizard.scope, wizard.mandate_count), ("chosen", 1))
        wizard.scope = "in_use"
        self.assertIn(mandates[0], wizard._get_mandates().with_env(self.env))
        self.assertNotIn(mandates[1], wizard._get_mandates().with_env(self.env))
        wizard.scope = "all"
        self.assertLessEqual(mandates, wizard._get_mandates().with_env(self.env))
        self.assertEqual(
            wizard.action_export()["url"], f"/support_debit/mandates/export/{wizard.id}"
        )
        with self.assertRaises(AccessError):
            wizard.with_user(self.accountant).with_context(x=1).write({"with_iban": True})

    def test_other_peoples_mandates_are_not_exported(self):
        mandate = self._create_mandate()
        portal = new_test_user(self.env, login="portal_export", groups="base.group_portal")
        with self.assertRaises(AccessError):
            mandate.with_user(portal)._export_file("csv")

    def test_no_formula_reaches_a_spreadsheet(self):
        mandate = self._create_mandate(self._create_customer("=HYPERLINK(1)"), holder="@SUM(A1)")
        _name, content = mandate._export_file("csv")
        self.assertIn("'=HYPERLINK(1)", content.decode("utf-8-sig"))
        _name, content = mandate._export_file("xlsx")
        cells = openpyxl.load_workbook(io.BytesIO(content)).active[2]
        self.assertNotIn("f", {cell.data_type for cell in cells})

    def _forget_everything(self):
        """Empty the database of mandates and their customers, as a new system is."""
        self.env.flush_all()
        for query in (
            "DELETE FROM sdd_iban_access",
            "DELETE FROM sdd_debit",
            "DELETE FROM sdd_mandate_event",
            "DELETE FROM sdd_mandate_import_line",
            "UPDATE sdd_mandate SET replaces_id = NULL",
            "DELETE FROM sdd_mandate",
            "DELETE FROM res_partner_bank WHERE sdd_protected",
            "UPDATE res_partner SET active = FALSE, ref = NULL, email_normalized = NULL, zip = NULL"
            " WHERE id NOT IN (SELECT partner_id FROM res_users)"
            " AND id NOT IN (SELECT partner_id FROM res_company)",
        ):
            self.env.cr.execute(query)
        self.env.invalidate_all()

    def test_there_and_back_again_is_the_same(self):
        old = self.signed + timedelta(days=3)
        ended = {"end_date": date(2026, 2, 1), "end_reason": "Moved away"}
        rows = [
            self._row(1, email="a@example.com", customer_ref="=1+1", zip="01067", country="DE"),
            self._row(2, scheme="B2B", is_company=True, bank_confirmed_date=old),
            self._row(3, state="suspended", mandate_type="one_off", evidence="signature_scan"),
            self._row(4, state="revoked", **ended),
            self._row(5, state="expired", **ended),
            self._row(6, state="draft", evidence="none", iban=None, signature_date=None),
            self._row(7, state="pending", last_collection_date=old, street="Weg 1", city="Ulm"),
            self._row(
                8,
                original_reference="17",
                original_creditor_identifier=OLD_CREDITOR_ID,
                original_creditor_name="Old GmbH",
                last_collection_date=old,
            ),
        ]
        mandates = self._import(rows)
        for file_type in ("csv", "xlsx"):
            with self.subTest(file_type):
                user = self.bank_user
                _name, first = mandates.with_user(user)._export_file(file_type, with_iban=True)
                expected = self._read(first)
                self.assertEqual(len(expected), len(rows))
                self.assertEqual(expected[0]["customer_ref"], "'=1+1")
                self._forget_everything()
                mandates = self._import([], content=first)
                _name, second = mandates.with_user(user)._export_file(file_type, with_iban=True)
                self.assertEqual(self._read(second), expected)
                self.assertEqual([mandate._verify() for mandate in mandates], [None] * len(rows))

    def test_template(self):
        model = self.env["sdd.mandate.import"]
        explanation = model._get_explanation()
        self.assertEqual(len(explanation), len(mandate_columns.WRITTEN) + 1)
        self.assertEqual(len({len(row) for row in explanation}), 1)
        content = mandate_write.write_xlsx([], explanation=explanation, titles=model._get_titles())
        self.assertEqual(
            openpyxl.load_workbook(io.BytesIO(content)).sheetnames, ["Mandates", "Explanation"]
        )
