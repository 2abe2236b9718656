"""The page that tells a customer what was checked, and lets him have a person look at it."""

from odoo import http
from odoo.addons.portal.controllers.portal import CustomerPortal
from odoo.http import request
from werkzeug.exceptions import NotFound

from .portal import MAX_ID

#: Nothing of this page is kept, indexed, framed or told to other sites.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Frame-Options": "DENY",
}
NOTICE_KEY = "sdd_risk_notice"


class SddRiskPage(CustomerPortal):
    """What was used, how it counted and what would change it; a link or an account leads here."""

    @http.route(
        "/my/risk/<int:assessment_id>",
        type="http",
        auth="public",
        methods=["GET"],
        website=True,
        sitemap=False,
    )
    def show_risk(self, assessment_id, access_token=None, **_kwargs):
        """Show how an assessment came about.

        :param int assessment_id: id of a `risk.assessment`.
        :param str access_token: proves that the visitor holds the link.
        """
        assessment_sudo = self._find_assessment(assessment_id, access_token)
        # Whoever has an account or a link may have entered somebody else's name and account.
        report = assessment_sudo.with_context(lang=request.env.lang)._get_report_data(
            hides_others=True
        )
        response = request.render(
            "support_debit.risk_page",
            {
                **self._prepare_portal_layout_values(),
                "assessment": assessment_sudo,
                "report": report,
                "case": assessment_sudo._search_same()._get_pending_case(),
                "access_token": access_token or "",
                "notice": request.session.pop(NOTICE_KEY, ""),
                "page_name": "risk",
            },
        )
        response.headers.update(HEADERS)
        return response

    @http.route(
        "/my/risk/<int:assessment_id>/contest",
        type="http",
        auth="public",
        methods=["POST"],
        website=True,
        sitemap=False,
    )
    def contest_risk(self, assessment_id, access_token=None, text="", **_kwargs):
        """Let a person look at an assessment. A second click changes nothing.

        :param int assessment_id: id of a `risk.assessment`.
        :param str access_token: proves that the visitor holds the link.
        :param str text: what the customer writes, may be empty.
        """
        assessment_sudo = self._find_assessment(assessment_id, access_token)
        request.session[NOTICE_KEY] = self._contest(assessment_sudo, text)
        query = f"?access_token={access_token}" if access_token else ""
        return request.redirect(f"/my/risk/{assessment_sudo.id}{query}", 303)

    @staticmethod
    def _contest(assessment_sudo, text):
        """Open a case, unless there have been too many requests.

        :return: what the page says about it.
        :rtype: str
        """
        allowed = request.env["sdd.mandate.attempt"]._take(
            "contest", assessment=assessment_sudo.id, ip=request.httprequest.remote_addr
        )
        if not allowed:
            return request.env._(
                "We have your message already. Please wait a moment, or call us if it is urgent."
            )
        request.env["risk.case"].sudo()._contest(assessment_sudo, text)
        return request.env._(
            "Thank you. A person looks at it now and tells you by e-mail. Your cart is kept."
        )

    @staticmethod
    def _find_assessment(assessment_id, access_token):
        """Return the assessment (sudo) of a link, or of the customer who is signed in.

        :raise NotFound: for everybody else, and for what does not exist.
        """
        # In sudo mode: whoever holds a link has no account; the link or the owner is checked.
        assessment_sudo = request.env["risk.assessment"].sudo()
        if 0 < assessment_id <= MAX_ID:
            assessment_sudo = assessment_sudo.browse(assessment_id).exists()
        token = access_token if isinstance(access_token, str) and access_token.isascii() else ""
        if not assessment_sudo or assessment_sudo.is_shadow:
            raise NotFound()
        owner = assessment_sudo.partner_id.commercial_partner_id
        user = request.env.user
        is_own = not user._is_public() and owner and user.partner_id.commercial_partner_id == owner
        if not is_own and not assessment_sudo._check_link_token(token):
            raise NotFound()
        return assessment_sudo
