import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sepa import bank_directory


class SddBankDirectoryImport(models.TransientModel):
    """Reads a directory of reachable banks, says what it holds, then puts it in place of the old one."""

    _name = "sdd.bank.directory.import"
    _description = "Import Bank Directory"

    file_data = fields.Binary(string="File", attachment=False)
    file_name = fields.Char()
    valid_from = fields.Date(
        help="Since when the directory holds. Taken from the file if it says so."
    )
    state = fields.Selection([("file", "Choose"), ("ready", "Check")], default="file")
    bank_count = fields.Integer(string="Banks in the file", readonly=True)
    core_count = fields.Integer(string="Take SEPA Core", readonly=True)
    b2b_count = fields.Integer(string="Take SEPA B2B", readonly=True)
    left_out_count = fields.Integer(string="Rows left out", readonly=True)
    findings = fields.Text(string="Why", readonly=True)
    new_count = fields.Integer(string="New banks", readonly=True)
    gone_count = fields.Integer(string="Banks that are no longer in it", readonly=True)
    current_from = fields.Date(
        string="The present one holds since", compute="_compute_current_from"
    )
    lost_count = fields.Integer(
        string="Mandates whose banks are not reachable",
        readonly=True,
        help="Active mandates; what they collect will wait.",
    )

    def _compute_current_from(self):
        self.current_from = self.env["sdd.bank.directory"]._get_valid_from()

    @api.onchange("file_data")
    def _onchange_file_data(self):
        self.state = "file"

    def action_check(self):
        """Read the file and say what it holds; nothing is changed yet."""
        self.ensure_one()
        directory = self._read()
        known = set(self.env["sdd.bank.directory"].search([]).mapped("bic"))
        bics = {entry.bic for entry in directory.entries}
        self.write(
            {
                "state": "ready",
                "valid_from": directory.valid_from or self.valid_from,
                "bank_count": len(bics),
                "core_count": sum(entry.core for entry in directory.entries),
                "b2b_count": sum(entry.b2b for entry in directory.entries),
                "left_out_count": directory.left_out,
                "findings": "\n".join(str(finding) for finding in directory.findings[:20]),
                "new_count": len(bics - known),
                "gone_count": len(known - bics),
                "lost_count": self._count_lost(directory),
            }
        )
        return self._reopen()

    def action_import(self):
        """Put the directory in place of the old one and show it."""
        self.ensure_one()
        directory = self._read()
        valid_from = self.valid_from or directory.valid_from
        if not valid_from:
            raise UserError(self.env._("Enter since when the directory holds."))
        if valid_from > fields.Date.context_today(self):
            raise UserError(
                self.env._("This directory holds from %s on. Import it then.", valid_from)
            )
        self.env["sdd.bank.directory"]._replace(directory, valid_from)
        return self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_bank_directory"
        )

    def _read(self):
        """Return the `sepa.bank_directory.Directory` of the file.

        :raise UserError: when there is none, or the file is no directory.
        """
        if not self.file_data:
            raise UserError(self.env._("Choose a file first."))
        try:
            return bank_directory.read(base64.b64decode(self.file_data))
        except bank_directory.DirectoryError as error:
            raise UserError(self._describe_error(error)) from error

    def _describe_error(self, error):
        """Return what is wrong with a file and what to do, in the user's language."""
        texts = {
            "size": self.env._("The file is too large for a directory of banks."),
            "empty": self.env._("The file names no bank."),
            "header": self.env._(
                "This is no directory of banks: no line names the columns BIC, CORE (or COR) and B2B."
                " Take the SCL directory of the Deutsche Bundesbank as CSV, or a table with the"
                " columns bic, core and b2b."
            ),
        }
        return texts[error.code]

    def _count_lost(self, directory):
        """Return how many active mandates have accounts at banks that the directory rules out."""
        banks = {entry.bic: entry for entry in directory.entries}
        mandates = self.env["sdd.mandate"].search([("state", "=", "active")])
        lost = 0
        for mandate in mandates:
            names = bank_directory.candidates(mandate._get_bic())
            bank = next((banks[name] for name in names if name in banks), None)
            lost += bool(names) and not (
                bank and (bank.b2b if mandate.scheme == "B2B" else bank.core)
            )
        return lost

    def _reopen(self):
        """Return the action that shows this wizard again."""
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }
