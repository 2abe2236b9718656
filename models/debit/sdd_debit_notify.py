"""How customers are told of debits of which no other message tells them.

The e-mails are written in sets: a subject and a body for each customer, one layout for all of them,
one `create` for the messages and one for the notices.
"""

import logging

from odoo import api, models
from odoo.tools import html2plaintext, split_every
from psycopg2 import OperationalError

from ...sepa import due_date

_logger = logging.getLogger(__name__)

#: Customers whose e-mails are written together.
CUSTOMERS_AT_ONCE = 200
#: Stands for the text while the layout around it is made.
TEXT_MARK = "sdd-notice-text"
TEMPLATE = "support_debit.mail_template_prenotification"
LAYOUT = "mail.mail_notification_layout"


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    # === WHO IS TO BE TOLD === #

    def _notify_in_advance(self, again=False):
        """Write the notices that these debits lack, several of one customer in one e-mail.

        Due dates that would come too soon after the notice move on. Debits of which the confirmation
        of an order is going to tell are left to it.

        :param bool again: also where a notice failed and nothing was put right since.
        :return: the debits for which a notice was written.
        :rtype: `sdd.debit` recordset
        """
        # In sudo mode: whoever makes a bank file need not have rights on e-mails.
        debits = self.sudo().filtered(lambda d: d.state in ("queued", "held"))
        lacking = debits._filter_to_notify(again)
        (
            debits.filtered(lambda d: d.notice_state in ("outgoing", "sent")) | lacking
        )._allow_notice()
        told = self.browse()
        for groups in split_every(CUSTOMERS_AT_ONCE, lacking._group_by_reader(), list):
            told |= self._try_to_write(groups).with_env(self.env)
        if told:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
            told._forget_waiting_for_notice()
        return told

    def _filter_to_notify(self, again):
        """Return those of these debits that need an e-mail of their own and can get it (sudo).

        :param bool again: see `_notify_in_advance`.
        :rtype: `sdd.debit` recordset
        """
        lacking = self.browse()
        for debit in self.filtered(lambda d: d.notice_state not in ("outgoing", "sent")):
            address = debit._get_notice_partner().email_normalized
            failed = debit.notice_state == "failed" and not again
            if address and not (failed and debit._get_last_notice().address == address):
                lacking |= debit
        return lacking - lacking._filter_awaiting_order_mail()

    def _filter_awaiting_order_mail(self):
        """Return those of these debits of which an order's confirmation is going to tell.

        :rtype: `sdd.debit` recordset
        """
        if not self:
            return self
        # In sudo mode: accountants make files without rights on orders.
        lines = (
            self.env["sale.order.line"]
            .sudo()
            .search(
                [
                    ("order_id.sdd_mail_state", "=", "queued"),
                    ("invoice_lines.move_id.sdd_debit_ids", "in", self.ids),
                ]
            )
        )
        return self & lines.invoice_lines.move_id.sdd_debit_ids.with_env(self.env)

    def _allow_notice(self):
        """Move due dates on that come too soon after the notice (sudo).

        A customer who has not been told yet, or whose message is still in the outbox, is told today.
        """
        for journal, debits in self.grouped("journal_id").items():
            if journal.sdd_notice_policy == "go":
                continue
            bank = journal._sdd_earliest_collection(notice=False)
            for debit in debits.filtered(lambda d: d.state == "queued"):
                told = debit._get_notice_day()
                first = max(bank, due_date.earliest_notified(told, debit.mandate_id.notice_days))
                if debit.collection_date < first:
                    debit.collection_date = first

    def _get_notice_day(self):
        """Return the day on which the customer was told, or today while he has not been.

        Note: self.ensure_one() (sudo)

        :rtype: date
        """
        self.ensure_one()
        journal = self.journal_id
        if self.notice_state != "sent":
            return journal._sdd_today()
        return journal._sdd_local_day(
            self._get_last_notice().sent_date or self.prenotification_date
        )

    def _group_by_reader(self):
        """Return these debits in sets that one message tells of (sudo).

        :rtype: list[`sdd.debit` recordset]
        """
        groups = self.grouped(
            lambda d: (d.company_id, d._get_notice_partner(), d._get_notice_lang())
        )
        return list(groups.values())

    def _group_by_letter(self):
        """Return these debits in sets that one letter tells of (sudo).

        :rtype: list[`sdd.debit` recordset]
        """
        groups = self.grouped(
            lambda d: (d.company_id, d._get_letter_partner(), d._get_notice_lang())
        )
        return list(groups.values())

    def _get_notice_lang(self):
        """Return the language in which the customer is told, one that is installed.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (
            self._get_notice_partner().lang,
            self.mandate_id.lang,
            self.company_id.partner_id.lang,
        )
        return next((code for code in wanted if code in installed), "en_US")

    # === WRITING === #

    @api.model
    def _try_to_write(self, groups):
        """Write notices; one that cannot be written must not stop the others.

        :param list groups: `sdd.debit` recordsets (sudo), one for each message.
        :return: the debits of which the messages tell.
        :rtype: `sdd.debit` recordset
        """
        debits = self.browse().union(*groups)
        try:
            with self.env.cr.savepoint():
                debits._write_notices(groups)
                return debits
        except OperationalError:
            raise
        except Exception as error:  # noqa: BLE001 - a template is written by users
            if len(groups) > 1:
                return self.browse().union(*(self._try_to_write([group]) for group in groups))
            _logger.info("The notice of debit %s could not be written: %s", debits.ids, error)
            debits._record_unwritten(str(error))
            return self.browse()

    def _write_notices(self, groups):
        """Put one e-mail for each group into the outbox and keep what it says (sudo).

        :param list groups: `sdd.debit` recordsets that make up this one.
        """
        messages = self._render_notices(groups)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    self._prepare_notice_mail(group, message)
                    for group, message in zip(groups, messages, strict=True)
                ]
            )
        )
        values = []
        for group, message, mail in zip(groups, messages, mails, strict=True):
            text = html2plaintext(message["text"])
            for debit in group:
                values.append(
                    debit._prepare_prenotification_values(
                        "email",
                        debit._get_notice_partner(),
                        message["subject"],
                        text,
                        mail_message_id=mail.mail_message_id.id,
                    )
                )
        self._create_prenotifications(values)
        # Now rather than with the commit, where nobody would catch what goes wrong.
        self.env.flush_all()

    @api.model
    def _prepare_notice_mail(self, group, message):
        """Return the values of the e-mail that tells of some debits.

        :param group: `sdd.debit` recordset of one recipient (sudo).
        :param dict message: see `_render_notices`.
        :rtype: dict
        """
        partner = group[0]._get_notice_partner()
        return {
            "model": self._name,
            "res_id": group[0].id,
            "subject": message["subject"],
            "body": message["body_html"],
            "body_html": message["body_html"],
            "email_from": message.get("email_from") or self.env.user.email_formatted,
            "mail_server_id": message.get("mail_server_id"),
            "auto_delete": message.get("auto_delete"),
            "recipient_ids": [(6, 0, partner.ids)],
            # The message stays with the debit when the e-mail is deleted.
            "is_notification": True,
            "state": "outgoing",
        }

    @api.model
    def _render_notices(self, groups):
        """Return what the customers read, as the template has it in their languages.

        :param list groups: `sdd.debit` recordsets (sudo), one for each message.
        :return: for each group {subject, text: HTML without the layout, body_html, email_from, ...}.
        :rtype: list[dict]
        """
        firsts = self.browse(group[0].id for group in groups)
        template = self.env.ref(TEMPLATE).sudo()
        rendered = template.with_context(
            sdd_notice_groups={group[0].id: group.ids for group in groups}
        )._generate_template(
            firsts.ids, ("subject", "body_html", "email_from", "mail_server_id", "auto_delete")
        )
        layouts = {}
        for group in groups:
            message = rendered[group[0].id]
            key = (group.company_id, group[0]._get_notice_lang())
            if key not in layouts:
                layouts[key] = self._render_layout(template, *key)
            message["text"] = message["body_html"]
            message["body_html"] = layouts[key].replace(TEXT_MARK, message["text"])
        return [rendered[group[0].id] for group in groups]

    @api.model
    def _render_layout(self, template, company, lang):
        """Return the layout of e-mails of a company with `TEXT_MARK` where the text belongs.

        :rtype: str
        """
        layout = template.email_layout_xmlid or LAYOUT
        context = {"company": company, "subtitles": [], "record_name": "", "model_description": ""}
        return template.with_context(lang=lang)._render_encapsulate(
            layout, TEXT_MARK, add_context=context
        )

    def _get_notice_debits(self):
        """Return the debits that the message about this one tells of, for its template.

        Note: self.ensure_one()

        :rtype: `sdd.debit` recordset
        """
        self.ensure_one()
        ids = self.env.context.get("sdd_notice_groups", {}).get(self.id)
        return self.browse(ids) if ids else self

    def _record_unwritten(self, reason):
        """Keep that the notice of these debits could not be written (sudo).

        :param str reason: what went wrong.
        """
        self._create_prenotifications(
            [
                debit._prepare_prenotification_values(
                    "email", debit._get_notice_partner(), "", "", state="failed", error=reason
                )
                for debit in self
            ]
        )
