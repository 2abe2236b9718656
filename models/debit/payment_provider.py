import json

from odoo import api, fields, models
from odoo.addons.payment import utils as payment_utils
from odoo.tools import consteq, format_amount, format_date, hmac

from ... import const


class PaymentProvider(models.Model):
    _inherit = "payment.provider"

    code = fields.Selection(
        selection_add=[("sdd", "SEPA Direct Debit (Support Debit)")],
        ondelete={"sdd": "set default"},
    )

    # === COMPUTE METHODS === #

    def _compute_feature_support_fields(self):
        """Override of `payment`: a mandate is good for further orders."""
        super()._compute_feature_support_fields()
        self.filtered(lambda p: p.code == const.PROVIDER_CODE).support_tokenization = True

    # === CRUD METHODS === #

    def _get_default_payment_method_codes(self):
        """Override of `payment` to return the default payment method codes."""
        self.ensure_one()
        if self.code != const.PROVIDER_CODE:
            return super()._get_default_payment_method_codes()
        return const.DEFAULT_PAYMENT_METHOD_CODES

    # === BUSINESS METHODS === #

    def _is_tokenization_required(self, **kwargs):
        """Override of `payment`: a mandate is always saved, so there is no box to tick for it."""
        if len(self) == 1 and self.code == const.PROVIDER_CODE:
            return True
        return super()._is_tokenization_required(**kwargs)

    def _get_supported_currencies(self):
        """Override of `payment`: direct debits are in euro only."""
        supported = super()._get_supported_currencies()
        if self.code == const.PROVIDER_CODE:
            supported = supported.filtered(lambda currency: currency.name == "EUR")
        return supported

    @api.model
    def _get_compatible_providers(
        self,
        company_id,
        partner_id,
        amount,
        *args,
        is_validation=False,
        report=None,
        sale_order_id=None,
        **kwargs,
    ):
        """Override of `payment` to offer direct debit only when the company can collect.

        The reason stands in the availability report that the staff can open in the payment form.
        """
        providers = super()._get_compatible_providers(
            company_id,
            partner_id,
            amount,
            *args,
            is_validation=is_validation,
            report=report,
            sale_order_id=sale_order_id,
            **kwargs,
        )
        own = providers.filtered(lambda p: p.code == const.PROVIDER_CODE)
        reasons = own and self._sdd_get_obstacles(company_id, amount, is_validation, sale_order_id)
        if reasons:
            payment_utils.add_to_report(report, own, available=False, reason=" ".join(reasons))
            providers -= own
        return providers

    @api.model
    def _sdd_get_obstacles(self, company_id, amount, is_validation, sale_order_id):
        """Return why nothing can be collected by direct debit here, in the staff's words.

        :param int company_id: the creditor.
        :param float amount: what is to be paid.
        :param bool is_validation: whether a payment method is only being saved.
        :param int sale_order_id: the order being paid, if it is one.
        :rtype: list[str]
        """
        # In sudo mode: a visitor of the shop may neither read the set-up nor the order.
        company = self.env["res.company"].sudo().browse(company_id)
        order = self.env["sale.order"].sudo().browse(sale_order_id).exists()
        reasons = [str(text) for _code, text in company._sdd_get_missing()]
        if order and order.currency_id.compare_amounts(amount, order.amount_total):
            reasons.append(self.env._("A direct debit collects the whole order, not a part of it."))
        return reasons

    def _sdd_get_inline_form_values(
        self, amount, currency, partner_id, is_validation=False, **_kwargs
    ):
        """Return what the customer reads before he gives the mandate.

        The reference is drawn now, because it stands in the mandate; the signed token brings it
        and the wording back unchanged when the form is sent.

        Note: self.ensure_one() (sudo)

        :param float amount: the amount to pay.
        :param currency: its currency.
        :param int partner_id: the customer.
        :param bool is_validation: whether a payment method is only being saved.
        :rtype: dict
        """
        self.ensure_one()
        company = self.company_id
        if company._sdd_get_missing():
            return {}
        partner = self.env["res.partner"].browse(partner_id)
        text = self.env["sdd.mandate.text"]._get_text(self.env.lang)
        shown = text._render(company.name)
        journal = company.sdd_journal_id
        collection_date = journal._sdd_earliest_collection()
        reference = self.env["sdd.mandate"]._next_reference(company)
        text_hash = text._hash(shown)
        return {
            "creditor_name": company.name,
            "creditor_identifier": company._sdd_get_creditor_identifier(),
            "creditor_address": self._sdd_get_creditor_address(),
            "mandate_reference": reference,
            "mandate_title": text.title,
            "mandate_text": shown,
            "recurrent_label": self.env._("Recurrent payment"),
            # A mandate given without an order announces no debit.
            "amount_text": "" if is_validation else format_amount(self.env, amount, currency),
            "collection_date": collection_date,
            "collection_date_text": ""
            if is_validation
            else format_date(self.env, collection_date, date_format="long"),
            "is_earliest_date": company._sdd_may_wait_for_payday(),
            "holder": "" if partner.is_public else (partner.name or ""),
            "lang": self.env.lang,
            "notices": [] if is_validation else self.env["risk.checkout"]._get_notices(company),
            "text_hash": text_hash,
            "token": self._sdd_sign_form(
                {
                    "reference": reference,
                    "text_id": text.id,
                    "text_hash": text_hash,
                    "lang": self.env.lang,
                }
            ),
        }

    def _sdd_get_creditor_address(self):
        """Return the company's address in one line.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        address = self.company_id.partner_id._display_address(without_company=True)
        return ", ".join(line.strip() for line in address.splitlines() if line.strip())

    def _sdd_sign_form(self, values):
        """Return `values` with a signature, as one opaque string.

        :param dict values: JSON values.
        :rtype: str
        """
        self.ensure_one()
        payload = json.dumps(values, sort_keys=True)
        signature = hmac(self.env(su=True), "support_debit-mandate-form", f"{self.id}-{payload}")
        return f"{signature}.{payload}"

    def _sdd_read_form(self, token):
        """Return the values that `_sdd_sign_form` signed, or None when they are not its own.

        :param str token: what the form sent.
        :rtype: dict | None
        """
        self.ensure_one()
        if not isinstance(token, str) or not token.isascii():
            return None
        _signature, _dot, payload = token.partition(".")
        try:
            values = json.loads(payload)
        except ValueError:
            return None
        if not isinstance(values, dict):
            return None
        expected = self._sdd_sign_form(values)
        return values if consteq(expected, token) else None
