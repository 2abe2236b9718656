from odoo import fields, models


class SddFintsChoice(models.TransientModel):
    """A TAN mechanism or medium that the bank offers."""

    _name = "sdd.fints.choice"
    _description = "TAN Mechanism or Medium"

    wizard_id = fields.Many2one("sdd.fints.wizard", required=True, ondelete="cascade", index=True)
    kind = fields.Selection(
        [("mechanism", "Mechanism"), ("medium", "Medium")], required=True, readonly=True
    )
    code = fields.Char(required=True, readonly=True)
    name = fields.Char(required=True, readonly=True)
