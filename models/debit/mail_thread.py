from odoo import api, models
from odoo.tools import html2plaintext


class MailThread(models.AbstractModel):
    _inherit = "mail.thread"

    @api.model
    def _routing_handle_bounce(self, email_message, message_dict):
        """Override of `mail`: a notice that came back has not told the customer anything."""
        res = super()._routing_handle_bounce(email_message, message_dict)
        message = message_dict.get("bounced_message")
        if message and message_dict.get("bounced_email"):
            # In sudo mode: the mail gateway need not have rights on notices.
            notices = message.sudo().sdd_prenotification_ids.filtered(
                lambda n: (
                    n.partner_id in (message_dict.get("bounced_partner") or n.partner_id.browse())
                    or n.address == message_dict["bounced_email"]
                )
            )
            text = html2plaintext(message_dict.get("body") or "").strip().splitlines()
            first = next(filter(None, text), "")
            notices._note_failed(first or self.env._("The message came back."))
        return res
