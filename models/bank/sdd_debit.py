from odoo import api, fields, models


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    return_ids = fields.One2many("sdd.return", "debit_id")
    reason_id = fields.Many2one(related="return_ids.reason_id", string="Return Reason")
    message_ids_bank = fields.Many2many(
        "sdd.bank.message",
        "sdd_bank_message_debit_rel",
        "debit_id",
        "message_id",
        string="Bank Files",
        readonly=True,
    )
    bank_message_count = fields.Integer(compute="_compute_bank_message_count", compute_sudo=True)
    return_on_statement = fields.Boolean(
        readonly=True, copy=False, help="The statement has shown the money going back."
    )
    return_statement_date = fields.Date(
        readonly=True,
        copy=False,
        help="The day on which the statement shows the money going back.",
    )

    separate_fee = fields.Monetary(
        readonly=True,
        copy=False,
        help="What the banks charged for the return in entries of their own; part of the return's fee.",
    )

    @api.depends("message_ids_bank")
    def _compute_bank_message_count(self):
        for debit in self:
            debit.bank_message_count = len(debit.message_ids_bank)

    def action_view_bank_messages(self):
        """Open the bank's files that speak of these debits."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_bank_message"
        )
        action["domain"] = [("debit_ids", "in", self.ids)]
        action["context"] = {}
        return action
