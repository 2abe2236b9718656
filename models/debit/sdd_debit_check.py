"""What must not be collected any more, asked before a debit goes into a file and before it leaves."""

from typing import NamedTuple

from odoo import fields, models
from odoo.exceptions import UserError


class Finding(NamedTuple):
    """Why a debit must not be collected now, and what becomes of it.

    `state` is `cancelled`, `held` (until what `code`, a value of `hold_code`, names has happened) or
    `queued`: the debit stays in the queue, shows `reason` and is looked at again for every file.
    """

    state: str
    reason: str
    code: str | None = None


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    waiting_code = fields.Char(readonly=True, copy=False, index="btree_not_null")
    waiting_reason = fields.Char(
        string="Not in a file because",
        readonly=True,
        copy=False,
        help="What kept the debit out of the last file. It is looked at again for every file.",
    )

    def _find_uncollectable(self):
        """Return which of these debits must not be collected, what becomes of them, and why.

        :rtype: dict[`sdd.debit`, Finding]
        """
        found = {}
        for check in self._get_preflight_checks():
            found.update(check(self - self.browse(debit.id for debit in found)))
        return found

    def _get_preflight_checks(self):
        """Return what is asked before debits go into a file, in this order.

        Each check is a method of a set of debits that returns `{debit: Finding}`; it is called with
        the debits for which no earlier check found anything. Overridden to add checks.

        :rtype: list[Callable[[`sdd.debit`], dict[`sdd.debit`, Finding]]]
        """
        return [type(self)._check_mandates, type(self)._check_invoices]

    def _check_mandates(self):
        """Return the debits that their mandates do not allow now. See `_get_preflight_checks`."""
        found = ((debit, debit._find_obstacle_of_mandate()) for debit in self)
        return {debit: finding for debit, finding in found if finding}

    def _check_invoices(self):
        """Return the debits that their invoices do not allow now. See `_get_preflight_checks`."""
        found = ((debit, debit._find_obstacle_of_invoice()) for debit in self)
        return {debit: finding for debit, finding in found if finding}

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
            elif finding.state == "cancelled":
                debit._cancel(finding.reason)
        self._note_waiting(found)
        return self - self.browse(debit.id for debit in found)

    def _note_waiting(self, found):
        """Let the list say what keeps queued debits out of the files; forget what is put right.

        :param dict found: {debit: Finding} for some of these debits.
        """
        for debit in self:
            finding = found.get(debit)
            waits = finding if finding and finding.state == "queued" else Finding("", False, False)
            if (debit.waiting_code, debit.waiting_reason) != (waits.code, waits.reason):
                debit._write_state({"waiting_code": waits.code, "waiting_reason": waits.reason})


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    def _check_collectable(self):
        """Refuse a file with debits whose invoices were paid or mandates ended since it was made.

        Note: self.ensure_one()

        :raise UserError: names these debits.
        """
        self.ensure_one()
        # What changed comes first: customers are notified again when the file is made again.
        self._check_up_to_date()
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
