"""A policy tried on the orders of the past, side by side with the one that decided."""

from datetime import timedelta

from odoo import Command, api, fields, models

from ...scoring import rehearsal

#: So many days back.
DAYS = 90
#: Assessments read at once, and at most.
CHUNK = 2000
MOST = 50000


class RiskRehearsal(models.Model):
    """What a version of a policy would have done, worked out once and kept."""

    _name = "risk.rehearsal"
    _description = "Rehearsal of a Policy"
    _order = "date desc, id desc"
    _rec_name = "policy_id"
    _check_company_auto = True

    policy_id = fields.Many2one(
        "risk.policy",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    policy_state = fields.Selection(related="policy_id.state")
    baseline_id = fields.Many2one(
        "risk.policy", string="Compared with", readonly=True, ondelete="set null"
    )
    company_id = fields.Many2one(related="policy_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    date = fields.Datetime(required=True, readonly=True, default=fields.Datetime.now)
    date_from = fields.Date(readonly=True)
    order_count = fields.Integer(string="Orders", readonly=True)
    known_count = fields.Integer(
        string="Outcome known", readonly=True, help="Debits that were paid or came back."
    )
    measure_ids = fields.One2many("risk.rehearsal.measure", "rehearsal_id", readonly=True)
    change_ids = fields.One2many("risk.rehearsal.change", "rehearsal_id", readonly=True)
    verdict = fields.Char(compute="_compute_verdict")
    is_thin = fields.Boolean(compute="_compute_verdict")

    @api.depends("measure_ids", "order_count", "known_count")
    @api.depends_context("lang")
    def _compute_verdict(self):
        for one in self:
            one.is_thin = one.known_count < 100
            one.verdict = one._get_verdict()

    def _get_verdict(self):
        """Return in a sentence or two what the policy would have changed.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        if not self.order_count:
            return self.env._("There was no order in this time, so nothing can be said.")
        moved = sum(self.change_ids.filtered("is_change").mapped("order_count"))
        if not moved:
            return self.env._("It would have judged every order the same way.")
        by_code = {measure.code: measure.difference for measure in self.measure_ids}
        values = {
            "moved": moved,
            "all": self.order_count,
            "returns": f"{by_code['returns']:+.1f}",
            "lost": f"{by_code['lost_orders']:+.1f}",
            "profit": f"{by_code['profit']:+.2f}",
        }
        return self.env._(
            "%(moved)s of %(all)s orders would have had another colour. To be expected: %(returns)s"
            " returns, %(lost)s customers who leave, %(profit)s EUR of profit.",
            **values,
        )

    # === ACTION METHODS === #

    def action_activate(self):
        """Let the rehearsed policy decide from now on."""
        self.ensure_one()
        self.policy_id.action_activate()
        return self.policy_id._get_form_action()

    def action_view_policy(self):
        """Open the policy that was tried."""
        self.ensure_one()
        return self.policy_id._get_form_action()

    # === BUSINESS METHODS === #

    @api.model
    def _rehearse(self, policy, days=DAYS):
        """Try a policy on the orders of the past.

        :param policy: `risk.policy` record.
        :param int days: how far back.
        :return: what it would have done.
        :rtype: `risk.rehearsal` record
        """
        since = fields.Datetime.now() - timedelta(days=days)
        baseline = policy._get_active(policy.company_id)
        pairs = list(self._try_all(policy, since))
        economics = policy.company_id._get_risk_economics()
        before = rehearsal.add_up((old for _id, old, _new in pairs), economics)
        after = rehearsal.add_up((new for _id, _old, new in pairs), economics)
        # In sudo mode: what was worked out is nobody's to change.
        return self.sudo().create(
            {
                "policy_id": policy.id,
                "baseline_id": baseline.id,
                "date_from": since.date(),
                "order_count": len(pairs),
                "known_count": sum(old.outcome != rehearsal.OPEN for _id, old, _new in pairs),
                "measure_ids": [
                    Command.create(
                        {
                            "code": code,
                            "before": getattr(before, code),
                            "after": getattr(after, code),
                        }
                    )
                    for code in rehearsal.MEASURES
                ],
                "change_ids": self._prepare_changes(pairs),
            }
        )

    @api.model
    def _try_all(self, policy, since):
        """Judge again, with what was known then, the orders since a moment.

        :param policy: `risk.policy` record.
        :param datetime since: naive UTC.
        :return: the id of the assessment, the order as it was judged, and as the policy judges it.
        :rtype: Iterator[tuple[int, Trial, Trial]]
        """
        data = policy._get_data()
        # In sudo mode: inputs of other people's orders are added up, none is shown.
        assessments = self.env["risk.assessment"].sudo()
        domain = [
            ("company_id", "=", policy.company_id.id),
            ("stage", "=", "submit"),
            ("is_shadow", "=", False),
            ("date", ">=", since),
        ]
        found = assessments.search(domain, order="date desc, id desc", limit=MOST)
        seen = set()
        for start in range(0, len(found), CHUNK):
            chunk = found[start : start + CHUNK]
            costs = chunk._get_check_costs()
            for one in chunk:
                # Of several tries to place an order the last one counts.
                if one.order_id and one.order_id.id in seen:
                    continue
                seen.add(one.order_id.id)
                old, new = one._rehearse(data, costs.get(one.id, 0.0))
                yield one.id, old, new
            chunk.invalidate_recordset(flush=False)

    @api.model
    def _prepare_changes(self, pairs):
        """Return the commands of the table from colour to colour.

        :param pairs: see `_try_all`.
        :rtype: list
        """
        table = {}
        for assessment_id, old, new in pairs:
            table.setdefault((old.colour, new.colour), []).append((assessment_id, old, new))
        return [
            Command.create(
                {
                    "old_colour": old_colour,
                    "new_colour": new_colour,
                    "order_count": len(rows),
                    "amount": sum(old.amount for _id, old, _new in rows),
                    "returned_count": sum(old.outcome == rehearsal.BAD for _id, old, _new in rows),
                    "assessment_ids": [Command.set([row[0] for row in rows])]
                    if old_colour != new_colour
                    else False,
                }
            )
            for (old_colour, new_colour), rows in sorted(table.items())
        ]
