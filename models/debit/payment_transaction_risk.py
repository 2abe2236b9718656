"""The answer of the risk room on a payment, and what the customer has agreed to."""

from odoo import fields, models

from ... import const
from ...sepa import iban as sepa_iban
from ..risk.const import DEBIT_OFFERS, OFFERS


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    risk_assessment_id = fields.Many2one("risk.assessment", readonly=True, copy=False)
    risk_offer = fields.Selection(OFFERS, string="Agreed way to pay", readonly=True, copy=False)

    def _risk_get_documents(self):
        """Return the orders, or the invoices, that are paid (sudo).

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.sudo().sale_order_ids or self.sudo().invoice_ids

    def _risk_ask(self, holder, iban, wanted, origin):
        """Judge this payment with a new mandate. Nothing may be locked yet.

        Note: self.ensure_one() (sudo)

        :param str holder: the account holder.
        :param str iban: the IBAN as typed.
        :param str wanted: the offer that the customer has accepted; "" when he was not asked yet.
        :param dict origin: ip_address and session of the browser.
        :return: what the panel shows; {} when the payment may go on.
        :rtype: dict
        """
        self.ensure_one()
        checkout = self.env["risk.checkout"]
        documents = self._risk_get_documents()
        account = {
            "iban": sepa_iban.normalize(iban),
            "holder": self._sdd_clean(holder),
            "amount": self.amount,
        }
        assessment = checkout._assess(documents, account, origin)
        offer, question = checkout._choose(assessment, wanted, documents)
        self._risk_note(assessment, offer)
        return question

    def _risk_note(self, assessment, offer):
        """Keep the answer on which this payment goes on.

        :param assessment: `risk.assessment` record (sudo), may be empty.
        :param str offer: a code of `DEBIT_OFFERS`, or "".
        """
        if assessment:
            self.write({"risk_assessment_id": assessment.id, "risk_offer": offer or False})

    def _send_payment_request(self):
        """Override of `payment` to keep what the request has found about a saved mandate."""
        assessment_id, offer = self.env.context.get("sdd_risk_answer") or (False, "")
        if assessment_id and self.provider_code == const.PROVIDER_CODE:
            # In sudo mode: customers read no assessments.
            self._risk_note(self.env["risk.assessment"].sudo().browse(assessment_id), offer)
        return super()._send_payment_request()

    def _sdd_find_token_refusal(self):
        """Override: an order that has changed since it was judged is judged again."""
        if reason := super()._sdd_find_token_refusal():
            return reason
        assessment = self.risk_assessment_id
        if assessment and self.currency_id.compare_amounts(assessment.amount, self.amount):
            return self.env._("Please reload the page and try again. Nothing has been charged.")
        return ""

    def _sdd_confirm_documents(self):
        """Override to let support start when the customer has agreed that it starts."""
        if self.risk_offer:
            self.sale_order_ids._set_risk_offer(self.risk_offer)
        return super()._sdd_confirm_documents()

    def _post_process(self):
        """Override: who pays another way is not kept waiting by what he agreed to before."""
        others = self.filtered(lambda tx: tx.provider_code != const.PROVIDER_CODE)
        for tx in others:
            orders = tx.sale_order_ids.filtered(lambda o: o.risk_offer in DEBIT_OFFERS)
            is_transfer = tx.provider_id.custom_mode == "wire_transfer"
            orders._set_risk_offer("transfer" if is_transfer else "other")
        return super()._post_process()


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _find_waiting_transactions(self):
        """Return the payments that wait until these mandates are confirmed (sudo).

        :rtype: `payment.transaction` recordset
        """
        # In sudo mode: whoever confirms or ends a mandate has no rights on payments.
        transactions = self.env["payment.transaction"].sudo()
        return transactions.search(
            [
                ("sdd_mandate_id", "in", self.ids),
                ("risk_offer", "=", "sdd_confirmed"),
                ("state", "=", "pending"),
                ("sdd_debit_ids", "=", False),
                ("is_post_processed", "=", True),
            ]
        )

    def _on_activated(self):
        """Override to collect what was ordered on condition that the mandate is confirmed."""
        super()._on_activated()
        for tx in self._find_waiting_transactions():
            tx.with_company(tx.company_id)._sdd_confirm_documents()

    def _move_to(self, state, **values):
        """Override to give up the payments that wait for a mandate which is no longer there."""
        res = super()._move_to(state, **values)
        if state in ("revoked", "expired"):
            self._find_waiting_transactions()._set_canceled()
        return res
