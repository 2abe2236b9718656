from odoo import fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    support_subscription_count = fields.Integer(compute="_compute_support_subscription_count")

    def _compute_support_subscription_count(self):
        counts = dict(
            self.env["support.subscription"]._read_group(
                [("partner_id", "child_of", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            family = partner | partner.child_ids
            partner.support_subscription_count = sum(counts.get(member, 0) for member in family)

    def action_view_support_subscriptions(self):
        """Open the subscriptions of this customer and his contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_support_subscription"
        )
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
