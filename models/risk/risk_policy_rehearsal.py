"""Versions of a policy: tried on the past, judging silently, and what they have judged."""

from odoo import api, fields, models
from odoo.exceptions import UserError


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    rehearsal_count = fields.Integer(compute="_compute_lab_counts")
    assessment_count = fields.Integer(compute="_compute_lab_counts")
    problems = fields.Text(compute="_compute_problems")

    def action_rehearse(self):
        """Try this version on the last 90 days, and show what it would have changed.

        Note: self.ensure_one()

        :raise UserError: when it could not decide.
        :rtype: dict
        """
        self.ensure_one()
        self.check_access("write")
        self._refuse_problems()
        if self.state == "retired":
            raise UserError(self.env._("Make a new version of this policy and try that one."))
        found = self.env["risk.rehearsal"]._rehearse(self)
        if self.state == "draft":
            self._move_to("rehearsed")
        return {
            "type": "ir.actions.act_window",
            "res_model": "risk.rehearsal",
            "res_id": found.id,
            "view_mode": "form",
        }

    def _compute_lab_counts(self):
        # In sudo mode: the figures are no secret, the orders behind them may be.
        counts = {
            model: dict(
                self.env[model]
                .sudo()
                ._read_group([("policy_id", "in", self.ids)], ["policy_id"], ["__count"])
            )
            for model in ("risk.rehearsal", "risk.assessment")
        }
        for policy in self:
            policy.rehearsal_count = counts["risk.rehearsal"].get(policy, 0)
            policy.assessment_count = counts["risk.assessment"].get(policy, 0)

    @api.depends(
        "rule_ids.signal",
        "rule_ids.operator",
        "rule_ids.threshold",
        "cutoff_ids",
        "offer_ids",
        "bank_card_id",
        "customer_card_id",
    )
    @api.depends_context("lang")
    def _compute_problems(self):
        for policy in self:
            is_open = policy.state in ("draft", "rehearsed")
            policy.problems = is_open and "\n".join(policy._get_problems())

    def action_toggle_shadow(self):
        """Let this version judge every order silently, or stop it.

        :raise UserError: when it could not decide.
        """
        self.check_access("write")
        self._refuse_problems()
        for policy in self:
            policy.is_shadow = not policy.is_shadow

    def action_view_rehearsals(self):
        """Open what this version would have done."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_risk_rehearsal"
        )
        return {**action, "domain": [("policy_id", "=", self.id)], "context": {}}

    def action_view_assessments(self):
        """Open what this version has judged, silently or not."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Judged"),
            "res_model": "risk.assessment",
            "view_mode": "list,form",
            "domain": [("policy_id", "=", self.id)],
            "context": {},
        }
