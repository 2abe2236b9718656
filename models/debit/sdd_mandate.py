from odoo import fields, models


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    debit_ids = fields.One2many("sdd.debit", "mandate_id", string="Debits")
    debit_count = fields.Integer(compute="_compute_debit_count")

    def _compute_debit_count(self):
        counts = dict(
            self.env["sdd.debit"]._read_group(
                [("mandate_id", "in", self.ids)], ["mandate_id"], ["__count"]
            )
        )
        for mandate in self:
            mandate.debit_count = counts.get(mandate, 0)

    def action_view_debits(self):
        """Open the debits that were collected with these mandates."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [("mandate_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _move_to(self, state, **values):
        """Override to give up the debits that wait for a mandate which is no longer there."""
        res = super()._move_to(state, **values)
        if state in ("revoked", "expired"):
            waiting = self.debit_ids.filtered(lambda d: d.state in ("queued", "held"))
            waiting._cancel(self.env._("The mandate is not valid any more."))
        return res
