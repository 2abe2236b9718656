from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to tell the orders whether their customers were reached."""
        self._sdd_note_outcome(success_pids, failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def _sdd_note_outcome(self, success_pids, failure_reason, failure_type):
        """Mark the confirmations among these e-mails as sent or failed.

        :param list success_pids: `res.partner` records whom the mail server accepted.
        :param str failure_reason: what the mail server said.
        :param str failure_type: a code of `mail.mail.failure_type`, empty for success.
        """
        mails = self.filtered(lambda mail: mail.model == "sale.order" and mail.mail_message_id)
        if not mails:
            return
        # In sudo mode: whoever starts the outbox.
        orders = (
            self.env["sale.order"]
            .sudo()
            .search([("sdd_mail_message_id", "in", mails.mail_message_id.ids)])
        )
        for order in orders.filtered(lambda order: order.sdd_mail_state == "outgoing"):
            own = mails.filtered(
                lambda m, order=order: m.mail_message_id == order.sdd_mail_message_id
            )
            if order.partner_id in success_pids:
                order._sdd_note_mail_sent()
            elif failure_type and order.partner_id in own.recipient_ids:
                reason = failure_reason or own[:1].failure_reason or failure_type
                order._sdd_note_mail_failed(reason)
