"""Where one group stands in a look at the return rate."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

from ...scoring.governor import Limits
from .const import GOVERNOR_ACTIONS, GOVERNOR_DIMENSIONS, GOVERNOR_REASONS, MATURE_DAYS


class RiskGovernorLine(models.Model):
    """The return rate of one group, and what follows from it."""

    _name = "risk.governor.line"
    _description = "Return Rate of a Group"
    _order = "id"

    governor_id = fields.Many2one("risk.governor", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="governor_id.company_id", store=True, index=True)
    date = fields.Date(related="governor_id.date", store=True)
    dimension = fields.Selection(GOVERNOR_DIMENSIONS, string="By", required=True)
    key = fields.Char()
    name = fields.Char(string="Group")
    since = fields.Date(
        string="Judged since", help="Set: only the debits since the last change of the cut-offs."
    )
    debit_count = fields.Integer(string="Debits")
    return_count = fields.Integer(string="Came back")
    rate = fields.Float(string="Return rate", digits=(6, 4), aggregator="avg")
    low = fields.Float(string="At least", digits=(6, 4), aggregator="avg")
    high = fields.Float(string="At most", digits=(6, 4), aggregator="avg")
    action = fields.Selection(GOVERNOR_ACTIONS)
    factor = fields.Float(string="Cut-offs times", digits=(6, 4), aggregator="avg")
    reason = fields.Selection(GOVERNOR_REASONS, string="Because")
    explanation = fields.Char(compute="_compute_explanation")

    @api.depends("rate", "low", "high", "action", "factor", "reason", "since")
    @api.depends_context("lang")
    def _compute_explanation(self):
        labels = dict(self._fields["reason"]._description_selection(self.env))
        actions = dict(self._fields["action"]._description_selection(self.env))
        for line in self:
            if line.reason == "wait":
                line.explanation = line._get_waiting_text()
                continue
            line.explanation = self.env._(
                "%(group)s: %(returns)s of %(debits)s debits came back, that is %(rate)s (surely"
                " between %(low)s and %(high)s, goal %(goal)s). %(reason)s: %(action)s, cut-offs at"
                " %(factor)s.",
                group=line._get_group_text(),
                returns=line.return_count,
                debits=line.debit_count,
                rate=f"{line.rate:.2%}",
                low=f"{line.low:.2%}",
                high=f"{line.high:.2%}",
                goal=f"{line.governor_id.goal:.2%}",
                reason=labels.get(line.reason, ""),
                action=actions.get(line.action, ""),
                factor=f"{line.factor:.0%}",
            )

    def _get_group_text(self):
        """Return what was counted, in words.

        Note: self.ensure_one()

        :rtype: str
        """
        if not self.since:
            return self.name or ""
        return self.env._(
            "%(group)s since %(date)s",
            group=self.name or "",
            date=format_date(self.env, self.since),
        )

    def _get_waiting_text(self):
        """Return what is waited for before the next step, and until when at least.

        Note: self.ensure_one()

        :rtype: str
        """
        step = self.governor_id.step_date
        return self.env._(
            "%(group)s: %(returns)s of %(debits)s debits came back, that is %(rate)s (goal %(goal)s)."
            " The cut-offs were changed on %(step)s. What that has brought is seen from %(seen)s on at"
            " the earliest, when %(least)s debits judged since then can no longer be taken back. Until"
            " then nothing is changed again.",
            group=self.name or "",
            returns=self.return_count,
            debits=self.debit_count,
            rate=f"{self.rate:.2%}",
            goal=f"{self.governor_id.goal:.2%}",
            step=format_date(self.env, step),
            seen=format_date(self.env, step + timedelta(days=MATURE_DAYS)) if step else "",
            least=Limits().min_debits,
        )
