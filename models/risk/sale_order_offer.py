"""What the customer has chosen of the ways to pay that a colour offers."""

from odoo import fields, models
from odoo.exceptions import UserError

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

    # === ACTION METHODS === #

    def action_risk_choose(self, offer):
        """Note on the telephone which of the offered ways to pay the customer has chosen.

        :param str offer: a code of `const.OFFERS`; empty: he has not chosen yet.
        :raise UserError: when the order is confirmed or the way is not offered (any more).
        """
        self.ensure_one()
        self.check_access("write")
        assessment = self._get_last_risk_assessments().get(self)
        is_offered = not offer or (assessment and offer in assessment._get_offers())
        if self.state not in ("draft", "sent") or not is_offered:
            raise UserError(
                self.env._("Please reload the page and try again. Nothing has been charged.")
            )
        self._set_risk_offer(offer)

    # === BUSINESS METHODS === #

    def _get_risk_panel(self, assessment):
        """Override to show what the customer has agreed to, and what he can choose from."""
        panel = super()._get_risk_panel(assessment)
        if not panel or not assessment:
            return panel
        field = self._fields["risk_offer"]
        labels = dict(field._description_selection(self.env))
        agreed = {
            "title": field._description_string(self.env),
            "label": labels.get(self.risk_offer, ""),
            "choices": [
                {"code": code, "label": labels[code], "chosen": code == self.risk_offer}
                for code in self._get_risk_choices(assessment)
            ],
        }
        return {**panel, "agreed": agreed}

    def _get_risk_choices(self, assessment):
        """Return the ways to pay that the customer can choose from on the telephone.

        Note: self.ensure_one()

        :return: codes of `const.OFFERS`; none where there is nothing to choose.
        :rtype: list[str]
        """
        if self.state not in ("draft", "sent"):
            return []
        codes = [code for code in assessment._get_offers() if code in dict(OFFERS)]
        # What was agreed before the order was checked again can still be taken back.
        if self.risk_offer and self.risk_offer not in codes:
            codes = [*codes, self.risk_offer]
        return codes if len(codes) > 1 or self.risk_offer else []

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
