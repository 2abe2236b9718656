import base64
import hashlib
import logging

from odoo import api, fields, models
from psycopg2 import OperationalError

from ...sepa import archive, bankfile, kinds
from . import const
from .cancellation_import import CancellationImport
from .statement_import import StatementImport
from .status_import import StatusImport

_logger = logging.getLogger(__name__)

#: Which importer reads which family of files.
IMPORTERS = {
    "pain.002": StatusImport,
    "camt.029": CancellationImport,
    "camt.052": StatementImport,
    "camt.053": StatementImport,
    "camt.054": StatementImport,
    "mt940": StatementImport,
}


class SddBankMessage(models.Model):
    """One file from the bank: what it was, what was done with it, what a person must look at."""

    _name = "sdd.bank.message"
    _description = "Bank Message"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True

    name = fields.Char(string="File", required=True, readonly=True)
    company_id = fields.Many2one("res.company", required=True, readonly=True, index=True)
    journal_id = fields.Many2one("account.journal", string="Bank", readonly=True, index=True)
    file_data = fields.Binary(
        string="Content",
        attachment=True,
        readonly=True,
        groups="support_debit.group_accountant",
        help="Holds account numbers in clear.",
    )
    checksum = fields.Char(string="SHA-256", required=True, readonly=True)
    kind = fields.Char(readonly=True, index=True, help="What the file is, such as camt.053.001.08.")
    family = fields.Selection(
        [
            ("status", "Answer to a batch"),
            ("statement", "Account statement"),
            ("notice", "Notice of entries"),
            ("other", "Other"),
        ],
        string="What it is",
        compute="_compute_family",
        store=True,
    )
    reference = fields.Char(string="Bank's Message ID", readonly=True)
    is_journal_chosen = fields.Boolean(
        string="Bank chosen by hand", readonly=True, help="A person has said which bank it is for."
    )
    is_only_source = fields.Boolean(
        string="Only source of entries",
        readonly=True,
        help="The bank gives no other list of what it has booked, such as over FinTS: a report of"
        " the day (camt.052) makes statement lines, too.",
    )
    state = fields.Selection(
        [
            ("done", "Done"),
            ("attention", "Look at it"),
            ("ignored", "Not for us"),
            ("failed", "Not readable"),
        ],
        string="Status",
        default="done",
        required=True,
        readonly=True,
        index=True,
        tracking=True,
    )
    settled_count = fields.Integer(string="Settled", readonly=True)
    returned_count = fields.Integer(string="Came back", readonly=True)
    line_count = fields.Integer(string="Statement Lines", readonly=True)
    debit_ids = fields.Many2many(
        "sdd.debit",
        "sdd_bank_message_debit_rel",
        "message_id",
        "debit_id",
        string="Debits",
        readonly=True,
    )
    debit_count = fields.Integer(compute="_compute_counts")
    batch_ids = fields.Many2many(
        "sdd.batch",
        "sdd_bank_message_batch_rel",
        "message_id",
        "batch_id",
        string="Batches",
        readonly=True,
    )
    batch_count = fields.Integer(compute="_compute_counts")
    statement_line_ids = fields.One2many(
        "account.bank.statement.line", "sdd_message_id", readonly=True
    )
    return_ids = fields.One2many("sdd.return", "message_id", string="Returns", readonly=True)

    _checksum_unique = models.Constraint(
        "UNIQUE(company_id, checksum)", "This very file was imported before."
    )

    @api.depends("kind")
    def _compute_family(self):
        for message in self:
            message.family = const.FAMILIES.get((message.kind or "")[:8], "other")

    @api.depends("debit_ids", "batch_ids")
    def _compute_counts(self):
        for message in self:
            message.debit_count = len(message.debit_ids)
            message.batch_count = len(message.batch_ids)

    # === ACTION METHODS === #

    def action_view_debits(self):
        """Open the debits that these files speak of."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [("id", "in", self.debit_ids.ids)]
        action["context"] = {}
        return action

    def action_view_batches(self):
        """Open the batches that these files answer."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_batch")
        action["domain"] = [("id", "in", self.batch_ids.ids)]
        return action

    def action_view_statement_lines(self):
        """Open the statement lines that these files made."""
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Statement Lines"),
            "res_model": "account.bank.statement.line",
            "view_mode": "list",
            "views": [(self.env.ref("support_debit.statement_line_view_list").id, "list")],
            "domain": [("sdd_message_id", "in", self.ids)],
        }

    def action_read_again(self):
        """Work through these files once more; what was booked before stays as it is."""
        self.check_access("write")
        for message in self.sudo().filtered(lambda m: m.state in const.STATES_TO_READ_AGAIN):
            message.activity_unlink(["mail.mail_activity_data_todo"])
            message._work_through(base64.b64decode(message.file_data))

    # === BUSINESS METHODS === #

    @api.private
    @api.model
    def import_file(self, journal, file_name, content):
        """Take in one file from the bank. The same file again changes nothing.

        :param journal: `account.journal` the file is for; may be empty, the file says it itself.
        :param str file_name: the name to show.
        :param bytes content: the file; an archive with several of them is unpacked.
        :return: the message, with what was found; one for each file of an archive.
        :rtype: `sdd.bank.message` recordset
        """
        messages = self.browse()
        for name, data in self._unpack(file_name, content):
            messages |= self._import_one(journal, name, data)
        return messages

    @api.model
    def _unpack(self, file_name, content):
        """Return the files that came as one, as (name, content).

        An archive that cannot be unpacked stays one file, and says so on its message.
        """
        if archive.is_archive(content):
            try:
                members = archive.unpack(content)
            except bankfile.BankFileError:
                return [(file_name, content)]
            return [(f"{file_name}: {name}", data) for name, data in members]
        return [(file_name, content)]

    def _import_one(self, journal, file_name, content):
        """Take in one file that is no archive; parameters and result as for `import_file`."""
        company = journal.company_id or self.env.company
        checksum = hashlib.sha256(content).hexdigest()
        known = self.search([("company_id", "=", company.id), ("checksum", "=", checksum)], limit=1)
        if known:
            # What failed may have been our own fault, and what was for no account of ours may be
            # for one now: both get another chance.
            again = known.filtered(lambda m: m.state in ("failed", "ignored"))
            if self.env.context.get("sdd_is_journal_chosen"):
                # In sudo mode: what a file is for is written by the program only.
                again.sudo().write({"journal_id": journal.id, "is_journal_chosen": True})
            again.action_read_again()
            return known
        # In sudo mode: reading a file books entries that an accountant may not write by hand.
        message = self.sudo().create(
            {
                "name": file_name,
                "company_id": company.id,
                "journal_id": journal.id,
                "checksum": checksum,
                "file_data": base64.b64encode(content),
                "is_journal_chosen": self.env.context.get("sdd_is_journal_chosen", False),
                "is_only_source": self.env.context.get("sdd_is_only_source", False),
            }
        )
        message._work_through(content)
        return message.with_env(self.env)

    def _work_through(self, content):
        """Read the file and carry out what it says, all of it or nothing.

        Note: self.ensure_one()

        :param bytes content: the file.
        """
        self.ensure_one()
        try:
            self.kind = kinds.detect(content)
            importer = IMPORTERS.get(self.kind[:8])
            if importer is None:
                self._finish(
                    [{"code": "not_needed", "params": {"format": self.kind}}], ignored=True
                )
                return
            with self.env.cr.savepoint():
                importer(self, content).run()
        except bankfile.BankFileError as error:
            self._finish([{"code": error.code, "params": error.params}], failed=True)
        except OperationalError:
            # Another worker was in the way; whoever reads the file tries again.
            raise
        except Exception as error:
            # The savepoint took everything back; the file is kept with what went wrong.
            _logger.exception("Bank file %s could not be worked through", self.name)
            self._finish([{"code": "failed", "params": {"error": str(error)}}], failed=True)
