from odoo import api, fields, models

#: Lines that fit on one page below the heading.
PAGE_LINES = 24
TOTALS = ("submitted_amount", "announced_amount", "expected_amount", "balance", "difference")


class ReportSddTransitCheck(models.AbstractModel):
    """The check of the account in transit as a document."""

    _name = "report.support_debit.report_sdd_transit_check"
    _description = "Account in Transit as a Document"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the lines in pages, their sums and the day they stand for.

        :param list docids: ids of `sdd.transit.check`.
        :param dict data: not used.
        :rtype: dict
        """
        checks = self.env["sdd.transit.check"].browse(docids)
        checks.check_access("read")
        ordered = checks.sorted(lambda c: (c.journal_id.name or "", not c.is_red, -c.batch_id.id))
        return {
            "doc_ids": docids,
            "doc_model": "sdd.transit.check",
            "docs": checks,
            "pages": [
                ordered[start : start + PAGE_LINES] for start in range(0, len(ordered), PAGE_LINES)
            ],
            "red": checks.filtered("is_red"),
            "totals": [sum(checks.mapped(name)) for name in TOTALS],
            "as_of": checks._get_as_of(),
            "company": checks.company_id[:1] or self.env.company,
            "now": fields.Datetime.now(),
        }
