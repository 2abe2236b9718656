from odoo import api, fields, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sdd_debit_ids = fields.Many2many(
        "sdd.debit", string="Direct Debits", compute="_compute_sdd_debit_ids", compute_sudo=True
    )
    sdd_debit_count = fields.Integer(compute="_compute_sdd_debit_ids", compute_sudo=True)

    @api.depends("invoice_ids.sdd_debit_ids")
    def _compute_sdd_debit_ids(self):
        for order in self:
            order.sdd_debit_ids = order.invoice_ids.sdd_debit_ids
            order.sdd_debit_count = len(order.sdd_debit_ids)

    def action_view_sdd_debits(self):
        """Open the debits with which this order is paid."""
        return self.invoice_ids.action_view_sdd_debits()

    def _action_cancel(self):
        """Override of `sale`: a cancelled order is not collected before somebody has looked."""
        # In sudo mode: salespeople cancel orders without rights on debits.
        waiting = self.sudo().sdd_debit_ids.filtered(lambda d: d.state == "queued")
        waiting._hold("other", self.env._("The order was cancelled."))
        return super()._action_cancel()

    def _sdd_invoice(self):
        """Invoice and post confirmed orders that are paid by direct debit.

        :return: the posted invoices that are open.
        :rtype: `account.move` recordset
        """
        to_invoice = self.filtered(lambda order: order.invoice_status == "to invoice")
        invoices = (
            to_invoice._create_invoices(final=True) if to_invoice else self.env["account.move"]
        )
        invoices |= self.invoice_ids.filtered(lambda move: move.state == "draft")
        invoices.filtered(lambda move: move.state == "draft").action_post()
        return (invoices | self.invoice_ids).filtered(
            lambda move: move.state == "posted" and move.payment_state in ("not_paid", "partial")
        )
