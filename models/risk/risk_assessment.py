from odoo import api, fields, models
from odoo.exceptions import UserError

from .const import CHANNELS, COLOURS, DECIDED_COLOURS, OUTCOMES, STAGES

#: What may still be written, by `_write_label` alone: what became of it, and a person's decision.
LABELS = frozenset(
    "outcome outcome_date outcome_code matures_on valid_until override_colour override_reason"
    " override_user_id override_date case_ids".split()
)


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
    is_shadow = fields.Boolean(string="Silent", readonly=True, default=False)
    bank_points = fields.Integer(string="Points (bank)", readonly=True)
    customer_points = fields.Integer(string="Points (customer)", readonly=True)
    pd = fields.Float(string="Chance of a return", readonly=True, digits=(6, 4), aggregator="avg")
    has_pd = fields.Boolean(
        string="Has a score", readonly=True, help="Off: no card could say anything."
    )
    inputs = fields.Json(
        readonly=True,
        groups="support_debit.group_manager",
        help="Which data were given, and keyed hashes of them. Deleted after 90 days.",
    )
    attempt = fields.Integer(readonly=True, default=1, help="How often the same was asked by then.")
    signals = fields.Json(readonly=True, help="{code: {value, status, severity, params}}")
    decision = fields.Json(readonly=True, help="Reasons, contributions, counterfactuals, offers.")
    input_hash = fields.Char(readonly=True)
    latency_ms = fields.Float(string="Time taken (ms)", readonly=True, digits=(10, 2))
    valid_until = fields.Datetime(readonly=True)
    override_colour = fields.Selection(DECIDED_COLOURS, string="Decided by a person", readonly=True)
    override_reason = fields.Char(string="Reason of that decision", readonly=True)
    override_user_id = fields.Many2one("res.users", string="Decided by", readonly=True)
    override_date = fields.Datetime(string="Decided on", readonly=True)
    effective_colour = fields.Selection(
        DECIDED_COLOURS, compute="_compute_effective_colour", store=True, index=True
    )
    outcome = fields.Selection(OUTCOMES, default="open", required=True, readonly=True, index=True)
    outcome_date = fields.Date(readonly=True)
    outcome_code = fields.Char(string="Return reason", readonly=True)
    matures_on = fields.Date(readonly=True, index=True)

    _attempt_unique = models.UniqueIndex("(policy_id, input_hash, is_shadow, attempt)")

    # === COMPUTE METHODS === #

    @api.depends("state", "override_colour")
    def _compute_effective_colour(self):
        for assessment in self:
            assessment.effective_colour = assessment.override_colour or assessment.state

    # === CRUD METHODS === #

    def write(self, vals):
        """Override of `support.guarded`: nothing of an assessment is changed, not in sudo mode either.

        :raise UserError: always, except when no value changes.
        """
        changed = {
            name
            for assessment in self
            for name in vals
            if name in self._fields and assessment._is_other_value(name, vals[name])
        }
        self._refuse_guarded(changed)
        return True

    def _write_label(self, vals):
        """Write what became of assessments, the only thing that changes in them.

        :param dict vals: values of `LABELS`.
        :raise ValueError: for any other field.
        """
        if other := vals.keys() - LABELS:
            raise ValueError(f"{sorted(other)} never change")
        # In sudo mode: bank files and cases write it for users who may only read assessments.
        models.Model.write(self.sudo(), vals)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_retention(self):
        raise UserError(
            self.env._(
                "Assessments are kept as evidence; they are deleted when their time is over."
            )
        )
