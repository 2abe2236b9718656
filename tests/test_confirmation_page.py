"""The confirmation page over HTTP: what its holder sees, sends and gets, and what he cannot do."""

import base64
import io
import logging
import threading
from datetime import timedelta
from unittest.mock import patch

from odoo import api, fields
from odoo.exceptions import LockError, UserError
from odoo.sql_db import db_connect
from odoo.tests import new_test_user, tagged
from odoo.tools import mute_logger
from PIL import Image, ImageDraw
from psycopg2.errors import SerializationFailure

from ..controllers.access_log import ConfirmationLogFilter, mask_token
from .common import DEBTOR_IBANS
from .confirmation_common import CODE, WRONG_CODE, ConfirmationCase, ConfirmationPageCase


def draw_signature(width=300, height=100, line=True):
    """Return the data URL of a picture as the signature pad sends it."""
    picture = Image.new("RGBA", (width, height), (255, 255, 255, 0))
    if line:
        ImageDraw.Draw(picture).line((20, 50, width - 20, 60), fill=(0, 0, 0, 255), width=3)
    content = io.BytesIO()
    picture.save(content, "PNG")
    return "data:image/png;base64," + base64.b64encode(content.getvalue()).decode()


@tagged("-at_install", "post_install")
class TestConfirmationAccept(ConfirmationCase):
    """What becomes of the form, without a browser."""

    def test_tick_activates_with_grade_b_and_keeps_the_text(self):
        link = self.mandate._create_confirmation(with_code=False)
        shown = link._get_form_values()["mandate_text"]
        self.assertEqual(self._accept(link), {})
        self.assertEqual((self.mandate.state, self.mandate.evidence_grade), ("active", "B"))
        self.assertEqual(self.mandate.text_shown, shown)
        self.assertEqual(self.mandate.text_hash, self.env["sdd.mandate.text"]._hash(shown))
        self.assertEqual(self.mandate.lang, "en_US")
        event = self.mandate.event_ids.filtered("evidence_code")
        self.assertEqual(event.evidence_code, "own_device_tick")
        self.assertEqual(event.data["ip_address"], "192.0.2.7")
        self.assertEqual(event.data["text_hash"], self.mandate.text_hash)
        self.assertEqual(event.data["iban_hash"], self.mandate.bank_account_id.iban_hash)
        self.assertNotIn(self.mandate._get_iban(), str(event.data))
        self.assertIsNone(self.mandate._verify())
        self.assertEqual(link.state, "used")

    def test_code_says_where_it_went(self):
        link = self.mandate._create_confirmation()
        self._send_code(link)
        self.assertEqual(self._accept(link, code=CODE), {})
        event = self.mandate.event_ids.filtered("evidence_code")
        self.assertEqual(event.evidence_code, "own_device_code")
        self.assertEqual(event.data["code_sent_to"], "j•••g@example.com")

    def test_signature_is_kept_with_its_hash(self):
        link = self.mandate._create_confirmation(with_code=False)
        self.assertEqual(self._accept(link, signature=draw_signature()), {})
        self.assertEqual(self.mandate.evidence_grade, "A")
        event = self.mandate.event_ids.filtered("evidence_code")
        self.assertEqual(event.evidence_code, "signature_drawn")
        attachment = self.env["ir.attachment"].browse(event.data["attachment_id"])
        self.assertEqual(
            (attachment.res_model, attachment.res_id), ("sdd.mandate", self.mandate.id)
        )
        self.assertEqual(len(event.data["sha256"]), 64)

    def test_signatures_that_are_none(self):
        link = self.mandate._create_confirmation(with_code=False)
        huge = "data:image/png;base64," + "A" * 1_000_000
        for text in ("x", "data:image/png;base64,AAAA", "data:image/svg+xml;base64,AAAA", huge):
            with self.subTest(text[:30]):
                self.assertIn("signature", self._accept(link, signature=text))
        for picture in (draw_signature(line=False), draw_signature(45, 60)):
            self.assertIn("signature", self._accept(link, signature=picture))
        self.assertEqual(self.mandate.state, "pending")

    def test_signature_that_was_not_asked_for(self):
        link = self.mandate._create_confirmation(with_code=False, allow_signature=False)
        self.assertEqual(self._accept(link, signature=draw_signature()), {})
        self.assertEqual(self.mandate.evidence_grade, "B")

    def test_customer_enters_his_account(self):
        mandate = self._create_draft(iban="")
        link = mandate._create_confirmation(with_code=False)
        errors = self._accept(link, holder="😀", iban="DE02120300000000202052")
        self.assertEqual(set(errors), {"holder", "iban"})
        self.assertIn("check digits", errors["iban"])
        self.assertEqual(
            self._accept(link, holder=" Jörg\u200b  Müßig ", iban="de02 1203 0000 0000 2020 51"), {}
        )
        self.assertEqual(mandate.state, "active")
        self.assertEqual(mandate.holder, "Jörg Müßig")
        self.assertEqual(mandate._get_iban(), DEBTOR_IBANS[0])
        self.assertNotIn(DEBTOR_IBANS[0], str(mandate.event_ids.mapped("data")))
        self.assertIsNone(mandate._verify())

    def test_nothing_is_confirmed_without_a_tick(self):
        link = self.mandate._create_confirmation(with_code=False)
        for accepted in (False, None, "on", 1):
            with self.subTest(accepted):
                self.assertIn("tick the box", self._accept(link, accepted=accepted)["accepted"])
        self.assertEqual(self.mandate.state, "pending")

    def test_wrong_code_counts_only_when_the_rest_is_right(self):
        link = self.mandate._create_confirmation()
        self._send_code(link)
        self.assertIn("accepted", self._accept(link, accepted=False, code=WRONG_CODE))
        self.assertEqual(link.code_tries, 5)
        self.assertIn("4 more times", self._accept(link, code=WRONG_CODE)["code"])
        self.assertIn("enter the code", self._accept(link, code=" ")["code"])
        self.assertEqual(link.code_tries, 4)

    def test_used_link(self):
        link = self.mandate._create_confirmation(with_code=False)
        self._accept(link)
        self.assertIn("confirmed already", self._accept(link)["form"])
        self.assertEqual(self._get_kinds().count("activated"), 1)

    def test_expired_and_withdrawn_links(self):
        link = self.mandate._create_confirmation(with_code=False)
        link.write({"expiry_date": fields.Datetime.now() + timedelta(seconds=1)})
        form = self._get_form(link)
        link.write(
            {
                "issued_date": fields.Datetime.now() - timedelta(hours=2),
                "expiry_date": fields.Datetime.now() - timedelta(hours=1),
            }
        )
        self.assertIn("not valid any more", link._accept(form, {})[0]["message"])
        other = self.mandate._create_confirmation(with_code=False)
        other._revoke()
        self.assertIn("not valid any more", self._accept(other)["form"])
        self.assertEqual(self.mandate.state, "pending")

    def test_mandate_revoked_while_the_page_is_open(self):
        link = self.mandate._create_confirmation(with_code=False)
        form = self._get_form(link)
        self.mandate.action_revoke()
        self.assertIn("has ended", link._accept(form, {})[0]["message"])
        self.assertEqual(self.mandate.state, "revoked")

    def test_what_was_read_is_what_counts(self):
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], self.customer.name, self.customer
        )
        changes = {
            "account": {"bank_account_id": account.id},
            "holder": {"holder": "Somebody Else"},
            "creditor": {"creditor_name": "Other GmbH"},
            "text": {"text_shown": "Something else"},
            "type": {"mandate_type": "one_off"},
        }
        for what, values in changes.items():
            mandate = self._create_draft()
            link = mandate._create_confirmation(with_code=False)
            form = self._get_form(link)
            # In sudo mode: whoever changes it while the customer reads.
            mandate.sudo().write(values)
            with self.subTest(what):
                errors = link._accept(form, {})
                self.assertEqual(errors[0]["code"], "stale")
                self.assertIn("read it once more", errors[0]["message"])
                self.assertEqual(mandate.state, "pending")
        for fingerprint in ("", None, "x" * 64, "é"):
            with self.subTest(fingerprint):
                self.assertIn("form", self._accept(link, fingerprint=fingerprint))

    def test_link_raises_the_grade_of_an_active_mandate(self):
        mandate = self._create_mandate()
        self.assertEqual(mandate.evidence_grade, "D")
        link = mandate._create_confirmation(with_code=False)
        self.assertEqual(mandate.state, "active")
        self.assertEqual(self._accept(link), {})
        self.assertEqual(mandate.evidence_grade, "B")
        event = mandate.event_ids.filtered(lambda e: e.evidence_code == "own_device_tick")
        self.assertIn("authorise", event.data["text_shown"])
        self.assertIsNone(mandate._verify(), "what was agreed is not changed afterwards")

    def test_replacement_ends_the_old_mandate(self):
        old = self._create_mandate()
        new = old._create_replacement(bank_account_id=False)
        link = new._create_confirmation(with_code=False)
        self.assertEqual(link._get_form_values()["replaces"], old.name)
        self.assertEqual(self._accept(link, holder="Eva Neu", iban=DEBTOR_IBANS[1]), {})
        self.assertEqual((old.state, new.state), ("revoked", "active"))
        self.assertIsNone(old._verify())

    def test_right_code_survives_when_the_mandate_cannot_be_confirmed(self):
        link = self.mandate._create_confirmation()
        self._send_code(link)
        reason = "The account is closed."
        with patch.object(
            self.env.registry["sdd.mandate"], "_confirm", side_effect=UserError(reason)
        ):
            self.assertEqual(self._accept(link, code=CODE), {"form": reason})
        self.assertEqual((self.mandate.state, link.state), ("pending", "open"))
        self.assertEqual(self._accept(link, code=CODE), {})

    def test_b2b_mandate_asks_to_tell_the_bank(self):
        firm = self._create_customer("Firma GmbH", is_company=True, email="firma@example.com")
        account = self.env["res.partner.bank"]._sdd_find_or_create(DEBTOR_IBANS[0], firm.name, firm)
        mandate = self._create_draft(partner_id=firm.id, bank_account_id=account.id, scheme="B2B")
        link = mandate._create_confirmation(with_code=False)
        count = len(self._get_mails())
        self.assertEqual(self._accept(link), {})
        mails = self._get_mails()[count:]
        self.assertEqual(len(mails), 1, "the reminder brings the mandate; no second copy")
        self.assertIn("B2B", mails.subject)
        self.assertFalse(link.copy_state)
        self.assertIsNone(mandate._verify())

    def test_held_debit_is_released(self):
        mandate = self._create_mandate()
        limit = self.env["sdd.evidence.limit"].search(
            [("company_id", "=", self.company.id), ("grade", "=", "D")]
        )
        limit.write({"unlimited": False, "max_amount": 1})
        debit = self._create_debit(mandate=mandate)
        self.assertEqual((debit.state, debit.hold_code), ("held", "grade"))
        link = mandate._create_confirmation(with_code=False)
        self.assertTrue(link._get_form_values()["amount_text"])
        self._accept(link)
        self.assertEqual(debit.state, "queued")

    def test_copy_goes_out_once(self):
        link = self.mandate._create_confirmation(with_code=False)
        self._accept(link)
        self.assertEqual(link.copy_state, "queued")
        count = len(self._get_mails())
        with self._without_commits():
            self.links._cron_send_copies()
            self.links._cron_send_copies()
        mails = self._get_mails()[count:]
        self.assertEqual(len(mails), 1)
        self.assertEqual(link.copy_state, "sent")
        self.assertIn(self.mandate.iban_masked, mails.body_html)
        self.assertNotIn(self.mandate._get_iban(), mails.body_html)
        self.assertEqual(len(mails.attachment_ids), 1)

    def test_copy_that_fails_hinders_no_other(self):
        link = self.mandate._create_confirmation(with_code=False)
        self._accept(link)
        with (
            self._without_commits(),
            patch.object(
                self.env.registry["mail.template"],
                "send_mail",
                side_effect=ValueError("no printer"),
            ),
            mute_logger(
                "odoo.addons.support_debit.models.mandate.sdd_mandate_confirmation_delivery"
            ),
        ):
            self.links._cron_send_copies()
        self.assertEqual(link.copy_state, "failed")


@tagged("-at_install", "post_install")
class TestConfirmationPage(ConfirmationPageCase):
    """The page over HTTP."""

    def _get_link(self, **values):
        return self.mandate._create_confirmation(**{"with_code": False, **values})

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

    def _post(self, path, page, as_json=True, **data):
        data["csrf_token"] = self._read_hidden(page, "csrf_token")
        headers = {"Accept": "application/json"} if as_json else {}
        return self.url_open(path, data=data, headers=headers)

    # === PAGES THAT SAY WHY THERE IS NOTHING === #

    def _expire(self, link):
        past = fields.Datetime.now() - timedelta(hours=1)
        link.write({"issued_date": past - timedelta(hours=1), "expiry_date": past})

    def test_expired_link_can_be_renewed(self):
        link = self._get_link()
        self._expire(link)
        page = self._open(link)
        self.assertIn("This link has expired", page.text)
        answer = self._post(f"/sdd/confirm/renew/{link.id}", page)
        self.assertIn("look into your messages", answer.text)
        self.env.invalidate_all()
        new = self.mandate.open_confirmation_id
        self.assertTrue(new and new != link)
        self.assertEqual(self._get_mails()[-1].recipient_ids, self.customer)
        self.assertNotIn("/sdd/confirm/" + "A", answer.text)

    def test_withdrawn_used_and_ended(self):
        withdrawn = self._get_link()
        self._get_path(withdrawn)
        withdrawn._revoke()
        self.assertIn("no longer used", self._open(withdrawn).text)
        used = self._get_link()
        self._accept(used)
        used.used_date = fields.Datetime.now() - timedelta(days=20)
        page = self._open(used).text
        self.assertIn("confirmed already", page)
        self.assertNotIn("/sdd/confirm/pdf", page)
        self.mandate.action_revoke()
        page = self._open(used).text
        self.assertIn("This mandate has ended", page)
        self.assertNotIn("Send me a new link", page)

    def test_answer_is_the_same_whether_or_not_there_is_a_mandate(self):
        link = self._get_link()
        self._expire(link)
        page = self.url_open("/sdd/confirm/nonsense")
        mails = len(self._get_mails())
        answers = set()
        for who in ("NO-SUCH", "nobody@example.com", self.mandate.name, "", "%", "'; --"):
            answer = self._post("/sdd/confirm/renew/0", page, who=who)
            answers.add(answer.text.split("o_sdd_confirm_sent")[1])
        self.assertEqual(len(answers), 1)
        self.assertEqual(len(self._get_mails()), mails + 1)

    def test_new_links_are_limited(self):
        link = self._get_link()
        self._expire(link)
        page = self._open(link)
        mails = len(self._get_mails())
        for _number in range(5):
            answer = self._post("/sdd/confirm/renew/0", page, who=self.mandate.name)
            self.assertIn("look into your messages", answer.text)
        self.assertEqual(len(self._get_mails()), mails + 3)

    def test_mandate_that_nobody_sent_a_link_for(self):
        page = self.url_open("/sdd/confirm/nonsense")
        mails = len(self._get_mails())
        self._post("/sdd/confirm/renew/0", page, who=self.mandate.name)
        self._post("/sdd/confirm/renew/0", page, who=self.customer.email)
        self.assertEqual(len(self._get_mails()), mails)

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


@tagged("-at_install", "post_install")
class TestConfirmationRace(ConfirmationCase):
    """Two requests at once, on connections of their own."""

    def _take_at_once(self, key):
        """Count one attempt each in two transactions that began together; return what came of it."""
        database = db_connect(self.env.cr.dbname)
        first, second = database.cursor(), database.cursor()
        results = []
        try:
            envs = [api.Environment(cr, 1, {}) for cr in (first, second)]
            for env in envs:
                env["sdd.mandate.attempt"].search_count([])  # Both see the same state.
            results.append(envs[0]["sdd.mandate.attempt"]._take("code", link=key))
            waiting = threading.Thread(
                target=self._take_or_fail, args=(envs[1], key, results), daemon=True
            )
            waiting.start()
            first.commit()
            waiting.join(10)
        finally:
            self._clean_up(first, key)
            second.close()
        return results

    @staticmethod
    def _take_or_fail(env, key, results):
        try:
            results.append(env["sdd.mandate.attempt"]._take("code", link=key))
        except SerializationFailure:
            results.append("again")

    @staticmethod
    def _clean_up(cr, key):
        bucket = api.Environment(cr, 1, {})["sdd.mandate.attempt"]._get_bucket("code", "link", key)
        cr.execute("DELETE FROM sdd_mandate_attempt WHERE bucket = %s", [bucket])
        cr.commit()
        cr.close()

    def test_two_attempts_at_once_are_not_counted_as_one(self):
        with mute_logger("odoo.sql_db"):
            results = self._take_at_once("race-between-two-workers")
        self.assertEqual(results, [True, "again"], "Odoo repeats the second request")

    def test_second_submit_waits_for_the_first(self):
        link = self.mandate._create_confirmation(with_code=False)
        form = self._get_form(link)
        with self.patch_lock(link):
            errors = link._accept(form, {})
        self.assertEqual(errors[0]["code"], "busy")
        self.assertIn("wait a moment", errors[0]["message"])
        self.assertEqual(self.mandate.state, "pending")
        self.assertEqual(link._accept(form, {}), [])

    def test_code_and_page_wait_for_a_locked_mandate(self):
        link = self.mandate._create_confirmation()
        nothing = self.env["sdd.mandate"]
        with patch.object(
            self.env.registry["sdd.mandate"], "try_lock_for_update", lambda *_a, **_k: nothing
        ):
            self.assertIn("try again in a moment", link._send_code())
            link._note_opened({})
            self.assertFalse(link.opened_date, "the page is shown all the same")
            link._renew_for_customer()
        self.assertEqual(link.state, "open")

    def patch_lock(self, link):
        """Let the link be locked by another request."""

        def refuse(_self, **_kwargs):
            raise LockError("locked")

        return patch.object(self.env.registry[link._name], "lock_for_update", refuse)
