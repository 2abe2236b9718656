from odoo import api, fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    support_subscription_ids = fields.One2many("support.subscription", "order_line_id")

    def _prepare_support_subscription_values(self):
        """Return the values of the subscription that this line buys.

        Note: self.ensure_one()

        :rtype: dict
        """
        self.ensure_one()
        return {
            "partner_id": self.order_id.partner_id.id,
            "company_id": self.order_id.company_id.id,
            "plan_id": self.product_id.support_plan_id.id,
            "product_id": self.product_id.id,
            "quantity": self.product_uom_qty,
            "order_line_id": self.id,
            "price_total": self.price_total,
        }


class SaleOrder(models.Model):
    _inherit = "sale.order"

    support_subscription_ids = fields.One2many(
        "support.subscription", "order_id", string="Subscriptions"
    )
    support_subscription_count = fields.Integer(compute="_compute_support_subscription_count")

    @api.depends("support_subscription_ids")
    def _compute_support_subscription_count(self):
        for order in self:
            order.support_subscription_count = len(order.support_subscription_ids)

    def _action_confirm(self):
        """Override of `sale` to start the support that the order buys."""
        res = super()._action_confirm()
        # In sudo mode: a customer who confirms in the shop may not write subscriptions himself.
        self.sudo()._start_support_subscriptions()
        return res

    def _action_cancel(self):
        """Override of `sale` to end the support of an order that is taken back."""
        # In sudo mode: salespeople cancel orders, the subscription follows.
        subscriptions = self.sudo().support_subscription_ids
        subscriptions.filtered(lambda s: s.state in ("draft", "active", "suspended"))._move_to(
            "cancelled", cancel_date=fields.Date.context_today(self)
        )
        return super()._action_cancel()

    def _start_support_subscriptions(self):
        """Create and activate the subscriptions of all lines that have none yet."""
        lines = self.order_line.filtered(
            lambda line: (
                line.product_id.support_plan_id
                and line.product_uom_qty > 0
                and not line.support_subscription_ids
            )
        )
        subscriptions = self.env["support.subscription"].create(
            [line._prepare_support_subscription_values() for line in lines]
        )
        for order, found in subscriptions.grouped("order_id").items():
            if event := order._get_support_hold():
                found._wait_for(event)
            else:
                found._activate()

    def _get_support_hold(self):
        """Hook: what must happen before the support of this order starts.

        Note: self.ensure_one()

        :return: a value of `support.subscription.waits_for`; empty: it starts with the order.
        :rtype: str
        """
        self.ensure_one()
        return ""

    def _get_order_button_label(self):
        """Return the statutory wording of the order button for the customer's country.

        Source: Directive 2011/83/EU Art. 8(2), § 312j(3) BGB, § 8 FAGG, L221-14 C. conso, 6:230v BW.

        Note: self.ensure_one()

        :rtype: str, in the language of the context.
        """
        self.ensure_one()
        country = (
            self.partner_invoice_id.country_id
            or self.partner_id.country_id
            or self.company_id.country_id
        )
        # In sudo mode: the rule table is read on behalf of a visitor of the shop.
        return self.env["support.country.rule"].sudo()._get_for_country(country).order_button_label

    def action_view_support_subscriptions(self):
        """Open the subscriptions that this order started."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_support_subscription"
        )
        action["domain"] = [("order_id", "=", self.id)]
        if len(self.support_subscription_ids) == 1:
            action.update(
                view_mode="form", views=[(False, "form")], res_id=self.support_subscription_ids.id
            )
        return action
