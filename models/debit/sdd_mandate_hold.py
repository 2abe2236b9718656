from odoo import models

from .const import LIVE_STATES


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _get_last_voucher_dates(self):
        """Override: each debit belongs to an invoice and to a bank statement."""
        groups = self.env["sdd.debit"]._read_group(
            [("mandate_id", "in", self.ids), ("state", "!=", "cancelled")],
            ["mandate_id"],
            ["collection_date:max"],
        )
        return super()._get_last_voucher_dates() | {
            mandate.id: last for mandate, last in groups if last
        }

    def _erase_parts(self, parts, reason):
        """Override: a saved payment method names bank and last digits."""
        super()._erase_parts(parts, reason)
        if "account" in parts:
            tokens = self.env["payment.token"].with_context(active_test=False)
            tokens = tokens.search([("sdd_mandate_id", "in", self.ids)])
            tokens.filtered("active").active = False
            tokens.payment_details = False

    def _get_erasure_obstacle(self):
        """Override: the bank may still ask about a debit that is under way."""
        # In sudo mode: whoever erases must not overlook debits.
        live = self.sudo().debit_ids.filtered(lambda debit: debit.state in LIVE_STATES)
        if obstacle := super()._get_erasure_obstacle():
            return obstacle
        if live:
            return self.env._("Debits of this mandate are still under way.")
        return ""
