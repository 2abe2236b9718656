from odoo import fields, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    support_subscription_id = fields.Many2one(
        "support.subscription", string="Support Subscription", index="btree_not_null", copy=False
    )


class AccountMove(models.Model):
    _inherit = "account.move"

    def _get_support_subscriptions(self):
        """Return the subscriptions that these invoices bill: first invoices and renewals.

        :rtype: `support.subscription` recordset (sudo: the caller may not read orders).
        """
        # In sudo mode: a debit that comes back must find the support it paid for, whoever imports it.
        lines = self.sudo().line_ids
        return lines.support_subscription_id | lines.sale_line_ids.support_subscription_ids
