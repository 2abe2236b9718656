"""What debits say about a customer: what was paid, what could still come back, what is overdue."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...scoring.model import Signal
from ..risk.risk_check import ORDER_STAGES, PAYMENT_STAGES, Check
from .const import LIVE_STATES

#: A debtor may have a debit given back for eight weeks without a reason: EPC016-06 4.3.4.
EXPOSURE_DAYS = 56


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _get_checks(self):
        """Override to add the checks of debits and of the directory of banks."""
        own = type(self)
        return [
            *super()._get_checks(),
            Check("debits", ORDER_STAGES, own._check_debits),
            Check("sdd_unreachable", PAYMENT_STAGES, own._check_reachability),
        ]

    @api.model
    def _get_subject_values(self, record):
        """Override to read payments in the shop and debits."""
        if record._name == "payment.transaction":
            return self._get_transaction_values(record)
        if record._name == "sdd.debit":
            return self._get_debit_values(record)
        return super()._get_subject_values(record)

    @api.model
    def _get_transaction_values(self, transaction):
        """Return what a payment in the shop or portal (sudo) says."""
        document = transaction.sale_order_ids[:1] or transaction.invoice_ids[:1]
        values = self._get_subject_values(document) if document else {}
        if transaction.sdd_mandate_id:
            mandate = self._get_mandate_values(transaction.sdd_mandate_id)
            values = {**mandate, **values}
        partner = self._get_partner_values(transaction.partner_id)
        return {
            **partner,
            **values,
            "company_id": transaction.company_id.id,
            "transaction_id": transaction.id,
            "amount": self._to_euro(transaction, transaction.amount),
        }

    @api.model
    def _get_debit_values(self, debit):
        """Return what a debit (sudo) says: that of an order, or of a later invoice.

        A renewal has no order: that with which support began years ago was another occasion.
        """
        invoices = debit.invoice_ids
        order = invoices.line_ids.sale_line_ids.order_id[:1]
        values = self._get_order_values(order) if order else self._get_renewal_values(invoices)
        if order and not debit._is_first_of_order(order):
            values["channel"] = "renewal"
        return {
            **self._get_mandate_values(debit.mandate_id),
            **values,
            "company_id": debit.company_id.id,
            "mandate_id": debit.mandate_id.id,
            "debit_id": debit.id,
            "invoice_id": debit.invoice_ids[:1].id,
            "amount": debit.amount,
        }

    @api.model
    def _get_renewal_values(self, invoices):
        """Return what invoices (sudo) that belong to no order say: which kind of support they bill."""
        plans = invoices._get_support_subscriptions().plan_id
        plans |= invoices.invoice_line_ids.product_id.support_plan_id
        kinds = set(plans.mapped("kind"))
        return {
            "channel": "renewal",
            "product_kind": kinds.pop() if len(kinds) == 1 else "",
        }

    @api.model
    def _check_debits(self, subject, known):
        """Say what the customer paid by direct debit, what is at risk, and what is overdue."""
        paid, at_risk, overdue = self._sum_debits(subject)
        exposure = float(at_risk or 0) + float(subject.amount)
        return [
            self._say("debits_paid", paid),
            Signal("exposure", round(exposure, 2)),
            self._say("overdue_amount", round(float(overdue or 0), 2)),
        ]

    @api.model
    def _sum_debits(self, subject):
        """Return how many debits were paid, EUR that could come back, EUR overdue; in one query."""
        owner = self._get_owner_id(subject)
        if not owner:
            return 0, 0, 0
        self.env["sdd.debit"].flush_model(["state", "amount", "settlement_date", "collection_date"])
        self.env["account.move"].flush_model(
            ["payment_state", "amount_residual", "invoice_date_due"]
        )
        today = subject.now.date()
        return self.env.execute_query(
            SQL(
                "SELECT COUNT(*) FILTER (WHERE d.state = 'settled'),"
                " SUM(d.amount) FILTER (WHERE d.state IN %(live)s OR"
                "  (d.state = 'settled' AND d.collection_date > %(since)s)),"
                " (SELECT SUM(m.amount_residual) FROM account_move m"
                "   JOIN res_partner c ON c.id = m.partner_id"
                "   WHERE c.commercial_partner_id = %(owner)s AND m.company_id = %(company)s"
                "   AND m.state = 'posted' AND m.move_type = 'out_invoice'"
                "   AND m.payment_state IN ('not_paid', 'partial')"
                "   AND m.invoice_date_due < %(today)s AND m.id <> %(invoice)s"
                "   AND NOT EXISTS (SELECT FROM sdd_debit_invoice_rel r"
                "    JOIN sdd_debit l ON l.id = r.debit_id"
                "    WHERE r.move_id = m.id AND l.state IN %(live)s))"
                " FROM sdd_debit d JOIN res_partner p ON p.id = d.partner_id"
                " WHERE p.commercial_partner_id = %(owner)s AND d.company_id = %(company)s"
                " AND d.id <> %(debit)s",
                live=LIVE_STATES,
                since=today - timedelta(days=EXPOSURE_DAYS),
                owner=owner,
                company=subject.company_id,
                today=today,
                invoice=subject.invoice_id,
                debit=subject.debit_id,
            )
        )[0]

    @api.model
    def _check_reachability(self, subject, known):
        """Ask the imported directory whether the account's bank takes direct debits.

        Without a directory, or where a bank cannot be told from the IBAN, there is nothing to say; a
        directory that is too old for the company's bank says `unknown`.
        """
        code = "sdd_unreachable"
        facts = known.facts.get("iban")
        directory = self.env["sdd.bank.directory"]
        valid_from = directory._get_valid_from() if facts and facts.bic else False
        if not valid_from:
            return [Signal(code)] if facts else []
        # In sudo mode: a visitor reads no journals.
        journal = self.env["res.company"].sudo().browse(subject.company_id).sdd_journal_id
        months = journal.sdd_directory_months
        if journal and fields.Date.add(valid_from, months=months) < subject.now.date():
            return [Signal(code, status="unknown")]
        bank = directory._find_banks([facts.bic]).get(facts.bic)
        return [self._say(code, not (bank and bank.core), "hard")]
