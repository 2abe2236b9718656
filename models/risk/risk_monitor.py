"""Whether a scorecard still tells good from bad; what a better one would look like."""

from datetime import timedelta

from odoo import Command, api, fields, models

from ...scoring import fit, measures
from ...scoring.card import score
from .const import DRIFTS

#: So far back reach the orders from which cards are measured and learned.
DAYS = 730
#: Orders of the last so many days are compared with those before them.
RECENT_DAYS = 90
CHUNK = 2000
#: Points at which orders are counted to see whether they have shifted.
ENDS = (540, 560, 580, 600, 620, 640)


class RiskMonitor(models.Model):
    """One look at a scorecard: how well it separates, whether its chances are right, what shifted."""

    _name = "risk.monitor"
    _description = "Look at a Scorecard"
    _order = "date desc, id desc"
    _rec_name = "card_id"
    _check_company_auto = True

    card_id = fields.Many2one("risk.card", required=True, readonly=True, index=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    date = fields.Date(required=True, readonly=True)
    order_count = fields.Integer(string="Orders", readonly=True)
    known_count = fields.Integer(string="Outcome known", readonly=True)
    bad_count = fields.Integer(string="Came back", readonly=True)
    expected_rate = fields.Float(string="Promised", readonly=True, digits=(6, 4), aggregator="avg")
    seen_rate = fields.Float(string="Seen", readonly=True, digits=(6, 4), aggregator="avg")
    seen_low = fields.Float(string="Seen at least", readonly=True, digits=(6, 4), aggregator="avg")
    seen_high = fields.Float(string="Seen at most", readonly=True, digits=(6, 4), aggregator="avg")
    auc = fields.Float(
        string="AUC",
        readonly=True,
        digits=(6, 4),
        aggregator="avg",
        help="How often a returned order has fewer points than a paid one: 0.5 is chance, 1 is always.",
    )
    auc_low = fields.Float(string="AUC at least", readonly=True, digits=(6, 4), aggregator="avg")
    auc_high = fields.Float(string="AUC at most", readonly=True, digits=(6, 4), aggregator="avg")
    gini = fields.Float(readonly=True, digits=(6, 4), aggregator="avg")
    ks = fields.Float(string="KS", readonly=True, digits=(6, 4), aggregator="avg")
    brier = fields.Float(readonly=True, digits=(6, 4), aggregator="avg")
    psi = fields.Float(
        string="Shift (PSI)",
        readonly=True,
        digits=(6, 4),
        aggregator="avg",
        help="How far the points of the last 90 days differ from those before: below 0.1 not at all.",
    )
    drift = fields.Selection(DRIFTS, string="Shift", readonly=True)
    override_rate = fields.Float(
        string="Decided otherwise by people", readonly=True, digits=(6, 4), aggregator="avg"
    )
    line_ids = fields.One2many("risk.monitor.line", "monitor_id", readonly=True)
    proposal_id = fields.Many2one("risk.card", string="Better card", readonly=True)

    def action_view_proposal(self):
        """Open the card that was learned."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "risk.card",
            "res_id": self.proposal_id.id,
            "view_mode": "form",
        }

    # === BUSINESS METHODS === #

    @api.model
    def _cron_monitor(self):
        """Measure the cards of every active policy, and propose better ones where enough is known."""
        policies = self.env["risk.policy"].search([("state", "=", "active")])
        for number, policy in enumerate(policies, 1):
            for card in policy.bank_card_id | policy.customer_card_id:
                self._measure(card, policy.company_id)._propose_card()
            self.env["ir.cron"]._commit_progress(1, remaining=len(policies) - number)

    @api.model
    def _measure(self, card, company):
        """Compare what a card promised with what happened.

        :param card: `risk.card` record.
        :param company: `res.company` record whose orders are looked at.
        :rtype: `risk.monitor` record
        """
        rows, labels, _date = self._get_history(card, company)
        data = card._get_data()
        pds = [score(data, fit.to_signals(row)).pd for row in rows]
        seen = measures.wilson(sum(labels), len(labels))
        area = measures.auc(pds, labels)
        # In sudo mode: what was measured is nobody's to change.
        return self.sudo().create(
            {
                "card_id": card.id,
                "company_id": company.id,
                "date": fields.Date.context_today(self),
                "known_count": len(rows),
                "bad_count": sum(labels),
                "expected_rate": sum(pds) / len(pds) if pds else 0.0,
                "seen_rate": seen.value or 0.0,
                "seen_low": seen.low or 0.0,
                "seen_high": seen.high or 0.0,
                "auc": area.value or 0.0,
                "auc_low": area.low or 0.0,
                "auc_high": area.high or 0.0,
                "gini": measures.gini(pds, labels).value or 0.0,
                "ks": measures.ks(pds, labels) or 0.0,
                "brier": measures.brier(pds, labels).value or 0.0,
                "line_ids": self._prepare_lines(rows, labels),
                **self._prepare_shift(card, company),
            }
        )

    @api.model
    def _get_history(self, card, company):
        """Return what was known of orders whose outcome is known, and the outcomes.

        Own faults and what nobody can know are left out.

        :return: rows of `scoring.fit`, whether each came back, and the newest order's date.
        :rtype: tuple[list[dict], list[bool], datetime]
        """
        bad = "bad_bank" if card.target == "bank" else "bad_customer"
        since = fields.Datetime.now() - timedelta(days=DAYS)
        domain = [
            *self._get_domain(company),
            ("date", ">=", since),
            ("matures_on", "<=", fields.Date.context_today(self)),
            ("outcome", "in", ("good", bad)),
        ]
        # In sudo mode: cards learn from all orders, and no order is shown.
        found = self.env["risk.assessment"].sudo().search(domain, order="date")
        rows, labels = [], []
        for start in range(0, len(found), CHUNK):
            chunk = found[start : start + CHUNK]
            rows += [fit.get_values(one._get_signals()) for one in chunk]
            labels += [one.outcome == bad for one in chunk]
            chunk.invalidate_recordset(flush=False)
        return rows, labels, found[-1:].date

    @api.model
    def _get_domain(self, company):
        """Return the domain of a company's assessments that decided something."""
        return [
            ("company_id", "=", company.id),
            ("is_shadow", "=", False),
            ("stage", "in", ("submit", "collection")),
        ]

    @api.model
    def _prepare_lines(self, rows, labels):
        """Return how much each fact told: how often it applied, and the returns with and without it."""
        average = sum(labels) / len(labels) if labels else 0.0
        lines = []
        for evidence in fit.weigh_all(rows, labels) if any(labels) and not all(labels) else []:
            hits = [
                label
                for row, label in zip(rows, labels, strict=True)
                if row.get(evidence.attribute.signal)
            ]
            rate = sum(hits) / len(hits) if hits else 0.0
            lines.append(
                Command.create(
                    {
                        "signal": evidence.attribute.signal,
                        "hit_rate": len(hits) / len(rows),
                        "bad_rate": rate,
                        "lift": rate / average if average else 0.0,
                        "information": evidence.information,
                    }
                )
            )
        return lines

    @api.model
    def _prepare_shift(self, card, company):
        """Return whether the points of orders have shifted, and how often people decided otherwise."""
        field = "bank_points" if card.target == "bank" else "customer_points"
        # In sudo mode: points are counted, no order is shown.
        assessments = self.env["risk.assessment"].sudo()
        domain = [
            *self._get_domain(company),
            ("has_pd", "=", True),
            (target_field(card), "=", card.id),
        ]
        recent = fields.Datetime.now() - timedelta(days=RECENT_DAYS)
        counts = {">=": {}, "<": {}}
        for operator, found in counts.items():
            groups = assessments._read_group(
                [*domain, ("date", operator, recent)], [field], ["__count"]
            )
            values = [points for points, count in groups for _time in range(count)]
            found.update(measures.count_bins(values, ENDS))
        drift = measures.psi(counts["<"], counts[">="])
        everything = assessments.search_count(domain)
        overridden = assessments.search_count([*domain, ("override_colour", "!=", False)])
        return {
            "order_count": everything,
            "psi": drift.value,
            "drift": drift.verdict,
            "override_rate": overridden / everything if everything else 0.0,
        }


def target_field(card):
    """Return the field of an assessment that names the card."""
    return "bank_card_id" if card.target == "bank" else "customer_card_id"
