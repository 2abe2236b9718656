"""Bureaus that are asked about a customer or an account: how they are reached, when, at what price."""

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...scoring import bureau, bureau_payone
from . import bureau_http, vault
from .const import STAGES

#: What a bureau may not be asked longer than: a customer waits for it.
MAX_TIMEOUT_MS = 10_000
LEGAL_BASES = [
    ("contract", "Performance of the contract, Art. 6(1)(b) GDPR"),
    ("interest", "Legitimate interest, Art. 6(1)(f) GDPR"),
    ("consent", "Consent, Art. 6(1)(a) GDPR"),
]


class RiskProvider(models.Model):
    """A bureau that is asked about a customer or an account over HTTPS."""

    _name = "risk.provider"
    _description = "Risk Provider"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True)
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    mode = fields.Selection(
        [("off", "Off"), ("test", "On trial"), ("live", "In use")],
        string="Status",
        required=True,
        default="off",
        copy=False,
        tracking=True,
        help="On trial: it is asked and its answers are noted, but they count for nothing.",
    )
    kind = fields.Selection(
        [
            ("json", "Any bureau with HTTPS and JSON"),
            ("payone_score", "PAYONE consumerscore"),
            ("payone_account", "PAYONE bankaccountcheck"),
        ],
        string="Interface",
        required=True,
        default="json",
    )
    url = fields.Char(string="Address", required=True, tracking=True)
    method = fields.Selection([("POST", "POST"), ("PUT", "PUT")], required=True, default="POST")
    auth = fields.Selection(
        [
            ("none", "None"),
            ("basic", "User name and password"),
            ("bearer", "Token"),
            ("header", "Key in a header"),
        ],
        string="Sign-in",
        required=True,
        default="none",
    )
    auth_user = fields.Char(string="User name or header", groups="support_debit.group_manager")
    secret = fields.Char(
        string="Password, token or key",
        compute="_compute_secret",
        inverse="_inverse_secret",
        groups="support_debit.group_manager",
        help="Kept encrypted and never shown again.",
    )
    secret_token = fields.Text(readonly=True, copy=False, groups=fields.NO_ACCESS)
    has_secret = fields.Boolean(string="Key is stored", compute="_compute_has_secret")
    timeout_ms = fields.Integer(
        string="Waits at most (ms)",
        default=800,
        help="After this time the check counts as “could not be looked up”.",
    )
    field_ids = fields.One2many("risk.provider.field", "provider_id", copy=True)
    result_ids = fields.One2many("risk.provider.result", "provider_id", copy=True)
    ok_path = fields.Char(
        string="Says at", help="Where the answer says whether it worked. Empty: it never does."
    )
    ok_values = fields.Char(string="that it worked by", help="Texts divided by commas: OK, VALID")
    stage = fields.Selection(
        [stage for stage in STAGES if stage[0] in ("submit", "collection")],
        string="Asked at",
        required=True,
        default="submit",
    )
    customer_kind = fields.Selection(
        [("all", "All"), ("consumer", "Consumers"), ("company", "Companies")],
        string="About",
        required=True,
        default="all",
    )
    min_amount = fields.Monetary(string="From an amount of")
    hit_rate = fields.Float(
        string="Orders it saves",
        default=0.02,
        digits=(6, 4),
        help="Of so many orders asked about, it keeps the amount from being lost.",
    )
    worth_amount = fields.Monetary(string="Worth its price from", compute="_compute_worth_amount")
    max_paid = fields.Integer(
        string="Known customers are left alone from",
        default=3,
        help="Paid debits from which on a customer is no longer asked about; 0: always asked.",
    )
    validity_days = fields.Integer(
        string="An answer counts for", default=30, help="In days; meanwhile nobody asks again."
    )
    price = fields.Monetary(string="Price of an answer")
    daily_cap = fields.Monetary(
        string="At most in 24 hours", default=50.0, help="0: nothing holds it back."
    )
    asker_limit = fields.Integer(
        string="Questions for one visitor in 24 hours",
        default=5,
        help="Stops scripts that try out accounts or names at your expense. A customer has as many, an"
        " internet connection ten times as many. 0: no limit.",
    )
    failures = fields.Integer(
        string="Left alone after failures in a row", default=5, help="0: never."
    )
    pause_minutes = fields.Integer(string="For so many minutes", default=5)
    retry_date = fields.Datetime(readonly=True, copy=False)
    legal_basis = fields.Selection(LEGAL_BASES, required=True, default="interest", tracking=True)
    notice = fields.Text(
        string="What customers are told",
        translate=True,
        help="Shown before the order is placed. Each wording is kept with the answers got under it.",
    )

    _timeout_positive = models.Constraint(
        f"CHECK(timeout_ms BETWEEN 50 AND {MAX_TIMEOUT_MS})",
        "Please let it wait for 50 to 10,000 milliseconds: a customer waits, too.",
    )
    _numbers_positive = models.Constraint(
        "CHECK(price >= 0 AND daily_cap >= 0 AND min_amount >= 0 AND validity_days >= 0"
        " AND failures >= 0 AND pause_minutes >= 0 AND asker_limit >= 0 AND max_paid >= 0"
        " AND hit_rate BETWEEN 0 AND 1)",
        "Prices, limits and days cannot be below zero, and a share is between 0 and 100 %.",
    )

    # === COMPUTE METHODS === #

    def _compute_secret(self):
        self.secret = False

    def _inverse_secret(self):
        for provider in self.filtered("secret"):
            # In sudo mode: nobody reads the key again.
            provider.sudo().secret_token = vault.encrypt(self.env, provider.secret.strip())
        self.invalidate_recordset(["secret"], flush=False)

    @api.depends("secret_token")
    def _compute_has_secret(self):
        for provider in self.sudo():  # In sudo mode: whether there is a key is no secret.
            provider.has_secret = bool(provider.secret_token)

    @api.depends("price", "hit_rate", "min_amount")
    def _compute_worth_amount(self):
        for provider in self:
            worth = provider.price / provider.hit_rate if provider.hit_rate else 0.0
            provider.worth_amount = max(worth, provider.min_amount)

    @api.onchange("kind")
    def _onchange_kind(self):
        if self.kind != "json" and not self.url:
            self.url = bureau_payone.URL

    # === CONSTRAINT METHODS === #

    @api.constrains("url")
    def _check_url(self):
        for provider in self:
            if not bureau_http.is_allowed(provider.url):
                raise ValidationError(
                    self.env._(
                        "The address must start with https:// and hold no password: "
                        "customers' data goes there."
                    )
                )

    @api.constrains(
        "mode",
        "kind",
        "result_ids",
        "field_ids",
        "payone_merchant",
        "payone_portal",
        "payone_account",
        "notice",
        "ok_path",
        "ok_values",
    )
    def _check_ready(self):
        for provider in self.filtered(lambda item: item.mode != "off"):
            if missing := provider._get_missing():
                raise ValidationError(
                    self.env._(
                        "%(name)s cannot be asked yet. Still missing: %(missing)s.",
                        name=provider.name,
                        missing=", ".join(missing),
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        providers = super().create([{**vals, "mode": "off"} for vals in vals_list])
        for provider, vals in zip(providers, vals_list, strict=True):
            # Only now is everything there that has to be for it, the key among it.
            if vals.get("mode", "off") != "off":
                provider.mode = vals["mode"]
        return providers

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_asked(self):
        # In sudo mode: whether there are any is no secret.
        asked = (
            self.env["risk.provider.call"]
            .sudo()
            ._read_group([("provider_id", "in", self.ids)], ["provider_id"])
        )
        if asked:
            raise UserError(
                self.env._(
                    "%s was asked about customers already, and what for must be kept. "
                    "Please archive it instead.",
                    ", ".join(provider.name for (provider,) in asked),
                )
            )

    # === BUSINESS METHODS === #

    def _get_missing(self):
        """Return what has to be filled in before the bureau can be asked, in words.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        missing = []
        if self.kind == "json":
            if not self.field_ids:
                missing.append(self.env._("what is asked"))
            if not self.result_ids:
                missing.append(self.env._("what is read from the answer"))
            if bool(self.ok_path) != bool(self.ok_values):
                missing.append(self.env._("where and how the answer says that it worked"))
        else:
            # In sudo mode: whether there is a key is no secret.
            names = ("payone_merchant", "payone_portal", "payone_account")
            missing += [
                self._fields[name]._description_string(self.env) for name in names if not self[name]
            ]
            if not self.sudo().secret_token:
                missing.append(self.env._("the portal's key"))
        if not (self.notice or "").strip():
            missing.append(self.env._("what customers are told"))
        return missing

    def _get_codes(self):
        """Return the codes of the signals that this bureau answers.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        if self.kind == "payone_score":
            return list(bureau_payone.SCORE_CODES)
        if self.kind == "payone_account":
            return list(bureau_payone.ACCOUNT_CODES)
        return list(dict.fromkeys(self.result_ids.mapped("signal")))

    def _get_unknown(self):
        """Return what stands for an answer that could not be got: `unknown` for each code.

        Note: self.ensure_one()

        :rtype: list[scoring.model.Signal]
        """
        return bureau.to_signals(dict.fromkeys(self._get_codes()))
