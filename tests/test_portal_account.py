"""A customer changes the account of his mandate: the code, what it is bound to, who is told."""

import logging
from unittest.mock import patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DEBTOR_IBANS
from .test_portal_mandate import PortalCase

NEW_IBAN, THIRD_IBAN = DEBTOR_IBANS[2:4]
CODE = "424242"


@tagged("-at_install", "post_install")
class TestPortalAccount(PortalCase):
    def setUp(self):
        super().setUp()
        confirmations = self.env.registry["sdd.mandate.confirmation"]
        self.startPatcher(patch.object(confirmations, "_draw_code", lambda _self: CODE))
        self.authenticate("anna_portal", "anna_portal")

    def _call(self, step, iban=NEW_IBAN, mandate=None, **values):
        """Return the answer to a step of the form."""
        mandate = mandate or self.mandate
        form = {
            "iban": iban,
            "accepted": True,
            "text_hash": mandate._get_account_text_hash(),
            **values,
        }
        return self.make_jsonrpc_request(f"/my/mandates/{mandate.id}/account/{step}", form)

    def _assert_refused(self, answer, field, message):
        self.assertFalse(answer["ok"])
        self.assertEqual([error["field"] for error in answer["errors"]], [field])
        self.assertIn(message, answer["errors"][0]["message"])

    def _get_mails(self):
        return self.env["mail.mail"].search(
            [
                ("model", "=", "sdd.mandate"),
                ("res_id", "=", self.mandate.id),
                ("subject", "like", "account of your mandate"),
            ]
        )

    def test_changing_the_account(self):
        answer = self._call("code")
        self.assertTrue(answer["ok"])
        self.assertIn("•••", answer["message"])
        answer = self._call("change", code=f" {CODE[:3]} {CODE[3:]} ")
        self.assertTrue(answer["ok"])
        self.assertIn("done=account", answer["url"])
        self.assertEqual(self.mandate._get_iban(), NEW_IBAN)
        self.assertEqual(self.mandate.bank_account_id.acc_holder_name, "Anna Berger")
        event = self.mandate.event_ids.filtered(lambda e: e.kind == "amended")
        self.assertEqual(event.evidence_code, "own_device_code")
        self.assertEqual(event.user_id, self.users[0])
        texts = self.env["sdd.mandate.text"]
        self.assertEqual(event.data["text_shown"], self.mandate._get_account_text())
        self.assertEqual(event.data["text_hash"], texts._hash(event.data["text_shown"]))
        self.assertNotIn(NEW_IBAN, str(event.data).replace(" ", ""))
        self.assertFalse(self.mandate._verify())
        self.assertEqual(self.mandate.confirmation_ids.state, "used")

    def test_the_page_shows_what_is_agreed(self):
        text = self._get_text(f"{self.page}/account")
        self.assertIn(" ".join(self.mandate._get_account_text().split()), text)
        self.assertIn("Another account holder must give a new mandate", text)
        self.assertIn("is collected from the new account", text)
        response = self._get(f"{self.page}/account")
        self.assertEqual(response.headers["Cache-Control"], "no-store")

    def test_bad_input(self):
        for iban, message in (
            ("", "enter your IBAN"),
            ("DE02120300000000202052", "check digits"),
            ("DE021203", "characters"),
            ("US64SVBKUS6S3300958879", ""),
            (DEBTOR_IBANS[0], "from this account already"),
            ("x" * 5000, ""),
            (None, ""),
            ({"a": 1}, ""),
        ):
            with self.subTest(iban):
                self._assert_refused(self._call("code", iban), "iban", message)
        self._assert_refused(self._call("code", accepted=False), "accepted", "tick the box")
        self._assert_refused(self._call("code", accepted="yes"), "accepted", "tick the box")
        self._assert_refused(self._call("code", text_hash="x"), "form", "load the page again")
        self.assertFalse(self.mandate.confirmation_ids)
        self.assertEqual(self.mandate._get_iban(), DEBTOR_IBANS[0])

    def test_codes(self):
        self._assert_refused(self._call("change", code=CODE), "code", "ask for a code first")
        self._call("code")
        for code in ("111111", "", None, "4242424", "424243"):
            with self.subTest(code):
                self._assert_refused(self._call("change", code=code), "code", "")
        self._assert_refused(self._call("change", code=CODE), "code", "not valid any more")
        self.assertEqual(self.mandate._get_iban(), DEBTOR_IBANS[0])

    def test_a_code_is_for_one_iban(self):
        self._call("code")
        answer = self._call("change", THIRD_IBAN, code=CODE)
        self._assert_refused(answer, "code", "one IBAN only")
        self.assertTrue(self._call("change", code=CODE)["ok"])
        # Replayed, also when the account was changed back meanwhile.
        self._assert_refused(self._call("change", THIRD_IBAN, code=CODE), "code", "code first")
        self.assertEqual(self.mandate._get_iban(), NEW_IBAN)

    def test_a_code_is_for_one_browser(self):
        self._call("code")
        self.authenticate("anna_portal", "anna_portal")
        self._assert_refused(self._call("change", code=CODE), "code", "code first")

    def test_holder_of_the_link_with_a_code(self):
        """Without an account, too: the code proves that it is the customer."""
        token = self.mandate._portal_ensure_token()
        self.authenticate(None, None)
        self.assertEqual(self._call("code")["url"], "/my")
        self.assertIn(
            "Change bank account", self._get_text(f"{self.page}/account?access_token={token}")
        )
        self.assertTrue(self._call("code", access_token=token)["ok"])
        self.assertEqual(self._call("change", code=CODE)["url"], "/my")
        answer = self._call("change", code=CODE, access_token=token)
        self.assertTrue(answer["ok"])
        self.assertIn(f"access_token={token}", answer["url"])
        event = self.mandate.event_ids.filtered(lambda e: e.kind == "amended")
        self.assertEqual(event.data["session_user"], "")
        self.assertEqual(self.mandate._get_iban(), NEW_IBAN)

    def test_mandate_that_ended_meanwhile(self):
        self._call("code")
        self.mandate.action_revoke()
        answer = self._call("change", code=CODE)
        self.assertFalse(answer["ok"])
        self.assertIn("done=unchangeable", answer["url"])
        self.assertIn("cannot be changed", self._get_text(answer["url"]))
        location = self._get(f"{self.page}/account").headers["Location"]
        self.assertIn("done=unchangeable", location)
        self.assertEqual(self.mandate._get_iban(), DEBTOR_IBANS[0])

    def test_customer_is_told(self):
        self._call("code")
        self._call("change", code=CODE)
        mail = self._get_mails()
        self.assertEqual(mail.recipient_ids, self.users[0].partner_id)
        body = mail.body_html
        self.assertIn(self.mandate.iban_masked, body)
        self.assertIn("If this was not you", body)
        self.assertNotIn(NEW_IBAN[4:], body.replace(" ", ""))
        self.assertNotIn("access_token", body)

    def test_former_address_is_told_too(self):
        """Whoever takes over the customer's account changes the address first."""
        self.users[0].partner_id.email = "thief@example.com"
        self._call("code")
        self._call("change", code=CODE)
        mails = self._get_mails()
        self.assertEqual(len(mails), 2)
        former = mails.filtered("email_to")
        self.assertEqual(former.email_to, "anna_portal@example.com")
        self.assertFalse(former.recipient_ids)
        self.assertEqual(self.mandate.contact_email, "thief@example.com")

    def test_refused_change_gives_the_code_back(self):
        self._call("code")
        mandates = self.env.registry["sdd.mandate"]
        reason = "Please try again in a moment."
        with patch.object(mandates, "_lock_for_amendment", side_effect=UserError(reason)):
            self._assert_refused(self._call("change", code=CODE), "form", reason)
        self.assertEqual(self.mandate._get_iban(), DEBTOR_IBANS[0])
        self.assertTrue(self._call("change", code=CODE)["ok"])

    def test_nothing_in_the_log(self):
        with self.assertLogs("odoo", level=logging.INFO) as logs:
            self._call("code", "DE02120300000000202052")
            self._call("code")
            self._call("change", code=CODE)
        written = "".join(logs.output).replace(" ", "")
        for secret in (CODE, NEW_IBAN, "DE02120300000000202052"):
            self.assertNotIn(secret, written)

    def test_new_mandate_for_another_holder(self):
        response = self._post(f"{self.page}/new")
        self.assertIn("/sdd/confirm/", response.headers["Location"])
        new = self.mandate.replaced_by_ids
        self.assertEqual((new.state, new.channel), ("pending", "portal"))
        self.assertFalse(new.bank_account_id)
        self._post(f"{self.page}/new")
        self.assertEqual(self.mandate.replaced_by_ids, new)
        self.assertEqual(self.mandate.state, "active")
        self.assertIn("Confirm now", self._get_text(f"/my/mandates/{new.id}"))

    def test_customer_is_told_when_staff_change_the_account(self):
        wizards = self.env["sdd.mandate.amend.account"]
        wizard = wizards.create({"mandate_id": self.mandate.id, "iban": NEW_IBAN})
        wizard.action_amend()
        self.assertEqual(self._get_mails().recipient_ids, self.users[0].partner_id)
