"""The payment story of invoices, orders and customers."""

from odoo import models
from odoo.tools import format_amount

from .timeline import TimelineEvent, on_day

#: A customer's story is made of his latest invoices and debits.
LATEST = 200


class AccountMove(models.Model):
    _name = "account.move"
    _inherit = ["account.move", "sdd.storied"]

    def _get_whole_story(self):
        """Override: only a customer's invoice has a story."""
        self.ensure_one()
        is_told = self.move_type == "out_invoice" and self.state == "posted"
        return self._get_story() if is_told else None

    def _get_story(self):
        """Return all that is known about how these invoices are paid (sudo).

        :rtype: list[TimelineEvent]
        """
        orders = self.line_ids.sale_line_ids.order_id
        return (
            orders._get_timeline_events()
            + self._get_timeline_events()
            + self.sdd_debit_ids._get_timeline_events()
        )

    def _get_timeline_events(self):
        """Return when these invoices were written and paid otherwise. Overridden to add events.

        :rtype: list[TimelineEvent]
        """
        events = []
        for move in self.filtered("invoice_date"):
            text = self.env._(
                "Invoice %(name)s over %(amount)s was written.",
                name=move.name,
                amount=format_amount(self.env, move.amount_total, move.currency_id),
            )
            events.append(
                TimelineEvent(on_day(move.invoice_date, move.create_date), "order", text, move)
            )
        return events + self._get_other_payment_events()

    def _get_other_payment_events(self):
        """Return the payments and credit notes of these invoices that are no direct debits.

        :rtype: list[TimelineEvent]
        """
        return [
            TimelineEvent(
                on_day(partial.max_date, partial.create_date),
                "payment",
                partial._get_timeline_text(),
                partial.credit_move_id.move_id,
            )
            for partial in self._get_other_partials()
        ]

    def _get_other_partials(self):
        """Return what was matched with these invoices and is no direct debit (sudo).

        :rtype: `account.partial.reconcile` recordset
        """
        return self.line_ids.matched_credit_ids.filtered(
            lambda partial: not partial.credit_move_id.sdd_debit_id
        )

    def _get_portal_story(self):
        """Return how this invoice is paid, in the customer's words (sudo).

        Note: self.ensure_one()

        :return: {date, amount, label, badge: classes, text} each, the oldest first; nothing where no
            direct debit is concerned.
        :rtype: list[dict]
        """
        self.ensure_one()
        if not self.sdd_debit_ids:
            return []
        steps = []
        for debit in self.sdd_debit_ids:
            text = debit._get_portal_text()
            if not text and debit.state in ("queued", "batched", "submitted"):
                text = self.env._("From your account %s.", debit.iban_masked)
            state = debit._get_portal_state()
            steps.append(
                {"date": debit.collection_date, "amount": debit.amount, "text": text, **state}
            )
        for partial in self._get_other_partials():
            refund = partial.credit_move_id.move_id.move_type == "out_refund"
            steps.append(
                {
                    "date": partial.max_date,
                    "amount": partial.amount,
                    "label": self.env._("Credit note") if refund else self.env._("Paid"),
                    "badge": "text-bg-success",
                    "text": "",
                }
            )
        return sorted(steps, key=lambda step: step["date"])


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def _get_timeline_text(self):
        """Return a sentence about what was paid on the invoice.

        Note: self.ensure_one()
        """
        move = self.credit_move_id.move_id
        values = {
            "amount": format_amount(self.env, self.amount, self.company_currency_id),
            "invoice": self.debit_move_id.move_id.name,
            "document": move.name,
        }
        if move.move_type == "out_refund":
            return self.env._("Credit note %(document)s took %(amount)s off %(invoice)s.", **values)
        return self.env._("%(amount)s were paid on %(invoice)s another way.", **values)


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "sdd.storied"]

    def _get_whole_story(self):
        """Override: the story of an order goes on with its invoices."""
        self.ensure_one()
        invoices = self.invoice_ids.filtered(
            lambda m: m.move_type == "out_invoice" and m.state == "posted"
        )
        return self._get_timeline_events() + invoices._get_story()

    def _get_timeline_events(self):
        """Return when these orders were placed. Overridden to add events.

        :rtype: list[TimelineEvent]
        """
        return [
            TimelineEvent(
                order.date_order,
                "order",
                self.env._(
                    "Order %(name)s over %(amount)s was placed.",
                    name=order.name,
                    amount=format_amount(self.env, order.amount_total, order.currency_id),
                ),
                order,
            )
            for order in self
            if order.state == "sale"
        ]


class ResPartner(models.Model):
    _name = "res.partner"
    _inherit = ["res.partner", "sdd.storied"]

    def _get_whole_story(self):
        """Override: a customer's story is made of his latest invoices and debits."""
        self.ensure_one()
        customer, companies = self.commercial_partner_id, self.env.companies
        invoices = self.env["account.move"].search(
            [
                ("commercial_partner_id", "=", customer.id),
                ("company_id", "in", companies.ids),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ],
            limit=LATEST,
        )
        debits = self.env["sdd.debit"].search(
            [("partner_id", "=", customer.id), ("company_id", "in", companies.ids)],
            limit=LATEST,
        )
        others = debits - invoices.sdd_debit_ids
        return invoices._get_story() + others._get_timeline_events()

    def action_view_sdd_timeline(self):
        """Tell what happened to this customer's payments."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Payment Story"),
            "res_model": "res.partner",
            "view_mode": "form",
            "views": [(self.env.ref("support_debit.res_partner_view_timeline").id, "form")],
            "res_id": self.id,
        }
