"""The confirmation page over HTTP: what its holder sees, sends and gets, and what he cannot do."""

import logging
from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger

from ..controllers.access_log import ConfirmationLogFilter, mask_token
from .confirmation_common import CODE, WRONG_CODE, ConfirmationPageCase


@tagged("-at_install", "post_install")
class TestConfirmationPage(ConfirmationPageCase):
    """The page over HTTP."""

    def test_token_is_exchanged_for_the_session(self):
        link = self._get_link()
        answer = self.url_open(self._get_path(link), allow_redirects=False)
        self.assertEqual(answer.status_code, 303)
        self.assertTrue(answer.headers["Location"].endswith(f"/sdd/confirm/page/{link.id}"))
        page = self._open(link)
        self.assertNotIn(self._get_path(link).rpartition("/")[2], page.text)
        self.assertIn(self.mandate.name, page.text)

    def test_headers(self):
        link = self._get_link()
        for page in (self._open(link), self.url_open("/sdd/confirm/nonsense")):
            self.assertEqual(page.headers["Cache-Control"], "no-store")
            self.assertEqual(page.headers["Referrer-Policy"], "no-referrer")
            self.assertIn("noindex", page.headers["X-Robots-Tag"])
            self.assertEqual(page.headers["X-Frame-Options"], "DENY")

    def test_account_number_is_masked_in_the_page(self):
        page = self._open(self._get_link())
        self.assertIn(self.mandate.iban_masked[-4:], page.text)
        number = self.mandate._get_iban()
        self.assertNotIn(number, page.text.replace(" ", ""))

    def test_page_speaks_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        self.customer.lang = "de_DE"
        page = self._open(self._get_link())
        self.assertIn("Ich ermächtige", page.text)
        self.assertIn('lang="de-DE"', page.text)

    def test_opening_uses_nothing_up(self):
        """Programs that look into e-mails open links, several times and without cookies."""
        link = self._get_link()
        for _number in range(3):
            self.url_open(self._get_path(link))
            self.opener.cookies.clear()
            self.url_open(f"/sdd/confirm/page/{link.id}")
        self.opener.head(self.base_url() + self._get_path(link))
        self.env.invalidate_all()
        self.assertEqual(link.state, "open")
        self.assertEqual(self._get_kinds().count("link_opened"), 1)
        self.assertTrue(link.opened_date)

    def test_head_is_not_opening(self):
        link = self._get_link()
        answer = self.opener.head(self.base_url() + self._get_path(link))
        self.assertEqual(answer.status_code, 200)
        self.env.invalidate_all()
        self.assertFalse(link.opened_date)

    def test_strangers_number_shows_nothing(self):
        link = self._get_link()
        page = self.url_open(f"/sdd/confirm/page/{link.id}")
        self.assertIn("This link does not work", page.text)
        self.assertNotIn(self.mandate.name, page.text)
        pdf = self.url_open(f"/sdd/confirm/pdf/{link.id}")
        self.assertIn("This link does not work", pdf.text)

    def test_unknown_and_foreign_look_the_same(self):
        unknown = self.url_open("/sdd/confirm/" + "A" * 64).text
        link = self._get_link()
        foreign = self.url_open(f"/sdd/confirm/page/{link.id}").text
        for page in (unknown, foreign):
            self.assertIn("This link does not work", page)

    def test_confirming_by_program_and_without(self):
        for as_json in (True, False):
            with self.subTest(as_json=as_json):
                mandate = self._create_draft()
                link = mandate._create_confirmation(with_code=False)
                answer = self._submit(self._open(link), link, as_json=as_json)
                self.env.invalidate_all()
                self.assertEqual(mandate.state, "active")
                if as_json:
                    self.assertEqual(answer.json(), {"ok": True, "errors": [], "reload": True})
                page = self.url_open(f"/sdd/confirm/page/{link.id}")
                self.assertIn("Your mandate is confirmed", page.text)

    def test_without_a_token_against_forged_forms(self):
        link = self._get_link()
        page = self._open(link)
        with mute_logger("odoo.http"):
            answer = self.url_open(
                f"/sdd/confirm/page/{link.id}",
                data={"sdd_accepted": "on", "fingerprint": self._read_hidden(page, "fingerprint")},
            )
        self.assertEqual(answer.status_code, 400)
        self.env.invalidate_all()
        self.assertEqual(self.mandate.state, "pending")

    def test_refusal_keeps_the_page(self):
        link = self._get_link()
        answer = self._submit(self._open(link), link, as_json=False, sdd_accepted="")
        self.assertIn("Please tick the box", answer.text)
        self.assertIn("o_sdd_confirm_form", answer.text)

    def test_second_confirmation_lands_on_thanks(self):
        link = self._get_link()
        page = self._open(link)
        self._submit(page, link)
        answer = self._submit(page, link).json()
        self.assertEqual((answer["ok"], answer["reload"]), (False, True))
        self.assertIn("Thank you", self.url_open(f"/sdd/confirm/page/{link.id}").text)
        self.env.invalidate_all()
        self.assertEqual(self._get_kinds().count("activated"), 1)

    def test_changed_while_open_shows_the_page_again(self):
        link = self._get_link()
        page = self._open(link)
        self.mandate.sudo().holder = "Other Holder"  # In sudo mode: see above.
        answer = self._submit(page, link).json()
        self.assertTrue(answer["reload"])
        again = self.url_open(f"/sdd/confirm/page/{link.id}")
        self.assertIn("was changed while you were reading", again.text)
        self.assertIn("Other Holder", again.text)

    def test_codes_over_http(self):
        link = self._get_link(with_code=True)
        page = self._open(link)
        with self._draws():
            answer = self._post(f"/sdd/confirm/code/{link.id}", page).json()
        self.assertTrue(answer["ok"])
        self.assertIn("j•••g@example.com", answer["message"])
        answer = self._submit(page, link, sdd_code=WRONG_CODE).json()
        self.assertEqual([error["field"] for error in answer["errors"]], ["code"])
        self.env.invalidate_all()
        self.assertEqual(link.code_tries, 4, "the try counts although the request was refused")
        self.assertTrue(self._submit(page, link, sdd_code=CODE).json()["ok"])

    def test_too_many_codes_over_http(self):
        link = self._get_link(with_code=True)
        page = self._open(link)
        for _number in range(3):
            self.assertTrue(self._post(f"/sdd/confirm/code/{link.id}", page).json()["ok"])
        answer = self._post(f"/sdd/confirm/code/{link.id}", page).json()
        self.assertFalse(answer["ok"])
        self.assertIn("wait ten minutes", answer["message"])

    def test_code_without_the_pages_program(self):
        link = self._get_link(with_code=True)
        page = self._open(link)
        answer = self._post(f"/sdd/confirm/code/{link.id}", page, as_json=False)
        self.assertIn("The code is on its way", answer.text)
        self.assertIn("o_sdd_confirm_form", answer.text)

    # === AFTERWARDS === #

    def test_pdf_for_a_limited_time(self):
        link = self._get_link()
        page = self._open(link)
        self.assertIn("o_sdd_confirm_form", self.url_open(f"/sdd/confirm/pdf/{link.id}").text)
        self._submit(page, link)
        answer = self.url_open(f"/sdd/confirm/pdf/{link.id}")
        self.assertEqual(answer.headers["Content-Type"], "application/pdf")
        self.assertIn("attachment", answer.headers["Content-Disposition"])
        self.assertEqual(answer.headers["Cache-Control"], "no-store")
        link.used_date = fields.Datetime.now() - timedelta(days=15)
        self.assertIn("confirmed already", self.url_open(f"/sdd/confirm/pdf/{link.id}").text)

    def test_access_log_holds_no_token(self):
        link = self._get_link()
        token = self._get_path(link).rpartition("/")[2]
        with self.assertLogs("werkzeug", logging.INFO) as logs:
            self._open(link)
        lines = "\n".join(logs.output)
        self.assertIn("/sdd/confirm/•••", lines)
        self.assertIn(f"/sdd/confirm/page/{link.id}", lines)
        self.assertNotIn(token, lines)

    def test_access_log_masks_whatever_a_token_begins_with(self):
        for token in ("code-" + "x" * 59, "page" + "x" * 60, "renew-" + "x" * 58, "a.b"):
            with self.subTest(token):
                self.assertEqual(
                    mask_token(f"GET /sdd/confirm/{token} HTTP/1.1"),
                    "GET /sdd/confirm/••• HTTP/1.1",
                )
        for path in ("/sdd/confirm/page/7", "/sdd/confirm/code/7", "/sdd/confirm/pdf/7"):
            self.assertEqual(mask_token(path), path)

    def test_employee_who_confirms_is_named(self):
        link = self._get_link()
        path = self._get_path(link)
        agent = new_test_user(self.env, "tablet_agent", groups="support_debit.group_support_user")
        self.authenticate("tablet_agent", "tablet_agent")
        page = self.url_open(path)
        self.assertTrue(self._submit(page, link).json()["ok"])
        self.env.invalidate_all()
        event = self.mandate.event_ids.filtered("evidence_code")
        self.assertEqual(event.data["session_user"], "tablet_agent")
        self.assertEqual(event.user_id, agent)

    def test_access_log_of_other_pages_is_untouched(self):
        record = logging.LogRecord(
            "werkzeug", logging.INFO, "", 0, '"%s" %s', ("GET /shop/page/2 HTTP/1.1", "200"), None
        )
        self.assertTrue(ConfirmationLogFilter().filter(record))
        self.assertEqual(record.getMessage(), '"GET /shop/page/2 HTTP/1.1" 200')
