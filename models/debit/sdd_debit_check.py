"""What must not be collected any more, asked before a debit goes into a file and before it leaves."""

from odoo import models
from odoo.exceptions import UserError


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _find_uncollectable(self):
        """Return which of these debits must not be collected, what becomes of them, and why.

        :rtype: dict[`sdd.debit`, tuple[str, str]] of debit: (state, reason)
        """
        found = {}
        for debit in self:
            mandate = debit.mandate_id
            lines = debit.move_line_ids
            residual = sum(lines.mapped("amount_residual"))
            if mandate.state in ("revoked", "expired"):
                reason = self.env._("Mandate %s is not valid any more.", mandate.name)
                found[debit] = ("cancelled", reason)
            elif mandate.state != "active":
                found[debit] = ("held", self.env._("Mandate %s is not active.", mandate.name))
            elif lines and debit.currency_id.compare_amounts(residual, 0) <= 0:
                found[debit] = ("cancelled", self.env._("The invoice was paid another way."))
            elif lines and debit.currency_id.compare_amounts(residual, debit.amount) < 0:
                reason = self.env._("Less is open on the invoice than the debit would collect.")
                found[debit] = ("held", reason)
        return found

    def _set_uncollectable_aside(self):
        """Hold or cancel what must not be collected, also when it stands in a file already.

        :return: the debits that may go.
        :rtype: `sdd.debit` recordset
        """
        found = self._find_uncollectable()
        for debit, (state, reason) in found.items():
            if debit.state == "batched":
                debit._move_to("queued", batch_id=False)
            debit._move_to(state, state_reason=reason)
        return self - self.browse(debit.id for debit in found)


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    def _check_collectable(self):
        """Refuse a file with debits whose invoices were paid or mandates ended since it was made.

        Note: self.ensure_one()

        :raise UserError: names these debits.
        """
        self.ensure_one()
        found = self.debit_ids._find_uncollectable()
        if found:
            raise UserError(
                self.env._(
                    "Make the file of batch %(name)s again without these debits:\n%(debits)s",
                    name=self.name,
                    debits="\n".join(
                        f"{debit.end_to_end_id}: {reason}"
                        for debit, (_state, reason) in found.items()
                    ),
                )
            )

    def _drop_uncollectable(self):
        """Take debits that must not be collected any more out of the batch.

        Note: self.ensure_one()

        :return: whether the batch still has debits; without any it is deleted.
        :rtype: bool
        """
        self.ensure_one()
        if self.debit_ids._set_uncollectable_aside():
            return True
        self.unlink()
        return False
