"""Paying with a saved mandate: judged before the payment engine locks and charges."""

from odoo.addons.account_payment.controllers.payment import PaymentPortal as InvoicePaymentPortal
from odoo.addons.sale.controllers.portal import PaymentPortal as OrderPaymentPortal
from odoo.addons.website_sale.controllers.payment import PaymentPortal as ShopPaymentPortal
from odoo.exceptions import AccessError, MissingError
from odoo.http import request, route

from .payment import get_origin


def ask_about_token(documents_sudo, kwargs):
    """Judge a payment with a saved mandate, and let the charge know the answer.

    :param documents_sudo: the `sale.order` or `account.move` records being paid.
    :param dict kwargs: the parameters of the transaction route; `sdd_offer` is taken out.
    :return: what the customer chooses from, in the shape of processing values; {} to go on.
    :rtype: dict
    """
    wanted = kwargs.pop("sdd_offer", "")
    # In sudo mode: a customer reads no mandates; whose it is, the charge itself checks.
    tokens = request.env["payment.token"].sudo()
    token_id = kwargs.get("token_id")
    is_token = kwargs.get("flow") == "token" and isinstance(token_id, int)
    token_sudo = tokens.browse(token_id).exists() if is_token else tokens
    mandate = token_sudo.sdd_mandate_id
    amount = get_amount(documents_sudo)
    if not is_payable(mandate, documents_sudo, amount):
        return {}  # Nothing to judge, or not his: the route refuses it.
    account = {
        "iban": mandate._get_iban() or "",
        "holder": mandate.holder or "",
        "mandate_id": mandate.id,
        "amount": amount,
    }
    checkout = request.env["risk.checkout"]
    assessment = checkout._assess(documents_sudo, account, get_origin())
    offer, question = checkout._choose(assessment, wanted, documents_sudo, by_token=True)
    if not question:
        request.update_context(sdd_risk_answer=(assessment.id, offer))
    return {"sdd_question": question} if question else {}


def is_payable(mandate_sudo, documents_sudo, amount):
    """Return whether the charge can come about: nobody is judged for one that will be refused."""
    owner = mandate_sudo.commercial_partner_id
    return (
        bool(owner)
        and owner == documents_sudo.partner_id.commercial_partner_id
        and mandate_sudo._is_token_of(request.env.user)
        and not mandate_sudo._get_token_obstacle(amount)
    )


def get_amount(documents_sudo):
    """Return what the documents cost."""
    is_order = documents_sudo._name == "sale.order"
    return sum(documents_sudo.mapped("amount_total" if is_order else "amount_residual"))


def find_document(controller, model, record_id, access_token):
    """Return the document being paid (sudo), empty when the route itself is to refuse it."""
    try:
        return controller._document_check_access(model, record_id, access_token)
    except (AccessError, MissingError):
        return request.env[model]


class SddShopPaymentPortal(ShopPaymentPortal):
    @route()
    def shop_payment_transaction(self, order_id, access_token, **kwargs):
        """Override of `website_sale` to ask before a saved mandate is charged."""
        order_sudo = find_document(self, "sale.order", order_id, access_token)
        return ask_about_token(order_sudo, kwargs) or super().shop_payment_transaction(
            order_id, access_token, **kwargs
        )


class SddOrderPaymentPortal(OrderPaymentPortal):
    @route()
    def portal_order_transaction(self, order_id, access_token, **kwargs):
        """Override of `sale` to ask before a saved mandate is charged."""
        order_sudo = find_document(self, "sale.order", order_id, access_token)
        return ask_about_token(order_sudo, kwargs) or super().portal_order_transaction(
            order_id, access_token, **kwargs
        )


class SddInvoicePaymentPortal(InvoicePaymentPortal):
    @route()
    def invoice_transaction(self, invoice_id, access_token, **kwargs):
        """Override of `account_payment` to ask before a saved mandate is charged."""
        invoice_sudo = find_document(self, "account.move", invoice_id, access_token)
        return ask_about_token(invoice_sudo, kwargs) or super().invoice_transaction(
            invoice_id, access_token, **kwargs
        )

    @route()
    def overdue_invoices_transaction(self, payment_reference, **kwargs):
        """Override of `account_payment` to ask before a saved mandate is charged."""
        invoices = request.env["account.move"]
        if not request.env.user._is_public():
            # In sudo mode: the assessment reads what a customer may not.
            invoices = invoices.search(self._get_overdue_invoices_domain()).sudo()
        return ask_about_token(invoices, kwargs) or super().overdue_invoices_transaction(
            payment_reference, **kwargs
        )
