"""Confirmation links: who may do what with them, and what agents do."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .confirmation_common import ConfirmationCase


@tagged("-at_install", "post_install")
class TestConfirmationStaff(ConfirmationCase):
    # === RIGHTS === #

    def test_nobody_writes_links_by_hand(self):
        link = self.mandate._create_confirmation().with_env(self.env)
        for call in (
            lambda: link.write({"used_date": fields.Datetime.now()}),
            lambda: link.unlink(),
            lambda: self.links.create({"mandate_id": self.mandate.id}),
            lambda: link.read(["token_hash"]),
            lambda: link.read(["code_hash"]),
            lambda: link.read(["url"]),
        ):
            with self.assertRaises(AccessError):
                call()

    def test_customers_and_strangers_see_no_links(self):
        link = self.mandate._create_confirmation()
        user = new_test_user(self.env, "portal_link", groups="base.group_portal")
        user.partner_id.parent_id = self.customer
        for other in (user, self.env.ref("base.public_user")):
            seen = link.with_user(other)
            for call in (
                lambda seen=seen: seen.read(["state"]),
                lambda seen=seen: seen.get_status(),
                lambda seen=seen: seen.action_resend(),
                lambda seen=seen: seen.action_revoke(),
                lambda seen=seen: seen.action_send_code(),
                lambda seen=seen: seen.check_read_back("123456"),
            ):
                with self.subTest(other.login), self.assertRaises(AccessError):
                    call()

    def test_staff_of_another_company(self):
        link = self.mandate._create_confirmation()
        company = self._create_second_company()
        clerk = new_test_user(
            self.env,
            "clerk_link",
            groups="support_debit.group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        seen = link.with_user(clerk).with_company(company)
        self.assertFalse(self.links.with_user(clerk).search([("id", "=", link.id)]))
        for method in ("get_status", "action_resend", "action_revoke"):
            with self.subTest(method), self.assertRaises(AccessError):
                getattr(seen, method)()
        with self.assertRaises(AccessError):
            self.mandate.with_user(clerk).with_company(company).action_ask_confirmation()

    def test_salespeople_read_a_mandate_without_its_links(self):
        link = self.mandate._create_confirmation()
        seller = new_test_user(
            self.env,
            "link_seller",
            groups="sales_team.group_sale_salesman_all_leads",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        values = self.mandate.with_user(seller).web_read(
            {"confirmation_count": {}, "open_confirmation_id": {"fields": {"display_name": {}}}}
        )
        self.assertEqual(values[0]["confirmation_count"], 1)
        with self.assertRaises(AccessError):
            link.with_user(seller).get_status()

    # === STAFF === #

    def test_withdraw_and_send_again(self):
        link = self.mandate._send_confirmation().with_env(self.env)
        self.assertEqual(link.action_revoke()["state"], "revoked")
        again = link.action_resend()
        self.assertEqual(again["state"], "open")
        self.assertNotEqual(again["id"], link.id)
        self.assertFalse(again["url"], "a link that is sent is not shown")

    def test_link_for_the_agent_is_shown_once(self):
        wizard = self._create_wizard(channel="none")
        action = wizard.action_send()
        self.assertIn("/sdd/confirm/", action["params"]["url"])
        link = self.links.browse(action["params"]["confirmation_id"])
        self.env.invalidate_all()
        self.assertFalse(link.action_view_status()["params"]["url"])

    def test_wizard_sends_and_shows_the_status(self):
        wizard = self._create_wizard(with_code=True, validity="20")
        self.assertIn("/sdd/confirm/…", wizard.preview)
        count = len(self._get_mails())
        action = wizard.action_send()
        self.assertEqual(len(self._get_mails()), count + 1)
        self.assertFalse(action["params"]["url"])
        link = self.links.browse(action["params"]["confirmation_id"])
        self.assertEqual(link.expiry_date - link.issued_date, timedelta(minutes=20))
        steps = {step["code"]: step["kind"] for step in link.get_status()["steps"]}
        self.assertEqual(steps, {"sent": "done", "opened": "", "code_sent": "", "confirmed": ""})

    def test_wizard_refuses_codes_that_cannot_arrive(self):
        self.customer.write({"email": False, "phone": False})
        wizard = self._create_wizard(channel="none", with_code=True)
        with self._refused("that a code could be sent to"):
            wizard.action_send()

    def _create_wizard(self, **values):
        action = self.mandate.action_ask_confirmation()
        return self.env["sdd.mandate.link"].with_context(**action["context"]).create(values)

    def test_undelivered_message_is_reported(self):
        link = self.mandate._send_confirmation()
        self.env["mail.mail"].sudo().browse(link.delivery_id).state = "exception"
        self.assertTrue(link.with_env(self.env).get_status()["failed"])

    def test_resend_needs_a_link(self):
        link = self.mandate._create_confirmation(purpose="phone").with_env(self.env)
        with self.assertRaisesRegex(UserError, "no link to send"):
            link.action_resend()

    def test_hours_are_set_on_the_settings_page(self):
        settings = self.env["res.config.settings"].with_company(self.company).create({})
        self.assertEqual(settings.sdd_link_hours, 72)
        settings.write({"sdd_link_hours": 24})
        settings.execute()
        self.assertEqual(self.company.sdd_link_hours, 24)
        self.assertIn(("company", "24 hours, as set up"), self._create_wizard()._get_validities())
