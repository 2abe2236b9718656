"""What stands in the way of a direct debit, said where the salesperson works: order and invoice."""

from odoo import api, fields, models


class AccountMove(models.Model):
    _inherit = "account.move"

    sdd_obstacle = fields.Char(
        compute="_compute_sdd_obstacle",
        compute_sudo=True,
        help="Why this invoice cannot be debited yet, although the customer gave a mandate.",
    )
    sdd_obstacle_mandate_id = fields.Many2one(
        "sdd.mandate", compute="_compute_sdd_obstacle", compute_sudo=True
    )

    @api.depends("state", "amount_residual", "partner_id", "sdd_debit_ids.state")
    @api.depends_context("lang")
    def _compute_sdd_obstacle(self):
        self.sdd_obstacle = self.sdd_obstacle_mandate_id = False
        for move in self:
            held = move.sdd_debit_ids.filtered(lambda d: d.state == "held")[:1]
            if held:
                move.sdd_obstacle = held.state_reason
                move.sdd_obstacle_mandate_id = held.mandate_id
        open_moves = self.filtered(lambda m: m.sdd_can_be_debited)
        newest = open_moves._get_sdd_mandates() if open_moves else {}
        for move in open_moves:
            mandate = newest[move] or move.commercial_partner_id._get_latest_sdd_mandate(
                move.company_id
            )
            move.sdd_obstacle = mandate._get_obstacle(move.amount_residual) if mandate else False
            move.sdd_obstacle_mandate_id = move.sdd_obstacle and mandate

    def action_view_sdd_obstacle(self):
        """Open the mandate that does not allow the debit."""
        self.ensure_one()
        return self.sdd_obstacle_mandate_id._action_open()


class SaleOrder(models.Model):
    _inherit = "sale.order"

    sdd_obstacle = fields.Char(
        compute="_compute_sdd_obstacle",
        compute_sudo=True,
        help="Why this order cannot be debited yet, although the customer gave a mandate.",
    )
    sdd_obstacle_mandate_id = fields.Many2one(
        "sdd.mandate", compute="_compute_sdd_obstacle", compute_sudo=True
    )

    @api.depends("state", "amount_total", "partner_id", "invoice_ids.sdd_obstacle")
    @api.depends_context("lang")
    def _compute_sdd_obstacle(self):
        self.sdd_obstacle = self.sdd_obstacle_mandate_id = False
        for order in self.filtered(lambda o: o.state != "cancel" and o.partner_id):
            invoices = order.invoice_ids.filtered(lambda move: move.state != "cancel")
            if invoices:
                hindered = invoices.filtered("sdd_obstacle")[:1]
                order.sdd_obstacle = hindered.sdd_obstacle
                order.sdd_obstacle_mandate_id = hindered.sdd_obstacle_mandate_id
            elif order.currency_id.compare_amounts(order.amount_total, 0) > 0:
                customer = order.partner_id.commercial_partner_id
                mandate = customer._get_latest_sdd_mandate(order.company_id)
                order.sdd_obstacle = mandate._get_obstacle(order.amount_total) if mandate else False
                order.sdd_obstacle_mandate_id = order.sdd_obstacle and mandate

    def action_view_sdd_obstacle(self):
        """Open the mandate that does not allow the debit."""
        self.ensure_one()
        return self.sdd_obstacle_mandate_id._action_open()


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _get_obstacle(self, amount):
        """Return why an amount cannot be debited with this mandate now, "" if it can.

        Note: self.ensure_one()

        :param float amount: euro.
        :rtype: str
        """
        self.ensure_one()
        if self.state == "active":
            return self._get_bank_obstacle() or self._get_grade_obstacle(amount)
        reasons = {
            "draft": self.env._("Mandate %s has not been given yet.", self.name),
            "pending": self.env._("The customer has not confirmed mandate %s yet.", self.name),
            "suspended": self.env._("Mandate %s is suspended.", self.name),
            "revoked": self.env._(
                "Mandate %s was revoked. Ask the customer for a new one.", self.name
            ),
            "expired": self.env._(
                "Mandate %s has lapsed. Ask the customer for a new one.", self.name
            ),
        }
        return reasons[self.state]
