import logging
import os

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry

from . import const

_logger = logging.getLogger(__name__)


class SddDeliverable(models.AbstractModel):
    """A document whose file goes to the bank over the journal's connection.

    The model has `file_name`, `file_data`, `file_content` and `handover_ids`.
    """

    _name = "sdd.deliverable"
    _description = "File for the Bank"

    #: The field of `sdd.handover` that points at records of the model.
    _handover_field = None

    journal_id = fields.Many2one("account.journal")
    company_id = fields.Many2one("res.company")
    handover_state = fields.Selection(
        [
            ("pending", "On its way"),
            ("delivered", "Delivered"),
            ("failed", "Not delivered"),
            ("unknown", "Submission unknown"),
        ],
        string="Hand-over",
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    handover_error = fields.Char(readonly=True, copy=False)
    handover_is_unknown = fields.Boolean(
        compute="_compute_handover_is_unknown",
        compute_sudo=True,
        help="Nobody knows whether the bank has the file: the attempt was cut off.",
    )
    connection_kind = fields.Selection(related="journal_id.sdd_connection_id.kind")

    @api.depends("handover_state")
    def _compute_handover_is_unknown(self):
        limit = fields.Datetime.subtract(fields.Datetime.now(), minutes=const.PATIENCE_MINUTES)
        for document in self:
            last = document.handover_ids.sorted("id")[-1:]
            # The job says so, too, but whoever opens the document need not wait for it.
            document.handover_is_unknown = document.handover_state == "unknown" or (
                document.handover_state == "pending" and (not last or last.started < limit)
            )

    # === ACTION METHODS === #

    def action_hand_over_again(self):
        """Bring the file to the bank once more, because a person knows that the bank lacks it."""
        self.ensure_one()
        self.check_access("write")
        self.lock_for_update()
        self.invalidate_recordset(["handover_state", "handover_is_unknown"])
        if self.handover_state == "pending" and not self.handover_is_unknown:
            raise UserError(
                self.env._(
                    "%s is on its way to the bank just now. Wait a moment.", self.display_name
                )
            )
        if self.handover_state not in ("failed", "unknown", "pending"):
            raise UserError(self.env._("The bank has the file of %s.", self.display_name))
        self._close_attempts(
            "failed", self.env._("%s: the bank does not have it.", self.env.user.name)
        )
        return self._start_handover()

    def action_confirm_delivered(self):
        """Note that the bank has the file, because a person has looked."""
        self.check_access("write")
        for document in self:
            text = self.env._("%s: the bank has it.", self.env.user.name)
            if not document._close_attempts("confirmed", text):
                self.env["sdd.handover"]._log(document, "confirmed", text)
        self.sudo().write({"handover_state": "delivered", "handover_error": False})

    # === BUSINESS METHODS === #

    def _was_submitted(self):
        """Return whether the file counts as sent: it was booked and belongs to the bank."""
        return self.state not in ("draft", "generated")

    def _close_attempts(self, outcome, message):
        """Decide attempts whose outcome was open.

        :return: the attempts.
        :rtype: `sdd.handover` recordset
        """
        undecided = (*const.OPEN_OUTCOMES, "unknown")
        attempts = self.sudo().handover_ids.filtered(lambda h: h.outcome in undecided)
        attempts._finish(outcome, message)
        return attempts

    def _note_answered(self):
        """The bank speaks of these files, so it has them, whatever the hand-over knows."""
        waiting = self.filtered(lambda d: d.handover_state not in (False, "delivered"))
        waiting._close_attempts("delivered", self.env._("The bank has answered."))
        waiting.sudo().write({"handover_state": "delivered", "handover_error": False})

    def _start_handover(self):
        """Hand the file over the way of the journal's connection.

        Note: self.ensure_one()

        :return: an action where a person is needed, else None.
        """
        self.ensure_one()
        return getattr(self, f"_hand_over_{self.connection_kind or 'manual'}")()

    def _hand_over_manual(self):
        """A person has uploaded the file at the bank."""
        text = self.env._("Marked as uploaded by %s.", self.env.user.name)
        self.env["sdd.handover"]._log(self)._finish("confirmed", text)

    def _hand_over_folder(self):
        """Put the file into the folder as soon as this transaction, with the log row, is committed.

        The file is *on its way* until the folder has it. A crash in between leaves it there: a person
        looks and decides, nothing is ever sent twice by itself.
        """
        path = self.journal_id.sdd_connection_id._get_drop_folder() / self.file_name
        content = self.file_content
        handover = self.env["sdd.handover"]._log(self)
        handover._finish("started")
        database, handover_id = self.env.cr.dbname, handover.id
        self.env.cr.postcommit.add(lambda: self._deliver(database, handover_id, path, content))

    @staticmethod
    def _deliver(database, handover_id, path, content):
        """Write the file so that a reader sees all of it or nothing, then note the outcome."""
        outcome, message = "delivered", False
        try:
            temporary = path.with_name(f".{path.name}.tmp")
            with open(temporary, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except OSError as error:
            _logger.warning("Hand-over %s failed: %s", handover_id, error.strerror)
            outcome, message = "failed", str(error.strerror)
        with Registry(database).cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["sdd.handover"].browse(handover_id).exists()._finish(outcome, message)
