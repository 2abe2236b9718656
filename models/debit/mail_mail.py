from odoo import api, models


class MailMail(models.Model):
    _inherit = "mail.mail"

    def write(self, vals):
        """Override of `mail`: what is taken out of the outbox tells nobody; what is put back may."""
        res = super().write(vals)
        if vals.get("state") in ("cancel", "outgoing"):
            notices = self._sdd_get_notices()
            if vals["state"] == "cancel":
                notices.filtered(lambda n: n.state == "outgoing")._note_failed(
                    self.env._("Somebody has cancelled the e-mail.")
                )
            else:
                notices._note_outgoing()
                self._sdd_get_orders("failed").sdd_mail_state = "outgoing"
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_sdd_notices(self):
        """What is deleted before it was sent tells nobody."""
        unsent = self.filtered(lambda mail: mail.state in ("outgoing", "exception", "cancel"))
        unsent._sdd_get_notices().filtered(lambda n: n.state == "outgoing")._note_failed(
            self.env._("Somebody has deleted the e-mail.")
        )

    def _postprocess_sent_message(
        self, success_pids, success_emails, failure_reason=False, failure_type=None
    ):
        """Override of `mail` to note whether customers were reached: debits and orders."""
        self._sdd_note_outcome(success_pids, failure_reason, failure_type)
        return super()._postprocess_sent_message(
            success_pids, success_emails, failure_reason=failure_reason, failure_type=failure_type
        )

    def _sdd_note_outcome(self, success_pids, failure_reason, failure_type):
        """Mark the notices and confirmations among these e-mails as sent or failed.

        :param list success_pids: `res.partner` records whom the mail server accepted.
        :param str failure_reason: what the mail server said.
        :param str failure_type: a code of `mail.mail.failure_type`, empty for success.
        """
        reason = failure_reason or self[:1].failure_reason or failure_type
        waiting = self._sdd_get_notices().filtered(lambda n: n.state == "outgoing")
        reached = waiting.filtered(lambda notice: notice.partner_id in success_pids)
        reached._note_sent()
        if failure_type:
            addressed = (waiting - reached).filtered(
                lambda notice: notice.partner_id in self.recipient_ids
            )
            addressed._note_failed(reason)
        for order in self._sdd_get_orders("outgoing"):
            if order.partner_id in success_pids:
                order._sdd_note_mail_sent()
            elif failure_type and order.partner_id in self.recipient_ids:
                order._sdd_note_mail_failed(reason)

    def _sdd_get_notices(self):
        """Return the notices of debits that these e-mails carry (sudo).

        :rtype: `sdd.prenotification` recordset
        """
        # In sudo mode: whoever starts the outbox.
        messages = self.sudo().mail_message_id
        if not messages:
            return self.env["sdd.prenotification"].sudo()
        return messages.env["sdd.prenotification"].search(
            [("mail_message_id", "in", messages.ids), ("state", "!=", "replaced")]
        )

    def _sdd_get_orders(self, state):
        """Return the orders that these e-mails confirm (sudo).

        :param str state: of the confirmation.
        :rtype: `sale.order` recordset
        """
        # In sudo mode: as above.
        messages = self.sudo().filtered(lambda mail: mail.model == "sale.order").mail_message_id
        orders = self.env["sale.order"].sudo()
        if not messages:
            return orders
        return orders.search(
            [("sdd_mail_message_id", "in", messages.ids), ("sdd_mail_state", "=", state)]
        )
