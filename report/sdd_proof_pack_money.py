"""The proof pack's debits: what was announced, collected and returned, and what it paid for."""

from odoo import api, models
from odoo.tools import format_date

#: Rows of a table of debits; each of them has two lines.
CHUNK = 14


class ReportSddProofPack(models.AbstractModel):
    _inherit = "report.support_debit.report_sdd_proof_pack"

    @api.model
    def _get_money(self, mandate):
        """Return debits, notices, orders, invoices and support, each in chunks or rows.

        :param mandate: `sdd.mandate` record (sudo).
        :rtype: dict
        """
        debits = mandate.debit_ids.sorted(lambda debit: (debit.collection_date, debit.id))
        invoices = debits.invoice_ids.sorted(lambda move: (move.invoice_date or move.date, move.id))
        return {
            "debits": self._chunk([self._get_debit_row(mandate, d) for d in debits], CHUNK),
            "debit_count": len(debits),
            "notices": self._chunk(self._get_notices(mandate, debits), CHUNK),
            "orders": self._chunk(
                [self._get_order_row(mandate, order) for order in self._get_orders(mandate)], CHUNK
            ),
            "invoices": self._chunk(
                [self._get_invoice_row(mandate, invoice) for invoice in invoices], CHUNK
            ),
            "subscriptions": self._chunk(
                [self._get_support_row(mandate, s) for s in self._get_subscriptions(mandate)],
                CHUNK,
            ),
        }

    # === DEBITS === #

    @api.model
    def _get_debit_row(self, mandate, debit):
        """Return one debit and, if it came back, why and when."""
        states = dict(debit._fields["state"]._description_selection(self.env))
        returned = debit.return_ids[:1]
        reason = returned.reason_id.display_name or returned.reason_code or returned.reason_text
        return {
            "due": format_date(self.env, debit.collection_date),
            "amount": self._format_amount(mandate, debit.amount),
            "reference": debit.end_to_end_id,
            "account": debit.file_iban_masked or debit.iban_masked,
            "remittance": debit.remittance or "",
            "invoices": debit.invoice_names,
            "state": states[debit.state],
            "settled": format_date(self.env, debit.settlement_date),
            "returned": format_date(self.env, returned.booking_date) if returned else "",
            "reason": reason or "",
            "told": self._format_moment(mandate, debit.prenotification_date),
        }

    @api.model
    def _get_notices(self, mandate, debits):
        """Return when the debtor was told of each debit, where the message went and what it said.

        :rtype: list[dict]
        """
        messages = {
            debit: order.sdd_mail_message_id
            for order in self._get_orders(mandate)
            for debit in order.sdd_debit_ids
        }
        rows = []
        for debit in debits.filtered("prenotification_date"):
            message = messages.get(debit)
            addresses = message and message.notification_ids.res_partner_id.mapped("email")
            rows.append(
                {
                    **self._get_debit_row(mandate, debit),
                    "to": ", ".join(filter(None, addresses or [])) or "–",
                    "subject": (message and message.subject) or "",
                }
            )
        return rows

    # === WHAT WAS BOUGHT === #

    @api.model
    def _get_orders(self, mandate):
        """Return the orders that the mandate was given or used for (sudo)."""
        orders = mandate.debit_ids.invoice_ids.line_ids.sale_line_ids.order_id | mandate.order_id
        return orders.sorted(lambda order: (order.date_order, order.id))

    @api.model
    def _get_subscriptions(self, mandate):
        """Return the support that the orders and invoices paid for (sudo)."""
        found = mandate.debit_ids.invoice_ids._get_support_subscriptions()
        found |= self._get_orders(mandate).order_line.support_subscription_ids
        return found.sorted(lambda s: (s.start_date or s.create_date.date(), s.id))

    @api.model
    def _get_order_row(self, mandate, order):
        lines = order.order_line.filtered(lambda line: not line.display_type)
        return {
            "name": order.name,
            "date": self._format_moment(mandate, order.date_order),
            "lines": [f"{line.product_uom_qty:g} × {line.product_id.name}" for line in lines],
            "amount": self._format_amount(mandate, order.amount_total),
            "customer": order.partner_id.display_name,
        }

    @api.model
    def _get_invoice_row(self, mandate, invoice):
        states = dict(invoice._fields["payment_state"]._description_selection(self.env))
        return {
            "name": invoice.name,
            "date": format_date(self.env, invoice.invoice_date),
            "amount": self._format_amount(mandate, invoice.amount_total),
            "state": states.get(invoice.payment_state, ""),
            "debits": ", ".join(
                (invoice.sdd_debit_ids & mandate.debit_ids).mapped("end_to_end_id")
            ),
        }

    @api.model
    def _get_support_row(self, mandate, subscription):
        states = dict(subscription._fields["state"]._description_selection(self.env))
        end = subscription.cancel_date or subscription.end_date
        return {
            "name": subscription.name,
            "package": subscription.product_id.name or subscription.plan_id.name,
            "included": subscription.plan_summary or "",
            "start": format_date(self.env, subscription.start_date),
            "end": format_date(self.env, end),
            "state": states[subscription.state],
            "amount": self._format_amount(mandate, subscription.price_total),
        }
