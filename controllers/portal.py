from urllib.parse import urlencode

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.addons.portal.controllers.portal import pager as portal_pager
from odoo.exceptions import AccessError, LockError, MissingError
from odoo.http import content_disposition, request

#: Records on one page of a list.
PAGE_SIZE = 20
#: Debits under way that are shown above the list of past ones.
MAX_LIVE = 50
#: Largest id that the database knows.
MAX_ID = 2**31 - 1
LIVE = ("queued", "held", "batched", "submitted")
#: What an address may say that was done before.
ALL_DONE = ("revoked", "ended", "account", "busy", "unchangeable", "day")
COMING = ("queued", "batched", "submitted")


class SddPortal(CustomerPortal):
    """Mandates and debits of a customer: his own and his company's."""

    def _prepare_home_portal_values(self, counters):
        values = super()._prepare_home_portal_values(counters)
        for counter, model in (
            ("sdd_mandate_count", "sdd.mandate"),
            ("sdd_debit_count", "sdd.debit"),
        ):
            if counter in counters:
                records = request.env[model]
                domain = self._get_sdd_domain()
                values[counter] = records.search_count(domain) if records.has_access("read") else 0
        return values

    # === LISTS === #

    @http.route(
        ["/my/mandates", "/my/mandates/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_mandates(self, page=1, sortby=None, **kwargs):
        """Show the customer's mandates, the ones that can be used first."""
        sortings = {
            "date": {
                "label": request.env._("Running first"),
                "order": "end_date desc nulls first, id desc",
            },
            "name": {"label": request.env._("Reference"), "order": "name, id"},
            "state": {"label": request.env._("Status"), "order": "state, id desc"},
        }
        sortby = sortby if sortby in sortings else "date"
        domain = self._get_sdd_domain()
        mandates, pager = self._get_page(
            "sdd.mandate", domain, sortings[sortby]["order"], "/my/mandates", page, sortby
        )
        request.session["my_mandates_history"] = mandates.ids
        # In sudo mode: the record rules have chosen them; what belongs to them may be read.
        mandates_sudo = mandates.sudo()
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "mandate",
            "mandates": mandates_sudo,
            "next_debits": mandates_sudo._get_portal_next_debits(mandates_sudo),
            "pager": pager,
            "default_url": "/my/mandates",
            "searchbar_sortings": sortings,
            "sortby": sortby,
        }
        return request.render("support_debit.portal_my_mandates", values)

    @http.route(
        ["/my/debits", "/my/debits/page/<int:page>"], type="http", auth="user", website=True
    )
    def portal_my_debits(self, page=1, sortby=None, **kwargs):
        """Show what is going to be collected, what is under way and what was collected."""
        sortings = {
            "date": {"label": request.env._("Newest"), "order": "collection_date desc, id desc"},
            "amount": {"label": request.env._("Amount"), "order": "amount desc, id desc"},
            "state": {"label": request.env._("Status"), "order": "state, id desc"},
        }
        sortby = sortby if sortby in sortings else "date"
        domain = self._get_sdd_domain()
        past, pager = self._get_page(
            "sdd.debit",
            [*domain, ("state", "not in", LIVE)],
            sortings[sortby]["order"],
            "/my/debits",
            page,
            sortby,
        )
        live = request.env["sdd.debit"].search(
            [*domain, ("state", "in", LIVE)], order="collection_date, id", limit=MAX_LIVE
        )
        # In sudo mode: the record rules have chosen them; what belongs to them may be read.
        values = {
            **self._prepare_portal_layout_values(),
            "page_name": "debit",
            "next_debit": live.sudo().filtered(lambda d: d.state in COMING)[:1],
            "live_debits": live.sudo(),
            "past_debits": past.sudo(),
            "pager": pager,
            "default_url": "/my/debits",
            "searchbar_sortings": sortings,
            "sortby": sortby,
        }
        return request.render("support_debit.portal_my_debits", values)

    @http.route(
        "/my/mandates/data", type="http", auth="user", methods=["POST"], website=True, sitemap=False
    )
    def portal_my_data(self, **kwargs):
        """Hand out what is stored about the customer himself."""
        name, content = request.env.user.partner_id._sdd_export_personal_data()
        headers = [
            ("Content-Type", "application/zip"),
            ("Content-Length", len(content)),
            ("Content-Disposition", content_disposition(name)),
            ("Cache-Control", "no-store"),
        ]
        return request.make_response(content, headers=headers)

    def _get_sdd_domain(self):
        """Return what a list shows: the customer's own also when staff look at their portal."""
        partner = request.env.user.partner_id.commercial_partner_id
        return [("partner_id", "child_of", partner.ids)]

    def _get_page(self, model, domain, order, url, page, sortby):
        """Return the records of one page, as the user may read them, and its pager.

        :param str model: name of the model.
        :param list domain: what the list holds.
        :param str order: how it is sorted.
        :param str url: address of the first page.
        :param int page: number of the page.
        :param str sortby: key of the order, kept in the addresses of the other pages.
        :rtype: tuple[recordset, dict]
        """
        records = request.env[model]
        total = records.search_count(domain)
        pager = portal_pager(
            url=url, url_args={"sortby": sortby}, total=total, page=page, step=PAGE_SIZE
        )
        offset = max(pager["offset"], 0)
        return records.search(domain, order=order, limit=PAGE_SIZE, offset=offset), pager

    # === ONE MANDATE === #

    @http.route("/my/mandates/<int:mandate_id>", type="http", auth="public", website=True)
    def portal_my_mandate(
        self, mandate_id, access_token=None, report_type=None, download=False, done=None, **kwargs
    ):
        """Show a mandate to its customer or to whoever holds its link, as a page or as a PDF."""
        if not (mandate_sudo := self._find_mandate(mandate_id, access_token)):
            return request.redirect("/my")
        if report_type == "pdf":
            return self._show_report(
                mandate_sudo,
                "pdf",
                "support_debit.action_report_sdd_mandate",
                download=download,
            )
        values = self._get_mandate_values(mandate_sudo, access_token, "mandate", **kwargs)
        values.update(mandate_sudo._get_portal_debits())
        if done == "busy" and mandate_sudo._has_ended():
            # The first of two clicks has done it meanwhile.
            done = "revoked"
        values.update(
            done=done if done in ALL_DONE else "",
            subscriptions=mandate_sudo._get_portal_subscriptions(),
            history=mandate_sudo._get_portal_history(),
            replacement=mandate_sudo._get_portal_replacement(),
        )
        return request.render("support_debit.portal_mandate_page", values)

    @http.route("/my/mandates/<int:mandate_id>/revoke", type="http", auth="public", website=True)
    def portal_mandate_revoke(self, mandate_id, access_token=None, reason="", **kwargs):
        """Say what revoking means (GET), and do it (POST)."""
        if not (mandate_sudo := self._find_mandate(mandate_id, access_token)):
            return request.redirect("/my")
        done = ""
        if mandate_sudo._has_ended():
            # The button was clicked twice, or the customer went back to the page.
            done = "ended"
        elif request.httprequest.method == "POST" and self._may_act(mandate_sudo):
            try:
                mandate_sudo._revoke_by_customer(reason, self._get_sdd_evidence())
                done = "revoked"
            except LockError:
                done = "busy"
        if done:
            return request.redirect(self._get_mandate_url(mandate_sudo, access_token, done=done))
        values = self._get_mandate_values(mandate_sudo, access_token, "mandate_revoke")
        values["notice"] = mandate_sudo._get_revocation_notice()
        return self._render_private("support_debit.portal_mandate_revoke", values)

    # === HELPERS === #

    def _find_mandate(self, mandate_id, access_token):
        """Return the mandate (sudo) if this visitor may see it, an empty recordset if not.

        :param int mandate_id: as it stands in the address.
        :param str access_token: the mandate's secret, for whoever is not signed in.
        :rtype: `sdd.mandate` record
        """
        # In sudo mode: the customer reads with his mandate what belongs to it.
        none = request.env["sdd.mandate"].sudo().browse()
        token = access_token if access_token and access_token.isascii() else None
        if mandate_id > MAX_ID:
            return none
        try:
            found = self._document_check_access("sdd.mandate", mandate_id, token)
        except (AccessError, MissingError):
            return none
        # What the visitor does stands in the history under his own name, not the program's.
        return none.browse(found.id)

    def _may_act(self, mandate_sudo):
        """Return whether this visitor is the customer; staff who look at the page are not."""
        user = request.env.user
        customer = mandate_sudo.commercial_partner_id
        return not user._is_internal() or user.partner_id.commercial_partner_id == customer

    def _get_mandate_values(self, mandate_sudo, access_token, page_name, **kwargs):
        """Return what every page of a mandate needs.

        :param mandate_sudo: `sdd.mandate` record.
        :param str access_token: of the address, if any.
        :param str page_name: name of the page for the breadcrumbs.
        :rtype: dict
        """
        values = {
            "page_name": page_name,
            "mandate": mandate_sudo,
            "may_act": self._may_act(mandate_sudo),
            "state": mandate_sudo._get_portal_state(),
            "signed_in": not request.env.user._is_public(),
            "get_url": lambda suffix="", **query: self._get_mandate_url(
                mandate_sudo, access_token, suffix, **query
            ),
        }
        values = self._get_page_view_values(
            mandate_sudo, access_token, values, "my_mandates_history", False, **kwargs
        )
        if page_name != "mandate":
            # Whoever is about to change something does not leaf through his mandates.
            values.update(prev_record=None, next_record=None)
        return values

    @staticmethod
    def _get_mandate_url(mandate_sudo, access_token, suffix="", **query):
        """Return the address of a page of this mandate, with the token the visitor came with."""
        query = {**query, **({"access_token": access_token} if access_token else {})}
        tail = f"?{urlencode(query)}" if query else ""
        return f"{mandate_sudo.access_url}{suffix}{tail}"

    @staticmethod
    def _render_private(template, values):
        """Return a page that no cache keeps: going back to it asks the server again."""
        response = request.render(template, values)
        response.headers["Cache-Control"] = "no-store"
        return response

    @staticmethod
    def _get_sdd_evidence():
        """Return what proves where a click came from, as JSON values."""
        user = request.env.user
        return {
            "channel": "portal",
            "ip_address": request.httprequest.remote_addr,
            "user_agent": (request.httprequest.user_agent.string or "")[:512],
            "session_user": "" if user._is_public() else user.login,
            "language": request.env.lang or "",
        }
