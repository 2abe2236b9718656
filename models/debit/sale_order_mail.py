"""One e-mail for a paid order: confirmation, access to support, pre-notification, PDFs."""

import logging
import re

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools.safe_eval import safe_eval
from psycopg2 import OperationalError

from .const import LIVE_STATES

_logger = logging.getLogger(__name__)


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sdd_mail_state = fields.Selection(
        [
            ("queued", "Queued"),
            ("outgoing", "In the outbox"),
            ("sent", "Sent"),
            ("failed", "Failed"),
        ],
        string="Confirmation with pre-notification",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
    sdd_mail_error = fields.Char(string="Not sent because", readonly=True, copy=False)
    sdd_mail_tried = fields.Datetime(string="Last attempt to send", readonly=True, copy=False)
    sdd_mail_message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    # === ACTION METHODS === #

    def action_sdd_send_confirmation(self):
        """Try again to send the confirmations that failed.

        A message that is written already is only sent again, so that nobody gets two.
        """
        for order in self.filtered(lambda order: order.sdd_mail_state == "failed"):
            # In sudo mode: salespeople may not touch the outbox.
            mails = order.sudo().sdd_mail_message_id.mail_ids.filtered(
                lambda mail: mail.state == "exception"
            )
            order.sdd_mail_error = False
            if mails:
                mails.mark_outgoing()
                order.sdd_mail_state = "outgoing"
                self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
            else:
                order.sdd_mail_state = "queued"
                self.env.ref("support_debit.cron_send_confirmations").sudo()._trigger()

    # === BUSINESS METHODS === #

    def _sdd_queue_confirmation_mail(self):
        """Let the job send the one e-mail of these orders, so that nobody waits for a PDF.

        An order whose e-mail is under way or sent gets another one only for a new debit.
        """
        orders = self.filtered(
            lambda order: (
                order.sdd_mail_state not in ("outgoing", "sent") or order._sdd_get_new_debits()
            )
        )
        orders.write({"sdd_mail_state": "queued", "sdd_mail_error": False})
        if orders:
            self.env.ref("support_debit.cron_send_confirmations").sudo()._trigger()

    def _sdd_get_new_debits(self):
        """Return the debits that the customer must be told of and has not been told of.

        Note: self.ensure_one()

        :rtype: `sdd.debit` recordset
        """
        self.ensure_one()
        # In sudo mode: called while the customer himself pays.
        return self.sudo().sdd_debit_ids.filtered(
            lambda debit: debit.state in LIVE_STATES and debit._is_untold()
        )

    @api.model
    def _cron_send_sdd_confirmations(self, limit=50):
        """Write the queued e-mails, each in a transaction of its own; the outbox sends them.

        Message and state are committed together, so a crash neither loses nor doubles an e-mail.

        :param int limit: how many orders are read at once.
        """
        domain = [("sdd_mail_state", "=", "queued")]
        orders = self.search(domain, limit=limit, order="sdd_mail_tried ASC NULLS FIRST, id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for order_id in orders.ids:
            # One by one: a commit empties the cache, prefetching for all would be in vain.
            order = self.browse(order_id)
            order = order.with_context(lang=order._sdd_get_staff_lang())
            # Kept even if the process is killed while it prints: next time the others come first.
            order.sdd_mail_tried = fields.Datetime.now()
            cron._commit_progress()
            try:
                order._sdd_send_confirmation()
                # Now rather than with the commit, where nobody would catch what goes wrong.
                self.env.flush_all()
            except OperationalError:
                # Another transaction was faster. The order is still queued, if it is.
                self.env.cr.rollback()
                _logger.info("Order %s is tried again in a minute.", order_id)
                soon = fields.Datetime.add(fields.Datetime.now(), minutes=1)
                self.env.ref("support_debit.cron_send_confirmations").sudo()._trigger(at=soon)
            except Exception as error:  # noqa: BLE001 - one order must not stop the others
                self.env.cr.rollback()
                _logger.info("The confirmation of order %s failed: %s", order_id, error)
                order._sdd_note_mail_failed(str(error))
            if not cron._commit_progress(1):
                break

    def _sdd_send_confirmation(self):
        """Put confirmation and pre-notification with mandate and invoice into the outbox.

        The PDFs come first: printing asks our own web server, and no row is locked meanwhile.

        Note: self.ensure_one()

        :raise UserError: when the customer cannot be reached or the documents not printed.
        """
        self.ensure_one()
        if not self.partner_id.email_normalized:
            raise UserError(
                self.env._("%s has no usable e-mail address.", self.partner_id.display_name)
            )
        order = self.with_company(self.company_id).with_context(sdd_needs_styles=True)
        attachments = order._sdd_print_documents()
        if not order.try_lock_for_update().filtered_domain([("sdd_mail_state", "=", "queued")]):
            return
        message = order.with_context(
            lang=self._sdd_get_mail_lang(), mail_notify_force_send=False
        ).message_post_with_source(
            self.env.ref(self._sdd_get_confirmation_template()),
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=attachments.ids,
            force_send=False,
            notify_skip_followers=True,
        )
        self._sdd_note_mail_written(message)

    def _sdd_get_confirmation_template(self):
        """Return which e-mail confirms this order: support has started, or it starts later.

        Note: self.ensure_one()

        :rtype: str, the external id of a `mail.template`
        """
        self.ensure_one()
        # In sudo mode: the job tells of support that its user need not see.
        waits = self.sudo().support_subscription_ids.filtered(lambda s: s.waits_for)
        name = "mail_template_order_waiting" if waits else "mail_template_order_confirmation"
        return f"support_debit.{name}"

    def _sdd_get_mail_lang(self):
        """Return the customer's language: his own, else the one he read the mandate in.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (
            self.partner_id.lang,
            self.sdd_debit_ids.mandate_id[:1].lang,
            self.company_id.partner_id.lang,
        )
        return next((code for code in wanted if code in installed), "en_US")

    def _sdd_get_staff_lang(self):
        """Return the language in which failures are told, `None` for the default.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.user_id.lang or self.company_id.partner_id.lang or None

    # === BUSINESS METHODS - OUTCOME === #

    def _sdd_note_mail_written(self, message):
        """Remember the message and have the outbox sent, after the commit.

        Note: self.ensure_one()

        :param message: `mail.message` record.
        :raise UserError: when the message goes to nobody.
        """
        self.ensure_one()
        own = message.notification_ids.filtered(lambda n: n.res_partner_id == self.partner_id)
        if not own:
            raise UserError(
                self.env._("The message found no way to %s.", self.partner_id.display_name)
            )
        self.sdd_mail_message_id = message
        self._sdd_get_new_debits()._record_prenotification("order", message)
        if own.notification_type == "inbox":
            self._sdd_note_mail_sent()
            return
        self.write({"sdd_mail_state": "outgoing", "sdd_mail_error": False})
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _sdd_note_mail_sent(self):
        """Remember that the mail server has taken the e-mail: the customers are notified now."""
        self.write({"sdd_mail_state": "sent", "sdd_mail_error": False})
        # In sudo mode: notices are kept by the program only.
        self.sudo().sdd_mail_message_id.sdd_prenotification_ids._note_sent()

    def _sdd_note_mail_failed(self, reason):
        """Tell the staff that an e-mail was not sent; the order itself stays as it is.

        :param str reason: what went wrong, for the staff.
        """
        self.write({"sdd_mail_state": "failed", "sdd_mail_error": reason})
        for order in self:
            order = order.with_context(lang=order._sdd_get_staff_lang())
            order.message_post(
                body=order.env._(
                    "The confirmation with the notice of the direct debit could not be sent:"
                    " %(reason)s Put this right and send it again.",
                    reason=reason,
                )
            )

    # === BUSINESS METHODS - DOCUMENTS === #

    def _sdd_print_documents(self):
        """Print the mandates and the invoices of this order for its e-mail.

        :return: copies that belong to the order, as a message wants them.
        :rtype: `ir.attachment` recordset
        """
        self.ensure_one()
        # In sudo mode: the job prints documents of every room.
        debits = self.sudo().sdd_debit_ids.filtered(lambda debit: debit.state in LIVE_STATES)
        files = [self._sdd_print_mandate(mandate) for mandate in debits.mandate_id]
        for invoice in debits.invoice_ids:
            files += self._sdd_print_invoice(invoice)
        return (
            self.env["ir.attachment"]
            .sudo()
            .create(
                [
                    {
                        "name": name,
                        "raw": content,
                        "mimetype": mimetype,
                        "res_model": self._name,
                        "res_id": self.id,
                    }
                    for name, content, mimetype in files
                ]
            )
        )

    def _sdd_print_mandate(self, mandate):
        """Return a mandate as (file name, bytes, mimetype)."""
        # In sudo mode: see the caller.
        report = self.env.ref("support_debit.action_report_sdd_mandate").sudo()
        content, _kind = report._render_qweb_pdf(report.report_name, mandate.ids)
        report = report.with_context(lang=self._sdd_get_mail_lang())
        name = safe_eval(report.print_report_name, {"object": mandate})
        file_name = re.sub(r"[^\w.-]+", "_", name) + ".pdf"
        return file_name, content, "application/pdf"

    @api.model
    def _sdd_print_invoice(self, invoice):
        """Return the documents of an invoice as [(file name, bytes, mimetype)].

        Core makes and keeps them (PDF, e-invoice where the customer wants one) and sends nothing,
        because no way of sending is given. The invoice counts as sent.
        """
        documents = (
            self.env["account.move.send"]
            .sudo()
            ._generate_and_send_invoices(invoice.sudo(), sending_methods=[])
        )
        return [(document.name, document.raw, document.mimetype) for document in documents]
