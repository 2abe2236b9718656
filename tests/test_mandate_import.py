"""Import of existing mandates: what a dry run finds, and what is created of the chosen lines."""

import base64
from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..sepa import mandate_write, references
from .common import CREDITOR_ID, DEBTOR_IBANS, SupportDebitCommon

OLD_CREDITOR_ID = "AT61ZZZ01234567890"


class MandateImportCase(SupportDebitCommon):
    """Makes files of mandates and imports them as an accountant."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            login="importer",
            groups="support_debit.group_accountant",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.customer.write({"ref": "C-1", "email": "joerg@example.com"})
        cls.signed = fields.Date.today() - timedelta(days=100)

    def _row(self, number=1, **values):
        """Return the values of a good line; None leaves a column empty."""
        return {
            "reference": f"OLD-{number}",
            "iban": DEBTOR_IBANS[number % len(DEBTOR_IBANS)],
            "holder": f"Customer {number}",
            "signature_date": self.signed,
            **values,
        }

    def _upload(self, rows, write=mandate_write.write_csv, content=None, **values):
        """Return the checked import of these rows, or of the content of a file."""
        content = content or write(rows)
        record = (
            self.env["sdd.mandate.import"]
            .with_user(self.accountant)
            .create({"name": "old.csv", "upload": base64.b64encode(content), **values})
        )
        record.action_check()
        return record

    def _find(self, record, number):
        """Return the codes of what was found in a line of the file, the bank's name aside."""
        line = record.line_ids.filtered(lambda found: found.number == number)
        found = [(finding["code"], finding["column"]) for finding in line.findings or []]
        return [pair for pair in found if pair[0] != "bank_unknown"]

    def _import(self, rows, **values):
        """Return the mandates of these rows, after an import in which nothing is wrong."""
        record = self._upload(rows, **values)
        self.assertEqual(record.wrong_count, 0, record.line_ids.mapped("findings_text"))
        record.action_import()
        self.assertEqual(record.state, "done")
        return record.line_ids.sorted("number").mandate_id.with_env(self.env)


@tagged("-at_install", "post_install")
class TestMandateImport(MandateImportCase):
    def test_dry_run_creates_nothing(self):
        counts = [self.env[m].search_count([]) for m in ("sdd.mandate", "res.partner")]
        record = self._upload([self._row(1), self._row(2, iban="DE89370400440532013007")])
        self.assertEqual(record.state, "checked")
        self.assertEqual((record.line_count, record.wrong_count), (2, 1))
        self.assertEqual(
            counts, [self.env[m].search_count([]) for m in ("sdd.mandate", "res.partner")]
        )

    def test_account_numbers_are_masked_everywhere(self):
        record = self._upload([self._row(1), self._row(2, iban="DE89370400440532013007")])
        line = record.line_ids.filtered(lambda found: found.number == 3)
        self.assertEqual(line.iban_masked, "")
        self.assertIn("IBAN “DE•• •••• •••• •••• •• 3007”", line.findings_text)
        for text in (str(record.read()), str(record.line_ids.read())):
            self.assertNotIn("370400440532013007", text)
            self.assertNotIn(DEBTOR_IBANS[1], text)

    def test_the_uploaded_file_is_read_back_with_the_right_only_and_noted(self):
        record = self._upload([self._row()])
        self.assertFalse(record.upload)
        with self.assertRaises(AccessError):
            record.read(["file_data"])
        self.accountant.group_ids |= self.env.ref("support_debit.group_bank_details")
        self.assertTrue(record.read(["file_data"])[0]["file_data"])
        noted = self.env["sdd.iban.access"].search([("user_id", "=", self.accountant.id)], limit=1)
        self.assertEqual((noted.way, noted.file_name), ("file", "old.csv"))

    def test_nothing_is_created_while_a_chosen_line_is_wrong(self):
        record = self._upload([self._row(1), self._row(2, reference="Müller")])
        with self._refused(r"1 of the chosen lines are wrong.*lines 3"):
            record.action_import()
        self.assertFalse(self.env["sdd.mandate"].search([("name", "=", "OLD-1")]))
        record.action_untick_wrong()
        record.action_import()
        self.assertEqual(record.state, "done")
        self.assertEqual(record.line_ids.mandate_id.name, "OLD-1")
        self.assertEqual(record.done_count, 1)

    def test_lines_stay_unticked_when_the_file_is_checked_again(self):
        record = self._upload([self._row(1), self._row(2, reference="Müller")])
        record.action_untick_wrong()
        record.action_check()
        self.assertEqual(record.chosen_count, 1)
        record.action_tick_all()
        self.assertEqual(record.chosen_count, 2)

    def test_no_line_chosen(self):
        record = self._upload([self._row(1)])
        record.line_ids.chosen = False
        with self._refused("No line is chosen"):
            record.action_import()

    def test_an_imported_mandate(self):
        mandate = self._import([self._row(1, email="new@example.com", zip="01067", country="DE")])
        self.assertEqual(
            (mandate.name, mandate.state, mandate.channel, mandate.scheme, mandate.mandate_type),
            ("OLD-1", "active", "import", "CORE", "recurrent"),
        )
        self.assertEqual(mandate.signature_date, self.signed)
        self.assertEqual(mandate.creditor_identifier, CREDITOR_ID)
        self.assertEqual(mandate.evidence_grade, "D")
        self.assertEqual(mandate._get_iban(), DEBTOR_IBANS[1])
        customer = mandate.partner_id
        self.assertEqual(
            (customer.name, customer.email, customer.zip, customer.country_id.code),
            ("Customer 1", "new@example.com", "01067", "DE"),
        )
        self.assertEqual(mandate.event_ids.mapped("kind"), ["created", "imported", "activated"])
        event = mandate.event_ids[1]
        self.assertEqual((event.data["file"], event.data["line"]), ("old.csv", 2))
        self.assertEqual(len(event.data["sha256"]), 64)
        self.assertEqual(event.user_id, self.accountant)
        self.assertIsNone(mandate._verify())

    def test_file_is_deleted_after_the_import_and_the_lines_forget(self):
        record = self._upload([self._row(1)])
        record.action_import()
        self.assertFalse(record.sudo().file_data)
        self.assertEqual(
            (record.line_ids.holder, record.line_ids.iban_masked, record.line_ids.customer),
            (False, False, False),
        )
        with self._refused("stays on record"):
            record.unlink()
        with self._refused("not possible while the import is “Imported”"):
            record.action_check()
        with self._refused("imported already"):
            record.upload = base64.b64encode(b"other")

    def test_references_in_use_whatever_the_case_and_company(self):
        mandate = self._create_mandate()
        for reference in (mandate.name, mandate.name.lower()):
            record = self._upload([self._row(1, reference=reference)])
            self.assertEqual(self._find(record, 2), [("reference_taken", "reference")])
        other = self._upload([self._row(1, reference=mandate.name + "X")])
        self.assertEqual(self._find(other, 2), [])

    def test_reference_that_was_taken_since_the_dry_run(self):
        record = self._upload([self._row(1), self._row(2)])
        self._create_mandate(name="old-2")
        record.action_import()
        self.assertEqual(record.state, "checked")
        self.assertEqual(self._find(record, 3), [("reference_taken", "reference")])
        self.assertFalse(self.env["sdd.mandate"].search([("name", "=", "OLD-1")]))

    def test_same_file_again(self):
        rows = [self._row(1)]
        self._import(rows)
        record = self._upload(rows)
        self.assertIn("The same file was imported on", record.hint_text)
        self.assertEqual(self._find(record, 2)[0], ("reference_taken", "reference"))

    def test_choices_for_the_whole_file(self):
        scan = self.env.ref("support_debit.evidence_signature_scan", raise_if_not_found=False)
        scan = scan or self.env["sdd.evidence.kind"].search([("code", "=", "signature_scan")])
        mandates = self._import(
            [self._row(1), self._row(2, evidence="phone_code"), self._row(3, evidence="none")],
            create_state="draft",
            evidence_kind_id=scan.id,
        )
        self.assertEqual(mandates.mapped("state"), ["draft"] * 3)
        self.assertEqual(mandates.mapped("evidence_grade"), ["A", "C", False])

    def test_states_of_the_file(self):
        states = ("draft", "pending", "active", "suspended", "revoked", "expired")
        ended = {"end_date": date(2026, 2, 1), "end_reason": "Moved away"}
        mandates = self._import(
            [
                self._row(n, state=state, **(ended if state in ("revoked", "expired") else {}))
                for n, state in enumerate(states)
            ]
        )
        self.assertEqual(mandates.mapped("state"), list(states))
        self.assertEqual(mandates[-1].end_date, date(2026, 2, 1))
        self.assertEqual(mandates[-2].end_reason, "Moved away")
        self.assertEqual([mandate._verify() for mandate in mandates], [None] * 6)

    def test_dormant_mandates(self):
        row = self._row(1, signature_date=date(2020, 1, 31))
        record = self._upload([row])
        self.assertEqual(self._find(record, 2), [("dormant", "signature_date")])
        record.dormant = "expire"
        self.assertEqual(record.state, "draft", "another rule, another check")
        record.action_check()
        record.action_import()
        mandate = record.line_ids.mandate_id
        self.assertEqual((mandate.state, mandate.end_date), ("expired", date(2023, 1, 31)))

    def test_migration_from_another_creditor(self):
        mandate = self._import(
            [
                self._row(
                    1,
                    creditor_identifier=OLD_CREDITOR_ID,
                    original_reference="17",
                    original_creditor_name="Old GmbH",
                    last_collection_date=self.signed + timedelta(days=10),
                )
            ]
        )
        self.assertEqual(mandate.creditor_identifier, CREDITOR_ID)
        amendment = mandate._get_amendment(mandate._get_waiting_amendments()[mandate])
        self.assertEqual(
            (
                amendment.original_mandate_id,
                amendment.original_creditor_id,
                amendment.original_creditor_name,
            ),
            ("17", OLD_CREDITOR_ID, "Old GmbH"),
        )
        self.assertTrue(mandate.has_waiting_amendment)
        self.assertEqual(mandate.evidence_grade, "D")
        self.assertIsNone(mandate._verify())

    def test_b2b(self):
        firm = self._create_customer("Firm GmbH", is_company=True, ref="F-1")
        rows = [
            self._row(1, scheme="B2B", customer_ref="C-1", holder="Jörg Müßig"),
            self._row(2, scheme="B2B", customer_ref="F-1", holder="Firm"),
            self._row(3, scheme="B2B", is_company=False),
            self._row(4, scheme="B2B", last_collection_date=self.signed),
        ]
        record = self._upload(rows)
        self.assertIn(("b2b_consumer", "scheme"), self._find(record, 2))
        self.assertIn(("b2b_bank", "scheme"), self._find(record, 3))
        self.assertIn(("b2b_consumer", "scheme"), self._find(record, 4))
        self.assertIn(("b2b_company", "scheme"), self._find(record, 5))
        record.action_untick_wrong()
        record.action_import()
        old, new = record.line_ids.mandate_id.sorted("name")
        self.assertEqual(old.partner_id, firm)
        self.assertTrue(old.waits_for_bank)
        self.assertTrue(new.partner_id.is_company)
        self.assertEqual(new.bank_confirmed_date, self.signed)

    def test_imports_keep_off_the_customers(self):
        mails = self.env["mail.mail"].search_count([])
        self._import([self._row(1, scheme="B2B", email="firm@example.com")])
        self.assertEqual(self.env["mail.mail"].search_count([]), mails)

    def test_own_references_begin_behind_imported_ones(self):
        mandate = self._create_mandate()
        prefix, number, _check = mandate.name.split("-")
        later = references.mandate_reference(prefix, f"{int(number) + 1:06d}")
        self._import([self._row(1, reference=later)])
        other = self._create_mandate(self._create_customer("Next"))
        self.assertNotEqual(other.name, later)


@tagged("-at_install", "post_install")
class TestMandateImportCustomers(MandateImportCase):
    """Whose mandates the lines are."""

    def test_by_number_then_mail_then_name_and_zip(self):
        by_mail = self._create_customer("Berta", email="Berta@Example.com", zip="1")
        by_name = self._create_customer("Carl  Clever", email=False, zip="20095")
        rows = [
            self._row(1, customer_ref="C-1", holder="Müßig, Jörg"),
            self._row(2, email="berta@example.com", holder="Berta"),
            self._row(3, customer_name="carl clever", zip="20095"),
            self._row(4, customer_name="Carl Clever", zip="20096"),
        ]
        mandates = self._import(rows)
        self.assertEqual(mandates[:3].partner_id, self.customer | by_mail | by_name)
        self.assertNotIn(mandates[3].partner_id, by_name | by_mail)

    def test_several_customers_fit(self):
        self._create_customer("Dora", email="office@example.com")
        self._create_customer("Emil", email="office@example.com")
        rows = [
            self._row(1, email="office@example.com"),
            self._row(2, email="office@example.com", holder="Emil"),
        ]
        record = self._upload(rows)
        self.assertEqual(self._find(record, 2), [("several_customers", "email")])
        self.assertEqual(self._find(record, 3), [])
        self.assertIn("Dora, Emil", record.line_ids[0].findings_text)

    def test_another_name_and_a_number_nobody_has(self):
        record = self._upload([self._row(1, customer_ref="C-1", holder="Zacharias")])
        self.assertEqual(self._find(record, 2), [("other_name", "customer_name")])
        self._create_customer("Franz", email="franz@example.com")
        record = self._upload(
            [self._row(2, customer_ref="F-9", email="franz@example.com", holder="Franz")]
        )
        self.assertEqual(self._find(record, 2), [("found_otherwise", "customer_ref")])

    def test_who_has_another_number_is_somebody_else(self):
        record = self._upload(
            [self._row(1, customer_ref="C-2", email="joerg@example.com", holder="Jörg Müßig")]
        )
        self.assertEqual(self._find(record, 2), [])
        record.action_import()
        self.assertNotEqual(record.line_ids.mandate_id.partner_id, self.customer)

    def test_lines_of_one_new_customer(self):
        mandates = self._import(
            [
                self._row(1, customer_ref="N-1", customer_name="Nora"),
                self._row(2, customer_ref="N-1", customer_name="Nora"),
                self._row(3, email="olga@example.com", customer_name="Olga"),
                self._row(4, email="olga@example.com", customer_name="Otto"),
            ]
        )
        self.assertEqual(mandates[0].partner_id, mandates[1].partner_id)
        self.assertEqual(mandates[2:].partner_id.mapped("name"), ["Olga", "Otto"])

    def test_account_that_is_known_and_mandate_in_use(self):
        mandate = self._create_mandate(iban=DEBTOR_IBANS[1])
        rows = [self._row(1, customer_ref="C-1", holder="Jörg Müßig")]
        record = self._upload(rows)
        self.assertEqual(self._find(record, 2), [("has_mandate", "iban")])
        record.action_import()
        new = record.line_ids.mandate_id
        self.assertEqual(new.bank_account_id, mandate.bank_account_id)

    def test_account_that_was_archived(self):
        account = self._create_mandate(iban=DEBTOR_IBANS[1]).bank_account_id
        account.active = False
        mandate = self._import([self._row(1, customer_ref="C-1", holder="Jörg Müßig")])
        self.assertEqual(mandate.bank_account_id, account)
        self.assertTrue(account.active)

    def test_customers_of_another_company_are_not_found(self):
        other = self._create_second_company()
        self._create_customer("Paula", ref="P-1", company_id=other.id)
        mandate = self._import([self._row(1, customer_ref="P-1", holder="Paula")])
        self.assertFalse(mandate.partner_id.company_id)


@tagged("-at_install", "post_install")
class TestMandateImportRights(MandateImportCase):
    """Who may do what with an import."""

    def test_lines_are_only_ticked(self):
        record = self._upload([self._row(1)])
        line = record.line_ids
        line.chosen = False
        for vals in ({"severity": "ok"}, {"findings": []}, {"customer_key": "x"}, {"number": 7}):
            with self._refused("Correct this in the file"):
                line.write(vals)
        with self._refused("Lines come out of files"):
            record.write({"line_ids": [(0, 0, {"number": 9})]})
        with self.assertRaises(AccessError):
            line.unlink()

    def test_state_and_facts_are_the_programs_own(self):
        record = self._upload([self._row(1)])
        for vals in ({"state": "done"}, {"sha256": "0"}, {"findings": ["x"]}, {"user_id": 1}):
            with self._refused("cannot be changed by hand"):
                record.write(vals)

    def test_sales_and_portal_have_no_access(self):
        record = self._upload([self._row(1)])
        for groups in ("support_debit.group_support_user", "base.group_portal"):
            user = new_test_user(self.env, login=groups, groups=groups)
            for model in (record, record.line_ids):
                with self.assertRaises(AccessError):
                    model.with_user(user).read(["id", "display_name"])

    def test_other_companies_see_nothing(self):
        record = self._upload([self._row(1)])
        company = self._create_second_company()
        user = new_test_user(
            self.env,
            login="second",
            groups="support_debit.group_accountant",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        for model in (record, record.line_ids):
            self.assertFalse(
                self.env[model._name].with_user(user).search([("id", "in", model.ids)])
            )
            with self.assertRaises(AccessError):
                model.with_user(user).read(["display_name"])

    def test_files_that_cannot_be_read(self):
        record = self.env["sdd.mandate.import"].with_user(self.accountant).create({})
        with self._refused("choose a file first"):
            record.action_check()
        for content, text in (
            (
                b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le"),
                "password",
            ),
            (b"PK\x03\x04xxx", "damaged"),
            (b"a;b\n1;2", "No row names the columns"),
            (b"IBAN;Kunde\nDE1;x", "Mandate reference: This column is missing"),
        ):
            record.upload = base64.b64encode(content)
            record.action_check()
            self.assertEqual(record.state, "draft")
            self.assertIn(text, record.error_text)
            self.assertFalse(record.line_ids)

    def test_unknown_columns_are_named(self):
        content = mandate_write.write_csv([self._row(1)]).decode("utf-8-sig").splitlines()
        content = "\n".join(
            f"{line};{extra}" for line, extra in zip(content, ("Shoe size", "44"), strict=True)
        )
        record = (
            self.env["sdd.mandate.import"]
            .with_user(self.accountant)
            .create({"upload": base64.b64encode(content.encode())})
        )
        record.action_check()
        self.assertEqual(record.hint_text, "Not known here and passed over: Shoe size.")

    def test_company_without_creditor_identifier(self):
        self.journal.company_id.sdd_creditor_identifier = False
        with self._refused("has no creditor identifier yet"):
            self._upload([self._row(1)])

    def test_old_uploads_are_deleted(self):
        record = self._upload([self._row(1)])
        kept = self._upload([self._row(2)])
        left_out = self._upload([self._row(3), self._row(4)])
        left_out.line_ids[0].chosen = False
        left_out.action_import()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sdd_mandate_import SET write_date = write_date - interval '31 days' WHERE id IN %s",
            [(record.id, left_out.id)],
        )
        record.invalidate_recordset()
        self.env["sdd.mandate.import"]._gc_files()
        self.assertFalse(record.exists())
        self.assertTrue(kept.exists())
        self.assertEqual((left_out.state, len(left_out.line_ids)), ("done", 1))
        self.assertTrue(left_out.line_ids.mandate_id)
