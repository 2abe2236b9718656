from urllib.parse import urlsplit

from odoo import http
from odoo.exceptions import LockError, UserError
from odoo.http import request

from ..sepa import iban as sepa_iban
from .portal import SddPortal

#: Under this name the session remembers for which IBAN (keyed hash) a code was sent.
SESSION_KEY = "sdd_account_changes"
#: Longest text that is looked at as an IBAN.
MAX_IBAN = 64


class SddPortalAccount(SddPortal):
    """Another account for a mandate, and another mandate for another account holder.

    The IBAN comes in the body of the requests only: it stands in no address, page or log.
    """

    @http.route(
        "/my/mandates/<int:mandate_id>/account",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
    )
    def portal_mandate_account(self, mandate_id, access_token=None, **kwargs):
        """Show the form with which the customer changes the account."""
        if not (mandate_sudo := self._find_mandate(mandate_id, access_token)):
            return request.redirect("/my")
        if not mandate_sudo._can_change_account():
            return request.redirect(
                self._get_mandate_url(mandate_sudo, access_token, done="unchangeable")
            )
        values = self._get_mandate_values(mandate_sudo, access_token, "mandate_account")
        values.update(
            account_text=mandate_sudo._get_account_text(),
            account_text_hash=mandate_sudo._get_account_text_hash(),
            notice=mandate_sudo._get_account_change_notice(),
        )
        return self._render_private("support_debit.portal_mandate_account", values)

    @http.route(
        "/my/mandates/<int:mandate_id>/account/code",
        type="jsonrpc",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_account_code(self, mandate_id, access_token=None, iban="", **form):
        """Send the one-time code for this IBAN.

        :param str iban: as typed.
        :param form: accepted (bool), text_hash.
        :return: {ok, message} or {ok: false, errors: [{field, message}]} or {ok: false, url}.
        :rtype: dict
        """
        mandate_sudo, refusal = self._check_account_form(mandate_id, access_token, iban, form)
        if refusal:
            return refusal
        link = self._get_account_link(mandate_sudo, iban)
        link, obstacle = mandate_sudo._send_account_code(link, request.httprequest.remote_addr)
        self._keep_account_link(mandate_sudo, iban, link)
        message = obstacle or request.env._(
            "The code is on its way to %(address)s. It is valid for 15 minutes.",
            address=link.code_sent_to,
        )
        return {"ok": not obstacle, "message": message, "errors": []}

    @http.route(
        "/my/mandates/<int:mandate_id>/account/change",
        type="jsonrpc",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_account_change(self, mandate_id, access_token=None, iban="", code="", **form):
        """Change the account if the code is right.

        :param str iban: as typed, the same for which the code was sent.
        :param str code: as typed.
        :param form: accepted (bool), text_hash.
        :return: {ok: true, url} or {ok: false, errors: [{field, message}]}.
        :rtype: dict
        """
        mandate_sudo, refusal = self._check_account_form(mandate_id, access_token, iban, form)
        if refusal:
            return refusal
        link = self._get_account_link(mandate_sudo, iban)
        if not link:
            message = request.env._("Please ask for a code first: each code is for one IBAN only.")
            return self._refuse("code", message)
        try:
            # A refused code counts as a try; what goes wrong behind it takes the try back.
            with request.env.cr.savepoint():
                message = mandate_sudo._change_account(
                    link, str(iban)[:MAX_IBAN], code, self._get_sdd_evidence()
                )
        except LockError:
            message = request.env._("We are working on it already. Please wait a moment.")
            return self._refuse("form", message)
        except UserError as error:
            return self._refuse("form", str(error))
        if message:
            return self._refuse("code", message)
        request.session.pop(SESSION_KEY, None)
        return {
            "ok": True,
            "url": self._get_mandate_url(mandate_sudo, access_token, done="account"),
        }

    @http.route(
        "/my/mandates/<int:mandate_id>/confirm",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_mandate_confirm(self, mandate_id, access_token=None, **kwargs):
        """Lead to the page on which this mandate is confirmed, for the first time or once more."""
        return self._lead_to_confirmation(mandate_id, access_token, replace=False)

    @http.route(
        "/my/mandates/<int:mandate_id>/new",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def portal_mandate_new(self, mandate_id, access_token=None, **kwargs):
        """Lead to the page on which a mandate is given that takes the place of this one."""
        return self._lead_to_confirmation(mandate_id, access_token, replace=True)

    # === HELPERS === #

    def _lead_to_confirmation(self, mandate_id, access_token, *, replace):
        """Return where the customer goes to confirm a mandate.

        :param bool replace: whether another mandate takes the place of this one.
        """
        if not (mandate_sudo := self._find_mandate(mandate_id, access_token)):
            return request.redirect("/my")
        if not self._may_act(mandate_sudo) or (mandate_sudo._has_ended() and not replace):
            return request.redirect(self._get_mandate_url(mandate_sudo, access_token))
        if replace and (replacement := mandate_sudo._get_portal_replacement()):
            return request.redirect(self._get_mandate_url(replacement, None))
        link = mandate_sudo._start_replacement() if replace else mandate_sudo._start_confirmation()
        # On the host that the customer is on: his session is there.
        return request.redirect(urlsplit(link.url).path, 303)

    def _check_account_form(self, mandate_id, access_token, iban, form):
        """Return the mandate (sudo), and the answer instead when the form cannot be used.

        :rtype: tuple[`sdd.mandate` record, dict | None]
        """
        token = access_token if isinstance(access_token, str) else None
        mandate_sudo = self._find_mandate(mandate_id, token)
        if not mandate_sudo or not self._may_act(mandate_sudo):
            return mandate_sudo, {"ok": False, "url": "/my", "errors": []}
        if not mandate_sudo._can_change_account():
            url = self._get_mandate_url(mandate_sudo, token, done="unchangeable")
            return mandate_sudo, {"ok": False, "url": url, "errors": []}
        errors = mandate_sudo._find_account_errors(
            str(iban)[:MAX_IBAN], form.get("accepted"), form.get("text_hash")
        )
        return mandate_sudo, {"ok": False, "errors": errors} if errors else None

    def _get_account_link(self, mandate_sudo, iban):
        """Return the confirmation whose code this browser got for this IBAN, or an empty one."""
        # In sudo mode: the customer has no rights on codes; the session proves that it is his.
        links = request.env["sdd.mandate.confirmation"].sudo()
        number, digest = request.session.get(SESSION_KEY, {}).get(str(mandate_sudo.id), (0, ""))
        if digest != self._hash_iban(mandate_sudo, iban):
            return links
        link = links.browse(number).exists()
        return link.filtered(lambda c: c.mandate_id == mandate_sudo and c.purpose == "account")

    def _keep_account_link(self, mandate_sudo, iban, link):
        """Remember for which IBAN the code is."""
        entry = [link.id, self._hash_iban(mandate_sudo, iban)]
        request.session[SESSION_KEY] = {str(mandate_sudo.id): entry}

    @staticmethod
    def _hash_iban(mandate_sudo, iban):
        """Return the keyed hash of an IBAN in any notation."""
        return mandate_sudo._keyed_hash(sepa_iban.normalize(str(iban)[:MAX_IBAN]))

    @staticmethod
    def _refuse(field, message):
        """Return the answer for one thing that is wrong."""
        return {"ok": False, "errors": [{"field": field, "message": message}]}
