from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from .const import DEFAULT_LIMITS, GRADES


class SddEvidenceLimit(models.Model):
    """How much a company debits at once on a mandate of one grade; more waits for a better one."""

    _name = "sdd.evidence.limit"
    _description = "Limit by Grade of Evidence"
    _order = "company_id, grade"
    _rec_name = "grade"

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    grade = fields.Selection([(grade, grade) for grade in GRADES], required=True)
    unlimited = fields.Boolean(help="Any amount is debited at once.")
    max_amount = fields.Monetary(
        string="Debit at once up to", help="0: every debit waits for a better grade."
    )
    meaning = fields.Char(string="Mandates that are proven by", compute="_compute_meaning")

    _grade_unique = models.Constraint(
        "UNIQUE(company_id, grade)", "The company has a limit for this grade already."
    )

    @api.depends("grade")
    @api.depends_context("lang")
    def _compute_meaning(self):
        kinds = self.env["sdd.evidence.kind"].search([])
        names = {
            grade: ", ".join(found.mapped("name"))
            for grade, found in kinds.grouped("grade").items()
        }
        for limit in self:
            limit.meaning = names.get(limit.grade, "")

    @api.constrains("max_amount")
    def _check_max_amount(self):
        if self.filtered(lambda limit: limit.max_amount < 0):
            raise ValidationError(self.env._("A limit cannot be negative."))

    @api.model_create_multi
    def create(self, vals_list):
        limits = super().create(vals_list)
        limits._on_changed()
        return limits

    def write(self, vals):
        res = super().write(vals)
        self._on_changed()
        return res

    def unlink(self):
        companies = self.company_id
        res = super().unlink()
        self.search([("company_id", "in", companies.ids)])._on_changed()
        return res

    def _on_changed(self):
        """Forget the limits kept in memory. The room of debits lets go what waited for them."""
        self.env.registry.clear_cache()

    @api.model
    @tools.ormcache("company.id", "grade")
    def _get_limit(self, company, grade):
        """Return how much may be debited at once on a mandate.

        :param company: the creditor.
        :param grade: `A` to `D`, or False for a mandate without any evidence.
        :return: euro, or None for any amount; without evidence it is the limit of the worst grade.
        :rtype: float | None
        """
        grade = grade or GRADES[-1]
        # In sudo mode: the policy holds for whoever queues a debit.
        limit = self.sudo().search([("company_id", "=", company.id), ("grade", "=", grade)])
        if not limit:
            return DEFAULT_LIMITS[grade]
        return None if limit.unlimited else limit.max_amount

    @api.model
    def _ensure_limits(self, companies=None):
        """Give companies an editable limit for each grade, as far as they have none.

        :param companies: `res.company` records; all if omitted.
        """
        # In sudo mode: called at installation and when a company is created.
        limits = self.sudo()
        companies = companies or self.env["res.company"].sudo().search([])
        known = {(limit.company_id, limit.grade) for limit in limits.search([])}
        limits.create(
            [
                {
                    "company_id": company.id,
                    "grade": grade,
                    "unlimited": amount is None,
                    "max_amount": amount or 0.0,
                }
                for company in companies
                for grade, amount in DEFAULT_LIMITS.items()
                if (company, grade) not in known
            ]
        )
