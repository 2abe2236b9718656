from odoo import fields, models


class RiskBlock(models.Model):
    """An account, a customer or an address for which no direct debit is offered for a while."""

    _name = "risk.block"
    _description = "Risk Block"
    _order = "expires, id desc"
    _check_company_auto = True

    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    partner_id = fields.Many2one("res.partner", string="Customer", index=True, check_company=True)
    active = fields.Boolean(default=True)
    expires = fields.Date(required=True)
