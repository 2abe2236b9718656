from odoo import fields, models


class RiskMark(models.Model):
    """A keyed hash by which assessments are counted: the same account, address or browser again."""

    _name = "risk.mark"
    _description = "Mark of an Assessment"
    _log_access = False
    _order = "id desc"

    assessment_id = fields.Many2one(
        "risk.assessment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    kind = fields.Char(required=True, readonly=True)
    mark = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    date = fields.Datetime(required=True, readonly=True)

    _mark_date = models.Index("(mark, date DESC)")
