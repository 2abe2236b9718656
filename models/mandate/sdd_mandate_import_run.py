"""Creates the mandates of a checked file: all at once, or in committed chunks by a job.

A chunk is one transaction: its customers, accounts, mandates, their history, and the note on each
line which mandate it became. Killed anywhere, the next run goes on with the lines without a mandate.
"""

import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import mute_logger
from psycopg2 import OperationalError
from psycopg2.errors import UniqueViolation

from ...sepa import mandate_file, references
from .sdd_mandate_import import AT_ONCE
from .sdd_mandate_import_create import MandateMaker

_logger = logging.getLogger(__name__)

#: Mandates in one transaction of the job.
CHUNK = 200


class SddMandateImport(models.Model):
    _inherit = "sdd.mandate.import"

    # === ACTION METHODS === #

    def action_import(self):
        """Create the mandates of the chosen lines: all of them, or none."""
        self._check_state("checked")
        self._check_chosen()
        self.sudo().write({"user_id": self.env.uid})
        waiting = self._get_waiting_lines()
        if len(waiting) > AT_ONCE:
            self._move_to("running")
            # In sudo mode: the job is the program's own.
            self.env.ref("support_debit.cron_import_mandates").sudo()._trigger()
            return None
        try:
            with mute_logger("odoo.sql_db"):
                # Nothing waits when somebody else has imported the rest meanwhile.
                complete = not waiting or self._import_lines(waiting, self._read_rows())
                self.env.flush_all()
        except UniqueViolation as error:
            raise UserError(
                self.env._(
                    "Somebody else has imported one of these mandates at the same moment. Nothing was"
                    " imported now: check the file again."
                )
            ) from error
        if not complete:
            return None
        self._finish()
        return self.action_view_mandates()

    # === BUSINESS METHODS === #

    def _check_chosen(self):
        """Raise a UserError when a chosen line is wrong, or none is chosen.

        Note: self.ensure_one()
        """
        wrong = self.line_ids.filtered(lambda line: line.chosen and line.severity == "error")
        if wrong:
            numbers = ", ".join(str(number) for number in wrong[:10].mapped("number"))
            raise UserError(
                self.env._(
                    "%(count)s of the chosen lines are wrong, so nothing is imported. Correct them in"
                    " the file and upload it again, or untick them. They are lines %(numbers)s.",
                    count=len(wrong),
                    numbers=numbers + (" …" if len(wrong) > 10 else ""),
                )
            )
        if not self._get_waiting_lines(limit=1) and not self.line_ids.mandate_id:
            raise UserError(self.env._("No line is chosen. Tick those that are to be imported."))

    def _get_waiting_lines(self, limit=None):
        """Return the chosen lines that are no mandates yet, in the order of the file.

        Note: self.ensure_one()
        """
        domain = [("import_id", "=", self.id), ("chosen", "=", True), ("mandate_id", "=", False)]
        return self.env["sdd.mandate.import.line"].search(domain, limit=limit, order="number")

    def _read_rows(self):
        """Return the rows of the file by their number, checked as in the dry run."""
        return {row.number: row for row in self._read_file().rows}

    def _import_lines(self, lines, rows):
        """Create the mandates of these lines, unless one of them became wrong since the dry run.

        Note: self.ensure_one()

        :param lines: `sdd.mandate.import.line` records.
        :param dict rows: `sepa.mandate_file.MandateRow` by number.
        :return: whether they were created; if not, the lines say why and the state is `checked`.
        :rtype: bool
        """
        chosen = [rows[line.number] for line in lines]
        self._check_references(chosen)
        if any(row.is_wrong for row in chosen):
            self._refuse_lines(lines, rows)
            return False
        mandates = MandateMaker(self, lines, rows).create()
        # In sudo mode: users only tick lines. What the mandate says need not be kept twice.
        for line, mandate in zip(lines.sudo(), mandates, strict=True):
            line.write(
                {"mandate_id": mandate.id, "holder": False, "customer": False, "iban_masked": False}
            )
        self._skip_references(mandates)
        return True

    def _refuse_lines(self, lines, rows):
        """Write down which lines became wrong since the dry run, and have the user decide.

        Note: self.ensure_one()
        """
        # In sudo mode: users only tick lines.
        for line in lines.sudo():
            row = rows[line.number]
            if row.is_wrong:
                findings = [self._pack_finding(finding) for finding in row.findings]
                line.write({"severity": "error", "findings": findings})
        if self.state != "checked":
            self._move_to("checked")

    def _finish(self):
        """Note that everything chosen is imported, and delete the file.

        Note: self.ensure_one()
        """
        self._move_to("done", done_date=fields.Datetime.now())
        # In sudo mode: the account numbers in it are no longer needed.
        self.sudo().file_data = False

    def _skip_references(self, mandates):
        """Let the company's own references begin behind those that were imported.

        An export of this add-on holds references of the same form; without this, the next customer
        would draw one of them.

        :param mandates: `sdd.mandate` records of this import's company.
        """
        prefix = f"{self.company_id.sdd_reference_prefix or 'M'}-"
        numbers = [
            int(middle)
            for name in mandates.mapped("name")
            if name.upper().startswith(prefix)
            and references.is_mandate_reference(name)
            and (middle := name.split("-")[1]).isdigit()
        ]
        # In sudo mode: sequences are the administrator's.
        sequences = self.env["ir.sequence"].sudo()
        sequence = sequences.search(
            [("code", "=", "sdd.mandate"), ("company_id", "in", [self.company_id.id, False])],
            order="company_id",
            limit=1,
        )
        if numbers and max(numbers) >= sequence.number_next_actual:
            sequence.number_next = max(numbers) + 1

    # === SCHEDULED JOBS === #

    @api.model
    def _cron_import(self):
        """Import the files that are waiting, chunk by chunk."""
        jobs = self.env["ir.cron"]
        imports = self.search([("state", "=", "running")], order="id")
        jobs._commit_progress(remaining=sum(len(one._get_waiting_lines()) for one in imports))
        for one in imports:
            as_user = one.with_user(one.user_id).with_context(
                allowed_company_ids=one.company_id.ids, lang=one.user_id.lang, tz=one.user_id.tz
            )
            if not as_user._run():
                break

    def _run(self):
        """Import this file as far as time allows.

        Note: self.ensure_one()

        :return: whether there is time for more.
        :rtype: bool
        """
        if self.state != "running":
            # Another worker was faster.
            return True
        try:
            rows = self._read_rows()
            while lines := self._get_waiting_lines(CHUNK):
                left = self._run_chunk(lines, rows)
                if not left or self.state != "running":
                    return bool(left)
            if self.try_lock_for_update() and self.state == "running":
                self._finish()
                return bool(self.env["ir.cron"]._commit_progress())
        except OperationalError:
            # Another process was in the way; the next run goes on.
            raise
        except Exception as error:
            # Whatever the reason: this import waits for a person, the next ones go on.
            self.env.cr.rollback()
            _logger.exception("Import %s of mandates stopped", self.id)
            self._stop(error)
        return True

    def _run_chunk(self, lines, rows):
        """Import one chunk and commit it.

        Note: self.ensure_one()

        :return: seconds left.
        """
        jobs = self.env["ir.cron"]
        if not self.try_lock_for_update():
            # Another worker is at it.
            return 0
        try:
            with mute_logger("odoo.sql_db"):
                self._import_lines(lines, rows)
                self.env.flush_all()
        except UniqueViolation:
            # Somebody else has just taken one of the references. Now it can be seen which.
            self.env.cr.rollback()
            self.env.invalidate_all()
            if not self.try_lock_for_update():
                return 0
            if self._import_lines(lines, rows):
                self.env.flush_all()
        return jobs._commit_progress(len(lines))

    def _stop(self, error):
        """Leave the rest of the file to a person, with the reason if it is one for people.

        Note: self.ensure_one()
        """
        reason = str(error) if isinstance(error, UserError) else self.env._("see the server's log")
        finding = mandate_file.Finding("hint", "stopped", params={"reason": reason})
        self.invalidate_recordset()
        if self.state == "running":
            self._move_to("checked")
        self.sudo().findings = [self._pack_finding(finding)]
        self.env["ir.cron"]._commit_progress()
