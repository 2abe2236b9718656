"""What a person decided about a debit, as a part of its story."""

from odoo import fields, models

from ..debit.timeline import TimelineEvent


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    finding_ids = fields.One2many("sdd.bank.finding", "debit_id", string="Assigned by Hand")

    def _get_timeline_events(self):
        """Override to tell who assigned the bank's entries by hand."""
        return super()._get_timeline_events() + [
            TimelineEvent(
                finding.closed_date,
                "settlement" if finding.direction == "credit" else "return",
                self.env._(
                    "%(user)s assigned the bank's entry to this debit by hand.",
                    user=finding.closed_by_id.name,
                ),
                finding,
            )
            # In sudo mode: whoever reads the story need not have rights on the bank's files.
            for finding in self.sudo().finding_ids
            if finding.state == "assigned"
        ]
