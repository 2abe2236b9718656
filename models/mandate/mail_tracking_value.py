from odoo import api, models

from ...sepa import iban as sepa_iban
from .const import NUMBER_FIELDS


class MailTrackingValue(models.Model):
    _inherit = "mail.tracking.value"

    @api.model
    def _create_tracking_values(self, initial_value, new_value, col_name, col_info, record):
        """Override to keep the account numbers of mandates out of everybody's history."""
        if (
            record._name == "res.partner.bank"
            and col_name in NUMBER_FIELDS
            and record.sdd_protected
        ):
            initial_value = sepa_iban.mask(initial_value or "")
            new_value = sepa_iban.mask(new_value or "")
        return super()._create_tracking_values(initial_value, new_value, col_name, col_info, record)
