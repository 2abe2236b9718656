import logging
import os
import re
import time
from functools import partial
from pathlib import Path

from odoo import api, fields, models
from odoo.exceptions import UserError
from psycopg2 import IntegrityError

from ...sepa import completeness
from . import const

_logger = logging.getLogger(__name__)


class SddBankConnection(models.Model):
    """How files travel between a journal and its bank."""

    _name = "sdd.bank.connection"
    _description = "Bank Connection"
    _order = "name"
    _check_company_auto = True

    name = fields.Char(required=True)
    active = fields.Boolean(default=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    kind = fields.Selection(
        [
            ("manual", "By hand: download and upload"),
            ("folder", "Folders, as EBICS clients use them"),
            ("fints", "FinTS with PIN and TAN (Germany)"),
        ],
        required=True,
        default="manual",
    )
    drop_folder = fields.Char(
        groups="base.group_system", help="Files for the bank are put here, each complete at once."
    )
    pickup_folder = fields.Char(
        groups="base.group_system",
        help="Files from the bank are read here and moved to “processed”.",
    )
    journal_ids = fields.One2many("account.journal", "sdd_connection_id", string="Journals")
    last_fetch = fields.Datetime(string="Last look", readonly=True)
    last_error = fields.Char(readonly=True)

    def action_fetch(self):
        """Read the files that wait in the pickup folders now."""
        messages = self.env["sdd.bank.message"]
        messages.check_access("write")
        for connection in self:
            messages |= connection._fetch()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_bank_message"
        )
        action["domain"] = [("id", "in", messages.ids)] if messages else []
        return action

    def _check_folder(self, path):
        """Raise a UserError when a folder cannot be used.

        :param str path: the folder as configured.
        :return: the folder.
        :rtype: Path
        """
        folder = Path(path or "")
        if not path or not folder.is_absolute():
            raise UserError(
                self.env._("Connection “%s” needs the full path of its folder.", self.name)
            )
        if not folder.is_dir() or not os.access(folder, os.W_OK):
            raise UserError(
                self.env._(
                    "Connection “%(name)s”: the folder %(folder)s does not exist or may not be written.",
                    name=self.name,
                    folder=path,
                )
            )
        return folder

    def _get_drop_folder(self):
        """Return the folder for outgoing files, checked.

        Note: self.ensure_one()

        :rtype: Path
        """
        self.ensure_one()
        # In sudo mode: accountants submit batches without seeing the server's folders.
        return self._check_folder(self.sudo().drop_folder)

    @api.model
    def _cron_fetch(self):
        """Read what the banks have put into the pickup folders, file by file."""
        self.env["sdd.handover"]._give_up_stale()
        connections = self.search([("kind", "=", "folder"), ("pickup_folder", "!=", False)])
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(connections))
        for connection in connections:
            connection._fetch(commit=True)
            cron._commit_progress(1)

    def _fetch(self, commit=False):
        """Import the files of one pickup folder. A file read twice changes nothing.

        Note: self.ensure_one()

        :param bool commit: commit after each file, as the job does.
        :rtype: `sdd.bank.message` recordset
        """
        self.ensure_one()
        messages = self.env["sdd.bank.message"]
        try:
            folder = self._check_folder(self.sudo().pickup_folder)
        except UserError as error:
            self._note_fetch(str(error))
            return messages
        (folder / const.PROCESSED_FOLDER).mkdir(exist_ok=True)
        faults = []
        for path in self._list_files(folder):
            try:
                content = path.read_bytes()
            except FileNotFoundError:
                continue  # Somebody else reads the folder, too, and was faster.
            except OSError as error:
                faults.append(f"{path.name}: {error.strerror}")
                continue
            if self._is_being_written(path, content):
                continue  # The next look finds it finished.
            messages |= self._import_fetched(path, content, commit)
        self._note_fetch(", ".join(faults))
        return messages

    def _import_fetched(self, path, content, commit):
        """Import one file of the pickup folder, then put it away.

        Note: self.ensure_one()

        :param pathlib.Path path: where it was read.
        :param bytes content: the file.
        :param bool commit: commit before it is put away.
        :return: empty when another worker has it.
        :rtype: `sdd.bank.message` recordset
        """
        messages = self.env["sdd.bank.message"].with_company(self.company_id)
        # Several journals may share a connection: the file itself says which one it is for.
        try:
            with self.env.cr.savepoint():
                message = messages.import_file(self.journal_ids[:1], path.name, content)
        except IntegrityError:
            # Another worker reads the very same file at this moment and puts it away.
            return messages
        # Moved only after the commit: a file may be read twice, never lost.
        if commit:
            self.env["ir.cron"]._commit_progress()
            self._put_away(path)
        else:
            self.env.cr.postcommit.add(partial(self._put_away, path))
        return message

    @staticmethod
    def _is_being_written(path, content):
        """Return whether a file lacks its end and was changed just now.

        :param pathlib.Path path: where it was read.
        :param bytes content: what stood in it.
        """
        if completeness.is_complete(content):
            return False
        try:
            age = time.time() - path.stat().st_mtime
        except OSError:
            return True  # Gone, or out of reach: the next look tells.
        # The clock of the folder's server may go ahead of ours.
        return abs(age) < const.SECONDS_TO_FINISH

    @staticmethod
    def _put_away(path):
        """Move a file that has been read out of the way; an earlier one of its name is kept."""
        target = path.parent / const.PROCESSED_FOLDER / path.name
        number = 0
        try:
            while target.exists():
                number += 1
                target = target.with_name(f"{path.stem}-{number}{path.suffix}")
            path.replace(target)
        except OSError as error:
            _logger.warning("%s was read but could not be moved: %s", path, error.strerror)

    def _note_fetch(self, error):
        """Remember when the folder was looked into and what was wrong with it."""
        # In sudo mode: accountants read files, but do not set connections up.
        self.sudo().write({"last_error": error, "last_fetch": fields.Datetime.now()})

    @staticmethod
    def _list_files(folder):
        """Return the finished files of a folder in the order in which the bank wrote them."""

        def natural(path):
            numbers = [int(number) for number in re.findall(r"\d+", path.name)]
            return path.stat().st_mtime_ns, numbers, path.name

        paths = [
            path
            for path in folder.iterdir()
            if path.is_file()
            and not path.name.startswith(".")
            and path.suffix not in (".tmp", ".part")
        ]
        return sorted(paths, key=natural)
