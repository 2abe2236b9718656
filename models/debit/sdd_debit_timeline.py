"""The story of a debit, told in order. Other rooms add what they know of it."""

from odoo import fields, models
from odoo.tools import format_amount, format_date

from .timeline import TimelineEvent, on_day


class SddDebit(models.Model):
    _name = "sdd.debit"
    _inherit = ["sdd.debit", "sdd.storied"]

    def _get_whole_story(self):
        """Override: other attempts at the same invoices belong to the story."""
        self.ensure_one()
        others = self - self.invoice_ids.sdd_debit_ids
        return self.invoice_ids._get_story() + others._get_timeline_events()

    def _get_timeline_events(self):
        """Return what happened to these debits and what is planned. Overridden to add events.

        :return: in any order; whoever shows them sorts.
        :rtype: list[TimelineEvent]
        """
        events = self.mandate_id._get_timeline_events()
        for debit in self:
            values = debit._get_timeline_values()
            events += debit._get_start_events(values) + debit._get_bank_events(values)
            events += debit._get_planned_events(values)
        return events

    def _get_timeline_values(self):
        """Return what the sentences about this debit are made of.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "date": format_date(self.env, self.collection_date, date_format="long"),
            "account": self.iban_masked or "",
            "batch": self.batch_id.name or "",
            "reason": self.state_reason or "",
        }

    def _get_start_events(self, values):
        """Return how this debit began, and its end when it never went to the bank.

        Note: self.ensure_one()
        """
        events = []
        if not self.previous_debit_id:
            text = self.env._("%(amount)s were queued for direct debit, due on %(date)s.", **values)
            events.append(TimelineEvent(self.create_date, "queue", text, self))
        if self.state == "cancelled":
            if self.state_reason:
                text = self.env._(
                    "The direct debit of %(amount)s was cancelled: %(reason)s", **values
                )
            else:
                text = self.env._("The direct debit of %(amount)s was cancelled.", **values)
            # Nothing is written to a debit that has been cancelled.
            events.append(TimelineEvent(self.write_date, "queue", text, self))
        return events

    def _get_bank_events(self, values):
        """Return what this debit did at the bank.

        Note: self.ensure_one()
        """
        events = []
        sent = self.batch_id.submitted_date
        if sent:
            text = self.env._(
                "The direct debit of %(amount)s went to the bank with batch %(batch)s.", **values
            )
            events.append(TimelineEvent(sent, "batch", text, self.batch_id))
        if self.settlement_date:
            text = self.env._("Our bank credited %(amount)s.", **values)
            events.append(TimelineEvent(self._get_settlement_moment(), "settlement", text, self))
        return events

    def _get_settlement_moment(self):
        """Return when the bank credited this debit, as its story sorts it (naive UTC), or None.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if not self.settlement_date:
            return None
        return on_day(self.settlement_date, after=self.batch_id.submitted_date)

    def _get_planned_events(self, values):
        """Return what is to happen with this debit next.

        Note: self.ensure_one()
        """
        texts = {
            "queued": self.env._(
                "%(amount)s will be collected from account %(account)s.", **values
            ),
            "batched": self.env._(
                "%(amount)s will be collected from account %(account)s.", **values
            ),
            "submitted": self.env._(
                "The bank collects %(amount)s from account %(account)s.", **values
            ),
            "held": self.env._("%(amount)s were to be collected, but wait: %(reason)s", **values),
        }
        if self.state not in texts:
            return []
        day, text = self.collection_date, texts[self.state]
        if self.state == "submitted" and day < fields.Date.context_today(self):
            text = self.env._("%(amount)s, due on %(date)s, are still to be credited.", **values)
            day = fields.Date.context_today(self)
        return [TimelineEvent(on_day(day), "settlement", text, self, is_planned=True)]


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _get_timeline_events(self):
        """Return when these mandates were given. Overridden to add events.

        :rtype: list[TimelineEvent]
        """
        return [
            TimelineEvent(
                on_day(mandate.signature_date, mandate.create_date),
                "mandate",
                self.env._("Mandate %s was given.", mandate.name),
                mandate,
            )
            for mandate in self
            if mandate.signature_date
        ]
