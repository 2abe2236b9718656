from markupsafe import Markup
from odoo import api, fields, models
from odoo.tools import format_amount

from ..models.mandate.const import GRADES

#: The colours of the badge on the mandate.
COLOURS = {
    "A": "text-bg-success",
    "B": "text-bg-primary",
    "C": "text-bg-warning",
    "D": "text-bg-danger",
}


class SddHelp(models.TransientModel):
    """The page that explains grades of evidence, with this company's own kinds and limits."""

    _name = "sdd.help"
    _description = "Help on Mandates"

    company_id = fields.Many2one("res.company", default=lambda self: self.env.company)
    grades = fields.Html(compute="_compute_grades", sanitize=False)

    @api.depends("company_id")
    @api.depends_context("lang")
    def _compute_grades(self):
        for page in self:
            page.grades = self.env["ir.qweb"]._render(
                "support_debit.help_grades", {"grades": page._get_grades()}
            ) or Markup("")

    def _get_grades(self):
        """Return the grades with the kinds of evidence that have them and what they allow.

        Note: self.ensure_one()

        :rtype: list[dict]
        """
        self.ensure_one()
        company = self.company_id or self.env.company
        kinds = self.env["sdd.evidence.kind"].search([])
        limits = self.env["sdd.evidence.limit"]
        rows = []
        for grade in GRADES:
            limit = limits._get_limit(company, grade)
            rows.append(
                {
                    "grade": grade,
                    "colour": COLOURS[grade],
                    "kinds": kinds.filtered(lambda kind, grade=grade: kind.grade == grade),
                    "limit": limit is not None
                    and format_amount(self.env, limit, company.currency_id),
                    "unlimited": limit is None,
                }
            )
        return rows
