"""What the customer has chosen of the ways to pay that a colour offers."""

from odoo import fields, models

from .const import HOLDING_OFFERS, OFFERS


class SaleOrder(models.Model):
    _inherit = "sale.order"

    risk_offer = fields.Selection(
        OFFERS,
        string="Agreed way to pay",
        copy=False,
        readonly=True,
        tracking=True,
        help="What the customer has agreed to: whether support starts with the order, with the money,"
        " or with the confirmation of his mandate.",
    )

    def _get_support_hold(self):
        """Override: support starts when the customer has agreed that it starts."""
        return HOLDING_OFFERS.get(self.risk_offer) or super()._get_support_hold()

    def _set_risk_offer(self, offer):
        """Note the way to pay that the customer has chosen.

        Orders that are confirmed already keep what was agreed.

        :param str offer: a code of `const.OFFERS`; empty: none.
        """
        # In sudo mode: a visitor of the shop chooses for his own cart.
        self.sudo().filtered(lambda o: o.state in ("draft", "sent")).risk_offer = offer or False
