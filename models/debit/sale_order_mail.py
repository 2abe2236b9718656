"""One e-mail for a paid order: confirmation, access to support, pre-notification, PDFs."""

from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sdd_mail_state = fields.Selection(
        [("queued", "Queued"), ("sent", "Sent"), ("failed", "Failed")],
        string="Confirmation with pre-notification",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _sdd_queue_confirmation_mail(self):
        """Let the job send the one e-mail of these orders, so that nobody waits for a PDF."""
        self.sdd_mail_state = "queued"
        self.env.ref("support_debit.cron_send_confirmations")._trigger()

    @api.model
    def _cron_send_sdd_confirmations(self, limit=50):
        """Send the queued e-mails, each in a transaction of its own.

        :param int limit: how many orders are read at once.
        """
        domain = [("sdd_mail_state", "=", "queued")]
        orders = self.search(domain, limit=limit)
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        for order in orders:
            order = order.try_lock_for_update().filtered_domain(domain)
            if not order:
                continue
            try:
                order._sdd_send_confirmation()
                left = cron._commit_progress(1)
            except Exception as error:  # noqa: BLE001 - one order must not stop the others
                self.env.cr.rollback()
                order.sdd_mail_state = "failed"
                order.message_post(body=self.env._("The confirmation could not be sent: %s", error))
                left = cron._commit_progress(1)
            if not left:
                break

    def _sdd_send_confirmation(self):
        """Send confirmation and pre-notification with the mandate and the invoice attached.

        Note: self.ensure_one()
        """
        self.ensure_one()
        template = self.env.ref("support_debit.mail_template_order_confirmation")
        debits = self.sdd_debit_ids
        attachments = self._sdd_get_pdfs(self.partner_id.lang)
        message = self.with_context(lang=self.partner_id.lang).message_post_with_source(
            template,
            email_layout_xmlid="mail.mail_notification_layout_with_responsible_signature",
            subtype_xmlid="mail.mt_comment",
            attachment_ids=attachments.ids,
            force_send=False,
        )
        if message:
            debits._note_prenotification()
        self.sdd_mail_state = "sent"

    def _sdd_get_pdfs(self, lang):
        """Return the mandate and the invoices as PDF attachments in the customer's language."""
        documents = [
            ("support_debit.action_report_sdd_mandate", m) for m in self.sdd_debit_ids.mandate_id
        ]
        documents += [("account.account_invoices", m) for m in self.sdd_debit_ids.invoice_ids]
        values = []
        for report, record in documents:
            # In sudo mode: the job prints documents of every room.
            content, _kind = (
                self.env["ir.actions.report"]
                .sudo()
                .with_context(lang=lang)
                ._render_qweb_pdf(report, record.ids)
            )
            values.append(
                {
                    "name": f"{record.name.replace('/', '_')}.pdf",
                    "raw": content,
                    "mimetype": "application/pdf",
                    "res_model": self._name,
                    "res_id": self.id,
                }
            )
        return self.env["ir.attachment"].sudo().create(values)
