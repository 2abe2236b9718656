from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.exceptions import AccessError, LockError, MissingError, UserError
from odoo.http import request

from .portal import MAX_ID


class SddRetryPortal(CustomerPortal):
    """What a customer can do about a planned attempt: choose another day, once."""

    @http.route(
        "/my/debits/<int:debit_id>/date",
        type="http",
        auth="user",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def portal_debit_date(self, debit_id, date="", **kwargs):
        """Move an attempt to the day that the customer chose."""
        done = ""
        if debit_sudo := self._find_retry(debit_id):
            try:
                debit_sudo.lock_for_update()
                debit_sudo._move_by_customer(date)
                done = "moved"
            except (LockError, UserError):
                done = "unmoved"
        return request.redirect(f"/my/debits?done={done}" if done else "/my/debits")

    def _find_retry(self, debit_id):
        """Return the debit (sudo) if it is this visitor's own, an empty recordset if not.

        Staff who look at a customer's page change nothing there.

        :param int debit_id: as it stands in the address.
        :rtype: `sdd.debit` record
        """
        # In sudo mode: the customer moves what he may only read.
        none = request.env["sdd.debit"].sudo().browse()
        if debit_id > MAX_ID:
            return none
        try:
            found = self._document_check_access("sdd.debit", debit_id)
        except (AccessError, MissingError):
            return none
        partner = request.env.user.partner_id.commercial_partner_id
        return none.browse(found.id) if found.partner_id.commercial_partner_id == partner else none
