"""What is said of the notices elsewhere: in the story of a debit, in the portal, in the law's name."""

from odoo import models
from odoo.tools import format_amount, format_date, format_datetime

from .timeline import TimelineEvent


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_timeline_events(self):
        """Override to tell when the customer was told of a debit."""
        events = super()._get_timeline_events()
        for notice in self.sudo().prenotification_ids:  # In sudo mode: see what is shown of it.
            text = notice._get_timeline_text()
            date = notice.sent_date or notice.create_date
            events.append(TimelineEvent(date, "notice", text, notice))
        return events

    def _get_portal_notice_text(self):
        """Return when and where the customer was told of this debit, "" if he was not.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        notice = self._get_last_notice()
        if notice.state != "sent":
            return ""
        params = {"date": format_date(self.env, notice.sent_date), "address": notice.address or ""}
        if notice.channel == "letter":
            return self.env._("Announced by letter on %(date)s", **params)
        return self.env._("Announced on %(date)s to %(address)s", **params)


class SddPrenotification(models.Model):
    _inherit = "sdd.prenotification"

    def _get_timeline_text(self):
        """Return in one sentence what the customer was told, or why not.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        params = {
            "address": self.address or self.partner_id.display_name,
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "due": format_date(self.env, self.collection_date),
            "error": self.error or "",
        }
        if self.state == "failed":
            return self.env._("The notice to %(address)s was not sent: %(error)s", **params)
        if self.state == "outgoing":
            return self.env._(
                "The notice to %(address)s is in the outbox: %(amount)s on %(due)s.", **params
            )
        if self.channel == "letter":
            return self.env._(
                "The customer was told by letter: %(amount)s is collected on %(due)s.", **params
            )
        return self.env._(
            "The customer was told at %(address)s: %(amount)s is collected on %(due)s.", **params
        )


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _erase_parts(self, parts, reason):
        """Override: what names the customer in the notices goes with the account."""
        super()._erase_parts(parts, reason)
        if "account" in parts:
            self.debit_ids.prenotification_ids.write(
                {"iban_masked": False, "address": False, "body": False, "error": False}
            )


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _sdd_get_personal_data(self, mandates):
        """Override to add what the customer was told of debits."""
        return super()._sdd_get_personal_data(mandates) | {
            "advance notices": [
                {
                    "end to end id": notice.debit_id.end_to_end_id,
                    "told by": notice.channel,
                    "sent to": notice.address or None,
                    "sent": format_datetime(self.env, notice.sent_date, tz="UTC") or None,
                    "text": notice.body or None,
                }
                # In sudo mode: debits of mandates that the user may read.
                for notice in mandates.sudo().debit_ids.prenotification_ids
            ]
        }
