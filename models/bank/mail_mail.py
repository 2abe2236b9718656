from odoo import models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to note which customers learned that their debits came back."""
        mails = self.filtered(lambda mail: mail.model == "sdd.return" and mail.mail_message_id)
        if mails:
            # In sudo mode: whoever starts the outbox.
            returns = (
                self.env["sdd.return"]
                .sudo()
                .search([("mail_message_id", "in", mails.mail_message_id.ids)])
            )
            for mail in mails:
                told = returns.filtered(
                    lambda r, mail=mail: r.mail_message_id == mail.mail_message_id
                )
                if failure_type:
                    reason = failure_reason or mail.failure_reason or failure_type
                    told._note_message_failed(reason)
                else:
                    told._note_message_sent()
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )
