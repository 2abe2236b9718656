"""The small tables of a policy: cut-offs, offers, and what a check that could not run means."""

from odoo import fields, models

from ...scoring.model import Cutoff
from .const import CHANNELS, CUSTOMER_KINDS, DECIDED_COLOURS, OFFERS


class RiskPolicyCutoff(models.Model):
    """From which chance of a return an order is yellow, and from which it is red."""

    _name = "risk.policy.cutoff"
    _description = "Cut-off of a Risk Policy"
    _inherit = ["risk.part"]
    _whole = "policy_id"
    _order = "sequence, id"

    policy_id = fields.Many2one("risk.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    channel = fields.Selection(CHANNELS)
    product_kind = fields.Selection(
        [
            ("base", "Base package"),
            ("addon", "Add-on"),
            ("upgrade", "Upgrade"),
            ("ad_hoc", "One-off"),
        ],
        string="Package",
    )
    customer_kind = fields.Selection(CUSTOMER_KINDS, string="Customers")
    green_max = fields.Float(string="Green up to", required=True, default=0.07, digits=(6, 4))
    yellow_max = fields.Float(string="Yellow up to", required=True, default=0.15, digits=(6, 4))

    def _prepare_data(self):
        """Return this line as plain values.

        Note: self.ensure_one()

        :rtype: scoring.model.Cutoff
        """
        return Cutoff(
            green_max=self.green_max,
            yellow_max=self.yellow_max,
            channel=self.channel or "",
            product_kind=self.product_kind or "",
            customer_kind=self.customer_kind or "",
        )


class RiskPolicyOffer(models.Model):
    """A way to pay that customers of a colour are offered, the best first."""

    _name = "risk.policy.offer"
    _description = "Offer of a Risk Policy"
    _inherit = ["risk.part"]
    _whole = "policy_id"
    _order = "colour, sequence, id"

    policy_id = fields.Many2one("risk.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    colour = fields.Selection(DECIDED_COLOURS, required=True)
    offer = fields.Selection(OFFERS, required=True)


class RiskPolicyUnknown(models.Model):
    """Which colour a check that could not run stands for."""

    _name = "risk.policy.unknown"
    _description = "Unknown Result in a Risk Policy"
    _inherit = ["risk.part"]
    _whole = "policy_id"
    _order = "signal, id"

    policy_id = fields.Many2one("risk.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    signal = fields.Char(string="Check", help="Empty: every check that has no line of its own.")
    colour = fields.Selection(DECIDED_COLOURS, required=True, default="green")
