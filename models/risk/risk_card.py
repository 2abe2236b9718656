from odoo import fields, models
from odoo.fields import Domain


class RiskCard(models.Model):
    """A scorecard as staff read it: a table of points, and what the points mean."""

    _name = "risk.card"
    _description = "Scorecard"
    _inherit = ["risk.whole", "mail.thread", "mail.activity.mixin"]
    _order = "target, version desc, id desc"
    _check_company_auto = True
    _transitions = {
        "draft": {"champion", "challenger", "retired"},
        "challenger": {"champion", "retired"},
        "champion": {"retired"},
        "retired": {"champion"},
    }
    _guarded_fields = frozenset({"state", "version", "source"})
    _fixed_fields = frozenset(
        "company_id target base factor offset slope intercept line_ids code".split()
    )

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, readonly=True, default="card")
    version = fields.Integer(readonly=True, copy=False, default=1)
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the cards of all companies may use it."
    )
    target = fields.Selection(
        [("bank", "The bank returns it"), ("customer", "The customer takes it back")],
        required=True,
        default="bank",
    )
    source = fields.Selection(
        [("expert", "Expert's points"), ("fit", "Learned from outcomes")],
        required=True,
        default="expert",
        readonly=True,
    )
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("challenger", "Challenger"),
            ("champion", "Champion"),
            ("retired", "Retired"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        tracking=True,
    )
    base = fields.Float(string="Starts with", default=600.0, help="Points before any line counts.")
    factor = fields.Float(default=28.85390081777927, digits=(16, 12))
    offset = fields.Float(default=487.1228762045055, digits=(16, 12))
    slope = fields.Float(default=1.0, digits=(16, 8), help="Recalibration of the log odds.")
    intercept = fields.Float(default=0.0, digits=(16, 8))
    line_ids = fields.One2many("risk.card.line", "card_id", string="Points", copy=True)

    # === BUSINESS METHODS === #

    def _reopen(self):
        """Override: policies that were tried on the past with these cards have to be tried again."""
        super()._reopen()
        # In sudo mode: other companies may use the cards; whoever changes them does so for all.
        policies = self.env["risk.policy"].sudo()
        uses = Domain("bank_card_id", "in", self.ids) | Domain("customer_card_id", "in", self.ids)
        policies.search(uses & Domain("state", "=", "rehearsed"))._reopen()
