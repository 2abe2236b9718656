from odoo import fields, models
from odoo.exceptions import UserError


class SddBankImport(models.TransientModel):
    """Takes files from the bank that a person has downloaded there."""

    _name = "sdd.bank.import"
    _description = "Import Bank Files"

    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        domain="[('type', '=', 'bank')]",
        default=lambda self: self.env.company.sdd_journal_id,
    )
    attachment_ids = fields.Many2many("ir.attachment", string="Files")

    def action_import(self):
        """Read the files and show what came of them."""
        self.ensure_one()
        if not self.attachment_ids:
            raise UserError(self.env._("Please choose at least one file."))
        messages = self.env["sdd.bank.message"].with_context(sdd_is_journal_chosen=True)
        # In the order in which they were chosen; a list of attachments has the newest first.
        for attachment in self.attachment_ids.sorted("id"):
            messages |= messages.import_file(
                self.journal_id, attachment.name, attachment.raw or b""
            )
        return messages._get_imported_action()
