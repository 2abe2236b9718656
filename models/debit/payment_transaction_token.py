"""Paying with a saved mandate: one click, the same checks, the same consequences."""

from odoo import api, models
from odoo.exceptions import LockError, UserError, ValidationError
from odoo.http import request
from odoo.tools import format_amount

from ... import const


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    @api.constrains("token_id")
    def _check_token_is_active(self):
        """Override of `payment` to say in the customer's words that a mandate has ended."""
        for tx in self.filtered(lambda t: t.token_id.sdd_mandate_id and not t.token_id.active):
            raise ValidationError(tx._sdd_describe_ended())
        return super()._check_token_is_active()

    def _send_payment_request(self):
        """Override of `payment` to debit the account of the saved mandate.

        :raise UserError: for a payment that the customer makes in the browser: nothing of it stays.
        :raise ValidationError: for one without him; the engine notes it on the transaction.
        """
        if self.provider_code != const.PROVIDER_CODE:
            return super()._send_payment_request()
        if reason := self._sdd_lock_documents() or self._sdd_find_token_refusal():
            raise ValidationError(reason) if self.operation == "offline" else UserError(reason)
        mandate = self.token_id.sdd_mandate_id
        self.sdd_mandate_id = mandate
        mandate._log_event("used", self._sdd_prepare_use())
        self._process(const.PROVIDER_CODE, {"reference": self.reference})
        return None

    def _sdd_lock_documents(self):
        """Keep a second click or window from paying the same at the same time.

        Note: self.ensure_one()

        :return: what to tell the one who is second; empty for the first.
        :rtype: str
        """
        try:
            self.sale_order_ids.lock_for_update(allow_referencing=True)
            self.invoice_ids.lock_for_update(allow_referencing=True)
        except LockError:
            return self.env._("Your order is being placed already. Please wait a moment.")
        return ""

    def _sdd_find_token_refusal(self):
        """Return why the saved mandate cannot be used for this payment, in the customer's words.

        Note: self.ensure_one() (sudo)

        :rtype: str, empty when it can
        """
        self.ensure_one()
        mandate = self.token_id.sdd_mandate_id
        nothing = self.env._("Nothing has been charged.")
        if not self._sdd_may_use(mandate):
            text = self.env._("This payment method is not yours. Please sign in again.")
            return f"{text} {nothing}"
        if mandate.state != "active" or not self.token_id.active:
            return self._sdd_describe_ended()
        if self._sdd_is_paid_elsewhere():
            return self.env._(
                "This has been ordered already, perhaps in another window. Nothing is charged twice."
            )
        if self.currency_id.compare_amounts(self.amount, self._sdd_get_open_amount()):
            text = self.env._(
                "A direct debit collects a whole order or a whole invoice, not a part of it."
            )
            return f"{text} {nothing}"
        if self.currency_id.name != "EUR" or mandate._get_token_obstacle(self.amount):
            text = self.env._(
                "%(amount)s cannot be debited from this account at once. Please choose another payment"
                " method or enter the account again.",
                amount=format_amount(self.env, self.amount, self.currency_id),
            )
            return f"{text} {nothing}"
        return ""

    def _sdd_describe_ended(self):
        """Return the sentence that the saved mandate has ended, or waits.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        return self.env._(
            "The mandate for %s can no longer be used. Please reload the page and choose another"
            " payment method, or enter your account again. Nothing has been charged.",
            self.token_id.payment_details,
        )

    def _sdd_may_use(self, mandate):
        """Return whether whoever pays may do so with this mandate.

        Note: self.ensure_one() (sudo)

        :param mandate: `sdd.mandate` record, may be empty.
        :rtype: bool
        """
        if not mandate or mandate.company_id != self.company_id:
            return False
        debtor = mandate.commercial_partner_id
        if debtor != self.partner_id.commercial_partner_id:
            return False
        return self.operation == "offline" or mandate._is_token_of(self.env.user)

    def _sdd_prepare_use(self):
        """Return what the mandate's history says about this payment.

        Note: self.ensure_one()

        :rtype: dict
        """
        documents = self.sale_order_ids.mapped("name") + self.invoice_ids.mapped("name")
        return {
            "transaction": self.reference,
            "documents": ", ".join(name for name in documents if name),
            "amount": f"{self.amount:.2f} {self.currency_id.name}",
            **self._sdd_get_request_evidence(),
        }

    @api.model
    def _sdd_get_request_evidence(self):
        """Return where the request that is being answered comes from; empty without one.

        :rtype: dict
        """
        if not request:
            return {}
        return {
            "ip_address": request.httprequest.remote_addr,
            "user_agent": (request.httprequest.user_agent.string or "")[:512],
            "session_user": self.env.user.login if not self.env.user._is_public() else "",
        }

    # === SAVING === #

    def _extract_token_values(self, payment_data):
        """Override of `payment`: the mandate itself is what was saved. See `_sdd_link_token`."""
        if self.provider_code != const.PROVIDER_CODE:
            return super()._extract_token_values(payment_data)
        return {}

    def _sdd_link_token(self):
        """Note which saved payment method this payment made.

        Note: self.ensure_one() (sudo)
        """
        if not self.tokenize:
            return
        mandate = self.sdd_mandate_id
        mandate._sdd_ensure_tokens()
        self.write({"token_id": mandate.token_ids[:1].id, "tokenize": False})
