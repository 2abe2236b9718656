from odoo import models


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _sdd_get_personal_data(self, mandates):
        """Override to add the debits."""
        return super()._sdd_get_personal_data(mandates) | {
            "debits": [
                {
                    "mandate": debit.mandate_id.name,
                    "end to end id": debit.end_to_end_id,
                    "amount": debit.amount,
                    "currency": debit.currency_id.name,
                    "due": debit.collection_date,
                    "state": debit.state,
                    "invoices": debit.invoice_ids.mapped("name"),
                    "text": debit.remittance or None,
                }
                # In sudo mode: debits of mandates that the user may read.
                for debit in mandates.sudo().debit_ids
            ]
        }
