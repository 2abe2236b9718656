from odoo import api, fields, models

#: Which of a customer's mandates says most about whether he can be debited, the best first.
STATE_ORDER = ("active", "pending", "suspended", "draft", "expired", "revoked")


class ResPartner(models.Model):
    _inherit = "res.partner"

    sdd_mandate_ids = fields.One2many("sdd.mandate", "partner_id", string="Mandates")
    sdd_mandate_count = fields.Integer(compute="_compute_sdd_mandate_count")
    sdd_mandate_summary = fields.Char(
        string="Direct Debit",
        compute="_compute_sdd_mandate_summary",
        help="State and grade of the mandate with which this customer would be debited.",
    )

    def _compute_sdd_mandate_count(self):
        counts = dict(
            self.env["sdd.mandate"]._read_group(
                [("partner_id", "child_of", self.ids)], ["partner_id"], ["__count"]
            )
        )
        for partner in self:
            family = partner | partner.child_ids
            partner.sdd_mandate_count = sum(counts.get(member, 0) for member in family)

    @api.depends_context("lang", "company")
    def _compute_sdd_mandate_summary(self):
        for partner in self:
            mandate = partner.commercial_partner_id._get_latest_sdd_mandate(self.env.company)
            labels = dict(mandate._fields["state"]._description_selection(self.env))
            words = [labels.get(mandate.state), mandate.evidence_grade]
            partner.sdd_mandate_summary = " · ".join(filter(None, words))

    def _get_latest_sdd_mandate(self, company):
        """Return the mandate with which these customers would be debited, or the one nearest to it.

        :param company: the creditor.
        :rtype: `sdd.mandate` record, empty when they never gave one
        """
        mandates = self.env["sdd.mandate"].search(
            [("partner_id", "child_of", self.ids), ("company_id", "=", company.id)]
        )
        return mandates.sorted(lambda m: (STATE_ORDER.index(m.state), -m.id))[:1]

    def action_view_sdd_mandates(self):
        """Open the mandates of this customer and his contacts."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_mandate")
        action["domain"] = [("partner_id", "child_of", self.id)]
        action["context"] = {"default_partner_id": self.id}
        return action
