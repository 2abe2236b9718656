"""What the bank sent back, as a part of a debit's story."""

from odoo import models
from odoo.tools import format_amount

from ..debit.timeline import TimelineEvent, on_day


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_timeline_events(self):
        """Override to tell why debits came back and what the bank took for it."""
        return super()._get_timeline_events() + [
            TimelineEvent(
                on_day(
                    item.booking_date,
                    item.create_date,
                    after=debit._get_settlement_moment() or debit.batch_id.submitted_date,
                ),
                "return",
                item._get_timeline_text(),
                item,
            )
            for debit in self
            for item in debit.return_ids
        ]


class SddReturn(models.Model):
    _inherit = "sdd.return"

    def _get_timeline_text(self):
        """Return a sentence about this return: what, why, at what cost.

        Note: self.ensure_one()
        """
        self.ensure_one()
        values = {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "reason": self.reason_id.name or self.reason_text or self.reason_code or "",
        }
        text = {
            "reject": self.env._("The bank refused the direct debit of %(amount)s", **values),
            "cancellation": self.env._("The direct debit of %(amount)s was called back", **values),
            "reversal": self.env._("We gave %(amount)s back", **values),
        }.get(self.kind) or self.env._("The direct debit of %(amount)s came back", **values)
        if values["reason"]:
            text = self.env._("%(event)s: %(reason)s", event=text, reason=values["reason"])
        text = text.rstrip(".") + "."
        if self.fee:
            fee = format_amount(self.env, self.fee, self.currency_id)
            text = f"{text} " + self.env._("The bank took %s for it.", fee)
        return text
