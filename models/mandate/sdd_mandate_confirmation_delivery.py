"""How links, codes and copies reach the customer: e-mail, or SMS where Odoo can send it."""

import logging

from odoo import api, fields, models, modules
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import email_normalize, format_datetime

from .sdd_mandate_confirmation_code import CODE_MINUTES

_logger = logging.getLogger(__name__)

LINK_TEMPLATE = "support_debit.mail_template_mandate_link"
CODE_TEMPLATE = "support_debit.mail_template_mandate_code"
COPY_TEMPLATE = "support_debit.mail_template_mandate_copy"


class SddMandateConfirmation(models.Model):
    _inherit = "sdd.mandate.confirmation"

    delivery_id = fields.Integer(
        readonly=True, groups=fields.NO_ACCESS, help="The last e-mail or SMS, as long as it exists."
    )
    copy_state = fields.Selection(
        [("queued", "Queued"), ("sent", "Sent"), ("failed", "Failed")],
        string="Copy of the mandate",
        readonly=True,
        index="btree_not_null",
    )

    # === ADDRESSES === #

    @api.model
    def _get_addresses(self, partner):
        """Return how a customer can be reached: {"email": address, "sms": number}, only what is known.

        :param partner: `res.partner` record.
        :rtype: dict[str, str]
        """
        partner = partner.sudo()  # In sudo mode: the customer himself asks for a code.
        addresses = {}
        if email := email_normalize(partner.email or ""):
            addresses["email"] = email
        if "sms.sms" in self.env and partner.phone:
            number = partner._phone_format(fname="phone", force_format="E164")
            if number:
                addresses["sms"] = number
        return addresses

    def _get_code_address(self):
        """Return the way and the address for this record's code, both empty when there is none.

        Note: self.ensure_one() (sudo)

        :rtype: tuple[str, str]
        """
        addresses = self._get_addresses(self.mandate_id.partner_id)
        wanted = self.channel if self.channel in addresses else next(iter(addresses), "")
        return wanted, addresses.get(wanted, "")

    @api.model
    def _mask_address(self, channel, address):
        """Return enough of an address for its owner to recognise it.

        :param str channel: `email` or `sms`.
        :param str address: the address in clear.
        :rtype: str
        """
        if channel == "sms":
            return f"{address[:3]} ••• {address[-3:]}"
        name, _at, domain = address.rpartition("@")
        return f"{name[:1]}•••{name[-1:] if len(name) > 3 else ''}@{domain}"

    # === SENDING === #

    def _send_link(self, template=LINK_TEMPLATE):
        """Send the link that was just made.

        Note: self.ensure_one() (sudo), in the request that made the link

        :param str template: external id of a `mail.template` for this model.
        :raise UserError: when the customer cannot be reached this way.
        """
        self.ensure_one()
        address = self._get_addresses(self.mandate_id.partner_id).get(self.channel)
        if not address:
            raise UserError(
                self.env._(
                    "%(customer)s has no e-mail address or telephone number to send this to. Enter it first.",
                    customer=self.mandate_id.partner_id.display_name,
                )
            )
        self.sent_to = self._mask_address(self.channel, address)
        if self.channel == "sms":
            self._send_sms(address, self._get_link_sms())
        else:
            self._send_mail(template)
        self._note_sent()

    def _note_sent(self):
        """Write into the mandate's history that the link went out, and to whom.

        Note: self.ensure_one() (sudo)
        """
        self.mandate_id._log_event(
            "link_sent",
            {
                "link": self.id,
                "sent_by": self.channel,
                "sent_to": self.sent_to or "",
                "expires": fields.Datetime.to_string(self.expiry_date),
                "with_code": self.with_code,
            },
        )

    def _deliver_code(self, address):
        """Send the code that was just drawn.

        Note: self.ensure_one() (sudo)

        :param str address: in clear.
        """
        if self.code_channel == "sms":
            self._send_sms(address, self._get_code_sms())
        else:
            self._send_mail(CODE_TEMPLATE)

    def _send_mail(self, template):
        """Send an e-mail with a secret in it as soon as this transaction is committed.

        It hangs on no record, so that no colleague reads the link or the code in a history, and is
        deleted once the mail server has taken it.

        Note: self.ensure_one() (sudo)

        :param str template: external id.
        """
        values = {
            "model": False,
            "res_id": False,
            "auto_delete": True,
            "author_id": self.company_id.partner_id.id,
        }
        mail_id = self.env.ref(template).send_mail(self.id, email_values=values)
        self.delivery_id = mail_id
        # In sudo mode: nobody else may use the outbox.
        self.env["mail.mail"].sudo().browse(mail_id).send_after_commit()

    def _send_sms(self, number, body):
        """Send a text message as soon as this transaction is committed.

        Note: self.ensure_one() (sudo)

        :param str number: in international format.
        :param str body: the text.
        """
        # In sudo mode: nobody else may use the outbox.
        message = self.env["sms.sms"].sudo().create({"number": number, "body": body})
        self.delivery_id = message.id
        if modules.module.current_test:
            return
        dbname, uid, context = self.env.cr.dbname, self.env.uid, self.env.context

        @self.env.cr.postcommit.add
        def send():
            with Registry(dbname).cursor() as cr:
                env = api.Environment(cr, uid, context, su=True)
                env["sms.sms"].browse(message.id).send()

    def _get_link_sms(self):
        """Return the text message that brings the link, in the customer's language."""
        return self.env._(
            "%(creditor)s: please confirm your SEPA mandate %(mandate)s: %(url)s (until %(expiry)s)",
            creditor=self.mandate_id.creditor_name or self.company_id.name,
            mandate=self.mandate_id.name,
            url=self.url,
            expiry=self._get_expiry_text(),
        )

    def _get_code_sms(self):
        """Return the text message that brings the code, in the customer's language."""
        mandate = self.mandate_id
        params = {
            "code": self.code,
            "creditor": mandate.creditor_name or self.company_id.name,
            "mandate": mandate.name,
            "iban": (mandate.iban_masked or "")[-4:],
            "minutes": CODE_MINUTES,
        }
        if self.purpose == "phone":
            return self.env._(
                "%(code)s is your code. Read it out only if you agree that %(creditor)s collects by"
                " SEPA direct debit from your account ending in %(iban)s, mandate %(mandate)s.",
                **params,
            )
        return self.env._(
            "%(code)s is your code for the SEPA mandate %(mandate)s of %(creditor)s. Valid for"
            " %(minutes)s minutes. We never ask you for it by e-mail.",
            **params,
        )

    def _get_expiry_text(self):
        """Return until when the link is valid, see `_to_local`."""
        return self._to_local(self.expiry_date)

    def _to_local(self, moment):
        """Return a time in the customer's language and time zone.

        Note: self.ensure_one() (sudo)

        :param datetime moment: UTC.
        :rtype: str
        """
        self.ensure_one()
        zone = self.mandate_id._get_time_zone()
        return format_datetime(self.env, moment, tz=zone, dt_format="short")

    def _get_code_target(self):
        """Return the masked address that a code goes to, "" when there is none.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        channel, address = self._get_code_address()
        return self._mask_address(channel, address) if channel else ""

    def _has_failed(self):
        """Return whether the last e-mail or SMS could not be delivered.

        Note: self.ensure_one() (sudo)
        """
        if not self.delivery_id:
            return False
        by_sms = (self.code_channel or self.channel) == "sms"
        outbox = self.env["sms.sms" if by_sms else "mail.mail"]
        state = "error" if by_sms else "exception"
        return bool(
            outbox.sudo().search_count([("id", "=", self.delivery_id), ("state", "=", state)])
        )

    # === COPY OF THE MANDATE === #

    def _queue_copy(self):
        """Let the job send the customer his mandate as a PDF, so that he need not wait for it.

        Note: self.ensure_one() (sudo)
        """
        # A B2B mandate goes to the customer anyway, with the request to tell his bank.
        if self.mandate_id.waits_for_bank or not self.mandate_id.partner_id.email:
            return
        self.copy_state = "queued"
        # In sudo mode: the customer himself starts the job.
        self.env.ref("support_debit.cron_send_mandate_copies").sudo()._trigger()

    @api.model
    def _cron_send_copies(self, limit=50):
        """Send the customers their mandates, each in a transaction of its own.

        :param int limit: how many records are read at once.
        """
        # In sudo mode: nobody writes these records by hand.
        links = self.sudo()
        domain = [("copy_state", "=", "queued")]
        jobs = self.env["ir.cron"]
        jobs._commit_progress(remaining=links.search_count(domain))
        for link_id in links.search(domain, limit=limit, order="id").ids:
            link = links.browse(link_id).try_lock_for_update().filtered_domain(domain)
            if link:
                link._send_copy()
            if not jobs._commit_progress(1):
                break

    def _send_copy(self):
        """Write the e-mail with the PDF; a failure is noted, and tried again by nobody.

        Note: self.ensure_one() (sudo)
        """
        try:
            with self.env.cr.savepoint():
                self.env.ref(COPY_TEMPLATE).send_mail(self.mandate_id.id)
        except Exception:
            # Whatever hinders one mandate must not hinder the others. No contents in the log.
            _logger.exception("The copy of mandate %s could not be sent", self.mandate_id.id)
            self.copy_state = "failed"
        else:
            self.copy_state = "sent"
