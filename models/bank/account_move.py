from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    _inherit = "account.move"

    def _sdd_refuse_undo(self):
        """Raise a UserError when one of these entries is a statement line that carries debits.

        The states of the debits say that the money came or went; without the line that is not true.
        """
        # In sudo mode: whoever works on statements need not have rights on debits.
        lines = self.sudo().filtered("statement_line_id").line_ids
        carried = lines.filtered(lambda line: line.sdd_debit_id or line.sdd_batch_id)
        if carried:
            line = carried[0]
            raise UserError(
                self.env._(
                    "%(entry)s books the direct debits of %(subject)s as the bank's file says, so it"
                    " cannot be undone. Correct it with an entry of its own.",
                    entry=line.move_name,
                    subject=line.sdd_debit_id.display_name or line.sdd_batch_id.name,
                )
            )

    def _check_draftable(self):
        """Override of `account`: a statement line that settles debits or takes them back stays."""
        super()._check_draftable()
        self._sdd_refuse_undo()
