"""A version of the rules by which orders may be paid by direct debit."""

from odoo import api, fields, models


class RiskPolicy(models.Model):
    """Hard rules, score cards, cut-offs and offers; one version is active in a company."""

    _name = "risk.policy"
    _description = "Risk Policy"
    _inherit = ["risk.whole", "mail.thread", "mail.activity.mixin"]
    _order = "company_id, version desc, id desc"
    _check_company_auto = True
    _transitions = {
        "draft": {"rehearsed", "retired"},
        "rehearsed": {"draft", "active", "retired"},
        "active": {"retired"},
        "retired": set(),
    }
    _open_states = frozenset({"draft", "rehearsed"})
    _guarded_fields = frozenset({"state", "version", "previous_id", "active_from", "active_until"})
    _fixed_fields = frozenset(
        "company_id rule_ids cutoff_ids offer_ids unknown_ids bank_card_id customer_card_id"
        " sample_rate reuse_days challenger_rate payday_pd payday_days".split()
    )

    name = fields.Char(required=True, translate=True)
    version = fields.Integer(readonly=True, copy=False, default=1)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("rehearsed", "Rehearsed"),
            ("active", "Active"),
            ("retired", "Retired"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    previous_id = fields.Many2one("risk.policy", string="Made from", readonly=True, copy=False)
    active_from = fields.Datetime(readonly=True, copy=False)
    active_until = fields.Datetime(readonly=True, copy=False)
    is_shadow = fields.Boolean(
        string="Shadow",
        copy=False,
        help="Judges every order silently beside the active policy, and decides nothing.",
    )
    rule_ids = fields.One2many("risk.rule", "policy_id", string="Rules", copy=True)
    cutoff_ids = fields.One2many("risk.policy.cutoff", "policy_id", string="Cut-offs", copy=True)
    offer_ids = fields.One2many("risk.policy.offer", "policy_id", string="Offers", copy=True)
    unknown_ids = fields.One2many(
        "risk.policy.unknown",
        "policy_id",
        string="What a check that could not run means",
        copy=True,
    )
    bank_card_id = fields.Many2one(
        "risk.card",
        string="Card: the bank returns it",
        domain="[('target', '=', 'bank')]",
        check_company=True,
    )
    customer_card_id = fields.Many2one(
        "risk.card",
        string="Card: the customer takes it back",
        domain="[('target', '=', 'customer')]",
        check_company=True,
    )
    sample_rate = fields.Float(
        string="Yellow accepted at random",
        digits=(6, 4),
        help="This share of yellow orders is treated as green, so that the cards can learn from them."
        " 0 to 0.03.",
    )
    reuse_days = fields.Integer(
        string="Counts again for (days)",
        default=1,
        help="An assessment counts again for so many days while nothing has changed.",
    )

    _active_unique = models.UniqueIndex(
        "(company_id) WHERE state = 'active'", "A company has one active policy at a time."
    )

    @api.depends("name", "version")
    def _compute_display_name(self):
        for policy in self:
            policy.display_name = f"{policy.name} ({policy.version})" if policy.name else False
