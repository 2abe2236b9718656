"""Whether the customer knows of a debit in time, how that is known, and what is missing."""

from odoo import api, fields, models
from odoo.tools import html2plaintext

#: States of a notice that counts: on its way or there.
LIVE_NOTICES = ("outgoing", "sent")
#: States of a debit in which a notice that is no longer true must be replaced.
OPEN_STATES = ("queued", "held", "batched")


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    prenotification_ids = fields.One2many(
        "sdd.prenotification", "debit_id", string="Notices", readonly=True
    )
    notice_state = fields.Selection(
        [
            ("missing", "Not notified"),
            ("failed", "Notice failed"),
            ("outdated", "To be notified again"),
            ("outgoing", "Notice in the outbox"),
            ("sent", "Notified"),
        ],
        string="Notice",
        compute="_compute_notice_state",
        store=True,
        compute_sudo=True,
        help="Whether the customer was told of amount, due date, mandate and creditor.",
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "prenotification_ids.state",
        "prenotification_date",
        "amount",
        "collection_date",
        "mandate_id.name",
        "mandate_id.creditor_identifier",
        "iban_masked",
    )
    def _compute_notice_state(self):
        for debit in self:
            notice = debit._get_last_notice()
            if not notice:
                # What was announced before notices were kept has a date only.
                debit.notice_state = "sent" if debit.prenotification_date else "missing"
            elif notice.state == "failed":
                debit.notice_state = "failed"
            elif debit.state in OPEN_STATES and not notice._is_true(debit):
                debit.notice_state = "outdated"
            else:
                debit.notice_state = notice.state

    # === BUSINESS METHODS === #

    def _get_last_notice(self):
        """Return the notice that counts, empty when there is none.

        Note: self.ensure_one() (sudo)

        :rtype: `sdd.prenotification` record
        """
        self.ensure_one()
        return self.prenotification_ids.filtered(lambda notice: notice.state != "replaced")[:1]

    def _record_prenotification(self, channel, message, text=None):
        """Keep a message as the advance notice of these debits. What was said before is replaced.

        The notice counts as on its way until the mail server has taken the message; what becomes of
        the message is noted by itself.

        :param str channel: a value of `sdd.prenotification.channel`.
        :param message: `mail.message` record that names amount, due date, mandate and creditor.
        :param str text: what the message says, as plain text; its body if omitted.
        :return: the new notices (sudo).
        :rtype: `sdd.prenotification` recordset
        """
        message = message.sudo()
        text = text or html2plaintext(message.body or "")
        partners = message.notification_ids.res_partner_id | message.mail_ids.recipient_ids
        partners |= message.partner_ids
        values = []
        for debit in self.sudo():
            own = partners.filtered(
                lambda p, debit=debit: p.commercial_partner_id == debit.partner_id
            )
            partner = (own or partners)[:1] or debit._get_notice_partner()
            values.append(
                debit._prepare_prenotification_values(
                    channel, partner, message.subject, text, mail_message_id=message.id
                )
            )
        notices = self._create_prenotifications(values)
        inbox = message.notification_ids.filtered(lambda n: n.notification_type == "inbox")
        # Users who read their messages in the inbox have got it at once.
        notices.filtered(lambda n: n.partner_id in inbox.res_partner_id)._note_sent()
        return notices

    @api.model
    def _create_prenotifications(self, values):
        """Create notices and replace the former ones of the same debits.

        :param list values: of `sdd.prenotification`.
        :return: the new notices (sudo).
        :rtype: `sdd.prenotification` recordset
        """
        # In sudo mode: notices are made by the program only.
        debits = self.sudo().browse(vals["debit_id"] for vals in values)
        debits.prenotification_ids.filtered(lambda n: n.state != "replaced")._replace()
        return self.env["sdd.prenotification"].sudo().create(values)

    def _prepare_prenotification_values(self, channel, partner, subject, text, **values):
        """Return the values of a notice that says what is true of this debit now.

        Note: self.ensure_one() (sudo)

        :param str channel: a value of `sdd.prenotification.channel`.
        :param partner: the recipient.
        :param str subject: of the message.
        :param str text: the message as plain text.
        :param values: more of them.
        :rtype: dict
        """
        self.ensure_one()
        return {
            "debit_id": self.id,
            "company_id": self.company_id.id,
            "channel": channel,
            "partner_id": partner.id,
            "address": partner.email_normalized or partner.email,
            "amount": self.amount,
            "collection_date": self.collection_date,
            "mandate_reference": self.mandate_id.name,
            "creditor_identifier": self.mandate_id.creditor_identifier,
            "iban_masked": self.iban_masked,
            "subject": subject,
            "body": text,
            **values,
        }

    def _get_notice_partner(self):
        """Return who is told of this debit: the invoice's contact, who gave the mandate, the customer.

        The first of them that has an e-mail address; the first one when nobody has.

        Note: self.ensure_one() (sudo)

        :rtype: `res.partner` record
        """
        self.ensure_one()
        known = [*self.invoice_ids.partner_id, self.mandate_id.partner_id, self.partner_id]
        return next((partner for partner in known if partner.email_normalized), known[0])

    def _forget_waiting_for_notice(self):
        """Let the list no longer say that these debits wait for a notice."""
        # In sudo mode: the outbox is sent by the program.
        self.sudo().filtered(lambda d: d.waiting_code == "notice")._note_waiting({})
