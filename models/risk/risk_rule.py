from odoo import fields, models

from ...scoring.model import Rule
from .const import DECIDED_COLOURS


class RiskRule(models.Model):
    """A hard rule of a policy: when a fact compares like this, the colour is at least that."""

    _name = "risk.rule"
    _description = "Risk Rule"
    _inherit = ["risk.part"]
    _order = "sequence, id"
    _whole = "policy_id"

    policy_id = fields.Many2one("risk.policy", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    name = fields.Char(required=True, translate=True)
    signal = fields.Char(string="Fact", required=True)
    operator = fields.Selection(
        [
            ("hit", "applies"),
            ("=", "is"),
            ("!=", "is not"),
            ("<", "is less than"),
            ("<=", "is at most"),
            (">", "is more than"),
            (">=", "is at least"),
            ("in", "is one of"),
            ("set", "is known"),
        ],
        required=True,
        default="hit",
    )
    threshold = fields.Char(string="Value")
    colour = fields.Selection(DECIDED_COLOURS, required=True, default="yellow")
    needs_review = fields.Boolean(string="A person looks at it")
    reason_text = fields.Char(
        string="Said to the customer",
        translate=True,
        help="A sentence that says what counted, without blame. Empty: a neutral sentence.",
    )

    def _prepare_data(self):
        """Return this rule as plain values.

        Note: self.ensure_one()

        :rtype: scoring.model.Rule
        """
        return Rule(
            id=self.id,
            signal=self.signal,
            operator=self.operator,
            threshold=(self.threshold or "").strip(),
            colour=self.colour,
            needs_review=self.needs_review,
        )
