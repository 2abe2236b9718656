"""The one e-mail for a paid order: who gets it, what it says, what happens when it fails."""

import contextlib
from unittest.mock import Mock, patch

import requests
from odoo import fields
from odoo.addons.base.models.ir_mail_server import IrMail_Server
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged
from odoo.tools import html2plaintext

from .common import CREDITOR_ID, SupportDebitCommon


@tagged("-at_install", "post_install")
class TestConfirmationMail(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["res.lang"]._activate_lang("de_DE")
        cls.env["ir.module.module"].search([("name", "=", "support_debit")])._update_translations(
            ["de_DE"]
        )
        cls.company.write({"email": "help@example.com", "phone": "+49 30 1234567"})

    def _buy(self, **partner_values):
        """Return a paid order whose e-mail waits to be sent."""
        partner = self._create_customer("Jörg Müßig", **{"lang": "de_DE", **partner_values})
        mandate = self._create_mandate(partner)
        order = self._create_order(partner)
        order._sdd_invoice()._queue_sdd_debit(mandate=mandate)
        order._sdd_queue_confirmation_mail()
        return order

    def _run_job(self):
        """Run the job that writes the e-mails, as the scheduler does."""
        with self.enter_registry_test_mode():
            self.env.ref("support_debit.cron_send_confirmations").method_direct_trigger()
        self.env.invalidate_all()

    def _send_outbox(self, order, error=None):
        """Let the mail server take, or refuse, what lies in the outbox for the order."""
        answer = {"side_effect": error} if error else {"return_value": "<id@example.com>"}
        with (
            patch.object(IrMail_Server, "_disable_send", return_value=False),
            patch.object(IrMail_Server, "_connect__", return_value=Mock()),
            patch.object(IrMail_Server, "send_email", **answer),
        ):
            self._get_mails(order).send()
        self.env.invalidate_all()

    def _get_mails(self, order):
        """Return the e-mails of the order, sent or not."""
        return self.env["mail.mail"].search(
            [("model", "=", "sale.order"), ("res_id", "=", order.id)]
        )

    # === THE MESSAGE === #

    def test_the_customer_gets_one_mail_and_nobody_else_does(self):
        follower = self._create_customer("Colleague", email="colleague@example.com")
        order = self._buy()
        order.message_subscribe(follower.ids)
        self.assertFalse(self._get_mails(order), "Confirming the order sends nothing of its own.")
        self.assertEqual(order.sdd_mail_state, "queued")
        self._run_job()
        mail = self._get_mails(order)
        self.assertEqual(mail.recipient_ids, order.partner_id)
        self.assertEqual(mail.state, "outgoing")
        self.assertEqual(order.sdd_mail_state, "outgoing")
        self.assertFalse(order.sdd_debit_ids.prenotification_date)
        self._send_outbox(order)
        self.assertEqual(mail.state, "sent")
        self.assertEqual(order.sdd_mail_state, "sent")
        self.assertTrue(order.sdd_debit_ids.prenotification_date)

    def test_a_second_run_or_order_event_sends_no_second_mail(self):
        order = self._buy()
        self._run_job()
        order._sdd_queue_confirmation_mail()
        self._run_job()
        self._send_outbox(order)
        order._sdd_queue_confirmation_mail()
        self._run_job()
        self.assertEqual(len(self._get_mails(order)), 1)

    def test_a_new_debit_is_announced_again(self):
        order = self._buy()
        self._run_job()
        self._send_outbox(order)
        order.sdd_debit_ids._cancel("Paid another way")
        self.env.flush_all()
        debit = order.invoice_ids._queue_sdd_debit(mandate=order.sdd_debit_ids.mandate_id)
        # All of a test happens in one transaction, so at one time.
        self.env.cr.execute(
            "UPDATE sdd_debit SET create_date = create_date + interval '1 hour' WHERE id = %s",
            [debit.id],
        )
        self.env.invalidate_all()
        order._sdd_queue_confirmation_mail()
        self.assertEqual(order.sdd_mail_state, "queued")
        self._run_job()
        self.assertEqual(len(self._get_mails(order)), 2)

    def test_it_is_the_prenotification(self):
        order = self._buy(lang="en_US")
        self._run_job()
        debit = order.sdd_debit_ids
        text = html2plaintext(order.sdd_mail_message_id.body)
        date = fields.Date.to_date(debit.collection_date).strftime("%m/%d/%Y")
        for part in (
            order.name,
            order.support_subscription_ids.name,
            "+49 30 1234567",
            "help@example.com",
            "99.90",
            date,
            debit.iban_masked,
            debit.mandate_id.name,
            CREDITOR_ID,
            self.company.name,
        ):
            self.assertIn(part, text)
        self.assertNotIn(debit.mandate_id._get_iban(), text.replace(" ", ""))

    def test_it_speaks_the_customers_language(self):
        order = self._buy()
        self._run_job()
        message = order.sdd_mail_message_id
        self.assertEqual(message.subject, f"Ihr Support ist aktiv: Bestellung {order.name}")
        text = html2plaintext(message.body)
        self.assertIn("Ankündigung der Lastschrift", text)
        self.assertIn(order.sdd_debit_ids.collection_date.strftime("%d.%m.%Y"), text)

    def test_without_a_language_of_his_own_the_mandates_counts(self):
        order = self._buy()
        order.partner_id.lang = False
        order.sdd_debit_ids.mandate_id.sudo().lang = "de_DE"
        self.assertEqual(order._sdd_get_mail_lang(), "de_DE")
        order.sdd_debit_ids.mandate_id.sudo().lang = "xx_XX"
        order.company_id.partner_id.lang = "en_US"
        self.assertEqual(order._sdd_get_mail_lang(), "en_US")

    def test_mandate_and_invoice_are_attached(self):
        order = self._buy()
        self._run_job()
        names = order.sdd_mail_message_id.attachment_ids.mapped("name")
        self.assertEqual(len(names), 2)
        self.assertTrue(all(name.endswith(".pdf") for name in names))
        mandate = order.sdd_debit_ids.mandate_id
        self.assertTrue([name for name in names if mandate.name in name])
        self.assertEqual(order.invoice_ids.invoice_pdf_report_id.mimetype, "application/pdf")
        self.assertTrue(order.invoice_ids.is_move_sent)

    def test_portal_and_inbox_users_are_reached(self):
        portal = new_test_user(
            self.env, login="portal_buyer", groups="base.group_portal", lang="de_DE"
        ).partner_id
        portal.write({"email": "portal@example.com", "country_id": self.env.ref("base.de").id})
        mandate = self._create_mandate(portal)
        order = self._create_order(portal)
        order._sdd_invoice()._queue_sdd_debit(mandate=mandate)
        order._sdd_queue_confirmation_mail()
        staff_order = self._buy()
        self.env["res.users"].create(
            {
                "login": "staff_buyer",
                "partner_id": staff_order.partner_id.id,
                "group_ids": [(4, self.env.ref("base.group_user").id)],
                "notification_type": "inbox",
            }
        )
        self._run_job()
        self.assertEqual(self._get_mails(order).recipient_ids, portal)
        self.assertEqual(staff_order.sdd_mail_state, "sent")
        self.assertTrue(staff_order.sdd_debit_ids.prenotification_date)

    def test_the_invoice_asks_for_no_transfer(self):
        order = self._buy(lang="en_US")
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("account.account_invoices", order.invoice_ids.ids)[0]
        text = html2plaintext(html.decode())
        self.assertIn("Please do not transfer the amount", text)
        self.assertIn(order.sdd_debit_ids.mandate_id.name, text)
        self.assertNotIn("Payment Communication", text)
        order.sdd_debit_ids._cancel("Test")
        html = report._render_qweb_html("account.account_invoices", order.invoice_ids.ids)[0]
        text = html2plaintext(html.decode())
        self.assertIn("Payment Communication", text)
        self.assertNotIn("Please do not transfer", text)

    # === FAILURES === #

    def test_a_failed_print_leaves_the_order_and_can_be_repeated(self):
        order, other = self._buy(), self._buy()
        send = type(order)._sdd_print_mandate

        def break_first(records, mandate):
            if mandate in order.sdd_debit_ids.mandate_id:
                raise ValueError("Unable to find Wkhtmltopdf")
            return send(records, mandate)

        with patch.object(type(order), "_sdd_print_mandate", break_first):
            self._run_job()
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.sdd_mail_state, "failed")
        self.assertEqual(order.sdd_mail_error, "Unable to find Wkhtmltopdf")
        self.assertIn("Unable to find Wkhtmltopdf", order.message_ids[0].body)
        self.assertFalse(self._get_mails(order))
        self.assertEqual(other.sdd_mail_state, "outgoing", "The others are not held up.")
        order.action_sdd_send_confirmation()
        self._run_job()
        self.assertEqual(order.sdd_mail_state, "outgoing")
        self.assertFalse(order.sdd_mail_error)

    def test_a_print_that_kills_the_process_does_not_hold_up_the_others(self):
        deadly, other = self._buy(), self._buy()
        printed = []
        send = type(deadly)._sdd_send_confirmation

        def die_once(order):
            printed.append(order.id)
            if order.id == deadly.id and len(printed) == 1:
                raise KeyboardInterrupt
            return send(order)

        with patch.object(type(deadly), "_sdd_send_confirmation", die_once):
            # Not assertRaises: Odoo's rolls back what had been committed.
            with (
                self.enter_registry_test_mode(),
                self.registry.cursor() as cr,
                contextlib.suppress(KeyboardInterrupt),
            ):
                self.env(cr=cr)["sale.order"]._cron_send_sdd_confirmations()
            self.env.invalidate_all()
            self.assertEqual(deadly.sdd_mail_state, "queued")
            self._run_job()
        self.assertEqual(printed, [deadly.id, other.id, deadly.id])
        self.assertEqual(len(self._get_mails(deadly)), 1)

    def test_a_mail_that_the_server_refuses_is_sent_again_not_written_again(self):
        order = self._buy()
        self._run_job()
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self._send_outbox(order, error=OSError("Relay denied"))
        self.assertEqual(order.sdd_mail_state, "failed")
        self.assertIn("Relay denied", order.sdd_mail_error)
        self.assertFalse(order.sdd_debit_ids.prenotification_date)
        message = order.sdd_mail_message_id
        order.action_sdd_send_confirmation()
        self.assertEqual(order.sdd_mail_state, "outgoing")
        self._run_job()
        self._send_outbox(order)
        self.assertEqual(order.sdd_mail_state, "sent")
        self.assertEqual(order.sdd_mail_message_id, message)
        self.assertEqual(self._get_mails(order).mail_message_id, message)

    def test_without_an_address_the_staff_is_told(self):
        order = self._buy(email=False)
        self._run_job()
        self.assertEqual(order.sdd_mail_state, "failed")
        self.assertIn("Jörg Müßig", order.sdd_mail_error)

    def test_an_unreachable_web_server_stops_the_print(self):
        report = self.env["ir.actions.report"].with_context(sdd_needs_styles=True)
        self.env["ir.config_parameter"].set_param("report.url", "http://printer.example")
        with (
            patch.object(requests, "get", side_effect=requests.ConnectionError("refused")),
            self.assertRaisesRegex(UserError, "http://printer.example"),
        ):
            report._run_wkhtmltopdf(["<html/>"])
