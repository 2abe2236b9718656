"""Keeping the return rate at the company's goal: cut-offs tightened on proof, and loosened again."""

import logging
from datetime import timedelta

from odoo import Command, api, fields, models
from odoo.exceptions import UserError

from ...scoring import governor
from ...scoring.measures import wilson
from .const import BAD_OUTCOMES, GOVERNOR_ACTIONS, GOVERNOR_DIMENSIONS

_logger = logging.getLogger(__name__)

#: So many days back reach the debits that are counted, by the day on which they were ordered.
DAYS = 240
#: Assessments held in memory at once.
CHUNK = 5000
#: Dimensions by which cut-offs can differ; the others are for reading. Country and bank of a customer
#: must never change a decision: Regulation (EU) 260/2012 Art. 9(2).
DECIDING = ("all", "channel", "product_kind")


class RiskGovernor(models.Model):
    """One look at the return rate: where it stands, what was done about it, and why."""

    _name = "risk.governor"
    _description = "Look at the Return Rate"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date desc, id desc"
    _rec_name = "date"
    _check_company_auto = True

    date = fields.Date(required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    goal = fields.Float(readonly=True, digits=(6, 4))
    debit_count = fields.Integer(string="Debits", readonly=True)
    return_count = fields.Integer(string="Came back", readonly=True)
    rate = fields.Float(string="Return rate", readonly=True, digits=(6, 4), aggregator="avg")
    low = fields.Float(string="At least", readonly=True, digits=(6, 4), aggregator="avg")
    high = fields.Float(string="At most", readonly=True, digits=(6, 4), aggregator="avg")
    step_date = fields.Date(
        string="Cut-offs last changed",
        readonly=True,
        help="Only debits judged since then tell whether they should be changed again.",
    )
    action = fields.Selection(GOVERNOR_ACTIONS, readonly=True)
    policy_id = fields.Many2one(
        "risk.policy", string="New version", readonly=True, check_company=True
    )
    line_ids = fields.One2many("risk.governor.line", "governor_id", readonly=True)
    explanation = fields.Text(compute="_compute_explanation")

    @api.depends("line_ids", "action", "policy_id")
    @api.depends_context("lang")
    def _compute_explanation(self):
        for one in self:
            changed = one.line_ids.filtered(lambda line: line.action in ("tighten", "loosen"))
            texts = changed.mapped("explanation") or one.line_ids.filtered(
                lambda line: line.dimension == "all"
            ).mapped("explanation")
            one.explanation = "\n".join(texts)

    def action_view_policy(self):
        """Open the version of the policy that was made."""
        self.ensure_one()
        return self.policy_id._get_form_action()

    # === BUSINESS METHODS === #

    @api.model
    def _cron_govern(self):
        """Look at the return rate of every company that has a policy, each for itself."""
        companies = self.env["res.company"].search([])
        for number, company in enumerate(companies, 1):
            try:
                with self.env.cr.savepoint():
                    if self.env["risk.policy"]._get_active(company):
                        self.with_company(company)._govern(company)
            except (UserError, ValueError):
                # A policy that cannot be changed must not keep other companies from their look.
                _logger.exception("The return rate of %s could not be governed", company.name)
            self.env["ir.cron"]._commit_progress(1, remaining=len(companies) - number)

    @api.model
    def _govern(self, company):
        """Look at the return rate of a company and keep it at the goal.

        :param company: `res.company` record with an active policy.
        :rtype: `risk.governor` record
        """
        policy = self.env["risk.policy"]._get_active(company)
        since = policy._get_cutoffs_since()
        step_date = since and fields.Datetime.context_timestamp(self, since).date()
        counts = self._count(company, policy, since)
        lines = []
        for dimension in dict(GOVERNOR_DIMENSIONS):
            groups = {key: value for key, value in counts.items() if key[0] == dimension}
            lines += self._prepare_lines(company, dimension, groups, step_date)
        values = self._prepare_values(company, counts, lines)
        # In sudo mode: what was counted is nobody's to change.
        found = self.sudo().create({**values, "step_date": step_date})
        steps = found.line_ids.filtered(lambda line: line.action in ("tighten", "loosen"))
        if steps and company.risk_governor != "off":
            found._follow(policy, steps)
        return found

    def _follow(self, policy, steps):
        """Change the cut-offs, or ask a person to, as the company wants it.

        Note: self.ensure_one()

        :param policy: the active `risk.policy` record.
        :param steps: `risk.governor.line` records that tighten or loosen.
        """
        self.action = "tighten" if "tighten" in steps.mapped("action") else "loosen"
        if self.company_id.risk_governor != "act":
            self._ask_a_person(policy, steps)
            return
        self.policy_id = policy._make_version()
        self._apply(steps)
        self.env["risk.rehearsal"]._rehearse(self.policy_id)
        self.policy_id._move_to("rehearsed")
        # What is missing in it is missing in the version in use, too: no reason to change nothing.
        self.policy_id._activate()

    def _ask_a_person(self, policy, steps):
        """Propose other cut-offs in a draft; the one that waits for an answer already is taken again.

        Note: self.ensure_one()

        :param policy: the active `risk.policy` record.
        :param steps: `risk.governor.line` records that tighten or loosen.
        """
        asked = self._find_unanswered(policy)
        self.policy_id = asked.policy_id or policy._make_version()
        if asked and asked._get_steps() == self._get_steps():
            # Nothing new is asked: nobody is told the same every week.
            return
        if asked:
            self.policy_id._take_governor_factors(policy)
        self._apply(steps)
        if not self.policy_id.activity_ids:
            self.policy_id.activity_schedule(
                "mail.mail_activity_data_todo",
                summary=self.env._("The return rate asks for other cut-offs"),
                note=self.explanation,
                user_id=(self.company_id.risk_reviewer_id or self.env.ref("base.user_admin")).id,
            )

    def _apply(self, steps):
        """Write the steps into the new version, and why. Note: self.ensure_one()"""
        for step in steps:
            self.policy_id._set_governor_factor(step.dimension, step.key, step.factor)
        self.policy_id.message_post(body=self.explanation)

    def _find_unanswered(self, policy):
        """Return the last look that made a version of this policy which nobody has used or dropped.

        Note: self.ensure_one()

        :rtype: `risk.governor` recordset
        """
        return self.search(
            [
                ("company_id", "=", self.company_id.id),
                ("id", "!=", self.id),
                ("policy_id.previous_id", "=", policy.id),
                ("policy_id.state", "in", ("draft", "rehearsed")),
            ],
            limit=1,
        )

    def _get_steps(self):
        """Return what is proposed: {(dimension, key): factor}. Note: self.ensure_one()"""
        return {
            (line.dimension, line.key): line.factor
            for line in self.line_ids
            if line.action in ("tighten", "loosen")
        }

    @api.model
    def _count(self, company, policy, since=None):
        """Return how many debits came back, by everything that is looked at.

        Only debits of which nothing can be taken back any more: of younger ones the returns are known
        and the payments are not.

        :param company: `res.company` record.
        :param policy: its active `risk.policy` record.
        :param datetime since: when the cut-offs were changed; None when they never were.
        :return: {(dimension, key, label): Counts}
        :rtype: dict
        """
        today = fields.Date.context_today(self)
        domain = [
            ("company_id", "=", company.id),
            ("is_shadow", "=", False),
            ("outcome", "in", ("good", *BAD_OUTCOMES)),
            ("matures_on", "<=", today),
            ("date", ">=", fields.Datetime.now() - timedelta(days=DAYS)),
        ]
        # In sudo mode: the job adds up what nobody may read record by record.
        sums = self._sum_up(self.env["risk.assessment"].sudo().search(domain), since)
        return {
            group: governor.Counts(
                debits,
                returns,
                policy._get_governor_factor(*group[:2]),
                # What is only for reading waits for nothing.
                new_debits if since and group[0] in DECIDING else None,
                new_returns,
            )
            for group, (debits, returns, new_debits, new_returns) in sums.items()
        }

    @api.model
    def _sum_up(self, found, since):
        """Return how many of these debits came back, by group; the last two: of those judged since then.

        :param found: `risk.assessment` recordset (sudo).
        :param datetime since: None counts nothing as new.
        :return: {(dimension, key, label): [debits, returns, new debits, new returns]}
        :rtype: dict
        """
        sums = {}
        for start in range(0, len(found), CHUNK):
            chunk = found[start : start + CHUNK]
            mandates = chunk._get_governor_mandates()
            for one in chunk:
                is_bad = one.outcome != "good"
                is_new = bool(since) and one.date >= since
                for group in one._get_governor_groups(mandates[one.id]):
                    sums_of_group = sums.setdefault(group, [0, 0, 0, 0])
                    for place, added in enumerate((1, is_bad, is_new, is_bad and is_new)):
                        sums_of_group[place] += added
            chunk.invalidate_recordset(flush=False)
        return sums

    @api.model
    def _prepare_lines(self, company, dimension, groups, step_date=None):
        """Return the values of the lines of one dimension, the worst first.

        :param dict groups: {(dimension, key, label): Counts}.
        :param date step_date: when the cut-offs were changed; None when they never were.
        :rtype: list[dict]
        """
        limits = governor.Limits(lowest=company.risk_governor_lowest)
        lines = []
        for proposal in governor.propose(groups, company.risk_goal, limits) if groups else []:
            decides = dimension in DECIDING
            lines.append(
                {
                    "dimension": dimension,
                    "key": proposal.key[1],
                    "name": proposal.key[2],
                    "since": proposal.is_new and step_date,
                    "debit_count": proposal.debits,
                    "return_count": proposal.returns,
                    "rate": proposal.rate.value or 0.0,
                    "low": proposal.rate.low or 0.0,
                    "high": proposal.rate.high or 0.0,
                    "action": proposal.action if decides else "keep",
                    "factor": proposal.factor if decides else 1.0,
                    "current": groups[proposal.key].factor,
                    "reason": proposal.reason,
                }
            )
        return lines

    @api.model
    def _prepare_values(self, company, counts, lines):
        """Return the values of one look. See `_govern`."""
        every = next((value for key, value in counts.items() if key[0] == "all"), None)
        debits, returns = (every.debits, every.returns) if every else (0, 0)
        estimate = wilson(returns, debits)
        return {
            "date": fields.Date.context_today(self),
            "company_id": company.id,
            "goal": company.risk_goal,
            "debit_count": debits,
            "return_count": returns,
            "rate": estimate.value or 0.0,
            "low": estimate.low or 0.0,
            "high": estimate.high or 0.0,
            "action": "keep",
            "line_ids": [Command.create(line) for line in self._leave_one(lines)],
        }

    @api.model
    def _leave_one(self, lines):
        """Return the lines with one step at a time: the whole first, then what stands out.

        When everything is tightened, or would be, its parts are not tightened for the same returns.
        """
        whole = any(
            line["dimension"] == "all" and (line["action"] != "keep" or line["reason"] == "limit")
            for line in lines
        )
        taken = {line["dimension"] for line in lines if line["action"] != "keep"}
        first = "all" if whole else next((name for name in DECIDING if name in taken), None)
        for line in lines:
            current = line.pop("current")
            if line["dimension"] != first:
                line.update(action="keep", factor=current)
        return lines
