"""The words in which customers are told of debits of which no other message tells them.

The e-mails are written in sets: a subject and a body for each customer, one layout for all of them,
one `create` for the messages and one for the notices.
"""

import logging

from odoo import api, models
from odoo.tools import html2plaintext
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

#: Stands for the text while the layout around it is made.
TEXT_MARK = "sdd-notice-text"
#: Stands between the texts of several customers while they are rendered.
TEXT_END = "sdd-notice-end"
TEMPLATE = "support_debit.mail_template_prenotification"
LAYOUT = "mail.mail_notification_layout"


class SddDebit(models.Model):
    _inherit = "sdd.debit"

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

    def _write_notices(self, groups, channel="email", template=TEMPLATE, attachments=()):
        """Put one e-mail for each group into the outbox and keep what it says (sudo).

        :param list groups: `sdd.debit` recordsets that make up this one.
        :param str channel: a value of `sdd.prenotification.channel`.
        :param str template: external id of the e-mail, on `sdd.debit`.
        :param attachments: `ir.attachment` records that go with each of the e-mails.
        """
        messages = self._render_notices(groups, template)
        mails = (
            self.env["mail.mail"]
            .sudo()
            .create(
                [
                    self._prepare_notice_mail(group, message, attachments)
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
                        channel,
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
    def _prepare_notice_mail(self, group, message, attachments=()):
        """Return the values of the e-mail that tells of some debits.

        :param group: `sdd.debit` recordset of one recipient (sudo).
        :param dict message: see `_render_notices`.
        :param attachments: `ir.attachment` records.
        :rtype: dict
        """
        partner = group[0]._get_notice_partner()
        return {
            "model": self._name,
            "res_id": group[0].id,
            "subject": message["subject"],
            "body": message["text"],
            "body_html": message["body_html"],
            "email_from": message.get("email_from") or self.env.user.email_formatted,
            "mail_server_id": message.get("mail_server_id"),
            "auto_delete": message.get("auto_delete"),
            "recipient_ids": [(6, 0, partner.ids)],
            "attachment_ids": [(6, 0, [attachment.id for attachment in attachments])],
            # The message stays with the debit when the e-mail is deleted.
            "is_notification": True,
            "state": "outgoing",
        }

    @api.model
    def _render_notices(self, groups, template=TEMPLATE):
        """Return what the customers read, as the template has it in their languages.

        :param list groups: `sdd.debit` recordsets (sudo), one for each message.
        :param str template: external id of the e-mail, on `sdd.debit`.
        :return: for each group {subject, text: HTML without the layout, body_html, email_from, ...}.
        :rtype: list[dict]
        """
        template = self.env.ref(template).sudo()
        found = {}
        for group in groups:
            found.setdefault((group.company_id, group[0]._get_notice_lang()), []).append(group)
        messages = {}
        for (company, lang), members in found.items():
            spoken = template.with_context(
                lang=lang, sdd_notice_groups={group[0].id: group.ids for group in members}
            )
            messages |= self._render_alike(spoken, company, [group[0].id for group in members])
        return [messages[group[0].id] for group in groups]

    @api.model
    def _render_alike(self, template, company, ids):
        """Return what customers of one company read in one language.

        The text is rendered in one go: core compiles a template anew for each record, which takes
        longer than everything else together.

        :param template: `mail.template` record in that language.
        :param company: the creditor.
        :param list ids: the first debit of each message.
        :return: {id: message}, see `_render_notices`.
        :rtype: dict
        """
        debits = self.with_env(template.env).sudo().browse(ids)
        source = f'<t t-foreach="sdd_debits" t-as="object">{template.body_html or ""}{TEXT_END}</t>'
        together = template._render_template(
            source,
            self._name,
            ids[:1],
            engine="qweb",
            add_context={"sdd_debits": debits},
            options={"post_process": True},
        )[ids[0]]
        texts = together.split(TEXT_END)
        subjects = template._render_field("subject", ids)
        sender = template._render_field("email_from", ids[:1])[ids[0]]
        layout = self._render_layout(template, company, template.env.lang)
        return {
            number: {
                "subject": subjects[number],
                "text": text,
                "body_html": layout.replace(TEXT_MARK, text),
                "email_from": sender,
                "mail_server_id": template.mail_server_id.id,
                "auto_delete": template.auto_delete,
            }
            for number, text in zip(ids, texts, strict=False)
        }

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
