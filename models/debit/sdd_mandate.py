from odoo import fields, models
from odoo.tools import format_amount, format_date


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
            # In sudo mode: support staff end mandates without rights on debits.
            debits = self.sudo().debit_ids
            waiting = debits.filtered(lambda d: d.state in ("queued", "held"))
            waiting._cancel(self.env._("The mandate is not valid any more."))
        return res

    def _get_revocation_notice(self):
        """Override to say what becomes of the debits that are under way."""
        notice = super()._get_revocation_notice()
        # In sudo mode: the customer reads about his own debits.
        debits = self.sudo().debit_ids
        waiting = debits.filtered(lambda d: d.state in ("queued", "held"))
        under_way = debits.filtered(lambda d: d.state in ("batched", "submitted"))
        for debit in waiting:
            notice.append(
                self.env._(
                    "The debit of %(amount)s due on %(date)s is cancelled; the invoice stays open and must be paid another way.",
                    **debit._get_notice_values(),
                )
            )
        for debit in under_way:
            if debit.state == "batched":
                text = self.env._(
                    "The debit of %(amount)s due on %(date)s stands in a file for the bank; it is taken out if the file has not left.",
                    **debit._get_notice_values(),
                )
            else:
                text = self.env._(
                    "The debit of %(amount)s due on %(date)s is at the bank already and will still happen. It can be refused or refunded by the debtor's bank.",
                    **debit._get_notice_values(),
                )
            notice.append(text)
        return notice


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_notice_values(self):
        """Return amount and date as they stand in a sentence.

        Note: self.ensure_one()

        :rtype: dict[str, str]
        """
        self.ensure_one()
        return {
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "date": format_date(self.env, self.collection_date),
        }
