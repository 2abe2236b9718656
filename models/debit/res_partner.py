from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    sdd_debit_count = fields.Integer(compute="_compute_sdd_debit_count")

    def _compute_sdd_debit_count(self):
        counts = dict(
            self.env["sdd.debit"]._read_group(
                [("partner_id", "in", self.commercial_partner_id.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            partner.sdd_debit_count = counts.get(partner.commercial_partner_id, 0)

    def action_view_sdd_debits(self):
        """Open the debits of this customer."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [("partner_id", "=", self.commercial_partner_id.id)]
        action["context"] = {}
        return action
