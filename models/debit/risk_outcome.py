"""What settled debits say about the assessments that came before them."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ..risk.const import MATURE_DAYS, UNUSED_DAYS

#: So many assessments are labelled between two commits.
CHUNK = 1000


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    debit_id = fields.Many2one("sdd.debit", readonly=True, index="btree_not_null")

    @api.model
    def _prepare_subject_values(self, subject):
        """Override to note which debit was asked about."""
        values = super()._prepare_subject_values(subject)
        return {**values, "debit_id": subject.debit_id or False}

    def _get_same_domain(self):
        """Override: each debit is something of its own, though it belongs to an order."""
        self.ensure_one()
        if self.debit_id:
            return [("debit_id", "=", self.debit_id.id)]
        domain = super()._get_same_domain()
        return domain and [*domain, ("debit_id", "=", False)]

    @api.model
    def _cron_mature(self):
        """Count assessments as paid of which the debit can no longer be taken back, chunk by chunk.

        Those whose debit never settled, or that were never followed by one, count as nothing.
        """
        today = fields.Date.context_today(self)
        due = [("outcome", "=", "open"), ("matures_on", "<=", today)]
        unused = [
            ("outcome", "=", "open"),
            ("matures_on", "=", False),
            ("date", "<", fields.Datetime.now() - timedelta(days=UNUSED_DAYS)),
        ]
        for domain in (due, unused):
            while assessments := self.search(domain, order="id", limit=CHUNK):
                assessments._mature()
                if not self.env["ir.cron"]._commit_progress(
                    len(assessments), remaining=self.search_count(domain)
                ):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    def _mature(self):
        """Label assessments about which nothing can change any more."""
        paid = self._find_debits({"settled"})
        good = self.filtered(lambda item: item.id in paid)
        good._set_outcome("good")
        (self - good)._set_outcome("void")

    def _find_debits(self, states):
        """Return which of these assessments were followed by a debit in one of these states.

        :param set states: values of `sdd.debit.state`.
        :return: their ids.
        :rtype: set[int]
        """
        debits = self.env["sdd.debit"].sudo()
        pairs = debits._get_risk_pairs(SQL("a.id = ANY(%s)", self.ids))
        found = debits.browse({debit_id for debit_id, _id in pairs})
        wanted = {debit.id for debit in found if debit.state in states}
        return {assessment_id for debit_id, assessment_id in pairs if debit_id in wanted}


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    risk_assessment_ids = fields.One2many("risk.assessment", "debit_id", string="Assessments")

    def _settle(self, settlement_date):
        """Override: the assessments mature from now on."""
        super()._settle(settlement_date)
        paid = self.filtered(lambda debit: debit.state == "settled")
        assessments = paid._get_risk_assessments().filtered(lambda a: a.outcome == "open")
        assessments._write_label({"matures_on": settlement_date + timedelta(days=MATURE_DAYS)})

    def _get_risk_assessments(self):
        """Return the assessments that led to these debits: their own, and those of their orders.

        :rtype: `risk.assessment` recordset (sudo)
        """
        # In sudo mode: whoever imports a bank file need not see assessments.
        assessments = self.env["risk.assessment"].sudo()
        if not self:
            return assessments
        pairs = self._get_risk_pairs(SQL("d.id = ANY(%s)", self.ids))
        return assessments.browse(sorted({assessment_id for _debit, assessment_id in pairs}))

    @api.model
    def _get_risk_pairs(self, condition):
        """Return which assessments belong to which debits.

        Of several assessments of one order under one policy only the last one counts: the earlier
        ones were about another basket.

        :param SQL condition: on `a` (`risk_assessment`) or `d` (`sdd_debit`).
        :return: ids of debit and assessment.
        :rtype: list[tuple[int, int]]
        """
        self.env["risk.assessment"].flush_model()
        self.env["sdd.debit"].flush_model(["invoice_ids"])
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        self.env["account.move.line"].flush_model(["move_id"])
        return self.env.execute_query(
            SQL(
                """
                WITH pairs AS (
                    SELECT d.id AS debit_id, a.id, a.order_id, a.policy_id, a.date
                      FROM sdd_debit d
                      JOIN risk_assessment a ON a.debit_id = d.id
                     WHERE %(condition)s
                     UNION
                    SELECT d.id, a.id, a.order_id, a.policy_id, a.date
                      FROM sdd_debit d
                      JOIN sdd_debit_invoice_rel i ON i.debit_id = d.id
                      JOIN risk_assessment a ON a.invoice_id = i.move_id
                     WHERE a.debit_id IS NULL AND a.stage = 'submit' AND %(condition)s
                     UNION
                    SELECT d.id, a.id, a.order_id, a.policy_id, a.date
                      FROM sdd_debit d
                      JOIN sdd_debit_invoice_rel i ON i.debit_id = d.id
                      JOIN account_move_line l ON l.move_id = i.move_id
                      JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id
                      JOIN sale_order_line s ON s.id = r.order_line_id
                      JOIN risk_assessment a ON a.order_id = s.order_id
                     WHERE a.debit_id IS NULL AND a.stage = 'submit' AND %(condition)s
                )
                SELECT debit_id, id
                  FROM pairs p
                 WHERE order_id IS NULL
                    OR NOT EXISTS (
                           SELECT 1
                             FROM risk_assessment b
                            WHERE b.order_id = p.order_id
                              AND b.policy_id = p.policy_id
                              AND b.stage = 'submit'
                              AND b.debit_id IS NULL
                              AND (b.date, b.id) > (p.date, p.id)
                       )
              ORDER BY debit_id, id
                """,
                condition=condition,
            )
        )
