from odoo import fields, models


class RiskCase(models.Model):
    """An order at which a person looks, because the policy or the customer asked for it."""

    _name = "risk.case"
    _description = "Risk Case"
    _inherit = ["support.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "deadline, id"
    _check_company_auto = True
    _transitions = {
        "open": {"proposed", "decided", "closed"},
        "proposed": {"open", "decided", "closed"},
        "decided": set(),
        "closed": set(),
    }

    name = fields.Char(required=True, readonly=True, copy=False, default="/")
    assessment_id = fields.Many2one(
        "risk.assessment", required=True, readonly=True, index=True, check_company=True
    )
    company_id = fields.Many2one(related="assessment_id.company_id", store=True, index=True)
    partner_id = fields.Many2one(related="assessment_id.partner_id", store=True, index=True)
    state = fields.Selection(
        [
            ("open", "To be looked at"),
            ("proposed", "Waits for a second person"),
            ("decided", "Decided"),
            ("closed", "Closed without decision"),
        ],
        string="Status",
        default="open",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    deadline = fields.Datetime(readonly=True, index=True)
