"""The printed mandate: as a form to sign, and as a copy with its evidence."""

from io import BytesIO

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import config, mute_logger
from odoo.tools.pdf import PdfFileReader
from psycopg2 import IntegrityError

from ..report.mandate_labels import EVIDENCE, LABELS
from .common import CREDITOR_ID, DEBTOR_IBANS, SupportDebitCommon

PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de0000000c49444154"
    "78da6360606000000004000108f2a4e20000000049454e44ae426082"
)


class MandateDocumentCase(SupportDebitCommon):
    """What the tests of the documents share."""

    def _create_given_mandate(self, lang="de_DE", evidence=None, **values):
        """Return a mandate with the evidence that the shop leaves."""
        scheme = values.get("scheme", "CORE")
        text = self.env["sdd.mandate.text"]._get_text(lang, scheme)
        partner = self.env["res.partner"].browse(values.get("partner_id", self.customer.id))
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[0], partner.name, partner
        )
        return self.env["sdd.mandate"]._create_given(
            {
                "partner_id": partner.id,
                "company_id": self.company.id,
                "holder": partner.name,
                "bank_account_id": account.id,
                "channel": "web",
                "lang": lang,
                "text_id": text.id,
                "text_shown": text._render(self.company.name),
                "signature_date": fields.Date.to_date("2026-01-05"),
                **values,
            },
            {"ip_address": "2001:db8::7", "text_version": text.version, **(evidence or {})},
        )

    def _create_draft(self, **values):
        """Return a mandate that nobody has given yet."""
        # In sudo mode: the language is the program's own.
        mandates = self.env["sdd.mandate"].sudo()
        mandate = mandates.create(
            {"partner_id": self.customer.id, "company_id": self.company.id, **values}
        )
        return mandate.with_env(self.env)

    def _print(self, mandates, xmlid="support_debit.action_report_sdd_mandate"):
        """Return the pages of the PDF as texts without line breaks."""
        self.env["ir.config_parameter"].set_param(
            "report.url", f"http://127.0.0.1:{config['http_port']}"
        )
        report = self.env.ref(xmlid)
        with self.allow_pdf_render():
            content, kind = (
                self.env["ir.actions.report"]
                .with_context(force_report_rendering=True)
                ._render_qweb_pdf(report.report_name, mandates.ids)
            )
        self.assertEqual(kind, "pdf")
        pages = PdfFileReader(BytesIO(content)).pages
        return [" ".join(page.extract_text().split()) for page in pages]

    def _render(self, mandate, xmlid="support_debit.action_report_sdd_mandate", user=None):
        """Return the document as HTML text, as a user sees it."""
        report = self.env.ref(xmlid)
        env = self.env(user=user) if user else self.env
        return (
            env["ir.actions.report"]._render_qweb_html(report.report_name, mandate.ids)[0].decode()
        )


@tagged("-at_install", "post_install")
class TestMandateDocument(MandateDocumentCase):
    # === GIVEN ELECTRONICALLY === #

    def test_a_given_mandate_shows_what_was_agreed_and_how(self):
        mandate = self._create_given_mandate()
        pages = self._print(mandate)
        self.assertEqual(len(pages), 1)
        for part in (
            "SEPA-Lastschriftmandat",
            mandate.name,
            CREDITOR_ID,
            self.company.name,
            "Jörg Müßig",
            "Hauptstraße 1",
            "BYLADEM1001",
            "2051",
            "Elektronisch erteilt am 05.01.2026",
            "Am eigenen Gerät bestätigt",
            "UTC",
            "2001:db8::7",
            mandate.text_hash,
            "Zugleich weise ich mein Kreditinstitut an",
        ):
            self.assertIn(part, pages[0])
        self.assertNotIn("120300000000", pages[0].replace(" ", ""))

    def test_several_mandates_have_a_page_each(self):
        long_name = "Maximiliane-Theodora Freifrau von und zu Hohenlohe-Langenburg-Schillingsfürst"
        mandates = self._create_given_mandate() | self._create_given_mandate(holder=long_name)
        mandates |= self._create_mandate()
        pages = self._print(mandates)
        self.assertEqual(len(pages), 3)
        for mandate, page in zip(mandates, pages, strict=True):
            self.assertIn(mandate.name, page)

    def test_the_best_evidence_is_shown_with_the_drawn_signature(self):
        mandate = self._create_given_mandate()
        mandate._add_evidence("signature_drawn", mandate._store_evidence_file("signature.png", PNG))
        html = self._render(mandate)
        self.assertIn("Unterschrift auf dem Bildschirm", html)
        self.assertIn("data:image/png;base64,", html)

    def test_a_signed_form_is_mentioned(self):
        mandate = self._create_draft(lang="nl_NL")
        scan = mandate._store_evidence_file("form.png", PNG)
        mandate._add_evidence("signature_scan", scan)
        html = self._render(mandate)
        self.assertIn("Met de hand ondertekend op", html)
        self.assertIn("form.png", html)
        self.assertNotIn('class="sdd-sign"', html)

    def test_what_was_said_on_the_telephone_is_not_called_electronic(self):
        mandate = self._create_given_mandate(evidence={"evidence": "verbal_recording"})
        html = self._render(mandate)
        self.assertIn("Telefonisch erteilt am 05.01.2026", html)
        self.assertNotIn("Elektronisch erteilt", html)

    def test_a_kind_of_evidence_that_was_added_is_named(self):
        kind = self.env["sdd.evidence.kind"].create(
            {"code": "visit", "name": "Signed at our desk", "grade": "A", "sequence": 5}
        )
        mandate = self._create_given_mandate()
        mandate._add_evidence(kind.code)
        html = self._render(mandate)
        self.assertIn(">Signed at our desk<", html)

    def test_changes_are_listed(self):
        mandate = self._create_given_mandate()
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], self.customer.name, self.customer
        )
        mandate.amend_bank_account(account, evidence={"evidence": "own_device_tick"})
        html = self._render(mandate)
        self.assertIn("Seither geändert", html)
        self.assertIn("2051", html)
        self.assertIn("5030", html)

    # === TO SIGN BY HAND === #

    def test_a_mandate_on_paper_has_a_line_to_sign(self):
        html = self._render(self._create_mandate())
        self.assertIn("Signature of the account holder", html)
        self.assertNotIn("Given electronically", html)

    def test_a_form_without_account_has_boxes_for_the_iban(self):
        html = self._render(self._create_draft())
        self.assertEqual(html.count('class="sdd-digit"'), 22, "A German IBAN has 22 characters.")
        self.assertIn("Please fill in what is empty", html)
        self.assertIn(self.company.name, html)

    def test_who_may_not_see_the_account_prints_boxes(self):
        mandate = self._create_draft(bank_account_id=self._create_mandate().bank_account_id.id)
        staff = new_test_user(
            self.env,
            "form_staff",
            groups="support_debit.group_support_user",
            company_id=self.company.id,
        )
        html = self._render(mandate, user=staff)
        self.assertEqual(html.count('class="sdd-digit"'), 22)
        self.assertNotIn(DEBTOR_IBANS[0], html.replace(" ", ""))

    def test_who_may_see_the_account_prints_it_and_that_is_noted(self):
        mandate = self._create_draft(bank_account_id=self._create_mandate().bank_account_id.id)
        boss = new_test_user(
            self.env,
            "form_boss",
            groups="support_debit.group_support_user,support_debit.group_bank_details",
            company_id=self.company.id,
        )
        before = self.env["sdd.iban.access"].sudo().search([("user_id", "=", boss.id)])
        html = self._render(mandate, user=boss)
        self.assertIn(DEBTOR_IBANS[0], html.replace(" ", ""))
        noted = self.env["sdd.iban.access"].sudo().search([("user_id", "=", boss.id)]) - before
        self.assertEqual(noted.mandate_id, mandate)

    # === SCHEMES AND LANGUAGES === #

    def test_b2b_asks_to_tell_the_bank(self):
        firm = self._create_customer("Muster GmbH", is_company=True)
        mandate = self._create_given_mandate(scheme="B2B", partner_id=firm.id)
        html = self._render(mandate)
        self.assertIn("SEPA-Firmenlastschrift-Mandat", html)
        self.assertIn(LABELS["de"]["b2b_note"], html)
        mandate.action_note_bank_confirmation()
        self.assertNotIn(LABELS["de"]["b2b_note"], self._render(mandate))

    def test_each_wording_has_a_form_in_its_language_only(self):
        languages = set(self.env["sdd.mandate.text"].search([]).mapped("lang"))
        self.assertTrue({"en", "de", "nl", "fr", "es", "it", "pl"} <= languages)
        for language in ("en", "de", "nl", "fr", "es", "it", "pl"):
            with self.subTest(language=language):
                self.assertEqual(LABELS[language].keys(), LABELS["en"].keys())
                self.assertEqual(EVIDENCE[language].keys(), EVIDENCE["en"].keys())
                for lang, labels in LABELS.items():
                    html = self._render(self._create_given_mandate(lang=f"{language}_XX"))
                    if lang == language:
                        self.assertIn(labels["reference"], html)
                        self.assertIn(EVIDENCE[language]["own_device_tick"], html)
                    elif labels["reference"] != LABELS[language]["reference"]:
                        self.assertNotIn(f">{labels['reference']}<", html)

    def test_a_language_without_wording_falls_back_to_english(self):
        mandate = self._create_given_mandate(lang="sv_SE")
        self.assertIn("Given electronically", self._render(mandate))

    # === WORDINGS === #

    def test_a_wording_that_has_ended_is_not_shown_any_more(self):
        texts = self.env["sdd.mandate.text"]
        old = texts._get_text("it_IT")
        new = old.copy({"version": "EPC-2", "valid_from": "2026-01-01"})
        self.assertEqual(texts._get_text("it_IT"), new)
        new.valid_to = "2026-02-01"
        self.assertEqual(texts._get_text("it_IT"), old)
        with self.assertRaises(IntegrityError), mute_logger("odoo.sql_db"):
            new.valid_to = "2025-12-31"
            new.flush_recordset()

    def test_what_is_shown_is_what_is_stored(self):
        text = self.env["sdd.mandate.text"]._get_text("pl_PL", "B2B")
        mandate = self._create_given_mandate(lang="pl_PL")
        shown = mandate.text_shown
        self.assertEqual(mandate.text_hash, text._hash(shown))
        self.assertIn(shown.split("\n")[0], self._render(mandate))
