"""A planned attempt in the customer's words."""

from odoo import models
from odoo.tools import format_date

from . import retry_texts


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_portal_retry_text(self):
        """Return when and why it is tried again, "" for a debit that is no planned attempt.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        if not self.is_waiting_retry or self.state != "queued":
            return ""
        text = self.env._(
            "This amount could not be collected before. We try it again on %s.",
            format_date(self.env, self.collection_date, date_format="full"),
        )
        why = self._say_retry(retry_texts.REASONS_FOR_CUSTOMER, self.retry_code, self.retry_params)
        return " ".join(filter(None, [text, why]))

    def _get_portal_text(self):
        """Override to say of a planned attempt when and why."""
        return super()._get_portal_text() or self._get_portal_retry_text()
