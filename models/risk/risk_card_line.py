from odoo import api, fields, models

from ...scoring.model import Bin


class RiskCardLine(models.Model):
    """One row of a points table."""

    _name = "risk.card.line"
    _description = "Points of a Scorecard"
    _inherit = ["risk.part"]
    _order = "sequence, id"
    _whole = "card_id"

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

    def _prepare_data(self):
        """Return this line as plain values.

        Note: self.ensure_one()

        :rtype: scoring.model.Bin
        """
        texts = tuple(text.strip() for text in (self.texts or "").split(","))
        is_range = self.kind == "range"
        return Bin(
            points=self.points,
            label=self.name,
            low=self.low if is_range and self.has_low else None,
            high=self.high if is_range and self.has_high else None,
            texts=tuple(filter(None, texts)) if self.kind == "texts" else (),
            is_missing=self.kind == "missing",
        )

    @api.model
    def _prepare_values(self, signal, row):
        """Return the values of the line of a bin.

        :param str signal: code of a signal.
        :param scoring.model.Bin row: a bin.
        :rtype: dict
        """
        is_range = row.low is not None or row.high is not None
        kind = "missing" if row.is_missing else "texts" if row.texts else "rest"
        return {
            "signal": signal,
            "kind": "range" if is_range else kind,
            "has_low": row.low is not None,
            "low": row.low or 0.0,
            "has_high": row.high is not None,
            "high": row.high or 0.0,
            "texts": ",".join(row.texts) or False,
            "points": row.points,
            "name": row.label or signal,
        }
