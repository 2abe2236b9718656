"""What the order itself says, how long the customer has been one, and how often something recurs."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...scoring.model import Signal
from .risk_check import ORDER_STAGES, Check
from .signals_behaviour import MARKS, WINDOWS


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _get_checks(self):
        """Override to add the order's own facts, tenure and velocity."""
        own = type(self)
        return [
            *super()._get_checks(),
            Check("order", ORDER_STAGES, own._check_order),
            Check("tenure", ORDER_STAGES, own._check_tenure),
            Check("velocity", ORDER_STAGES, own._check_velocity),
        ]

    @api.model
    def _check_order(self, subject, known):
        """Say how much is ordered, where, by whom, and how well the mandate is proven."""
        signals = [
            Signal("amount", float(subject.amount)),
            Signal("channel", subject.channel),
            Signal("product_kind", subject.product_kind or None),
            Signal("customer_kind", subject.customer_kind),
        ]
        if subject.mandate_id:
            # In sudo mode: a customer's mandate is judged while he orders.
            mandate = self.env["sdd.mandate"].sudo().browse(subject.mandate_id)
            signals.append(Signal("mandate_grade", mandate.evidence_grade or "none"))
        return signals

    @api.model
    def _check_tenure(self, subject, known):
        """Say since when the customer orders here."""
        first = self._find_first_order(subject)
        if first is None:
            return [
                Signal("is_first_order", True),
                Signal("tenure_days"),
                Signal("first_order_amount", float(subject.amount)),
            ]
        return [
            Signal("is_first_order", False),
            Signal("tenure_days", max(0, (subject.now - first) // timedelta(days=1))),
            Signal("first_order_amount"),
        ]

    @api.model
    def _find_first_order(self, subject):
        """Return when the customer ordered or was invoiced first, before this occasion.

        What is asked about may be an order of today or a renewal of one of long ago: only what is
        older than it counts. Invoices of the day of the order or later are those of the order itself.

        :rtype: datetime (naive UTC) | None
        """
        owner = self._get_owner_id(subject)
        if not owner:
            return None
        self.env["sale.order"].flush_model(["state", "date_order", "partner_id"])
        self.env["account.move"].flush_model(["state", "invoice_date", "partner_id"])
        rows = self.env.execute_query(
            SQL(
                "WITH asked AS (SELECT"
                " (SELECT date_order FROM sale_order WHERE id = %(order)s AND state = 'sale') AS ordered,"
                " (SELECT invoice_date FROM account_move WHERE id = %(invoice)s) AS invoiced)"
                " SELECT LEAST("
                "(SELECT MIN(o.date_order) FROM sale_order o JOIN res_partner p ON p.id = o.partner_id"
                "  WHERE p.commercial_partner_id = %(owner)s AND o.company_id = %(company)s"
                "  AND o.state = 'sale' AND o.id <> %(order)s"
                "  AND o.date_order < COALESCE(a.ordered, a.invoiced::timestamp, %(tomorrow)s)),"
                "(SELECT MIN(m.invoice_date)::timestamp FROM account_move m"
                "  JOIN res_partner p ON p.id = m.partner_id"
                "  WHERE p.commercial_partner_id = %(owner)s AND m.company_id = %(company)s"
                "  AND m.state = 'posted' AND m.move_type = 'out_invoice' AND m.id <> %(invoice)s"
                "  AND m.invoice_date < COALESCE(a.invoiced, a.ordered::date, %(tomorrow)s)))"
                " FROM asked a",
                owner=owner,
                company=subject.company_id,
                order=subject.order_id,
                invoice=subject.invoice_id,
                tomorrow=subject.now.date() + timedelta(days=1),
            )
        )
        return rows[0][0]

    @api.model
    def _check_velocity(self, subject, known):
        """Count other occasions with the same account, e-mail, telephone, address, IP, browser."""
        marks_model = self.env["risk.mark"]
        marks = known.facts["marks"] = marks_model._get_marks(subject)
        owner = self._get_owner_id(subject)
        counts = marks_model._count(
            marks,
            subject.now,
            subject.company_id,
            marks_model._get_occasion(subject.order_id, subject.invoice_id),
            owner,
        )
        signals = [
            self._say(f"velocity_{kind}_{window}", counts[kind, window].times)
            for kind in MARKS
            for window in WINDOWS
            if kind in marks
        ]
        tried = [
            counts[kind, "24h"].accounts for kind in ("session", "email", "phone") if kind in marks
        ]
        if tried and "iban" in marks:
            signals.append(self._say("accounts_tried_24h", max(tried)))
        for kind, window in (("iban", "30d"), ("ip", "24h"), ("session", "24h")):
            if kind in marks:
                code = f"{kind}_customers_{window}"
                signals.append(self._say(code, counts[kind, window].customers))
        return signals
