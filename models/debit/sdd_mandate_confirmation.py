from odoo import models
from odoo.tools import format_amount, format_date


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _get_announced_debits(self):
        """Override to name the debits that wait for this mandate, with their days."""
        waiting = self.debit_ids.filtered(lambda debit: debit.state in ("queued", "held"))
        return [
            (
                format_amount(self.env, debit.amount, debit.currency_id),
                format_date(self.env, debit.collection_date, date_format="long"),
            )
            for debit in waiting.sorted("collection_date")
        ] or super()._get_announced_debits()
