"""What an order earns and a return costs, for rehearsals; and the goal of the return rate."""

from odoo import fields, models

from ...scoring.profit import Economics


class ResCompany(models.Model):
    _inherit = "res.company"

    risk_margin = fields.Float(
        string="Earned on a paid order", default=0.60, help="Share of the amount. 0 % to 100 %."
    )
    risk_return_fee = fields.Monetary(string="The bank's fee for a return", default=5.0)
    risk_handling = fields.Monetary(string="Own work for a return", default=15.0)
    risk_recovered = fields.Float(
        string="Returned money that comes in later", default=0.55, help="Share of the amount."
    )
    risk_cost = fields.Float(
        string="Spent on orders that are never paid", default=0.40, help="Share of the amount."
    )
    risk_abandoned = fields.Float(
        string="Customers who leave without direct debit", default=0.30, help="Share of them."
    )
    risk_abandoned_yellow = fields.Float(
        string="Customers who leave when support starts later", default=0.08, help="Share of them."
    )

    risk_governor = fields.Selection(
        [
            ("act", "Tighten and loosen by itself"),
            ("propose", "Propose to a person"),
            ("off", "Only look on"),
        ],
        string="When the goal is missed",
        default="act",
        required=True,
    )
    risk_goal = fields.Float(
        string="Goal for the return rate",
        default=0.025,
        digits=(6, 4),
        help="Share of the debits that may come back at the first try.",
    )
    risk_governor_lowest = fields.Float(
        string="Strictest cut-offs",
        default=0.5,
        digits=(6, 4),
        help="Share of the cut-offs as entered below which they are never tightened.",
    )

    _risk_goal = models.Constraint(
        "CHECK(risk_goal > 0 AND risk_goal < 1 AND risk_governor_lowest > 0 AND risk_governor_lowest <= 1)",
        "Enter a goal above 0 % and below 100 %, and a limit up to 100 %.",
    )
    _risk_shares = models.Constraint(
        "CHECK(risk_margin BETWEEN 0 AND 1 AND risk_recovered BETWEEN 0 AND 1"
        " AND risk_cost BETWEEN 0 AND 1 AND risk_abandoned BETWEEN 0 AND 1"
        " AND risk_abandoned_yellow BETWEEN 0 AND 1"
        " AND risk_return_fee >= 0 AND risk_handling >= 0)",
        "Enter shares between 0 % and 100 %, and costs that are not negative.",
    )

    def _get_risk_economics(self):
        """Return what an order of this company earns and a return costs.

        Note: self.ensure_one()

        :rtype: scoring.profit.Economics
        """
        self.ensure_one()
        return Economics(
            margin=self.risk_margin,
            return_fee=self.risk_return_fee,
            handling=self.risk_handling,
            recovered=self.risk_recovered,
            cost=self.risk_cost,
            abandoned=self.risk_abandoned,
            abandoned_yellow=self.risk_abandoned_yellow,
        )
