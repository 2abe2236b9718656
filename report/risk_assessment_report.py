from odoo import api, models


class ReportRiskAssessment(models.AbstractModel):
    """The report that tells a customer how his orders were assessed, in his language."""

    _name = "report.support_debit.report_risk_assessment"
    _description = "Report of Assessments for the Customer"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return what the report needs.

        :param list docids: ids of `risk.assessment`.
        :param dict data: not used.
        :rtype: dict
        """
        assessments = self.env["risk.assessment"].browse(docids)
        assessments.check_access("read")
        # In sudo mode: the right to the assessments was checked; addresses belong to them.
        records = [
            record.with_context(lang=record._get_report_lang()) for record in assessments.sudo()
        ]
        letters = self.env["report.support_debit.report_sdd_prenotification"]
        return {
            "doc_ids": docids,
            "doc_model": "risk.assessment",
            "docs": assessments,
            "letters": [
                {
                    "company": record.company_id,
                    "lang": record._get_report_lang(),
                    "sender": letters._get_lines(record.company_id.partner_id),
                    "name": record.partner_id.name or "",
                    "report": record._get_report_data(),
                }
                for record in records
            ],
        }
