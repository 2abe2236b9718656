from odoo import http
from odoo.http import content_disposition, request

from . import access_log

access_log.install()

#: Under this name the session remembers which links its browser has opened.
SESSION_KEY = "sdd_confirmation_ids"
#: A browser that opens more links than this forgets the oldest.
MAX_OPENED = 10
#: Nothing of these pages is kept, indexed, framed or told to other sites.
HEADERS = {
    "Cache-Control": "no-store",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "X-Frame-Options": "DENY",
    "Content-Security-Policy": "frame-ancestors 'none'",
}
ROUTE = {"auth": "public", "website": True, "multilang": False, "sitemap": False}


class SddConfirmationController(http.Controller):
    """The pages on which a customer confirms his mandate, without an account.

    The token of the link is exchanged for the browser's session at once: from then on it stands in
    no address, history or log. Programs that open the links of e-mails change nothing, for only
    the form does.
    """

    @http.route("/sdd/confirm/<string:token>", type="http", methods=["GET"], **ROUTE)
    def open_link(self, token, **_kwargs):
        """Let this browser see the page of a link.

        :param str token: the secret of the link.
        """
        link = request.env["sdd.mandate.confirmation"]._find(token)
        if request.httprequest.method == "HEAD":
            return self._finish(request.make_response(""))
        if link:
            known = [number for number in self._get_opened() if number != link.id]
            request.session[SESSION_KEY] = [*known, link.id][-MAX_OPENED:]
        return self._finish(request.redirect(f"/sdd/confirm/page/{link.id or 0}", 303))

    @http.route("/sdd/confirm/page/<int:number>", type="http", methods=["GET"], **ROUTE)
    def show(self, number, **_kwargs):
        """Show what there is to confirm, or why there is nothing.

        :param int number: a link that this browser has opened.
        """
        link = self._get_link(number)
        if link and link._get_page_state() == "open":
            link._note_opened(self._get_origin())
        return self._render(link, notice=request.session.pop("sdd_confirmation_notice", ""))

    @http.route("/sdd/confirm/page/<int:number>", type="http", methods=["POST"], **ROUTE)
    def submit(self, number, **post):
        """Take the confirmation.

        :param int number: a link that this browser has opened.
        :param post: accepted, code, holder, iban, signature, fingerprint.
        """
        link = self._get_link(number)
        if not link:
            return self._answer({"ok": False, "reload": True}, number)
        form = {
            "accepted": post.get("sdd_accepted") == "on",
            "code": post.get("sdd_code"),
            "holder": post.get("sdd_holder"),
            "iban": post.get("sdd_iban"),
            "signature": post.get("sdd_signature"),
            "fingerprint": post.get("fingerprint"),
        }
        errors = link._accept(form, self._get_origin())
        if self._wants_json():
            codes = {error["code"] for error in errors if error["field"] == "form"}
            reload = not errors or bool(codes & {"closed", "stale"})
            if "stale" in codes:
                request.session["sdd_confirmation_notice"] = errors[0]["message"]
            return self._answer({"ok": not errors, "errors": errors, "reload": reload}, number)
        if not errors:
            return self._answer({}, number)
        return self._render(link, errors={error["field"]: error["message"] for error in errors})

    @http.route("/sdd/confirm/code/<int:number>", type="http", methods=["POST"], **ROUTE)
    def send_code(self, number, **_post):
        """Send a one-time code to the address on file.

        :param int number: a link that this browser has opened.
        """
        link = self._get_link(number)
        if not link:
            return self._answer({"ok": False, "reload": True}, number)
        obstacle = link._send_code(request.httprequest.remote_addr)
        message = obstacle or request.env._(
            "The code is on its way to %(address)s. It is valid for 15 minutes.",
            address=link.code_sent_to,
        )
        return self._answer({"ok": not obstacle, "message": message}, number, notice=message)

    @http.route("/sdd/confirm/renew/<int:number>", type="http", methods=["POST"], **ROUTE)
    def renew(self, number, who="", **_post):
        """Send a new link to the address on file; the answer is always the same.

        :param int number: a link that this browser has opened, 0 for none.
        :param str who: a mandate reference or an e-mail address, when there is no link.
        """
        link = self._get_link(number)
        attempts = request.env["sdd.mandate.attempt"]
        # What hinders it is not told either.
        if attempts._take("renew", ip=request.httprequest.remote_addr):
            links = link or request.env["sdd.mandate"]._find_for_renewal(who)._get_last_links()
            links._renew_for_customer()
        return self._render(link, sent=True)

    @http.route("/sdd/confirm/pdf/<int:number>", type="http", methods=["GET"], **ROUTE)
    def download(self, number, **_kwargs):
        """Hand out the mandate as PDF, for some days after it was confirmed.

        :param int number: a link that this browser has opened.
        """
        link = self._get_link(number)
        if not link or link._get_page_state() != "done":
            return self._render(link)
        # In sudo mode: the holder of the link has no account; it is his own mandate.
        reports = request.env["ir.actions.report"].sudo()
        content, _type = reports._render_qweb_pdf(
            "support_debit.action_report_sdd_mandate", link.mandate_id.ids
        )
        name = f"{request.env._('SEPA mandate')} {link.mandate_id.name}.pdf"
        response = request.make_response(
            content,
            headers=[
                ("Content-Type", "application/pdf"),
                ("Content-Disposition", content_disposition(name)),
            ],
        )
        return self._finish(response)

    # === HELPERS === #

    def _get_opened(self):
        """Return the ids of the links that this browser has opened."""
        return request.session.get(SESSION_KEY, [])

    def _get_link(self, number):
        """Return a link that this browser has opened, and speak its customer's language.

        :param int number: its id.
        :return: the record (sudo), empty when the browser has not opened it.
        """
        # In sudo mode: the holder of a link has no account; the session proves that he holds it.
        links = request.env["sdd.mandate.confirmation"].sudo()
        if number not in self._get_opened():
            return links.browse()
        link = links.browse(number).exists()
        if link:
            self._speak(link.lang)
            # A visitor acts for the creditor whose link he holds, whatever website he came to.
            link = link.with_company(link.company_id)
        return link.with_context(lang=request.env.lang)

    def _speak(self, code):
        """Answer in a language from here on, whatever the browser asked for.

        :param str code: such as `de_DE`.
        """
        lang = request.env["res.lang"]._get_data(code=code)
        if lang:
            request.lang = lang
            request.update_context(lang=lang.code)
            request.future_response.set_cookie("frontend_lang", lang.code)

    def _render(self, link, **values):
        """Return the page for a link's state.

        :param link: the link (sudo), may be empty.
        :param values: errors ({field: message}), notice, sent.
        """
        state = link._get_page_state() if link else "unknown"
        values = {
            "link": link,
            "state": state,
            "number": link.id or 0,
            "errors": {},
            "notice": "",
            "sent": False,
            "company": link.company_id or request.website.sudo().company_id,
            "sdd": link._get_form_values() if state == "open" else {},
            **values,
        }
        # A page that says why there is nothing to confirm is no failure to the browser.
        response = request.render("support_debit.confirmation_page", values)
        return self._finish(response)

    def _answer(self, values, number, notice=""):
        """Return values to the page's program, or lead a browser without it to the page.

        :param dict values: JSON values.
        :param int number: id of the link.
        :param str notice: what the page says first.
        """
        if self._wants_json():
            return self._finish(request.make_json_response(values))
        request.session["sdd_confirmation_notice"] = notice
        return self._finish(request.redirect(f"/sdd/confirm/page/{number}", 303))

    @staticmethod
    def _wants_json():
        """Return whether the page's program asks, not the browser itself."""
        return request.httprequest.accept_mimetypes.best == "application/json"

    @staticmethod
    def _get_origin():
        """Return where the request comes from, as JSON values."""
        origin = {
            "ip_address": request.httprequest.remote_addr,
            "user_agent": (request.httprequest.user_agent.string or "")[:512],
        }
        if not request.env.user._is_public():
            # An agent who hands over his tablet is seen in the evidence.
            origin["session_user"] = request.env.user.login
        return origin

    @staticmethod
    def _finish(response):
        """Return a response that is not kept, indexed, framed or told to other sites."""
        for name, value in HEADERS.items():
            response.headers[name] = value
        return response
