"""What staff see and do on a mandate: what may be debited, evidence, revoking, obstacles."""

import base64
from datetime import date

from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from .common import DEBTOR_IBANS, SupportDebitCommon

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


@tagged("-at_install", "post_install")
class TestBackendMandate(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.seller = new_test_user(
            cls.env,
            login="seller",
            groups="support_debit.group_support_user,sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.partner = cls._create_customer("Erika Mustermann")
        account = cls.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], cls.partner.name, cls.partner
        )
        cls.draft = cls.env["sdd.mandate"].create(
            {
                "partner_id": cls.partner.id,
                "bank_account_id": account.id,
                "company_id": cls.company.id,
            }
        )

    # === HELPERS === #

    def _open_evidence(self, mandate=None, user=None, **values):
        """Return the dialog with which evidence is added."""
        wizards = self.env["sdd.mandate.evidence.add"].with_user(user or self.seller)
        kind = self.env["sdd.evidence.kind"].search(
            [("code", "=", values.pop("code", "signature_scan"))]
        )
        return wizards.create(
            {"mandate_id": (mandate or self.draft).id, "kind_id": kind.id, **values}
        )

    def _add_scan(self, mandate=None):
        """Add a scan as the salesperson does."""
        wizard = self._open_evidence(
            mandate, file=base64.b64encode(PDF), file_name="form.pdf", given_date=date(2026, 3, 2)
        )
        return wizard.action_add()

    def _open_revoke(self, mandates, **values):
        """Return the dialog with which mandates are revoked."""
        context = {"active_model": "sdd.mandate", "active_ids": mandates.ids}
        form = Form(self.env["sdd.mandate.revoke"].with_user(self.seller).with_context(**context))
        for name, value in values.items():
            form[name] = value
        return form.save()

    def _hold_for_grade(self):
        """Return a mandate by word of mouth whose debit waits for better evidence."""
        self.env["sdd.evidence.limit"].search(
            [("company_id", "=", self.company.id), ("grade", "=", "D")]
        ).max_amount = 10
        self.draft.action_activate()
        return self._create_debit(self.partner, self.draft)

    # === WHAT MAY BE DEBITED === #

    def test_status_follows_state_and_grade(self):
        mandate = self.draft
        self.assertEqual(mandate.collect_status, "waiting")
        self.assertIn("Add what proves it", mandate.collect_hint)
        self._add_scan()
        self.assertEqual((mandate.state, mandate.evidence_grade), ("active", "A"))
        self.assertEqual(mandate.collect_status, "ready")
        self.assertIn("any amount", mandate.collect_hint)
        mandate.action_suspend()
        self.assertEqual(mandate.collect_status, "waiting")
        mandate._revoke("Test")
        self.assertEqual(mandate.collect_status, "ended")
        self.assertIn("nothing is collected with it any more", mandate.collect_hint)

    def test_limited_grade_names_the_limit(self):
        self.draft.action_activate()
        self.assertEqual((self.draft.evidence_grade, self.draft.collect_status), ("D", "limited"))
        self.assertIn("100.00", self.draft.collect_hint)

    def test_draft_without_account_asks_for_it(self):
        self.draft.bank_account_id = False
        self.assertIn("account is still missing", self.draft.collect_hint)

    def test_held_debit_is_named_and_goes_with_a_scan(self):
        debit = self._hold_for_grade()
        self.assertEqual((debit.state, debit.hold_code), ("held", "grade"))
        self.assertEqual(self.draft.held_debit_count, 1)
        self.assertTrue(self.draft.waits_for_grade)
        self.assertIn("99.90", self.draft.held_hint)
        self._add_scan()
        self.assertEqual(debit.state, "queued")
        self.assertFalse(self.draft.held_debit_count)
        self.assertFalse(self.draft.held_hint)
        self.assertFalse(self.draft.waits_for_grade)

    def test_lapse_is_announced_three_months_before(self):
        mandate = self._create_mandate(signature_date=date(2026, 1, 5))
        self.assertFalse(mandate.lapses_soon)
        mandate.sudo().signature_date = date(2023, 12, 20)
        self.assertTrue(mandate.expiry_date)
        self.assertEqual(
            mandate.lapses_soon,
            mandate.expiry_date <= date.fromordinal(date.today().toordinal() + 85),
        )

    # === EVIDENCE === #

    def test_scan_is_kept_and_hashed(self):
        action = self._add_scan()
        self.assertEqual(action["tag"], "display_notification")
        self.assertEqual(self.draft.signature_date, date(2026, 3, 2))
        event = self.draft.event_ids.filtered(lambda e: e.evidence_code == "signature_scan")
        attachment = self.env["ir.attachment"].browse(event.data["attachment_id"])
        self.assertEqual((attachment.raw, attachment.mimetype), (PDF, "application/pdf"))
        self.assertEqual((attachment.res_model, attachment.res_id), ("sdd.mandate", self.draft.id))
        self.assertIn("form.pdf", event.data_text)
        self.assertEqual(event.user_id, self.seller)
        self.assertTrue(event.has_file)
        self.assertEqual(
            event.with_user(self.seller).action_open_file()["url"], f"/web/content/{attachment.id}"
        )
        self.assertIsNone(self.draft._verify())

    def test_evidence_without_its_proof_is_refused(self):
        wizard = self._open_evidence()
        with self._refused("Choose the file"):
            wizard.action_add()
        with self._refused("recording of the call"):
            self._open_evidence(code="verbal_recording").action_add()
        with self._refused("by the program itself"):
            self._open_evidence(code="own_device_code").action_add()
        self.assertEqual(self.draft.state, "draft")

    def test_files_that_prove_nothing_are_refused(self):
        for name, content, message in [
            ("empty.pdf", b"", "is empty"),
            ("run.exe", b"MZ\x90\x00" + b"\x00" * 60, "none of these"),
            ("page.html", b"<html><script>alert(1)</script></html>", "none of these"),
        ]:
            with self.subTest(name=name), self._refused(message):
                self.draft._store_evidence_file(name, content)

    def test_mail_is_never_shown_as_a_page(self):
        data = self.draft._store_evidence_file("reply.eml", b"<html><b>yes</b></html>")
        attachment = self.env["ir.attachment"].browse(data["attachment_id"])
        self.assertEqual(attachment.mimetype, "text/plain")

    def test_recording_gives_grade_d(self):
        self._open_evidence(code="verbal_recording", recording=" call 17 ").action_add()
        self.assertEqual((self.draft.state, self.draft.evidence_grade), ("active", "D"))
        event = self.draft.event_ids.filtered("evidence_code")
        self.assertEqual(event.data["recording"], "call 17")

    # === REVOKING === #

    def test_revoke_says_what_happens_and_keeps_it(self):
        debit = self._create_debit()
        mandate = debit.mandate_id
        wizard = self._open_revoke(mandate, told_by="letter", note="Letter of 3 March")
        self.assertIn("is cancelled", wizard.notice)
        action = wizard.action_revoke()
        self.assertEqual((mandate.state, debit.state), ("revoked", "cancelled"))
        self.assertEqual(mandate.end_reason, "The customer does not want it any more")
        event = mandate.event_ids.filtered(lambda e: e.kind == "revoked")
        self.assertIn("By letter", event.data_text)
        self.assertIn("Letter of 3 March", event.data_text)
        self.assertIn(mandate.name, action["params"]["title"])

    def test_revoke_many_leaves_out_what_has_ended(self):
        first, second = self._create_mandate(), self._create_mandate(iban=DEBTOR_IBANS[2])
        second._revoke("Before")
        wizard = self._open_revoke(first | second)
        self.assertEqual(wizard.mandate_ids, first)
        wizard.action_revoke()
        self.assertEqual(first.state, "revoked")
        self.assertEqual(second.end_reason, "Before")

    # === REPLACING, B2B === #

    def test_new_mandate_takes_the_place_of_an_old_one(self):
        old = self._create_mandate()
        action = old.with_user(self.seller).action_create_replacement()
        new = self.env["sdd.mandate"].browse(action["res_id"])
        self.assertEqual((new.state, new.replaces_id), ("draft", old))
        self._add_scan(new)
        self.assertEqual((new.state, old.state), ("active", "revoked"))

    def test_bank_of_a_company_confirms_from_the_debit(self):
        company = self._create_customer("Test GmbH", is_company=True)
        mandate = self._create_mandate(company, DEBTOR_IBANS[2], scheme="B2B")
        debit = self._create_debit(company, mandate)
        self.assertEqual(debit.hold_code, "b2b")
        self.assertIn("told his bank", mandate.collect_hint)
        self.assertEqual(debit.action_repair()["res_id"], mandate.id)
        debit.with_user(self.seller).action_confirm_bank()
        self.assertEqual(debit.state, "queued")
        self.assertTrue(mandate.bank_confirmed_date)

    # === ORDERS, INVOICES, CUSTOMERS === #

    def test_order_and_invoice_say_why_not(self):
        debit = self._hold_for_grade()
        invoice = debit.invoice_ids
        order = invoice.line_ids.sale_line_ids.order_id
        order.user_id = self.seller
        for document in (invoice, order):
            self.assertEqual(document.sdd_obstacle, debit.state_reason)
            action = document.with_user(self.seller).action_view_sdd_obstacle()
            self.assertEqual(action["res_id"], self.draft.id)
        self._add_scan()
        self.env.invalidate_all()
        self.assertFalse(invoice.sdd_obstacle)
        self.assertFalse(order.sdd_obstacle)

    def test_quotation_looks_ahead(self):
        order = self.env["sale.order"].create(
            {
                "partner_id": self.partner.id,
                "company_id": self.company.id,
                "order_line": [(0, 0, {"product_id": self.package.id})],
            }
        )
        self.assertIn("has not been given yet", order.sdd_obstacle)
        self._add_scan()
        order.invalidate_recordset(["sdd_obstacle"])
        self.assertFalse(order.sdd_obstacle)
        self.draft.action_suspend()
        order.invalidate_recordset(["sdd_obstacle"])
        self.assertIn("is suspended", order.sdd_obstacle)

    def test_customer_without_mandate_is_no_obstacle(self):
        partner = self._create_customer("Nobody")
        order = self._create_order(partner)
        self.assertFalse(order.sdd_obstacle)
        self.assertFalse(partner.sdd_mandate_summary)

    def test_customer_shows_state_and_grade(self):
        self.assertEqual(self.partner.sdd_mandate_summary, "Draft")
        self._add_scan()
        self.partner.invalidate_recordset()
        self.assertEqual(self.partner.sdd_mandate_summary, "Active · A")

    # === RIGHTS === #

    def test_only_support_staff_change_mandates(self):
        salesman = new_test_user(
            self.env,
            login="salesman",
            groups="sales_team.group_sale_salesman",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        mandate = self.draft.with_user(salesman)
        self.assertEqual(mandate.collect_status, "waiting")
        for model in ("sdd.mandate.revoke", "sdd.mandate.evidence.add"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(salesman).create({})
        with self.assertRaises(AccessError):
            mandate._store_evidence_file("form.pdf", PDF)
        with self.assertRaises(AccessError):
            mandate._revoke("No")

    def test_only_managers_set_limits_and_kinds(self):
        limit = self.env["sdd.evidence.limit"].search(
            [("company_id", "=", self.company.id), ("grade", "=", "C")]
        )
        kind = self.env["sdd.evidence.kind"].search([("code", "=", "phone_code")])
        self.assertIn(kind.name, limit.meaning)
        for record, values in ((limit, {"max_amount": 1}), (kind, {"grade": "A"})):
            self.assertTrue(record.with_user(self.seller).read(["grade"]))
            with self.assertRaises(AccessError):
                record.with_user(self.seller).write(values)
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError):
            limit.copy()

    def test_verify_names_what_was_changed(self):
        self._add_scan()
        self.assertEqual(self.draft.action_verify()["params"]["type"], "success")
        self.env.cr.execute(
            "UPDATE sdd_mandate_event SET kind = 'reminded' WHERE id = %s",
            [self.draft.event_ids.sorted("number")[:1].id],
        )
        self.env.invalidate_all()
        action = self.draft.with_user(self.seller).action_verify()
        self.assertEqual(action["params"]["type"], "danger")
        self.assertIn("Event 1", action["params"]["message"])

    def test_ended_mandate_takes_no_evidence(self):
        mandate = self._create_mandate()
        mandate._revoke("Test")
        with self.assertRaisesRegex(UserError, "has ended"):
            self._add_scan(mandate)
