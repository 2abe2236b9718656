"""The proof pack: one document that answers a bank's request for the mandate."""

import hashlib
import io

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged
from reportlab.pdfgen import canvas

from ..report import proof_pack_pdf
from .common import DEBTOR_IBANS
from .test_mandate_document import PNG, MandateDocumentCase

PACK = "support_debit.action_report_sdd_proof_pack"


@tagged("-at_install", "post_install")
class TestProofPack(MandateDocumentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["sdd.evidence.limit"].search([]).unlimited = True

    def _create_pdf(self, *lines):
        """Return a PDF with a page for each line."""
        buffer = io.BytesIO()
        drawing = canvas.Canvas(buffer)
        for line in lines:
            drawing.drawString(100, 700, line)
            drawing.showPage()
        drawing.save()
        return buffer.getvalue()

    def _create_used_mandate(self):
        """Return a mandate with a debit that came back for want of a mandate, and its order."""
        mandate = self._create_given_mandate()
        order = self._create_order()
        debit = order._sdd_invoice()._queue_sdd_debit(mandate=mandate)
        debit._note_prenotification()
        for state in ("batched", "submitted", "returned"):
            debit.sudo()._move_to(state)
        self.env["sdd.return"].sudo().create(
            {
                "debit_id": debit.id,
                "kind": "return",
                "reason_code": "MD01",
                "reason_id": self.env["sdd.reason"]._find("MD01").id,
                "booking_date": "2026-02-02",
                "amount": debit.amount,
            }
        )
        return mandate, order, debit

    def _get_pack(self, mandate, user=None):
        report = self.env["report.support_debit.report_sdd_proof_pack"]
        return report.with_user(user or self.env.user)._get_pack(
            mandate.with_user(user or self.env.user)
        )

    # === CONTENTS === #

    def test_the_pack_tells_the_whole_story(self):
        mandate, order, debit = self._create_used_mandate()
        pages = self._print(mandate, PACK)
        text = " ".join(pages)
        for part in (
            f"Proof of mandate {mandate.name}",
            "The debits that were claimed back",
            debit.end_to_end_id,
            "MD01",
            "Jörg Müßig authorised",
            "the history was complete and unchanged",
            "told amount and date in advance of 1 of 1",
            "By the day that your bank names in its request",
            "8 weeks from the debit",
            "13 months from the debit",
            "SEPA-Lastschriftmandat",
            "Zugleich weise ich mein Kreditinstitut an",
            mandate.text_hash,
            "2001:db8::7",
            order.name,
            debit.invoice_ids.name,
            "PC base support",
            order.order_line.support_subscription_ids.name,
        ):
            self.assertIn(part, text)
        for number, page in enumerate(pages, start=1):
            self.assertIn(f"Mandate {mandate.name} · page {number} of {len(pages)}", page)

    def test_a_debit_names_the_account_it_was_sent_to(self):
        mandate, _order, debit = self._create_used_mandate()
        debit.sudo().file_iban_masked = "DE•• •••• •••• •••• •• 9999"
        rows = self._get_pack(mandate)["debits"][0]
        self.assertEqual(rows[0]["account"], "DE•• •••• •••• •••• •• 9999")

    def test_a_companys_mandate_promises_no_refund(self):
        firm = self._create_customer("Muster GmbH", is_company=True)
        mandate = self._create_given_mandate(scheme="B2B", partner_id=firm.id)
        mandate.action_note_bank_confirmation()
        debit = self._create_bare_debit(mandate)
        debit.sudo()._move_to("batched")
        debit.sudo()._move_to("submitted")
        deadlines = self._get_pack(mandate)["deadlines"]
        self.assertEqual(len(deadlines), 2)
        self.assertNotIn("8 weeks", str(deadlines))
        self.assertIn("13 months", str(deadlines))

    def test_what_only_we_say_is_said_so(self):
        mandate = self._create_mandate()
        summary = self._get_pack(mandate)["summary"]
        self.assertEqual(len(summary), 4)
        self.assertIn("no evidence of the debtor's own is on record", summary[0])
        self.assertIn("No debit has been presented", summary[2])
        html = self._render(mandate, PACK)
        self.assertIn("is not on record here", html)
        self.assertNotIn("Please fill in what is empty", html, "A bank gets no form to sign.")
        self.assertNotIn("By signing this mandate form", html)

    def test_a_debit_after_the_end_is_not_hidden(self):
        mandate, _order, debit = self._create_used_mandate()
        mandate.sudo().write({"end_date": "2026-01-06"})
        self.assertLess(mandate.end_date, debit.collection_date)
        self.assertIn("came after that", self._get_pack(mandate)["summary"][2])

    def test_a_draft_has_nothing_to_prove(self):
        with self._refused("is a draft", UserError):
            self._create_draft().action_print_proof_pack()
        action = self._create_mandate().action_print_proof_pack()
        self.assertEqual(action["report_name"], "support_debit.report_sdd_proof_pack")

    # === THE CHAIN === #

    def test_anyone_can_compute_the_hashes_anew(self):
        mandate = self._create_given_mandate()
        mandate.action_suspend()
        pack = self._get_pack(mandate)
        rows = [row for rows in pack["chain"] for row in rows]
        self.assertEqual(len(rows), len(mandate.event_ids))
        previous = ""
        for row in rows:
            self.assertTrue(row["fits"])
            self.assertEqual(hashlib.sha256(row["text"].encode()).hexdigest(), row["hash"])
            self.assertTrue(row["text"].endswith(f'"{previous}"]'))
            previous = row["hash"]

    def test_a_changed_history_is_shown_in_red(self):
        mandate = self._create_given_mandate()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sdd_mandate_event SET date = date - interval '1 day'"
            " WHERE mandate_id = %s AND kind = 'given'",
            [mandate.id],
        )
        self.env.invalidate_all()
        pack = self._get_pack(mandate)
        self.assertTrue(pack["finding"])
        self.assertEqual(pack["broken_hashes"], 1)
        self.assertIn("a change was found", pack["summary"][1])
        html = self._render(mandate, PACK)
        self.assertIn("The history of this mandate was changed", html)
        self.assertIn("This entry does not fit its hash.", html)
        self.assertNotIn("Complete and unchanged.", html)

    # === ACCOUNT NUMBERS AND ACCESS === #

    def test_the_account_is_masked_unless_one_may_see_it(self):
        mandate = self._create_given_mandate()
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], self.customer.name, self.customer
        )
        mandate.amend_bank_account(account, evidence={"evidence": "own_device_tick"})
        staff = self._create_user("pack_staff", "support_debit.group_support_user")
        html = self._render(mandate, PACK, user=staff).replace(" ", "")
        self.assertNotIn(DEBTOR_IBANS[0], html)
        self.assertNotIn(DEBTOR_IBANS[1], html)
        self.assertIn("Thenumberismasked", html)
        boss = self._create_user(
            "pack_boss", "support_debit.group_support_user,support_debit.group_bank_details"
        )
        html = self._render(mandate, PACK, user=boss).replace(" ", "")
        self.assertIn(DEBTOR_IBANS[0], html, "The disputed debit may be of the old account.")
        self.assertIn(DEBTOR_IBANS[1], html)
        self.assertNotIn("Thenumberismasked", html)
        seen = self.env["sdd.iban.access"].sudo().search([("user_id", "=", boss.id)])
        self.assertEqual(seen.mandate_id, mandate)

    def _create_user(self, login, groups):
        return new_test_user(self.env, login, groups=groups, company_id=self.company.id)

    def test_customers_do_not_print_it(self):
        mandate = self._create_given_mandate()
        portal = new_test_user(self.env, "pack_portal", groups="base.group_portal")
        mandate.partner_id.sudo().user_ids = portal
        mandate.sudo().partner_id = portal.partner_id
        with self._refused("by the staff only", AccessError):
            self._render(mandate, PACK, user=portal)

    def test_other_companies_do_not_print_it(self):
        company = self._create_second_company()
        mandate = self._create_given_mandate()
        stranger = new_test_user(
            self.env,
            "pack_stranger",
            groups="support_debit.group_support_user",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        with self.assertRaises(AccessError):
            self._render(mandate, PACK, user=stranger)

    # === FILES === #

    def test_a_scan_is_appended_and_the_print_is_noted(self):
        mandate = self._create_given_mandate()
        scan = self._create_pdf("The signed form", "Its second page")
        mandate._add_evidence("signature_scan", mandate._store_evidence_file("form.pdf", scan))
        pages = self._print(mandate, PACK)
        self.assertIn("The signed form", pages[-2])
        self.assertIn("Its second page", pages[-1])
        self.assertIn(f"page {len(pages)} of {len(pages)}", pages[-1])
        self.assertIn("form.pdf", " ".join(pages))
        note = mandate.message_ids[0]
        self.assertIn("Proof pack printed by", note.body)
        self.assertRegex(note.body, r"[0-9a-f]{64}")
        self.assertFalse(note.attachment_ids, "It may hold the account number in full.")

    def test_pictures_and_letters_are_shown(self):
        mandate = self._create_given_mandate()
        letter = b"From: customer@example.com\nSubject: Re: Mandate\n\nI agree <b>."
        for code, name, content in (
            ("signature_drawn", "signature.png", PNG),
            ("email_reply", "answer.eml", letter),
        ):
            mandate._add_evidence(code, mandate._store_evidence_file(name, content))
        html = self._render(mandate, PACK)
        self.assertIn("answer.eml", html)
        self.assertIn("I agree &lt;b&gt;.", html)
        self.assertIn("pp-picture", html)

    def test_changed_and_missing_files_are_shown_in_red(self):
        mandate = self._create_given_mandate()
        for name in ("one.png", "two.png"):
            facts = mandate._store_evidence_file(name, PNG)
            mandate._add_evidence("signature_scan", facts)
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "sdd.mandate"), ("res_id", "=", mandate.id)], order="id")
        )
        self.env.cr.execute(
            "UPDATE ir_attachment SET db_datas = %s, store_fname = NULL WHERE id = %s",
            [PNG + b" ", files[0].id],
        )
        self.env.cr.execute("DELETE FROM ir_attachment WHERE id = %s", [files[1].id])
        self.env.invalidate_all()
        report = self.env["report.support_debit.report_sdd_proof_pack"]
        states = [file["state"] for file in report._get_files(mandate)]
        self.assertEqual(states, ["changed", "missing"])
        html = self._render(mandate, PACK)
        self.assertIn("The file was changed", html)
        self.assertIn("The file is not there any more.", html)

    def test_a_broken_scan_stops_nothing(self):
        mandate = self._create_given_mandate()
        broken = b"%PDF-1.4\nnot really\n%%EOF"
        self.assertEqual(proof_pack_pdf.count_pages(broken), 0)
        mandate._add_evidence("signature_scan", mandate._store_evidence_file("broken.pdf", broken))
        text = " ".join(self._print(mandate, PACK))
        self.assertIn("sent as a file of its own", text)

    # === SIZE === #

    def test_a_long_history_still_prints(self):
        mandate = self._create_given_mandate()
        self.env["sdd.mandate.event"].sudo().create(
            [
                {"mandate_id": mandate.id, "kind": "used", "data": {"note": f"Order {number}"}}
                for number in range(500)
            ]
        )
        for _number in range(100):
            debit = self._create_bare_debit(mandate)
            debit.sudo()._move_to("batched")
            debit.sudo()._move_to("submitted")
        pages = self._print(mandate, PACK)
        text = " ".join(pages)
        self.assertGreater(len(pages), 40)
        self.assertIn("Order 499", text)
        for reference in mandate.debit_ids.mapped("end_to_end_id"):
            self.assertIn(reference, text)
