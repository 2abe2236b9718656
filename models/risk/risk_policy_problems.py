"""What is missing in a policy before it can decide, in words that say what to do."""

from odoo import api, models
from odoo.exceptions import ValidationError

from ...scoring.rules import find_mistake
from .const import ADDRESS_FACTS, DECIDED_COLOURS, FORBIDDEN_FACTS
from .signals import SIGNALS, get_label


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    @api.constrains("sample_rate", "reuse_days")
    def _check_limits(self):
        for policy in self:
            if not 0 <= policy.sample_rate <= 0.03:
                raise ValidationError(
                    self.env._(
                        "Between 0 % and 3 % of the yellow orders can be accepted at random."
                    )
                )
            if not 0 <= policy.reuse_days <= 30:
                raise ValidationError(self.env._("An assessment counts again for 0 to 30 days."))

    @api.constrains("company_id", "bank_card_id", "customer_card_id")
    def _check_targets(self):
        for policy in self:
            if policy.bank_card_id and policy.bank_card_id.target != "bank":
                raise ValidationError(
                    self.env._("Choose a card for returns by the bank, or leave it empty.")
                )
            if policy.customer_card_id and policy.customer_card_id.target != "customer":
                raise ValidationError(
                    self.env._(
                        "Choose a card for money taken back by customers, or leave it empty."
                    )
                )

    def _get_problems(self):
        """Return what has to be mended before this policy can decide.

        Note: self.ensure_one()

        :return: sentences in the language of the context.
        :rtype: list[str]
        """
        self.ensure_one()
        cards = self.bank_card_id | self.customer_card_id
        problems = self._get_cutoff_problems() + self._get_offer_problems()
        problems += self._get_bureau_problems()
        if not cards and not self.rule_ids:
            problems.append(self.env._("Add a rule or choose a card: it would judge nothing."))
        for rule in self.rule_ids:
            problems += rule._get_problems()
        for card in cards:
            problems += card._get_problems()
        return problems

    def _get_cutoff_problems(self):
        """Return what is wrong with the cut-offs. Note: self.ensure_one()

        :rtype: list[str]
        """
        if not (self.bank_card_id or self.customer_card_id):
            return []
        if not self.cutoff_ids:
            return [
                self.env._("Add a cut-off: the cards give chances, and no line says what is green.")
            ]
        if not any(line._is_general() for line in self.cutoff_ids):
            return [
                self.env._(
                    "Add a cut-off for everything else: a line without shop or telephone, package"
                    " and customers."
                )
            ]
        return []

    def _get_bureau_problems(self):
        """Return what is wrong when bureaus don't answer: that must never silently be green.

        Whoever wants it to be green says so for each of the bureau's answers.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        colours = {line.signal or "": line.colour for line in self.unknown_ids}
        if colours.get("", "green") != "green":
            return []
        # In sudo mode: whoever may change a policy need not see the bureaus.
        providers = self.env["risk.provider"].sudo()
        used = providers.search([("company_id", "=", self.company_id.id), ("mode", "=", "live")])
        codes = dict.fromkeys(code for provider in used for code in provider._get_codes())
        if not (missing := [get_label(self.env, code) for code in codes if code not in colours]):
            return []
        return [
            self.env._(
                "Add lines under “When a Check Cannot Run” that say what it means when a bureau gives no"
                " answer. Missing: %(checks)s.",
                checks=", ".join(missing),
            )
        ]

    def _get_offer_problems(self):
        """Return what is wrong with the offers: nobody is refused a purchase.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        problems = []
        offers = self._prepare_data().offers
        labels = dict(
            self.env["risk.policy.offer"]._fields["colour"]._description_selection(self.env)
        )
        for colour, _label in DECIDED_COLOURS:
            if not offers.get(colour):
                problems.append(
                    self.env._("Say how customers can pay when it is “%s”.", labels[colour])
                )
        if offers.get("green") and offers["green"][0] != "sdd":
            problems.append(self.env._("Green means direct debit at once: put it first."))
        if any(offer in ("sdd", "sdd_settled") for offer in offers.get("red", ())):
            problems.append(self.env._("Red means no direct debit: offer other ways to pay."))
        return problems


class RiskRule(models.Model):
    _inherit = "risk.rule"

    @api.constrains("signal", "colour")
    def _check_fact(self):
        for rule in self:
            self.env["risk.card.line"]._refuse_forbidden(rule.signal)
            if rule.signal in ADDRESS_FACTS and rule.colour == "red":
                raise ValidationError(
                    self.env._(
                        "“%s”: an address alone never decides against direct debit (§ 31 BDSG)."
                        " Choose yellow.",
                        get_label(self.env, rule.signal),
                    )
                )

    def _get_problems(self):
        """Return what is wrong with a rule. Note: self.ensure_one()

        :rtype: list[str]
        """
        kind = SIGNALS.get(self.signal)
        if not kind:
            return [self.env._("Rule “%s”: choose a fact that exists.", self.name)]
        mistake = find_mistake(self._prepare_data(), kind.kind)
        if mistake == "operator":
            return [self.env._("Rule “%s”: this comparison does not suit the fact.", self.name)]
        if mistake == "threshold":
            return [self.env._("Rule “%s”: enter a value that suits the fact.", self.name)]
        return []


class RiskPolicyCutoff(models.Model):
    _inherit = "risk.policy.cutoff"

    @api.constrains("green_max", "yellow_max")
    def _check_order(self):
        for line in self:
            if not 0 < line.green_max <= line.yellow_max <= 1:
                raise ValidationError(
                    self.env._(
                        "Green ends above 0 % and not after yellow, and yellow ends at 100 % at the"
                        " latest."
                    )
                )

    def _is_general(self):
        """Return whether the line holds for everything. Note: self.ensure_one()"""
        return not (self.channel or self.product_kind or self.customer_kind)


class RiskCardLine(models.Model):
    _inherit = "risk.card.line"

    @api.constrains("signal")
    def _check_signal(self):
        for line in self:
            self._refuse_forbidden(line.signal)
            if line.signal in ADDRESS_FACTS:
                raise ValidationError(
                    self.env._(
                        "“%s”: addresses give no points. A rule may ask for a second look at them.",
                        get_label(self.env, line.signal),
                    )
                )

    @api.constrains("kind", "has_low", "low", "has_high", "high", "texts")
    def _check_condition(self):
        for line in self:
            if line.kind == "range" and not (line.has_low or line.has_high):
                raise ValidationError(
                    self.env._("“%s”: enter where the row starts, or where it ends.", line.name)
                )
            if line.kind == "range" and line.has_low and line.has_high and line.low >= line.high:
                raise ValidationError(
                    self.env._("“%s”: the row must end above its start.", line.name)
                )
            if line.kind == "texts" and not (line.texts or "").strip(" ,"):
                raise ValidationError(self.env._("“%s”: enter the values of the row.", line.name))

    @api.model
    def _refuse_forbidden(self, code):
        """Refuse a fact that must not count.

        :param str code: code of a signal.
        :raise ValidationError: when it is one of `FORBIDDEN_FACTS`, or close to one.
        """
        if code in FORBIDDEN_FACTS:
            raise ValidationError(
                self.env._(
                    "Where somebody banks, lives or comes from, sex, language and age never count:"
                    " Regulation (EU) 260/2012 Art. 9(2), § 19 AGG."
                )
            )
