from odoo import api, fields, models


class AccountBankStatementLine(models.Model):
    _inherit = "account.bank.statement.line"

    sdd_message_id = fields.Many2one(
        "sdd.bank.message", string="Bank File", readonly=True, index="btree_not_null"
    )
    sdd_entry_key = fields.Char(string="Bank's Entry Reference", readonly=True, copy=False)
    sdd_entry_date = fields.Date(
        string="Booked by the Bank on",
        readonly=True,
        copy=False,
        help="Another day than the line's when that was in a locked period.",
    )
    sdd_entry_place = fields.Char(string="Place in the Bank File", readonly=True, copy=False)

    _sdd_entry_unique = models.UniqueIndex(
        "(journal_id, sdd_entry_key) WHERE sdd_entry_key IS NOT NULL",
        "This entry of the statement was imported already.",
    )

    def action_view_sdd_entry(self):
        """Open the journal entry of this line; the list of a bank file has no form of its own."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "account.move",
            "view_mode": "form",
            "res_id": self.move_id.id,
        }

    def action_undo_reconciliation(self):
        """Override of `account`: what settles debits or takes them back is not undone by hand."""
        self.move_id._sdd_refuse_undo()
        return super().action_undo_reconciliation()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_with_debits(self):
        self.move_id._sdd_refuse_undo()
