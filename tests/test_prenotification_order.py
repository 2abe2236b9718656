"""Pre-notifications that go with another e-mail: the order's confirmation, the renewal's invoice."""

from unittest.mock import patch

from odoo.tests import tagged

from .notice_common import NoticeCommon


@tagged("-at_install", "post_install")
class TestPrenotificationOrder(NoticeCommon):
    # === ORDERS === #

    def _buy(self):
        """Return a paid order whose confirmation is queued."""
        order = self._create_order()
        order._sdd_invoice()._queue_sdd_debit(mandate=self._create_mandate())
        order._sdd_queue_confirmation_mail()
        return order

    def test_the_order_mail_tells_of_its_debits(self):
        order = self._buy()
        debit = order.sdd_debit_ids
        self._run_job()
        self.assertFalse(debit.prenotification_ids, "The order's confirmation is going to.")
        self.assertFalse(self._collect())
        self.assertIn("confirmation of the order", debit.waiting_reason)
        with patch.object(type(order), "_sdd_print_documents", lambda o: o.env["ir.attachment"]):
            order._sdd_send_confirmation()
        notice = debit.prenotification_ids
        self.assertRecordValues(notice, [{"channel": "order", "state": "outgoing"}])
        self.assertEqual(notice.mail_message_id, order.sdd_mail_message_id)
        self.assertIn(debit.mandate_id.name, notice.body)
        self._run_job()
        self.assertEqual(debit.prenotification_ids, notice)
        self.assertEqual(self._collect().debit_ids, debit)
        self._send(notice.mail_message_id.mail_ids)
        self.assertEqual((order.sdd_mail_state, notice.state), ("sent", "sent"))
        self.assertTrue(debit.prenotification_date)

    def test_an_order_mail_that_is_refused_tells_nobody(self):
        order = self._buy()
        debit = order.sdd_debit_ids
        with patch.object(type(order), "_sdd_print_documents", lambda o: o.env["ir.attachment"]):
            order._sdd_send_confirmation()
        mail = self._get_mail(debit)
        self._refuse(mail)
        self.assertEqual((order.sdd_mail_state, debit.notice_state), ("failed", "failed"))
        debit.action_notify()
        self.assertEqual((order.sdd_mail_state, debit.notice_state), ("outgoing", "outgoing"))
        self._send(mail)
        self.assertEqual((order.sdd_mail_state, debit.notice_state), ("sent", "sent"))

    def test_an_order_mail_that_cannot_be_printed_is_not_waited_for(self):
        order = self._buy()
        order._sdd_note_mail_failed("Unable to find Wkhtmltopdf")
        self._run_job()
        self.assertEqual(order.sdd_debit_ids.prenotification_ids.channel, "email")

    # === RENEWALS === #

    def _renew(self):
        """Return the debit of a renewal invoice."""
        order = self._create_order()
        subscription = order.support_subscription_ids
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    (
                        0,
                        0,
                        {
                            "name": "Renewal",
                            "price_unit": 10.0,
                            "support_subscription_id": subscription.id,
                        },
                    )
                ],
            }
        )
        invoice.action_post()
        return invoice._queue_sdd_debit(mandate=self._create_mandate())

    def test_a_renewal_brings_its_invoice(self):
        debit = self._renew()
        documents = [("invoice.pdf", b"%PDF", "application/pdf")]
        with patch.object(
            type(self.env["sale.order"]), "_sdd_print_invoice", lambda _model, _invoice: documents
        ):
            self._run_job()
        notice = debit.prenotification_ids
        self.assertRecordValues(notice, [{"channel": "invoice", "state": "outgoing"}])
        self.assertIn(debit.invoice_ids.name, notice.subject)
        self.assertIn("your support goes on", notice.body)
        self.assertIn(debit.mandate_id.name, notice.body)
        self.assertEqual(notice.mail_message_id.attachment_ids.mapped("name"), ["invoice.pdf"])

    def test_a_renewal_that_cannot_be_printed_is_announced_all_the_same(self):
        debit = self._renew()

        def fail(_model, _invoice):
            raise ValueError("Unable to find Wkhtmltopdf")

        orders = self.env["sale.order"]
        with (
            patch.object(type(orders), "_sdd_print_invoice", fail),
            self.enter_registry_test_mode(),
        ):
            self.env.ref("support_debit.cron_prenotify").method_direct_trigger()
        self.env.invalidate_all()
        self.assertRecordValues(debit.prenotification_ids, [{"channel": "email"}])
