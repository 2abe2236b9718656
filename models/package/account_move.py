from odoo import api, fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    support_subscription_id = fields.Many2one(
        "support.subscription", index="btree_not_null", copy=False
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    support_subscription_count = fields.Integer(compute="_compute_support_subscription_count")

    @api.depends("line_ids.support_subscription_id", "line_ids.sale_line_ids")
    def _compute_support_subscription_count(self):
        for move in self:
            move.support_subscription_count = len(move._get_support_subscriptions())

    def action_view_support_subscriptions(self):
        """Open the subscriptions that these invoices bill."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_support_subscription"
        )
        action["domain"] = [("id", "in", self._get_support_subscriptions().ids)]
        action["context"] = {}
        return action

    def _get_support_subscriptions(self):
        """Return the subscriptions that these invoices bill: first invoices and renewals.

        :rtype: `support.subscription` recordset (sudo: the caller may not read orders).
        """
        # In sudo mode: a debit that comes back must find the support it paid for, whoever imports it.
        lines = self.sudo().line_ids
        return lines.support_subscription_id | lines.sale_line_ids.support_subscription_ids
