"""What returns say: of a customer, of an account, of what seems to be the same customer."""

from typing import NamedTuple

from dateutil.relativedelta import relativedelta
from odoo import api, models
from odoo.tools import SQL

from ...scoring.model import Signal
from ...sepa import iban as sepa_iban
from ..risk.risk_check import ORDER_STAGES, Check

#: Unauthorised debits can be given back for 13 months: EPC016-06 4.3.4.
_MONTHS = 13
_MAX_RETURNS = 200
#: Classes of reasons that stand for the customer, not for his bank.
_CUSTOMER_CLASSES = ("dispute", "mandate")


class _Return(NamedTuple):
    """A return: whose, when, of which class, of the account at hand or not, {invoice: open EUR}."""

    owner_id: int
    date: object
    reason_class: str
    is_account: bool
    open_amounts: dict


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _get_checks(self):
        """Override to add the check of returns."""
        return [
            *super()._get_checks(),
            Check("returns", ORDER_STAGES, type(self)._check_returns),
        ]

    @api.model
    def _check_returns(self, subject, known):
        """Say what came back: from this customer, from this account, from his other records.

        Own faults and technical reasons never count, nor what we called back ourselves.
        """
        owner = self._get_owner_id(subject)
        duplicates = known.facts.get("duplicates", [])
        returns = self._find_returns(subject, [owner, *duplicates], known.facts.get("accounts", []))
        own = [item for item in returns if item.owner_id == owner]
        signals = self._say_customer_returns(subject, own, known)
        if "iban" in known.facts:
            signals += self._say_account_returns(subject, [r for r in returns if r.is_account])
        if duplicates:
            owes = any(r.open_amounts for r in returns if r.owner_id in duplicates)
            signals.append(self._say("other_record_owes", owes))
        return signals

    @api.model
    def _say_customer_returns(self, subject, returns, known):
        """Return the signals about a customer's own returns."""
        recent = self._since(subject, returns)
        by_customer = sum(r.reason_class in _CUSTOMER_CLASSES for r in recent)
        still_open = {move: amount for r in returns for move, amount in r.open_amounts.items()}
        paid = (known["debits_paid"].value or 0) if "debits_paid" in known else 0
        presented = paid + len(returns)
        return [
            self._say("returns_bank_13m", len(recent) - by_customer),
            self._say("returns_customer_13m", by_customer),
            self._say("return_share", round(len(returns) / presented, 4) if presented else None),
            self._say_days("days_since_return", subject, returns),
            self._say("open_returned_amount", round(sum(still_open.values()), 2)),
        ]

    @api.model
    def _say_account_returns(self, subject, returns):
        """Return the signals about the returns of an account, whoever gave it."""
        return [
            self._say("account_returns_13m", len(self._since(subject, returns))),
            self._say("account_open_returns", sum(bool(r.open_amounts) for r in returns)),
            self._say_days("account_days_since_return", subject, returns),
        ]

    @staticmethod
    def _since(subject, returns):
        """Return the returns of the last 13 months."""
        since = subject.now.date() - relativedelta(months=_MONTHS)
        return [item for item in returns if item.date > since]

    @api.model
    def _say_days(self, code, subject, returns):
        """Return the signal how long ago the last return was; of today it is 0, and a hit, too."""
        if not returns:
            return Signal(code)
        last = max(item.date for item in returns)
        return Signal(code, max(0, (subject.now.date() - last).days), "hit")

    @api.model
    def _find_returns(self, subject, owner_ids, account_ids):
        """Return what came back from some customers or accounts, in one query.

        :param list owner_ids: ids of commercial partners.
        :param list account_ids: ids of the records of the account at hand.
        :rtype: list[_Return]
        """
        self.env["sdd.return"].flush_model()
        self.env["account.move"].flush_model(["amount_residual", "state"])
        rows = self.env.execute_query(
            SQL(
                "SELECT p.commercial_partner_id, r.booking_date, COALESCE(s.reason_class, 'unknown'),"
                " m.bank_account_id = ANY(%(accounts)s)"
                "  AND COALESCE(d.file_iban_masked, %(mask)s) = %(mask)s,"
                " (SELECT jsonb_object_agg(i.id, i.amount_residual) FROM sdd_debit_invoice_rel l"
                "  JOIN account_move i ON i.id = l.move_id"
                "  WHERE l.debit_id = d.id AND i.state = 'posted' AND i.amount_residual > 0)"
                " FROM sdd_return r JOIN sdd_debit d ON d.id = r.debit_id"
                " JOIN res_partner p ON p.id = r.partner_id"
                " JOIN sdd_mandate m ON m.id = r.mandate_id"
                " LEFT JOIN sdd_reason s ON s.id = r.reason_id"
                " WHERE r.company_id = %(company)s AND r.kind IN ('reject', 'return')"
                " AND (s.is_risk_signal OR s.id IS NULL OR s.reason_class = 'unknown')"
                " AND (r.partner_id = ANY(ARRAY(SELECT id FROM res_partner"
                "   WHERE commercial_partner_id = ANY(%(owners)s)))"
                "  OR r.mandate_id = ANY(ARRAY(SELECT id FROM sdd_mandate"
                "   WHERE bank_account_id = ANY(%(accounts)s))))"
                " ORDER BY r.booking_date DESC LIMIT %(limit)s",
                owners=list(filter(None, owner_ids)),
                accounts=list(account_ids),
                mask=sepa_iban.mask(subject.iban),
                company=subject.company_id,
                limit=_MAX_RETURNS,
            )
        )
        return [
            _Return(owner, date, reason, bool(is_account), amounts or {})
            for owner, date, reason, is_account, amounts in rows
        ]
