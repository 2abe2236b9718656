"""A rule as a sentence, so that whoever writes it sees what it does."""

from odoo import api, fields, models

from ...scoring.rules import find_mistake
from .signals import SIGNALS, get_label, get_value_text


class RiskRule(models.Model):
    _name = "risk.rule"
    _inherit = ["risk.rule", "risk.about.fact"]

    preview = fields.Char(
        string="In words",
        compute="_compute_preview",
        help="What the rule does, as it would be read out.",
    )
    mistake = fields.Char(compute="_compute_preview", string="To be mended")

    @api.depends("signal", "operator", "threshold", "colour", "needs_review", "active", "name")
    @api.depends_context("lang")
    def _compute_preview(self):
        for rule in self:
            known = rule.signal in SIGNALS and rule.operator and rule.colour
            rule.preview = rule._get_sentence() if known else False
            problems = rule._get_problems() if known else []
            rule.mistake = rule._get_mistake() if problems else False

    @api.onchange("fact")
    def _onchange_fact(self):
        super()._onchange_fact()
        operators = self._get_operators()
        if self.fact and (self.operator == "hit" or self.operator not in operators):
            # The usual comparison: "applies" of a new rule says little about an amount.
            self.operator = operators[:1] and operators[0]
        if self.operator in ("hit", "set"):
            self.threshold = False
        if self.fact and not self.name:
            self.name = get_label(self.env, self.fact)

    @api.onchange("operator")
    def _onchange_operator(self):
        if self.operator in ("hit", "set"):
            self.threshold = False

    def _get_mistake(self):
        """Return what has to be entered otherwise in this rule.

        Note: self.ensure_one()

        :rtype: str
        """
        if find_mistake(self._prepare_data(), SIGNALS[self.signal].kind) == "operator":
            labels = dict(self._fields["operator"]._description_selection(self.env))
            words = ", ".join(f"“{labels[code]}”" for code in self._get_operators())
            return self.env._("This comparison does not suit the fact. Choose one of: %s.", words)
        return self.env._("Enter a value: %s.", self.fact_hint or self.env._("a text"))

    def _get_sentence(self):
        """Return what this rule does.

        Note: self.ensure_one()

        :rtype: str, in the language of the context
        """
        colours = {
            "green": self.env._("it changes nothing."),
            "yellow": self.env._("the order is yellow, or worse."),
            "red": self.env._("the order is red: other ways to pay are offered."),
        }
        sentence = self.env._(
            "When %(condition)s, %(consequence)s",
            condition=self._get_condition(),
            consequence=colours[self.colour],
        )
        if self.needs_review:
            sentence = f"{sentence} " + self.env._("A person looks at it.")
        return sentence

    def _get_condition(self):
        """Return when this rule applies: "“Amount of the order” is more than 200 EUR".

        Note: self.ensure_one()

        :rtype: str
        """
        fact = f"“{get_label(self.env, self.signal)}”"
        operator = dict(self._fields["operator"]._description_selection(self.env))[self.operator]
        if self.operator in ("hit", "set"):
            return f"{fact} {operator}"
        return f"{fact} {operator} {self._get_value_words()}"

    def _get_value_words(self):
        """Return the value of this rule as people read it.

        Note: self.ensure_one()

        :rtype: str
        """
        kind = SIGNALS[self.signal]
        text = self.threshold or "…"
        # A single number may be written with a decimal comma.
        words = [word.strip() for word in text.split(",")] if self.operator == "in" else [text]
        if kind.choices:
            words = [get_value_text(self.env, self.signal, word) for word in words]
        unit = {
            "EUR": self.env._("EUR"),
            "days": self.env._("days"),
            "times": self.env._("times"),
            "customers": self.env._("customers"),
        }.get(kind.unit, "")
        return f"{', '.join(words)} {unit}".strip()
