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

    def _reconcile_post_hook(self, data):
        """Override of `account`: what was paid or credited another way is not debited."""
        res = super()._reconcile_post_hook(data)
        self.move_id._cancel_needless_sdd_debits()
        return res
