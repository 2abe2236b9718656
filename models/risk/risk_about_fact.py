"""What rules and points tables have in common: they speak of a fact, chosen from a list in words."""

from odoo import api, fields, models

from .const import OPERATORS_OF_KIND
from .signals import GROUPS, SIGNALS, get_label, get_value_text


class RiskAboutFact(models.AbstractModel):
    """Shows the code in `signal` as a fact that people choose, with what there is to know about it."""

    _name = "risk.about.fact"
    _description = "Line about a Fact"

    #: What people choose; `signal` is what is stored, and may hold the code of a lost fact.
    fact = fields.Selection(
        selection="_select_facts", compute="_compute_fact", readonly=False, string="Fact shown"
    )
    fact_kind = fields.Char(compute="_compute_fact")
    fact_hint = fields.Char(compute="_compute_fact", string="Possible values")
    fact_operators = fields.Char(
        compute="_compute_fact", help="Comparisons that suit the fact, for the form."
    )

    @api.model
    def _select_facts(self):
        """Return all facts by group, those of an order first.

        :rtype: list[tuple[str, str]]
        """
        env = self.env
        return [
            (code, f"{env._(group_label)} › {get_label(env, code)}")
            for group, group_label in GROUPS.items()
            for code, kind in SIGNALS.items()
            if kind.group == group
        ]

    @api.depends("signal")
    @api.depends_context("lang")
    def _compute_fact(self):
        for line in self:
            kind = SIGNALS.get(line.signal)
            line.fact = line.signal if kind else False
            line.fact_kind = kind.kind if kind else False
            line.fact_hint = line._get_fact_hint(kind) if kind else False
            line.fact_operators = ",".join(line._get_operators())

    @api.onchange("fact")
    def _onchange_fact(self):
        if self.fact and self.fact != self.signal:
            self.signal = self.fact

    def _get_fact_hint(self, kind):
        """Return what can be entered as a value of a fact, "" when nothing need be entered.

        :param kind: `SignalKind`.
        :rtype: str
        """
        if kind.kind == "bool":
            return self.env._("yes or no")
        if kind.choices:
            return ", ".join(
                f"{code} ({get_value_text(self.env, self.signal, code)})" for code in kind.choices
            )
        units = {
            "EUR": self.env._("a number, in euro"),
            "days": self.env._("a number of days"),
            "times": self.env._("a number, how many times"),
            "customers": self.env._("a number of customers"),
        }
        number = units.get(kind.unit) or self.env._("a number")
        return number if kind.kind == "number" else ""

    def _get_operators(self):
        """Return the comparisons that suit the fact.

        Note: self.ensure_one()

        :rtype: tuple[str, ...]
        """
        return OPERATORS_OF_KIND.get(self.fact_kind, ())


class RiskCardLine(models.Model):
    _name = "risk.card.line"
    _inherit = ["risk.card.line", "risk.about.fact"]


class RiskPolicyUnknown(models.Model):
    _name = "risk.policy.unknown"
    _inherit = ["risk.policy.unknown", "risk.about.fact"]

    @api.onchange("fact")
    def _onchange_fact(self):
        # Empty stands for every check without a line of its own.
        self.signal = self.fact or False
