"""How often and when a debit that came back is presented again: a company's own rules."""

from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from ...sepa import retry

STRATEGIES = [
    ("chosen_day", "The day that the customer chose"),
    ("history", "The days on which he paid before"),
    ("payday", "The next pay-day"),
]


class SddRetryPolicy(models.Model):
    """One company's rules for repeated debits; the one without a company holds for all others."""

    _name = "sdd.retry.policy"
    _description = "Retry Rules"
    _order = "company_id"

    name = fields.Char(compute="_compute_name")
    company_id = fields.Many2one(
        "res.company", index=True, help="Empty: the rules of every company without its own."
    )
    currency_id = fields.Many2one("res.currency", compute="_compute_currency_id")
    is_automatic = fields.Boolean(
        string="Try again without a click",
        default=True,
        help="Off: whoever looks at a returned debit decides, with “Try again now”.",
    )
    max_retries = fields.Integer(
        string="Repetitions at most",
        default=2,
        help="After the first attempt. The reason of a return may allow fewer.",
    )
    window_days = fields.Integer(
        string="Days after the first attempt",
        default=42,
        help="No repetition is due later than so many calendar days after the first attempt.",
    )
    distance_days = fields.Integer(
        string="Bank days between two attempts",
        default=5,
        help="TARGET days from the due date of one attempt to that of the next.",
    )
    first_strategy = fields.Selection(STRATEGIES, string="First choice", default="chosen_day")
    second_strategy = fields.Selection(STRATEGIES, string="Second choice", default="history")
    third_strategy = fields.Selection(STRATEGIES, string="Third choice", default="payday")
    # No figures of single attempts are published. GoCardless and Adyen say of their own products
    # that about 70 % of what failed for lack of funds is recovered; the second is our assumption.
    first_chance = fields.Float(
        string="First repetition",
        default=0.7,
        help="Share of first repetitions that are paid. Vendors of retry products claim about 70 %;"
        " look at your own figures under Reporting.",
    )
    second_chance = fields.Float(
        string="Further repetitions",
        default=0.4,
        help="Share of later repetitions that are paid: an assumption, nobody publishes figures.",
    )
    prior_weight = fields.Float(
        string="Weight of these shares",
        default=4.0,
        help="As many payments of a customer's own count as much as the shares above. His own"
        " history counts from three payments on.",
    )
    stops_when_not_worth = fields.Boolean(
        string="Only when it is worth it",
        default=True,
        help="No attempt when the bank's fee times the chance of failing is more than the amount"
        " times the chance of success.",
    )
    # OLG Schleswig 2 U 7/12 names real return costs from 3.00 to 8.75 EUR.
    expected_fee = fields.Monetary(
        string="Bank's fee for a return",
        default=5.0,
        help="Taken where the bank has not named the fee of the return.",
    )
    window_ids = fields.One2many("sdd.retry.window", "policy_id", string="Pay-days", copy=True)

    _company_unique = models.UniqueIndex(
        "(COALESCE(company_id, 0))", "There are already rules for this company."
    )

    # === COMPUTE METHODS === #

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_name(self):
        for policy in self:
            policy.name = policy.company_id.name or self.env._("All companies")

    def _compute_currency_id(self):
        self.currency_id = self.env.ref("base.EUR")

    # === CONSTRAINT METHODS === #

    @api.constrains("max_retries", "window_days", "distance_days", "prior_weight", "expected_fee")
    def _check_limits(self):
        for policy in self:
            if not 0 <= policy.max_retries <= 9:
                raise ValidationError(
                    self.env._("Enter between 0 and 9 repetitions; banks charge for each return.")
                )
            if not 1 <= policy.window_days <= 365:
                raise ValidationError(
                    self.env._("Repetitions end between 1 and 365 days after the first attempt.")
                )
            if not 0 <= policy.distance_days <= 60:
                raise ValidationError(
                    self.env._("Leave between 0 and 60 bank days between two attempts.")
                )
            if policy.prior_weight < 0 or policy.expected_fee < 0:
                raise ValidationError(self.env._("Weights and fees cannot be negative."))

    @api.constrains("first_chance", "second_chance")
    def _check_chances(self):
        for policy in self:
            if not (0 <= policy.first_chance <= 1 and 0 <= policy.second_chance <= 1):
                raise ValidationError(self.env._("A share lies between 0 % and 100 %."))

    @api.constrains("first_strategy", "second_strategy", "third_strategy")
    def _check_strategies(self):
        for policy in self:
            chosen = policy._get_strategies()
            if len(chosen) != len(set(chosen)):
                raise ValidationError(
                    self.env._("Choose each way to find a day once; leave the others empty.")
                )

    # === BUSINESS METHODS === #

    @api.model
    def _get_for_companies(self, companies):
        """Return `{company: policy}`; the general policy for companies without their own.

        :param companies: `res.company` records.
        :rtype: dict
        """
        # In sudo mode: the rules hold for whoever imports a file.
        policies = self.sudo().search([("company_id", "in", [*companies.ids, False])])
        own = {policy.company_id: policy for policy in policies}
        general = own.get(companies.browse(), policies.browse())
        return {company: own.get(company, general) for company in companies}

    def _get_strategies(self):
        """Return the ways to find a day in their order.

        Note: self.ensure_one()

        :rtype: tuple[str]
        """
        self.ensure_one()
        chosen = (self.first_strategy, self.second_strategy, self.third_strategy)
        return tuple(strategy for strategy in chosen if strategy)

    def _prepare(self, country):
        """Return these rules as plain values, with the pay-days of a country.

        :param country: `res.country` record, may be empty.
        :return: what `sepa.retry` works with; without any rules nothing is repeated.
        :rtype: `sepa.retry.Policy`
        """
        if not self:
            return retry.Policy(max_retries=0)
        windows = self.window_ids
        own = windows.filtered(lambda window: window.country_id == country) if country else None
        chosen = own or windows.filtered(lambda window: not window.country_id)
        return retry.Policy(
            max_retries=self.max_retries,
            window_days=self.window_days,
            distance_days=self.distance_days,
            strategies=self._get_strategies(),
            windows=tuple(retry.Window(w.first_day, w.last_day) for w in chosen),
            chances=tuple(Decimal(str(c)) for c in (self.first_chance, self.second_chance)),
            prior_weight=Decimal(str(self.prior_weight)),
            stops_when_not_worth=self.stops_when_not_worth,
        )

    @api.model
    def _get_success_table(self):
        """Return how repeated debits went, as far as they are decided, by number of the attempt.

        :return: `[{attempt, count, success: share of 0 to 1, recovered: euro}]`.
        :rtype: list[dict]
        """
        groups = self.env["sdd.retry.report"]._read_group(
            [("attempt", ">", 1)], ["attempt"], ["__count", "success:avg", "recovered:sum"]
        )
        return [
            {"attempt": attempt, "count": count, "success": success / 100, "recovered": recovered}
            for attempt, count, success, recovered in groups
        ]


class SddRetryWindow(models.Model):
    """Days of the month on which accounts are mostly covered."""

    _name = "sdd.retry.window"
    _description = "Pay-days"
    _order = "country_id, last_day, id"

    policy_id = fields.Many2one("sdd.retry.policy", required=True, index=True, ondelete="cascade")
    country_id = fields.Many2one(
        "res.country", help="Empty: customers of every country without its own pay-days."
    )
    first_day = fields.Integer(
        string="From day", help="0: the last bank day of the month before.", default=0
    )
    last_day = fields.Integer(string="To day", required=True, default=3)
    source = fields.Char(string="Known from", translate=True)

    @api.constrains("first_day", "last_day")
    def _check_days(self):
        for window in self:
            if not (0 <= window.first_day <= 31 and 1 <= window.last_day <= 31):
                raise ValidationError(
                    self.env._(
                        "Pay-days lie between the 1st and the 31st; “from day” 0 is the last bank"
                        " day of the month before."
                    )
                )

    @api.depends("first_day", "last_day")
    def _compute_display_name(self):
        for window in self:
            window.display_name = f"{window.first_day}–{window.last_day}"
