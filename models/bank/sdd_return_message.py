"""What customers are told when a debit comes back: one e-mail for each customer and file."""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount
from psycopg2 import OperationalError

from ..debit.const import LIVE_STATES
from ..debit.timeline import TimelineEvent
from .const import TONES

_logger = logging.getLogger(__name__)


class SddReturn(models.Model):
    _inherit = "sdd.return"

    message_state = fields.Selection(
        [
            ("none", "Nothing to tell"),
            ("queued", "To be written"),
            ("outgoing", "In the outbox"),
            ("sent", "Sent"),
            ("failed", "Not sent"),
            ("skipped", "Skipped"),
        ],
        string="Message to the customer",
        required=True,
        readonly=True,
        copy=False,
        default="none",
        index=True,
    )
    message_date = fields.Datetime(string="Customer told on", readonly=True, copy=False)
    message_error = fields.Char(string="Not sent because", readonly=True, copy=False)
    mail_message_id = fields.Many2one(
        "mail.message", readonly=True, copy=False, index="btree_not_null", ondelete="set null"
    )

    # === ACTION METHODS === #

    def action_send_message(self):
        """Write to the customers again, or for the first time when nothing was planned.

        :raise UserError: where the reason has no message for customers.
        """
        self.debit_id.check_access("write")
        for item in self:
            if not (item._is_customers() and item._get_reason().message_template_id):
                raise UserError(
                    self.env._(
                        "The reason of “%s” has no message for the customer. Choose one there, or"
                        " write to him from the chatter.",
                        item.display_name,
                    )
                )
        # In sudo mode: the right was checked; what was sent is noted by the program only.
        self.sudo()._queue_messages()

    def action_skip_message(self):
        """Do not write to the customers about these returns."""
        self.debit_id.check_access("write")
        # In sudo mode: as above.
        waiting = self.sudo().filtered(lambda item: item.message_state in ("queued", "failed"))
        waiting.write({"message_state": "skipped", "message_error": False})

    # === BUSINESS METHODS: PLANNING === #

    def _tell_customers(self):
        """Mark whom the job shall write to; nothing is written in the transaction that books."""
        quiet = self.filtered(lambda item: item._get_reason()._is_quiet()).partner_id
        self.filtered(
            lambda item: (
                item._is_customers()
                and item.partner_id not in quiet
                and item._get_reason().message_template_id
            )
        )._queue_messages()

    def _queue_messages(self):
        """Let the job write to the customers of these returns."""
        if self:
            self.write({"message_state": "queued", "message_error": False})
            self.env.ref("support_debit.cron_tell_customers").sudo()._trigger()

    # === BUSINESS METHODS: WRITING === #

    @api.model
    def _cron_tell_customers(self):
        """Write the queued e-mails, each in a transaction of its own; the outbox sends them.

        Message and state are committed together, so a crash neither loses nor doubles an e-mail.
        """
        cron = self.env["ir.cron"]
        queued = self.search([("message_state", "=", "queued")], order="id")
        groups = [group.ids for group in queued._group_by_letter()]
        cron._commit_progress(remaining=len(queued))
        for ids in groups:
            # A commit empties the cache; others may have changed these meanwhile.
            group = self.browse(ids)
            try:
                free = group.try_lock_for_update().filtered_domain(
                    [("message_state", "=", "queued")]
                )
                if free:
                    free._write_message()
                # Now rather than with the commit, where nobody would catch what goes wrong.
                self.env.flush_all()
            except OperationalError:
                self.env.cr.rollback()
                _logger.info("The message about the returns %s is tried again later.", ids)
            except Exception as error:  # noqa: BLE001 - one message must not stop the others
                self.env.cr.rollback()
                _logger.info("The message about the returns %s failed: %s", ids, error)
                group._note_message_failed(str(error))
            if not cron._commit_progress(len(ids)):
                break

    def _group_by_letter(self):
        """Return these returns as sets that one e-mail tells of: a customer's of one file.

        :rtype: list[`sdd.return`]
        """
        groups = self.grouped(
            lambda item: (item.message_id or item.id, item.partner_id, item.company_id)
        )
        return list(groups.values())

    def _write_message(self):
        """Put the e-mail about these returns of one customer into the outbox (sudo).

        The tone follows the gravest of the reasons.
        """
        lead = self._get_gravest()
        template = lead._get_reason().message_template_id.sudo()
        if not template:
            self.write({"message_state": "none"})
            return
        if not lead.partner_id.email_normalized:
            reason = self.env._("%s has no usable e-mail address.", lead.partner_id.display_name)
            self._note_message_failed(reason)
            return
        # In sudo mode: the job writes for whoever has imported the file.
        mail_id = (
            template.sudo()
            .with_company(lead.company_id)
            .with_context(sdd_told_ids=self.ids)
            .send_mail(lead.id, email_layout_xmlid="mail.mail_notification_light")
        )
        mail = self.env["mail.mail"].sudo().browse(mail_id)
        self.write(
            {
                "message_state": "outgoing",
                "message_error": False,
                "mail_message_id": mail.mail_message_id.id,
            }
        )
        self._get_next_debits()._record_prenotification("return", mail.mail_message_id)

    def _get_gravest(self):
        """Return the one of these returns that sets the tone of the message about all of them."""
        return self.sorted(
            lambda item: TONES.index(item._get_reason().reason_class or "technical")
        )[:1]

    def _note_message_sent(self):
        """Remember that the mail server has taken the e-mail about these returns."""
        self.write(
            {
                "message_state": "sent",
                "message_date": fields.Datetime.now(),
                "message_error": False,
            }
        )

    def _note_message_failed(self, reason):
        """Remember why the customers could not be told, and ask somebody to do it.

        :param str reason: a sentence, or what the mail server said.
        """
        self.write({"message_state": "failed", "message_error": reason})
        values = []
        for item in self:
            user = item.mandate_id._get_responsible()
            own = item.with_context(lang=user.lang or self.env.lang)
            summary = own.env._("Tell the customer that his debit came back")
            if summary not in item.activity_ids.mapped("summary"):
                values.append(item._prepare_activity_values(user, summary, reason))
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(values)

    # === BUSINESS METHODS: WHAT IT SAYS === #

    def _get_told(self):
        """Return all returns that the e-mail of this one tells of.

        Note: self.ensure_one()
        """
        self.ensure_one()
        told = self.browse(self.env.context.get("sdd_told_ids") or [])
        return told if self in told else self

    def _get_message_lang(self):
        """Return the language in which the customer is written to. Used by the templates."""
        self.ensure_one()
        return self.partner_id.lang or self.mandate_id._get_customer_lang()

    def _get_amount_text(self):
        """Return the amount of all that the e-mail tells of. Used by the templates."""
        return format_amount(self.env, sum(self._get_told().mapped("amount")), self.currency_id)

    def _get_next_debits(self):
        """Return the attempts that are planned for these returns.

        :rtype: `sdd.debit` recordset
        """
        return self.debit_id.next_debit_ids.filtered(lambda debit: debit.state in LIVE_STATES)

    def _get_details_html(self, pay=True):
        """Return amounts, days, invoices, links and planned attempts. Used by the templates.

        :param bool pay: whether the customer is asked to pay.
        :rtype: Markup
        """
        self.ensure_one()
        return self.env["ir.qweb"]._render(
            "support_debit.return_message_details",
            {
                "returns": self._get_told(),
                "next_debits": self._get_told()._get_next_debits() if pay else [],
                "invoices": self._get_told().debit_id.invoice_ids.filtered(
                    lambda move: pay and move.payment_state not in ("paid", "in_payment")
                ),
                "format_amount": lambda value: format_amount(self.env, value, self.currency_id),
                "format_date": lambda value: self.env["ir.qweb.field.date"].value_to_html(
                    value, {}
                ),
            },
            lang=self.env.lang,
        )

    def _get_account_url(self):
        """Return where the customer gives another account or a new mandate. Used by the templates.

        :rtype: str
        """
        self.ensure_one()
        mandate = self.mandate_id
        suffix = "/account" if mandate._can_change_account() else None
        return mandate.get_base_url() + mandate.get_portal_url(suffix=suffix)

    def _get_support_sentences(self):
        """Return what happens to the customer's support. Used by the templates.

        :rtype: list[str]
        """
        invoices = self._get_told().debit_id.invoice_ids
        subscriptions = invoices._get_support_subscriptions()
        paused = subscriptions.filtered(lambda s: s.state == "suspended")
        running = subscriptions.filtered(lambda s: s.state == "active")
        sentences = []
        if paused:
            names = ", ".join(paused.mapped("name"))
            sentences.append(
                self.env._("Your support (%s) pauses until the invoice is paid.", names)
            )
        if running:
            names = ", ".join(running.mapped("name"))
            sentences.append(self.env._("Your support (%s) goes on.", names))
        return sentences


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_timeline_events(self):
        """Override to tell when customers were told that debits came back."""
        return super()._get_timeline_events() + [
            TimelineEvent(
                item.message_date,
                "message",
                self.env._("The customer was told by e-mail that the debit came back."),
                item,
            )
            for item in self.return_ids
            if item.message_date
        ]
