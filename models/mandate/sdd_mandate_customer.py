"""What a customer does with his mandate himself, and who is told of it."""

import logging

from odoo import fields, models

_logger = logging.getLogger(__name__)

#: A reason that a customer types is cut here.
MAX_REASON = 200


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    contact_email = fields.Char(
        string="E-mail when last told",
        readonly=True,
        copy=False,
        groups="support_debit.group_support_user",
        help="Where the customer was reached when the mandate began or its account last changed. A"
        " notice of the next change goes there, too: whoever takes over an account changes the"
        " address first.",
    )

    # === BUSINESS METHODS === #

    def _on_activated(self):
        """Override to remember where the customer can be reached."""
        super()._on_activated()
        # In sudo mode: a visitor of the shop may not write mandates.
        for mandate in self.sudo().filtered(lambda m: not m.contact_email):
            mandate.contact_email = mandate.partner_id.email_normalized

    def _revoke_by_customer(self, reason, data):
        """End this mandate because the customer says so; a second call changes nothing.

        Note: self.ensure_one() (sudo)

        :param str reason: what the customer wrote, may be empty.
        :param dict data: where the request came from; JSON values.
        :return: whether the mandate ended by this call.
        :rtype: bool
        :raise LockError: when somebody else changes the mandate right now.
        """
        self.ensure_one()
        self.lock_for_update(allow_referencing=True)
        if self._has_ended():
            return False
        told = self._get_revocation_notice()
        responsible = self._get_responsible()
        staff = self.with_context(lang=responsible.lang)
        typed = " ".join(str(reason or "").split())[:MAX_REASON]
        why = staff.env._("Revoked by the customer in the portal")
        self._revoke(f"{why}: {typed}" if typed else why, {**data, "told": told})
        staff.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=staff.env._("The customer has revoked his mandate"),
            note=staff._get_revoked_note(typed),
            user_id=responsible.id,
        )
        self._send_to_customer("support_debit.mail_template_mandate_revoked")
        return True

    def _get_revoked_note(self, reason):
        """Return what staff must know after a revocation, in the language of the environment.

        :param str reason: what the customer wrote.
        :rtype: str
        """
        parts = [
            self.env._(
                "Nothing more can be collected with %s. Agree with the customer how he pays from now"
                " on, or ask him for a new mandate.",
                self.name,
            )
        ]
        if reason:
            parts.append(self.env._("He wrote: “%s”", reason))
        return " ".join(parts)

    def _tell_account_changed(self, old_iban):
        """Tell the customer that his account was changed, at his former address, too.

        Note: self.ensure_one() (sudo)

        :param str old_iban: the account before, masked.
        """
        self.ensure_one()
        mandate = self.with_context(sdd_old_iban=old_iban)
        template = "support_debit.mail_template_mandate_account"
        mandate._send_to_customer(template)
        former, current = self.contact_email, self.partner_id.email_normalized
        if former and former != current:
            mandate._send_to_customer(template, email=former)
        self.contact_email = current

    def _send_to_customer(self, xmlid, email=""):
        """Put an e-mail about this mandate into the outbox.

        Note: self.ensure_one() (sudo)

        :param str xmlid: of a `mail.template` of mandates.
        :param str email: another address than the customer's own.
        """
        self.ensure_one()
        if not (email or self.partner_id.email_normalized):
            return
        try:
            with self.env.cr.savepoint():
                self.env.ref(xmlid).send_mail(
                    self.id,
                    email_layout_xmlid="mail.mail_notification_light",
                    email_values={"email_to": email, "recipient_ids": []} if email else None,
                )
        except Exception as error:  # noqa: BLE001 - a spoilt template must not undo what he did
            _logger.warning("Mandate %s: the customer could not be told: %s", self.id, error)
            self.message_post(
                body=self.env._("The e-mail to the customer could not be written. Please tell him.")
            )
            return
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
