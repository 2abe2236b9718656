from odoo import fields, models


class RiskCardLine(models.Model):
    """One row of a points table."""

    _name = "risk.card.line"
    _description = "Points of a Scorecard"
    _order = "sequence, id"

    card_id = fields.Many2one("risk.card", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="card_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    signal = fields.Char(string="Fact", required=True)
    kind = fields.Selection(
        [("range", "from – to"), ("texts", "one of"), ("missing", "unknown"), ("rest", "else")],
        required=True,
        default="range",
    )
    has_low = fields.Boolean(string="Has a lower end")
    low = fields.Float(string="From", digits=(16, 4))
    has_high = fields.Boolean(string="Has an upper end")
    high = fields.Float(string="To (excluded)", digits=(16, 4))
    texts = fields.Char(help="Divided by commas.")
    points = fields.Float(digits=(8, 2))
    name = fields.Char(string="In words", required=True, translate=True)
