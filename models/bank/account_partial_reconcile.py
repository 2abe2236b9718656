from odoo import api, models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_debits(self):
        """Refuse to take the statement's money off the debits or invoices that it stands for."""
        lines = self.debit_move_id | self.credit_move_id
        lines.filtered(lambda x: x.sdd_debit_id or x.sdd_batch_id).move_id._sdd_refuse_undo()
