"""What becomes of a confirmation: evidence, account, text, signature; what is refused."""

import base64
import io
from datetime import timedelta
from unittest.mock import patch

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from PIL import Image, ImageDraw

from .common import DEBTOR_IBANS
from .confirmation_common import CODE, WRONG_CODE, ConfirmationCase


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
