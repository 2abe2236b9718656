from odoo import api, fields, models

from .const import CHANNELS, COLOURS, DECIDED_COLOURS, OUTCOMES, STAGES


class RiskAssessment(models.Model):
    """What was found and decided about one order or debit at one moment. Never changed, only labelled."""

    _name = "risk.assessment"
    _description = "Risk Assessment"
    _inherit = ["support.guarded"]
    _order = "date desc, id desc"
    _check_company_auto = True
    _transitions = {}

    date = fields.Datetime(required=True, readonly=True, index=True, default=fields.Datetime.now)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index=True, check_company=True
    )
    order_id = fields.Many2one("sale.order", readonly=True, index="btree_not_null")
    invoice_id = fields.Many2one("account.move", readonly=True, index="btree_not_null")
    mandate_id = fields.Many2one("sdd.mandate", readonly=True, index="btree_not_null")
    stage = fields.Selection(STAGES, required=True, readonly=True)
    channel = fields.Selection(CHANNELS, readonly=True)
    product_kind = fields.Char(readonly=True)
    customer_kind = fields.Char(readonly=True)
    amount = fields.Monetary(readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    policy_id = fields.Many2one("risk.policy", readonly=True, index=True, ondelete="restrict")
    policy_version = fields.Integer(readonly=True)
    bank_card_id = fields.Many2one("risk.card", readonly=True, ondelete="restrict")
    customer_card_id = fields.Many2one("risk.card", readonly=True, ondelete="restrict")
    state = fields.Selection(
        DECIDED_COLOURS, string="Colour", required=True, readonly=True, index=True
    )
    own_colour = fields.Selection(COLOURS, string="Colour before sampling", readonly=True)
    is_sampled = fields.Boolean(string="Accepted at random", readonly=True)
    is_shadow = fields.Boolean(string="Silent", readonly=True)
    bank_points = fields.Integer(string="Points (bank)", readonly=True)
    customer_points = fields.Integer(string="Points (customer)", readonly=True)
    pd = fields.Float(string="Chance of a return", readonly=True, digits=(6, 4), aggregator="avg")
    signals = fields.Json(readonly=True, help="{code: {value, status, severity, params}}")
    decision = fields.Json(readonly=True, help="Reasons, contributions, counterfactuals, offers.")
    input_hash = fields.Char(readonly=True, index=True)
    latency_ms = fields.Float(string="Time taken (ms)", readonly=True, digits=(10, 2))
    valid_until = fields.Datetime(readonly=True)
    override_colour = fields.Selection(DECIDED_COLOURS, readonly=True)
    effective_colour = fields.Selection(
        DECIDED_COLOURS, compute="_compute_effective_colour", store=True, index=True
    )
    outcome = fields.Selection(OUTCOMES, default="open", required=True, readonly=True, index=True)
    outcome_date = fields.Date(readonly=True)
    outcome_code = fields.Char(string="Return reason", readonly=True)
    matures_on = fields.Date(readonly=True, index=True)

    @api.depends("state", "override_colour")
    def _compute_effective_colour(self):
        for assessment in self:
            assessment.effective_colour = assessment.override_colour or assessment.state
