"""The story of a debit, told in order. Other rooms add what they know of it."""

from odoo import models


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_timeline_events(self):
        """Return what happened to these debits and what is planned. Overridden to add events.

        :return: in any order; whoever shows them sorts.
        :rtype: list[TimelineEvent]
        """
        return []
