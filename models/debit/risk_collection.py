"""What risk means for debits that are collected later: asked before they go into a file."""

import logging
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tools import SQL

from .sdd_debit_check import Finding

_logger = logging.getLogger(__name__)

#: Debits are assessed so many days before they are due, and not again for as long.
DAYS_AHEAD = 14
#: So many debits are looked at in one run of the job.
CHUNK = 1000
#: Without a score for this part of the sum nothing is predicted.
LEAST_KNOWN = 0.5


class ResCompany(models.Model):
    _inherit = "res.company"

    risk_check_collections = fields.Boolean(
        string="Assess later debits, too",
        default=True,
        help="Renewals are assessed two weeks before they are due; a person looks at the red ones"
        " before they are collected.",
    )


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    hold_code = fields.Selection(
        selection_add=[("risk", "A person to look at the risk"), ("other",)],
        ondelete={"risk": "set other"},
    )

    # === BEFORE A FILE === #

    def _get_preflight_checks(self):
        """Override to keep what a person has to look at first out of the files."""
        checks = super()._get_preflight_checks()
        # After what ends a debit, before what only makes it wait for the next file.
        return [*checks[:2], type(self)._check_risk, *checks[2:]]

    def _check_risk(self):
        """Return the debits that were assessed as red. See `_get_preflight_checks`.

        Attempts to collect again follow the rules for returns; nobody judges them twice.
        """
        return {
            debit: Finding("held", assessment._get_hold_reason(), "risk")
            for debit, assessment in self._get_red_assessments().items()
        }

    def _get_red_assessments(self):
        """Return why those of these debits wait that a person has to look at.

        Without an active policy nothing waits; nor does what was agreed with the customer.

        :rtype: dict[`sdd.debit`, `risk.assessment`] (sudo)
        """
        policies = self.env["risk.policy"]
        asked = self.filtered(lambda d: d.attempt == 1 and policies._get_active(d.company_id))
        return {
            debit: assessment
            for debit, assessment in asked._get_deciding_assessments().items()
            if assessment.effective_colour == "red"
            # In sudo mode: whoever makes a file has no rights on orders and payments.
            and (assessment.debit_id or not debit.sudo()._is_debit_agreed(assessment))
        }

    def _hold(self, code, reason):
        """Override: what waits for a person's look has a case in which somebody decides."""
        red = self._get_red_assessments() if code == "risk" else {}
        for debit, assessment in red.items():
            self.env["risk.case"]._open_for(assessment, "collection")
            super(SddDebit, debit)._hold(code, assessment._get_hold_reason())
        return super(SddDebit, self - self.browse().union(*red))._hold(code, reason)

    def _get_last_collection_assessments(self):
        """Return the latest assessment of each of these debits that has one of its own (sudo).

        :rtype: dict[`sdd.debit`, `risk.assessment`]
        """
        if not self.ids:
            return {}
        # In sudo mode: whoever makes a file need not see assessments.
        found = (
            self.env["risk.assessment"]
            .sudo()
            .search(
                [("debit_id", "in", self.ids), ("is_shadow", "=", False)],
                order="date, id",
            )
        )
        return {assessment.debit_id.with_env(self.env): assessment for assessment in found}

    @api.model
    def _cron_assess_collections(self):
        """Assess the debits that are due soon and were not assessed lately, each in a transaction."""
        if not self.env["risk.policy"].sudo().search_count([("state", "=", "active")], limit=1):
            return
        debits = self._search_to_assess(CHUNK)
        for position, debit in enumerate(debits, start=1):
            try:
                with self.env.cr.savepoint():
                    debit._assess_collection()
            except (UserError, ValueError, ConcurrencyError):
                # One debit that cannot be judged must not keep the others from it.
                _logger.exception("Debit %s could not be assessed", debit.end_to_end_id)
            if not self.env["ir.cron"]._commit_progress(1, remaining=len(debits) - position):
                return
        if len(debits) == CHUNK:
            self.env.ref("support_debit.cron_risk_collections")._trigger()

    @api.model
    def _search_to_assess(self, limit):
        """Return debits that are due soon and have no assessment of these days.

        The first debit of an order was judged with the order when the account was known, and what is
        paid in the portal is judged there.

        :rtype: `sdd.debit` recordset
        """
        today = fields.Date.context_today(self)
        since = fields.Datetime.now() - timedelta(days=DAYS_AHEAD)
        active = self.env["risk.policy"].sudo().search([("state", "=", "active")]).company_id
        companies = active.filtered("risk_check_collections")
        self._flush_order_pairs()
        self.flush_model(["collection_date", "company_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT q.id
                  FROM sdd_debit q
                 WHERE q.state = 'queued'
                   AND q.attempt = 1
                   AND q.company_id = ANY(%(companies)s)
                   AND q.collection_date <= %(until)s
                   AND NOT EXISTS (
                           SELECT 1
                             FROM risk_assessment a
                            WHERE a.debit_id = q.id
                              AND a.is_shadow IS NOT TRUE
                              AND a.date > %(since)s
                       )
                   AND NOT EXISTS (
                           SELECT 1
                             FROM sdd_debit_invoice_rel i
                             JOIN risk_assessment a ON a.invoice_id = i.move_id
                            WHERE i.debit_id = q.id
                              AND a.debit_id IS NULL
                              AND a.stage = 'submit'
                              AND a.is_shadow IS NOT TRUE
                              AND (a.mandate_id = q.mandate_id OR a.inputs->'given' ? 'iban')
                              AND a.date > %(since)s
                       )
                   AND NOT EXISTS (%(ordered)s)
              ORDER BY q.collection_date, q.id
                 LIMIT %(limit)s
                """,
                companies=companies.ids,
                until=today + timedelta(days=DAYS_AHEAD),
                since=since,
                ordered=self._get_order_pairs_query(SQL("d.id = q.id AND a.date > %s", since)),
                limit=limit,
            )
        )
        return self.browse(row[0] for row in rows)

    def _assess_collection(self):
        """Judge a debit before it is collected; a red one waits until a person has looked.

        Note: self.ensure_one()

        :return: the assessment (sudo).
        :rtype: `risk.assessment` record
        """
        self.ensure_one()
        assessment = self.env["risk.policy"].assess({"debit_id": self.id}, "collection")
        if not assessment:
            return assessment
        # In sudo mode: whoever asks need not have rights on debits.
        debit = self.sudo()
        if assessment.effective_colour != "red":
            self.env["risk.case"]._close_older(assessment)
            debit._release("risk")
        elif self.state == "queued":
            debit._hold("risk", assessment._get_hold_reason())
        else:
            self.env["risk.case"]._open_for(assessment, "collection")
        return assessment

    # === WHAT WILL COME BACK === #

    def _get_predicted_return_rate(self):
        """Override: the chances of the assessments, weighted by the amounts."""
        chances = self._get_return_chances()
        known = self.filtered(lambda debit: debit.id in chances)
        total, known_total = sum(self.mapped("amount")), sum(known.mapped("amount"))
        if not total or known_total < LEAST_KNOWN * total:
            return super()._get_predicted_return_rate()
        return sum(debit.amount * chances[debit.id] for debit in known) / known_total

    def _get_return_chances(self):
        """Return the chance of a return of each of these debits that was scored.

        :rtype: dict[int, float]
        """
        if not self.ids:
            return {}
        # In sudo mode: whoever makes a file need not see assessments.
        assessments = self.env["risk.assessment"].sudo()
        pairs = self._get_risk_pairs(SQL("d.id = ANY(%s) AND NOT a.is_shadow", self.ids))
        scored = assessments.browse({one for _debit, one in pairs}).filtered("has_pd")
        chances = {one.id: (one.date, one.pd) for one in scored}
        newest = {}
        for debit_id, one in pairs:
            if one in chances and chances[one] > newest.get(debit_id, (fields.Datetime.now().min,)):
                newest[debit_id] = chances[one]
        return {debit_id: pd for debit_id, (_date, pd) in newest.items()}


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _get_hold_reason(self):
        """Return why a debit waits, for those who read the list of debits.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        reasons = self._get_reasons_text()
        case = self._get_pending_case() or self.case_ids[-1:]
        return self.env._(
            "A person should look at it before it is collected (%(case)s). %(reason)s",
            case=case.name or self.env._("Risk → To be Looked at"),
            reason=reasons[0] if reasons else "",
        ).strip()


class RiskCase(models.Model):
    _inherit = "risk.case"

    def _on_decided(self):
        """Override to let the debits go that waited for the decision."""
        super()._on_decided()
        if self.decided_colour != "red":
            self._get_held_debits()._release("risk")

    def _get_held_debits(self):
        """Return the debits of the same order, or the one debit, that somebody has to look at.

        Note: self.ensure_one()

        :rtype: `sdd.debit` recordset (sudo)
        """
        self.ensure_one()
        # In sudo mode: whoever decides need not have rights on debits and orders.
        assessment = self.sudo().assessment_id
        debits = assessment.debit_id or assessment.order_id.sdd_debit_ids
        return debits.filtered(lambda d: d.state == "held" and d.hold_code == "risk")


class SddPreflightLine(models.TransientModel):
    _inherit = "sdd.preflight.line"

    def _get_repairs(self):
        """Override to open the cases that keep debits waiting."""
        return {**super()._get_repairs(), "risk": self._open_cases}

    def _open_cases(self):
        """Open the cases in which somebody decides about these debits.

        :rtype: dict
        """
        # In sudo mode: whoever looks at debits need not have rights on assessments and cases.
        cases = self.env["risk.case"].sudo()
        for assessment in self.debit_ids._get_red_assessments().values():
            cases |= cases._open_for(assessment, "collection")
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_risk_case")
        action["domain"] = [("id", "in", cases.ids)]
        return action
