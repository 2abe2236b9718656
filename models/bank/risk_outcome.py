"""What returned debits say about the assessments that came before them."""

from datetime import timedelta

from odoo import models
from odoo.tools import SQL

from ..risk.const import MATURE_DAYS

#: Classes of reasons for which the customer, and not his bank's funds or account, sent a debit back.
CUSTOMERS_CLASSES = frozenset({"dispute", "mandate"})


class SddReturn(models.Model):
    _inherit = "sdd.return"

    def _react(self):
        """Override to label the assessments of what came back, and to let none of before count again."""
        self._label_assessments()
        owners = self.partner_id.commercial_partner_id
        customers = self.env["res.partner"].search([("id", "child_of", owners.ids)])
        self.env["risk.assessment"]._expire(partners=customers)
        return super()._react()

    def _label_assessments(self):
        """Write on the assessments how they turned out, by what each return says.

        Our own faults and what we took back ourselves never count against a customer: the next attempt
        tells, else nothing.
        """
        # In sudo mode: whoever imports a bank file need not see assessments.
        debits = self.debit_id.sudo()
        pairs = debits._get_risk_pairs(SQL("d.id = ANY(%s)", debits.ids)) if self else []
        assessments = self.env["risk.assessment"].sudo()
        if not pairs:
            return
        by_debit = {}
        for debit_id, assessment_id in pairs:
            by_debit.setdefault(debit_id, []).append(assessment_id)
        for (outcome, code, date, collected), returns in self.grouped(
            lambda item: (
                item._get_risk_outcome(),
                item.reason_code,
                item.booking_date,
                item.debit_id.collection_date,
            )
        ).items():
            ids = [one for debit in returns.debit_id for one in by_debit.get(debit.id, ())]
            found = assessments.browse(ids)
            if outcome:
                found._set_outcome(outcome, code, date, collected)
                continue
            waiting = found.filtered(lambda item: item.outcome == "open")
            waiting._write_label({"matures_on": date + timedelta(days=MATURE_DAYS)})

    def _get_risk_outcome(self):
        """Return how an assessment turned out that was followed by this return.

        Note: self.ensure_one()

        :return: a value of `risk.const.OUTCOMES`, None when it says nothing about the customer.
        :rtype: str | None
        """
        self.ensure_one()
        reason = self._get_reason()
        if not self._is_customers() or not reason.is_risk_signal:
            return None
        if reason.reason_class not in CUSTOMERS_CLASSES:
            return "bad_bank"
        return None if self._is_after_cancellation() else "bad_customer"

    def _is_after_cancellation(self):
        """Return whether the customer had ended what the debit should pay: then he was right.

        Note: self.ensure_one()
        """
        subscriptions = self.debit_id.sudo().invoice_ids._get_support_subscriptions()
        due = self.debit_id.collection_date
        return bool(subscriptions) and all(
            subscription.cancel_date and subscription.cancel_date <= due
            for subscription in subscriptions
        )
