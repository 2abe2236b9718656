"""How a mandate notices that somebody changed it, or its history, behind the program's back."""

import hashlib
import hmac
import json

from odoo import api, fields, models

from .const import BINDING_EVENTS, STATE_OF_EVENT


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    seal = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Keyed hash of the last event: the end of the history cannot be cut off unnoticed.",
    )

    # === ACTION METHODS === #

    def action_verify(self):
        """Check the history of these mandates and say what was found.

        :return: a notification, that names the first broken event.
        :rtype: dict
        """
        findings = [(mandate, found) for mandate in self if (found := mandate._verify())]
        if findings:
            message = "\n".join(f"{mandate.name}: {text}" for mandate, (_event, text) in findings)
        else:
            message = self.env._("%s mandates checked: nothing was changed.", len(self))
            if len(self) == 1:
                message = self.env._(
                    "%(count)s events checked: the history of %(name)s is complete and unchanged.",
                    count=len(self.event_ids),
                    name=self.name,
                )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "danger" if findings else "success",
                "sticky": bool(findings),
                "message": message,
            },
        }

    # === BUSINESS METHODS === #

    def _verify(self):
        """Look for changes that did not go through the program.

        Note: self.ensure_one()

        :return: None when all is well, else the first broken event (empty when an event is
            missing at the end, or the mandate itself was changed) and a sentence.
        :rtype: tuple[`sdd.mandate.event`, str] | None
        """
        self.ensure_one()
        # In sudo mode: who may see the mandate may also have it checked.
        events = self.sudo().event_ids.sorted("number")
        if broken := events._find_broken():
            return broken, self.env._(
                "Event %(number)s (%(kind)s, %(date)s UTC) was changed, or one before it is missing.",
                number=broken.number,
                kind=dict(broken._fields["kind"]._description_selection(self.env))[broken.kind],
                date=broken.date,
            )
        if not self._is_sealed(events):
            return events.browse(), self.env._(
                "Events are missing at the end of the history, after event %s.",
                events[-1:].number or 0,
            )
        if text := self._find_changed_contents(events):
            return events.filtered(lambda e: e.kind in BINDING_EVENTS)[-1:], text
        return None

    def _is_sealed(self, events):
        """Return whether these events are all there were.

        Note: self.ensure_one()

        :param events: the mandate's events in their order.
        """
        last = events[-1:]
        seal = self.sudo().seal
        if last and not last.scheme:
            # A history from before there were seals.
            return not seal
        expected = self._compute_seal(last.number or 0, last.hash or "")
        return hmac.compare_digest(seal or "", expected)

    def _find_changed_contents(self, events):
        """Return what in the mandate itself no longer fits its history, "" if nothing.

        Note: self.ensure_one()
        """
        steps = [STATE_OF_EVENT[event.kind] for event in events if event.kind in STATE_OF_EVENT]
        if not steps or steps[-1] != self.state:
            return self.env._("The mandate's status is not the one that its history ends with.")
        bound = events.filtered(lambda e: e.kind in BINDING_EVENTS and e.data)[-1:]
        agreed = bound and bound.data.get("agreed")
        if agreed and agreed != self._get_agreed_digest():
            return self.env._(
                "What was agreed (reference, creditor, account holder, account, dates or text) was changed."
            )
        if self.text_shown and self.text_hash != self.text_id._hash(self.text_shown):
            return self.env._("The text that the customer saw was changed.")
        return ""

    def _seal(self, heads):
        """Seal the end of these mandates' histories.

        :param dict heads: {mandate: (number, hash, date) of the last event}.
        """
        for mandate, (number, last_hash, _date) in heads.items():
            # In sudo mode: the seal is the program's own.
            mandate.sudo().seal = mandate._compute_seal(number, last_hash)

    def _compute_seal(self, number, last_hash):
        """Return the keyed hash of the last event.

        Note: self.ensure_one()

        :param int number: the event's number.
        :param str last_hash: the event's hash.
        :rtype: str
        """
        return self._keyed_hash(f"{self.id}:{number}:{last_hash}")

    def _get_agreed_digest(self):
        """Return a keyed hash of what the debtor agreed to.

        The customer's record is not in it: two records of one person may be merged.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        mandate = self.sudo()  # In sudo mode: the account number takes part.
        values = [
            mandate.name,
            mandate.creditor_identifier,
            mandate.creditor_name or "",
            mandate.holder,
            mandate.bank_account_id.sanitized_acc_number or "",
            mandate.scheme,
            mandate.mandate_type,
            fields.Date.to_string(mandate.signature_date) or "",
            mandate.text_hash or "",
        ]
        return self._keyed_hash(json.dumps(values, ensure_ascii=False))

    @api.model
    def _keyed_hash(self, text):
        """Return the HMAC-SHA256 of a text with the key of this database's evidence.

        :param str text: what is hashed.
        :rtype: str, hexadecimal
        """
        key = self.env["ir.config_parameter"]._sdd_get_key("evidence")
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    @api.model
    def _cron_verify(self):
        """Check all mandates and leave a note for the administrators on those that were changed."""
        jobs = self.env["ir.cron"]
        mandates = self.search([], order="id")
        jobs._commit_progress(remaining=len(mandates))
        for start in range(0, len(mandates), 500):
            chunk = mandates[start : start + 500]
            for mandate in chunk:
                if found := mandate._verify():
                    mandate._raise_alarm(found[1])
            chunk.invalidate_recordset()
            if not jobs._commit_progress(len(chunk)):
                break

    def _raise_alarm(self, text):
        """Ask an administrator to look at this mandate; once, however often it is checked.

        Note: self.ensure_one()

        :param str text: what is wrong.
        """
        summary = self.env._("The history of this mandate was changed")
        if self.activity_ids.filtered(lambda activity: activity.summary == summary):
            return
        managers = self.env.ref("support_debit.group_manager").user_ids.filtered(
            lambda user: self.company_id in user.company_ids and user.active
        )
        self.activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=text,
            user_id=managers[:1].id or self.env.uid,
        )
