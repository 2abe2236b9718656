"""What becomes of a planned attempt when the customer pays before."""

from odoo import models

from .sdd_debit_check import Finding
from .sdd_debit_retry import WAITING_STATES


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _follow_open_amount(self):
        """Let waiting attempts collect no more than is open; the customer is told of it anew."""
        for debit in self:
            residual = sum(debit.move_line_ids.mapped("amount_residual"))
            compare = debit.currency_id.compare_amounts
            if not (compare(residual, 0) > 0 and compare(residual, debit.amount) < 0):
                continue
            amounts = {"old_amount": str(debit.amount), "amount": str(residual)}
            debit._write_state(
                {
                    "amount": residual,
                    "collection_date": max(debit.collection_date, debit._get_earliest_retry()),
                    "prenotification_date": False,
                    "retry_log": debit._prepare_retry_log("reduced", **amounts),
                }
            )

    def _get_preflight_checks(self):
        """Override: nothing is collected while the customer pays the same invoice online."""
        return [*super()._get_preflight_checks(), type(self)._check_online_payments]

    def _check_online_payments(self):
        """Return the attempts whose invoices are just being paid. See `_get_preflight_checks`."""
        retries = self.filtered(lambda d: d.attempt > 1)
        if not retries:
            return {}
        # In sudo mode: accountants have no rights on payment transactions.
        paying = (
            self.env["payment.transaction"]
            .sudo()
            .search(
                [
                    ("invoice_ids", "in", retries.invoice_ids.ids),
                    ("state", "in", ("pending", "authorized")),
                    ("provider_code", "not in", ("sdd", "none", "custom")),
                ]
            )
        ).invoice_ids
        reason = self.env._(
            "The customer is paying the invoice online; the outcome is not known yet."
        )
        finding = Finding("queued", reason, "online_payment")
        return {debit: finding for debit in retries if debit.sudo().invoice_ids & paying}

    def _set_uncollectable_aside(self):
        """Override: an attempt that was paid in part collects the rest with a later file."""
        ready = super()._set_uncollectable_aside()
        part = (self - ready).filtered(
            lambda d: d.attempt > 1 and d.state == "held" and d.hold_code == "other"
        )
        part._follow_open_amount()
        part._release("other")
        return ready


class AccountMove(models.Model):
    _inherit = "account.move"

    def _cancel_needless_sdd_debits(self):
        """Override: after a part payment, waiting attempts collect the rest."""
        super()._cancel_needless_sdd_debits()
        # In sudo mode: whoever registers a payment need not have rights on debits.
        self.sudo().sdd_debit_ids.filtered(
            lambda d: d.attempt > 1 and d.state in WAITING_STATES
        )._follow_open_amount()

    def _get_exclusive_sdd_debits(self):
        """Override: while an attempt only waits, the customer may pay before."""
        return super()._get_exclusive_sdd_debits().filtered(lambda d: not d.is_waiting_retry)
