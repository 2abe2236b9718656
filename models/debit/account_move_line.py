from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    sdd_debit_id = fields.Many2one(
        "sdd.debit",
        string="Direct Debit",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="The debit that this line of a collective entry belongs to.",
    )
    sdd_batch_id = fields.Many2one(
        "sdd.batch",
        string="Debit Batch",
        index="btree_not_null",
        copy=False,
        readonly=True,
        help="The batch whose money in transit this line moves.",
    )
