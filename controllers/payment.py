import hashlib

from odoo import http
from odoo.addons.payment import utils as payment_utils
from odoo.addons.website_sale.controllers.payment import PaymentPortal
from odoo.exceptions import LockError, ValidationError
from odoo.http import request

from .. import const
from ..sepa import iban as sepa_iban


class SddSavedMethodPortal(PaymentPortal):
    """Paying in the shop with a saved mandate."""

    def _validate_transaction_for_order(self, transaction, sale_order):
        """Override of `website_sale` to find the confirmation of the order after one click.

        A session that forgot the cart, or skipped the steps before, would show the empty shop.
        """
        super()._validate_transaction_for_order(transaction, sale_order)
        if transaction.provider_code == const.PROVIDER_CODE:
            request.session["sale_last_order_id"] = sale_order.id


def get_origin():
    """Return from which browser the request comes, as the risk room counts it.

    :rtype: dict with ip_address and session, a hash: the id of a session is a secret.
    """
    return {
        "ip_address": request.httprequest.remote_addr or "",
        "session": hashlib.sha256(request.session.sid.encode()).hexdigest(),
    }


class SddPaymentController(http.Controller):
    """The two calls of the inline payment form."""

    # Part of the website, so that the messages are in the language of the page.
    @http.route(
        "/payment/sdd/check_iban",
        type="jsonrpc",
        auth="public",
        methods=["POST"],
        website=True,
    )
    def check_iban(self, iban="", **_kwargs):
        """Say what is known about an IBAN while it is typed. It is neither stored nor logged.

        :param str iban: what stands in the field.
        :return: see the keys below; messages are in the visitor's language.
        :rtype: dict
        """
        text = str(iban)[:64]
        origin = get_origin()
        found = sepa_iban.partial(text)
        facts = found.facts
        return {
            "complete": found.complete,
            "valid": bool(facts),
            "formatted": sepa_iban.group(sepa_iban.normalize(text)),
            "country": found.country or "",
            "country_name": request.env["res.country"]._sdd_get_names().get(found.country, ""),
            "expected_length": found.expected_length,
            "bank_name": (facts and facts.bank_name) or "",
            "bic": (facts and facts.bic) or "",
            "error": found.error and self._describe_error(found.error),
            # In sudo mode: whether we know the account is looked up for a visitor of the shop.
            "warnings": request.env["risk.check"]
            .sudo()
            ._get_field_warnings(text, session=origin["session"], ip=origin["ip_address"]),
        }

    @http.route(
        "/payment/sdd/submit", type="jsonrpc", auth="public", methods=["POST"], website=True
    )
    def submit(
        self,
        reference="",
        access_token="",
        holder="",
        iban="",
        accepted=False,
        token="",
        offer="",
        consents=(),
        **_kwargs,
    ):
        """Take the mandate of the transaction that this browser has just started.

        :param str reference: the transaction's reference.
        :param str access_token: proves that the transaction is the browser's own.
        :param str holder: the account holder.
        :param str iban: the IBAN as typed.
        :param bool accepted: whether the customer ticked the mandate's box.
        :param str token: the signed values of the form, unchanged.
        :param str offer: the offer of the risk room that the customer has accepted, if he was asked.
        :param list consents: ids of the bureaus that the customer agrees to.
        :return: {ok: true}, {ok: false, errors: [{field, code, message}]}, or {ok: false, question}
            with the ways to pay from which the customer chooses, see `risk.checkout`.
        :rtype: dict
        """
        tx_sudo = self._find_transaction(reference, access_token)
        holder = holder if isinstance(holder, str) else ""
        iban = str(iban)[:64]
        form = tx_sudo.provider_id._sdd_read_form(token)
        is_new = tx_sudo.state == "draft"
        if is_new and (errors := self._find_errors(tx_sudo, holder, iban, accepted, form)):
            return {"ok": False, "errors": errors}
        if is_new and tx_sudo.operation != "validation":
            request.env["risk.checkout"]._note_consents(tx_sudo.partner_id, consents)
            # Before anything is locked: bureaus may be asked over the network.
            if question := tx_sudo._risk_ask(holder, iban, offer, get_origin()):
                return {"ok": False, "question": question}
        return self._take_mandate(tx_sudo, holder, iban, accepted, form)

    def _find_errors(self, tx_sudo, holder, iban, accepted, form):
        """Return what is wrong, see `submit` for the parameters.

        Mistakes cost no try. What we know about an account is told to those only who have tries
        left: past them every account gets the same answer.

        :rtype: list of {field, code, message}
        """
        return (
            tx_sudo._sdd_find_form_errors(holder, iban, accepted, form)
            or self._find_haste()
            or tx_sudo._sdd_find_block(iban)
        )

    @staticmethod
    def _find_haste():
        """Return the error that too many orders were placed from here within an hour, or nothing.

        Counts this one.

        :rtype: list of {field, code, message}
        """
        checks = request.env["risk.check"].sudo()  # In sudo mode: visitors count nothing.
        origin = get_origin()
        if checks._may_submit(origin["session"], origin["ip_address"]):
            return []
        return [{"field": "form", "code": "busy", "message": checks._get_busy_message()}]

    def _take_mandate(self, tx_sudo, holder, iban, accepted, form):
        """Take the mandate unless another window was faster. See `submit` for what is returned."""
        orders_sudo = tx_sudo.sale_order_ids
        # Of two clicks or two windows, one goes on here; there is never a second mandate.
        try:
            tx_sudo.lock_for_update()
            orders_sudo.lock_for_update(allow_referencing=True)
        except LockError:
            message = request.env._("Your order is being placed already. Please wait a moment.")
            return {"ok": False, "errors": [{"field": "form", "code": "busy", "message": message}]}
        if orders_sudo:
            # A session that expired during the checkout has forgotten the cart: the customer
            # would see the empty shop instead of the confirmation of the order.
            request.session["sale_last_order_id"] = orders_sudo[:1].id
        if tx_sudo.state != "draft":
            return {"ok": True}
        # Once more: it may have changed while bureaus were asked. It was counted by `submit`.
        errors = tx_sudo._sdd_find_form_errors(holder, iban, accepted, form)
        errors = errors or tx_sudo._sdd_find_block(iban)
        if errors:
            return {"ok": False, "errors": errors}
        tx_sudo._sdd_accept(holder, iban, form, self._get_evidence())
        return {"ok": True}

    @staticmethod
    def _find_transaction(reference, access_token):
        """Return the transaction (sudo), or raise as if there were none.

        :raise ValidationError: for a reference or token that do not belong together.
        """
        # In sudo mode: visitors of the shop pay without an account; the token is their proof.
        tx_sudo = (
            request.env["payment.transaction"]
            .sudo()
            .search(
                [("reference", "=", str(reference)), ("provider_code", "=", const.PROVIDER_CODE)],
                limit=1,
            )
        )
        if not tx_sudo or not payment_utils.check_access_token(
            str(access_token), "sdd", tx_sudo.id, tx_sudo.reference, tx_sudo.partner_id.id
        ):
            raise ValidationError(
                request.env._(
                    "This payment does not exist any more. Please go back to your cart and try again."
                )
            )
        return tx_sudo

    @staticmethod
    def _get_evidence():
        """Return what proves that this customer gave the mandate, as JSON values."""
        return {
            "ip_address": request.httprequest.remote_addr,
            "user_agent": (request.httprequest.user_agent.string or "")[:512],
            "session_user": request.env.user.login if not request.env.user._is_public() else "",
        }

    @staticmethod
    def _describe_error(error):
        """Return an IBAN error as {code, message}."""
        return {
            "code": error.code,
            "message": request.env["res.partner.bank"]._sdd_error_message(error),
        }
