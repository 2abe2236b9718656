"""What was assessed about a debit, shown in its form and told in its story."""

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..risk.sale_order import RISK_GROUPS, check_risk_group
from .timeline import TimelineEvent


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    risk_panel = fields.Json(compute="_compute_risk_panel", compute_sudo=True, groups=RISK_GROUPS)

    @api.depends("state", "risk_assessment_ids.effective_colour")
    @api.depends_context("lang", "tz")
    def _compute_risk_panel(self):
        last = self._get_shown_assessments()
        for debit in self:
            assessment = last.get(debit._origin)
            may_ask = debit.state in ("queued", "held")
            debit.risk_panel = (
                assessment._get_form_panel() if assessment else may_ask and {"colour": ""}
            )

    # === ACTION METHODS === #

    def action_risk_check(self):
        """Judge the debit again, e.g. because the customer has called.

        :raise UserError: when it has left the house.
        :raise AccessError: for customers.
        """
        self.ensure_one()
        check_risk_group(self.env)
        self.check_access("read")
        if self.state not in ("queued", "held"):
            raise UserError(self.env._("Only debits that have not gone to the bank are assessed."))
        # In sudo mode: a red debit waits, whoever looks at it.
        self.sudo()._assess_collection()

    def action_risk_review(self):
        """Ask that a person looks at this debit before it is collected."""
        self.ensure_one()
        if not (assessment := self._get_shown_assessments().get(self)):
            raise UserError(self.env._("Press “Check now” first: there is nothing to look at yet."))
        return assessment.with_env(self.env).action_review()

    # === BUSINESS METHODS === #

    def _get_shown_assessments(self):
        """Return the assessment of each of these debits that people see; it need not decide.

        :rtype: dict[`sdd.debit`, `risk.assessment`] (sudo)
        """
        return {**self._get_last_collection_assessments(), **self._get_deciding_assessments()}

    def _get_timeline_events(self):
        """Override to tell when the debits waited for a person's look at the risk."""
        events = super()._get_timeline_events()
        for debit, assessment in self._get_shown_assessments().items():
            for case in assessment.case_ids.filtered(lambda c: c.state == "decided"):
                text = self.env._("%s has looked at the risk and decided.", case.decided_by_id.name)
                events.append(TimelineEvent(case.decided_date, "queue", text, debit))
        return events


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def action_view_debit(self):
        """Open the debit that was assessed."""
        self.ensure_one()
        return self.debit_id._get_records_action()
