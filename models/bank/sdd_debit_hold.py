"""Debits that wait because another debit of their mandate came back."""

from odoo import fields, models


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    hold_code = fields.Selection(
        selection_add=[("return", "What came back to be put right"), ("other",)],
        ondelete={"return": "set other"},
    )
    held_by_return_id = fields.Many2one(
        "sdd.return", string="Held because of", readonly=True, copy=False, index="btree_not_null"
    )


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    return_count = fields.Integer(compute="_compute_return_count", compute_sudo=True)

    def _compute_return_count(self):
        counts = dict(
            self.env["sdd.return"]._read_group(
                [("mandate_id", "in", self.ids)], ["mandate_id"], ["__count"]
            )
        )
        for mandate in self:
            mandate.return_count = counts.get(mandate, 0)

    def action_view_returns(self):
        """Open what came back of the debits of these mandates."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_return")
        action["domain"] = [("mandate_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _on_activated(self):
        """Override to let the debits go that waited for a return to be put right."""
        super()._on_activated()
        # In sudo mode: a customer who gives another account has no rights on debits.
        self.sudo().debit_ids._release("return")

    def _on_account_changed(self):
        """Override: what came back of the old account does not keep the new one waiting."""
        super()._on_account_changed()
        # In sudo mode: as above.
        self.sudo().debit_ids._release("return")

    def _take_over(self, old):
        """Override to collect what waits for the old mandate with this one."""
        super()._take_over(old)
        # In sudo mode: as above.
        self.sudo().debit_ids._release("return")


class SupportSubscription(models.Model):
    _inherit = "support.subscription"

    sdd_return_id = fields.Many2one(
        "sdd.return",
        string="Suspended by the return",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )
