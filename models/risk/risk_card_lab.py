"""What people do with a scorecard: let it judge silently, make a policy with it."""

import math

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date


class RiskCard(models.Model):
    _inherit = "risk.card"

    meaning = fields.Char(
        compute="_compute_meaning", help="What the points stand for, after the recalibration."
    )
    learned_from = fields.Char(compute="_compute_learned_from")
    learned_count = fields.Integer(readonly=True, copy=False)
    learned_bad_count = fields.Integer(readonly=True, copy=False)
    learned_auc = fields.Float(readonly=True, copy=False, digits=(6, 4))
    learned_gain = fields.Float(readonly=True, copy=False, digits=(6, 4))
    learned_date = fields.Date(readonly=True, copy=False)

    @api.depends("factor", "offset", "slope", "intercept")
    @api.depends_context("lang")
    def _compute_meaning(self):
        for card in self:
            chances = [f"{points}: {card._get_chance(points):.1%}" for points in (560, 600, 640)]
            card.meaning = ", ".join(chances)

    @api.depends("learned_date", "learned_count", "learned_bad_count", "learned_auc")
    @api.depends_context("lang")
    def _compute_learned_from(self):
        self.learned_from = False
        for card in self.filtered("learned_date"):
            card.learned_from = self.env._(
                "Learned on %(date)s from %(count)s debits of which %(bad)s came back. It tells good"
                " from bad with an AUC of %(auc)s, %(gain)s against the card in use.",
                date=format_date(self.env, card.learned_date),
                count=card.learned_count,
                bad=card.learned_bad_count,
                auc=f"{card.learned_auc:.3f}",
                gain=f"{card.learned_gain:+.3f}",
            )

    def _get_chance(self, points):
        """Return the chance of a return that points stand for.

        Note: self.ensure_one()

        :param float points: of this card.
        :rtype: float, 0 to 1
        """
        log_odds = (self.offset - points) / (self.factor or 1.0)
        return 1 / (1 + math.exp(-(self.slope * log_odds + self.intercept)))

    # === ACTION METHODS === #

    def action_promote(self):
        """Open a new version of the active policy that uses this card."""
        return self._make_policy()._get_form_action()

    def action_challenge(self):
        """Let this card score every order beside the one in use, to compare what becomes of them."""
        self.check_access("write")
        for card in self:
            if problems := card._get_problems():
                raise UserError("\n".join(problems))
            card._move_to("challenger")

    def _make_policy(self):
        """Return a draft of the active policy with this card.

        Note: self.ensure_one()

        :raise UserError: when the card has mistakes, or no policy is active.
        :rtype: `risk.policy` record
        """
        self.ensure_one()
        if problems := self._get_problems():
            raise UserError("\n".join(problems))
        active = self.env["risk.policy"]._get_active(self.company_id or self.env.company)
        if not active:
            raise UserError(self.env._("Activate a policy first: the card takes its place in it."))
        field = "bank_card_id" if self.target == "bank" else "customer_card_id"
        # Back from sudo mode: the user makes the version, with his own rights.
        return active.sudo(False)._make_version(**{field: self.id})
