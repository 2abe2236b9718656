"""A customer revokes his mandate: what he is told, who else is told, and clicks too many."""

from unittest.mock import patch

from odoo.exceptions import LockError, UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_portal_mandate import PortalCase


@tagged("-at_install", "post_install")
class TestPortalRevoke(PortalCase):
    def test_revoking(self):
        self.authenticate("anna_portal", "anna_portal")
        text = self._get_text(f"{self.page}/revoke")
        self.assertIn("Nothing more is collected with this mandate", text)
        self.assertIn("is cancelled", text)
        response = self._post(f"{self.page}/revoke", reason="  Other\n bank ")
        self.assertEqual(response.status_code, 303)
        self.assertIn("done=revoked", response.headers["Location"])
        self.assertEqual(self.mandate.state, "revoked")
        self.assertEqual(self.debit.state, "cancelled")
        self.assertTrue(self.mandate.end_reason.endswith(": Other bank"))
        event = self.mandate.event_ids.filtered(lambda e: e.kind == "revoked")
        self.assertEqual(event.user_id, self.users[0])
        self.assertEqual(event.data["session_user"], "anna_portal")
        self.assertTrue(event.data["told"] and event.data["ip_address"])
        self.assertFalse(self.mandate._verify())
        page = self._get_text(f"{self.page}?done=revoked")
        self.assertIn("You have revoked this mandate", page)
        self.assertIn("Please pay another way", page)
        self.assertIn(self.debit.invoice_ids.name, page)

    def test_revoking_tells_staff_and_customer(self):
        self.authenticate("anna_portal", "anna_portal")
        self._post(f"{self.page}/revoke")
        activity = self.mandate.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("revoked", activity.summary)
        mail = (
            self.env["mail.mail"]
            .search([("model", "=", "sdd.mandate"), ("res_id", "=", self.mandate.id)])
            .filtered(lambda m: m.recipient_ids == self.users[0].partner_id)
        )
        self.assertEqual(len(mail), 1)
        self.assertIn(self.mandate.name, mail.subject)
        self.assertNotIn(self.mandate._get_iban(), mail.body_html.replace(" ", ""))
        self.assertIn(f"/my/mandates/{self.mandate.id}?access_token=", mail.body_html)

    def test_revoking_twice_is_kind(self):
        self.authenticate("anna_portal", "anna_portal")
        self._post(f"{self.page}/revoke")
        events = len(self.mandate.event_ids)
        response = self._post(f"{self.page}/revoke")
        self.assertIn("done=ended", response.headers["Location"])
        self.assertIn("done=ended", self._get(f"{self.page}/revoke").headers["Location"])
        self.assertIn("had ended already", self._get_text(f"{self.page}?done=ended"))
        self.assertEqual(len(self.mandate.event_ids), events)
        self.assertEqual(len(self.mandate.activity_ids), 1)

    def test_revoking_needs_the_form(self):
        """Neither a link nor a form of another site revokes."""
        self.authenticate("anna_portal", "anna_portal")
        response = self.url_open(f"{self.page}/revoke", data={"reason": "x"})
        self.assertEqual(response.status_code, 400)
        self._get(f"{self.page}/revoke?reason=x")
        self.assertEqual(self.mandate.state, "active")

    def test_debit_at_the_bank_is_announced(self):
        self._submit(self.debit)
        self.authenticate("anna_portal", "anna_portal")
        self.assertIn("is at the bank already", self._get_text(f"{self.page}/revoke"))
        self.assertIn(
            "still collected from the old account", self._get_text(f"{self.page}/account")
        )
        self._post(f"{self.page}/revoke")
        self.assertEqual(self.debit.state, "submitted")

    def test_click_that_came_too_late(self):
        """The second of two clicks finds the mandate locked by the first."""
        self.authenticate("anna_portal", "anna_portal")
        mandates = self.env.registry["sdd.mandate"]
        with patch.object(mandates, "lock_for_update", side_effect=LockError("busy")):
            response = self._post(f"{self.page}/revoke")
        self.assertIn("done=busy", response.headers["Location"])
        self.assertIn("try again in a minute", self._get_text(f"{self.page}?done=busy"))
        self.mandate.action_revoke()
        self.assertIn("You have revoked", self._get_text(f"{self.page}?done=busy"))

    def test_spoilt_template(self):
        """Whoever wants to revoke can, even when the e-mail about it cannot be written."""
        templates = self.env.registry["mail.template"]
        self.authenticate("anna_portal", "anna_portal")
        with (
            patch.object(templates, "send_mail", side_effect=UserError("spoilt")),
            mute_logger("odoo.addons.support_debit.models.mandate.sdd_mandate_customer"),
        ):
            self._post(f"{self.page}/revoke")
        self.assertEqual(self.mandate.state, "revoked")
        self.assertIn("Please tell him", "".join(self.mandate.message_ids.mapped("body")))
