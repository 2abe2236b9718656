"""Whether the customer knows of a debit in time, how that is known, and what is missing."""

from odoo import api, fields, models
from odoo.tools import format_date, html2plaintext

from ...sepa import due_date
from .sdd_debit_check import Finding

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

    # === CHECKS === #

    def _get_preflight_checks(self):
        """Override: the customer was told in time."""
        return [*super()._get_preflight_checks(), type(self)._check_notices]

    def _check_notices(self):
        """Return the debits whose customers were not told in time. See `_get_preflight_checks`."""
        found = {}
        strict = self.filtered(lambda d: d.journal_id.sdd_notice_policy == "wait")
        lacking = strict.filtered(lambda d: d.notice_state not in LIVE_NOTICES)
        awaiting = lacking._filter_awaiting_order_mail()
        for debit in strict:
            if reason := debit._find_notice_obstacle(debit in awaiting):
                found[debit] = Finding("queued", reason, "notice")
        return found

    def _find_notice_obstacle(self, awaits_order_mail=False):
        """Return what is missing before the customer is told in time, and what to do; "" if nothing.

        Note: self.ensure_one()

        :param bool awaits_order_mail: whether an order's confirmation is going to tell him.
        :rtype: str
        """
        self.ensure_one()
        # In sudo mode: whoever makes a file need not see e-mails, orders and contacts.
        debit = self.sudo()
        if debit.notice_state in LIVE_NOTICES:
            return debit._find_lateness()
        if awaits_order_mail:
            return self.env._(
                "The confirmation of the order, which tells the customer of it, is being written."
            )
        if not debit._get_notice_partner().email_normalized:
            return self.env._("Customer has no e-mail address: add one or print the letter.")
        if debit.notice_state == "failed":
            notice = debit._get_last_notice()
            return self.env._(
                "The notice to %(address)s was not sent: %(error)s. Put this right and press “Notify"
                " now”, or print the letter.",
                address=notice.address or notice.partner_id.display_name,
                error=(notice.error or "").strip().rstrip("."),
            )
        if debit.notice_state == "outdated":
            return self.env._(
                "Amount, account or due date is not what the customer was told: press “Notify now”."
            )
        return self.env._("The customer has not been notified yet: press “Notify now”.")

    def _find_lateness(self):
        """Return why a debit that stands in a file comes too soon after its notice; "" if not.

        The due date of one that is not in a file moves on when the file is made.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        days = self.mandate_id.notice_days
        told = self._get_notice_day()
        if self.state != "batched" or due_date.is_in_time(told, days, self.collection_date):
            return ""
        return self.env._(
            "The customer is told less than %(days)s days before the due date %(date)s.",
            days=days,
            date=format_date(self.env, self.collection_date),
        )

    # === BUSINESS METHODS === #

    def _is_untold(self):
        """Return whether nobody has told the customer of this debit, or told him something else.

        Note: self.ensure_one() (sudo)
        """
        self.ensure_one()
        last = self._get_last_notice()
        unwritten = self.notice_state == "failed" and not last.mail_message_id
        return self.notice_state in ("missing", "outdated") or unwritten

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

    def _prepare_letter_values(self, message):
        """Return the values of the notice that a letter is.

        Note: self.ensure_one() (sudo)

        :param dict message: subject and text, see `_render_notices`.
        :rtype: dict
        """
        self.ensure_one()
        partner = self._get_letter_partner()
        address = partner._display_address(without_company=True)
        return self._prepare_prenotification_values(
            "letter",
            partner,
            message["subject"],
            html2plaintext(message["text"]),
            address=", ".join(line.strip() for line in address.splitlines() if line.strip()),
        )

    def _get_letter_partner(self):
        """Return whom a letter goes to: the invoice's contact, else who gave the mandate.

        Note: self.ensure_one() (sudo)

        :rtype: `res.partner` record
        """
        self.ensure_one()
        return self.invoice_ids.partner_id[:1] or self.mandate_id.partner_id

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
