from odoo import http
from odoo.http import request

from ..sepa import due_date
from .portal import SddPortal

#: What the form sends, and the day of the month that it means; 0 is as early as possible.
CHOICES = {str(day): day for day in (0, *due_date.DEBIT_DAYS)}


class SddPortalDay(SddPortal):
    """The day of the month on which a customer wants his invoices to be collected."""

    @http.route(
        "/my/mandates/<int:mandate_id>/day",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_mandate_day(self, mandate_id, access_token=None, day="", **kwargs):
        """Note the day that the customer has chosen."""
        if not (mandate_sudo := self._find_mandate(mandate_id, access_token)):
            return request.redirect("/my")
        if mandate_sudo._has_ended():
            return request.redirect(self._get_mandate_url(mandate_sudo, access_token, done="ended"))
        query = {}
        if day in CHOICES and self._may_act(mandate_sudo):
            mandate_sudo._choose_debit_day(CHOICES[day], self._get_sdd_evidence())
            query["done"] = "day"
        return request.redirect(self._get_mandate_url(mandate_sudo, access_token, **query))
