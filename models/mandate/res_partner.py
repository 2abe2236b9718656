from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    sdd_mandate_ids = fields.One2many("sdd.mandate", "partner_id", string="Mandates")
    sdd_mandate_count = fields.Integer(compute="_compute_sdd_mandate_count")

    def _compute_sdd_mandate_count(self):
        counts = dict(
            self.env["sdd.mandate"]._read_group(
                [("partner_id", "child_of", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            family = partner | partner.child_ids
            partner.sdd_mandate_count = sum(counts.get(member, 0) for member in family)

    def action_view_sdd_mandates(self):
        """Open the mandates of this customer and his contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_mandate")
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
