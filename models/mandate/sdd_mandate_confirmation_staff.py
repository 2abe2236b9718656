"""What the agent sees and does while the customer confirms."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from .sdd_mandate_confirmation_code import CODE_MINUTES


class SddMandateConfirmation(models.Model):
    _inherit = "sdd.mandate.confirmation"

    # === ACTION METHODS === #

    def action_view_status(self):
        """Show how far the customer is, in a dialog that refreshes by itself."""
        self.ensure_one()
        return self._open_status()

    def action_revoke(self):
        """Withdraw open links: the customer can no longer use them.

        :return: the status of the only link, see `get_status`.
        """
        for link in self:
            link._for_staff()._revoke()
        return self._for_staff()._get_status() if len(self) == 1 else True

    def action_resend(self):
        """Send the customer a new link in the place of this one.

        :return: the status of the new link, with `url` when the agent hands it over himself.
        :rtype: dict
        :raise UserError: says why that is not possible now.
        """
        link = self._for_staff()
        if link.purpose != "confirm":
            raise UserError(self.env._("There is no link to send; send a new code instead."))
        new = link._renew(self.mandate_id, link.channel)
        return {**new._get_status(), "url": new.url if new.channel == "none" else ""}

    @api.readonly
    def get_status(self):
        """Return how far the customer is; the dialog asks every few seconds.

        :return: see `_get_status`.
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("read")
        # In sudo mode: the right was checked, fields of the mandate and the outbox are looked at.
        return self.sudo()._get_status()

    # === BUSINESS METHODS === #

    def _for_staff(self):
        """Return this record in sudo mode for a user who may write its mandate.

        Note: self.ensure_one()

        :raise AccessError: when the user may not write the mandate.
        """
        self.ensure_one()
        self.check_access("read")
        self.mandate_id.check_access("write")
        return self.sudo()  # In sudo mode: nobody writes links by hand.

    def _open_status(self):
        """Return the action that shows the status; right after it was made, with the link.

        Note: self.ensure_one()

        :rtype: dict
        """
        link = self.sudo()  # In sudo mode: the link itself is readable by nobody else.
        return {
            "type": "ir.actions.client",
            "tag": "support_debit.mandate_link_status",
            "name": self.env._("Confirmation of %s", link.mandate_id.name),
            "target": "new",
            "params": {
                "confirmation_id": link.id,
                # Goes to this browser only and is stored nowhere.
                "url": (link.channel == "none" and link.url) or "",
            },
        }

    def _renew(self, mandate, channel):
        """Make and send a new link like this one.

        Note: self.ensure_one() (sudo)

        :param mandate: `sdd.mandate` record with the rights of whoever asks for it.
        :param str channel: how it reaches the customer.
        :return: the new link (sudo).
        :rtype: `sdd.mandate.confirmation` record
        """
        self.ensure_one()
        new = mandate._create_confirmation(
            channel=channel,
            with_code=self.with_code,
            lang=self.lang,
            allow_signature=self.allow_signature,
        ).with_context(lang=self.lang)
        if channel == "none":
            new._note_sent()
        else:
            new._send_link()
        return new

    def _renew_for_customer(self):
        """Send new links to the addresses on file, for customers whose links are over.

        Whether anything was sent is not said: strangers must not learn who has a mandate.

        Note: self is in sudo mode
        """
        for link in self:
            mandate = link.mandate_id
            addresses = self._get_addresses(mandate.partner_id)
            if mandate.state in ("revoked", "expired") or not addresses:
                continue
            if not mandate.try_lock_for_update():
                continue
            if self.env["sdd.mandate.attempt"]._take("renew", mandate=mandate.id):
                channel = link.channel if link.channel in addresses else next(iter(addresses))
                link._renew(mandate, channel)

    def _get_status(self):
        """Return how far the customer is.

        Note: self.ensure_one() (sudo)

        :return: JSON values for the dialog, see the keys; times are in the user's time zone.
        :rtype: dict
        """
        self.ensure_one()
        mandate = self.mandate_id
        state = self.state
        text = mandate._get_confirmation_text()
        return {
            "id": self.id,
            "purpose": self.purpose,
            "state": state,
            "state_label": dict(self._fields["state"]._description_selection(self.env))[state],
            "channel": self.channel,
            "sent_to": self.sent_to or "",
            "customer": mandate.partner_id.display_name,
            "reference": mandate.name,
            "iban_masked": mandate.iban_masked or "",
            "mandate_state": mandate.state,
            "grade": mandate.evidence_grade or "",
            "grade_text": mandate.grade_text or "",
            "expires": self._format_time(self.expiry_date),
            "failed": self._has_failed(),
            "code_alive": self._is_code_alive(),
            "code_minutes": CODE_MINUTES,
            "code_sent_to": self.code_sent_to or "",
            "tries": self.code_tries,
            "text": text["shown"] if self.purpose == "phone" else "",
            "text_lang": text["lang"],
            "steps": self._get_steps(),
            "message": "",
        }

    def _get_steps(self):
        """Return what has happened and what is still to come, as {code, label, time, kind}.

        Note: self.ensure_one() (sudo)

        :return: `kind` is `done`, `next`, `bad` or empty.
        :rtype: list[dict]
        """
        steps = []
        if self.purpose == "confirm":
            sent = self.env._("Link sent") if self.channel != "none" else self.env._("Link made")
            steps.append(("sent", sent, self.issued_date))
            steps.append(("opened", self.env._("Page opened"), self.opened_date))
        if self.with_code:
            steps.append(("code_sent", self.env._("Code sent"), self.code_sent_date))
        if self.code_refused_date and not self.code_used_date:
            steps.append(("code_refused", self.env._("Wrong code"), self.code_refused_date))
        steps.append(("confirmed", self.env._("Confirmed"), self.used_date))
        return [
            {
                "code": code,
                "label": label,
                "time": self._format_time(moment),
                "kind": ("bad" if code == "code_refused" else "done") if moment else "",
            }
            for code, label, moment in steps
        ]

    def _format_time(self, moment):
        """Return a time (UTC) in the user's language and time zone, "" for none."""
        if not moment:
            return ""
        today = fields.Datetime.context_timestamp(self, fields.Datetime.now()).date()
        same_day = fields.Datetime.context_timestamp(self, moment).date() == today
        return format_datetime(self.env, moment, dt_format="HH:mm:ss" if same_day else "short")
