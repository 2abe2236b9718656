"""What must not be collected any more, asked before a debit goes into a file and before it leaves."""

from typing import NamedTuple

from odoo import models
from odoo.exceptions import UserError


class Finding(NamedTuple):
    """What becomes of a debit that must not be collected now: state, reason, value of `hold_code`."""

    state: str
    reason: str
    code: str | None = None


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _find_uncollectable(self):
        """Return which of these debits must not be collected, what becomes of them, and why.

        :rtype: dict[`sdd.debit`, Finding]
        """
        found = {}
        for debit in self:
            finding = debit._find_obstacle_of_mandate() or debit._find_obstacle_of_invoice()
            if finding:
                found[debit] = finding
        return found

    def _find_obstacle_of_mandate(self):
        """Return what in the mandate forbids this debit now.

        Note: self.ensure_one()

        :rtype: Finding | None
        """
        mandate = self.mandate_id
        if mandate.state in ("revoked", "expired"):
            reason = self.env._("Mandate %s is not valid any more.", mandate.name)
            return Finding("cancelled", reason)
        if mandate.state != "active":
            reason = self.env._("Mandate %s is not active.", mandate.name)
            return Finding("held", reason, "mandate")
        if reason := mandate._get_bank_obstacle():
            return Finding("held", reason, "b2b")
        if reason := mandate._get_grade_obstacle(self.amount):
            return Finding("held", reason, "grade")
        return None

    def _find_obstacle_of_invoice(self):
        """Return what in the invoice forbids this debit now.

        Note: self.ensure_one()

        :rtype: Finding | None
        """
        lines = self.move_line_ids
        residual = sum(lines.mapped("amount_residual"))
        if not lines or self.currency_id.compare_amounts(residual, self.amount) >= 0:
            return None
        if self.currency_id.compare_amounts(residual, 0) <= 0:
            return Finding("cancelled", self.env._("The invoice was paid another way."))
        reason = self.env._("Less is open on the invoice than the debit would collect.")
        return Finding("held", reason, "other")

    def _set_uncollectable_aside(self):
        """Hold or cancel what must not be collected, also when it stands in a file already.

        :return: the debits that may go.
        :rtype: `sdd.debit` recordset
        """
        found = self._find_uncollectable()
        for debit, finding in found.items():
            if debit.state == "batched":
                debit._move_to("queued", batch_id=False)
            if finding.state == "held":
                debit._hold(finding.code, finding.reason)
            else:
                debit._cancel(finding.reason)
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
                        f"{debit.end_to_end_id}: {finding.reason}"
                        for debit, finding in found.items()
                    ),
                )
            )
        self._check_up_to_date()

    def _drop_uncollectable(self):
        """Take debits that must not be collected any more out of the batch.

        Note: self.ensure_one()

        :return: whether the batch still has debits; without any it is deleted.
        :rtype: bool
        """
        self.ensure_one()
        self._release_other_creditors()
        if self.debit_ids._set_uncollectable_aside():
            return True
        self.unlink()
        return False
