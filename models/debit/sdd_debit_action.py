"""What a person does with a debit, and where its buttons lead."""

from odoo import models
from odoo.exceptions import UserError


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    # === ACTION METHODS === #

    def action_hold(self):
        """Keep these debits out of the next files until somebody releases them."""
        self._hold("user", self.env._("Held by %(user)s", user=self.env.user.name))

    def action_release(self):
        """Queue held debits again; a due date that has passed moves to the next possible one."""
        found = self._find_uncollectable()
        if reasons := [
            f"{debit.display_name}: {finding.reason}"
            for debit, finding in found.items()
            if finding.state != "queued"
        ]:
            raise UserError("\n".join(reasons))
        self._queue_again()

    def action_cancel(self):
        """Give these debits up; the invoices stay open."""
        self._cancel(self.env._("Cancelled by %(user)s", user=self.env.user.name))

    def action_view_invoices(self):
        """Open the invoices that these debits collect."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action["domain"] = [("id", "in", self.invoice_ids.ids)]
        if len(self.invoice_ids) == 1:
            action.update(
                view_mode="form",
                views=[(self.env.ref("account.view_move_form").id, "form")],
                res_id=self.invoice_ids.id,
            )
        return action

    def action_view_mandate(self):
        """Open the mandate that the debit is collected with."""
        self.ensure_one()
        return self.mandate_id._action_open()

    def action_view_batch(self):
        """Open the batch in which the debit went to the bank."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sdd.batch",
            "view_mode": "form",
            "res_id": self.batch_id.id,
        }

    def _action_open_debit(self):
        """Return the action that opens this debit.

        Note: self.ensure_one()

        :rtype: dict
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sdd.debit",
            "view_mode": "form",
            "res_id": self.id,
        }
