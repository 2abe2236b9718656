"""How long assessments are kept: their inputs 90 days, the rest until no debit can come back."""

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import SQL

from .const import INPUT_DAYS, KEPT_MONTHS, KEPT_WEEKS

#: So many are done between two commits.
CHUNK = 1000


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    _inputs_date = models.Index("(date) WHERE inputs IS NOT NULL")

    @api.model
    def _cron_forget(self):
        """Delete what is no longer needed, chunk by chunk: inputs and marks first, then the rest."""
        now = fields.Datetime.now()
        kept = now - relativedelta(months=KEPT_MONTHS, weeks=KEPT_WEEKS)
        steps = [
            (self._forget_inputs, now - relativedelta(days=INPUT_DAYS)),
            (self._forget_marks, now - relativedelta(days=INPUT_DAYS)),
            (self._forget_assessments, kept),
        ]
        for forget, before in steps:
            while count := forget(before):
                if not self.env["ir.cron"]._commit_progress(count, remaining=CHUNK):
                    return
        self.env["ir.cron"]._commit_progress(remaining=0)

    @api.model
    def _forget_inputs(self, before):
        """Delete hashes and sentences' words of one chunk; what counted and how stays.

        :param datetime before: older ones only, naive UTC.
        :return: how many were changed.
        :rtype: int
        """
        self.flush_model(["inputs", "signals", "input_hash", "date"])
        # In SQL: the model itself refuses every change.
        rows = self.env.execute_query(
            SQL(
                """
                UPDATE risk_assessment
                   SET inputs = NULL, input_hash = NULL,
                       signals = (
                           SELECT jsonb_object_agg(one.key, one.value - 'params')
                             FROM jsonb_each(signals) AS one
                       )
                 WHERE id IN (
                           SELECT id
                             FROM risk_assessment
                            WHERE date < %s AND inputs IS NOT NULL
                            LIMIT %s
                              FOR UPDATE SKIP LOCKED
                       )
             RETURNING id
                """,
                before,
                CHUNK,
            )
        )
        self.invalidate_model(["inputs", "signals", "input_hash"])
        return len(rows)

    @api.model
    def _forget_marks(self, before):
        """Delete one chunk of marks.

        :param datetime before: older ones only, naive UTC.
        :return: how many were deleted.
        :rtype: int
        """
        # In sudo mode: nobody deletes marks by hand.
        marks = self.env["risk.mark"].sudo().search([("date", "<", before)], limit=CHUNK)
        marks.unlink()
        return len(marks)

    @api.model
    def _forget_assessments(self, before):
        """Delete one chunk of assessments; those of a case that is still open stay.

        :param datetime before: older ones only, naive UTC.
        :return: how many were deleted.
        :rtype: int
        """
        cases = self.env["risk.case"].search([("state", "in", ("open", "proposed"))])
        domain = [("date", "<", before), ("id", "not in", cases.assessment_id.ids)]
        old = self.search(domain, order="date, id", limit=CHUNK)
        cases = self.env["risk.case"].search([("assessment_id", "in", old.ids)])
        self.env["mail.message"].search(
            [("model", "=", cases._name), ("res_id", "in", cases.ids)]
        ).unlink()
        for records in (cases, old):
            self._delete_rows(records)
        return len(old)

    @api.model
    def _delete_rows(self, records):
        """Delete records whose models refuse it to everybody.

        :param records: recordset.
        """
        self.env.flush_all()
        table = SQL.identifier(records._table)
        self.env.cr.execute(SQL("DELETE FROM %s WHERE id = ANY(%s)", table, records.ids))
        self.env.invalidate_all()
