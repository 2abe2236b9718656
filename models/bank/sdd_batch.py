import logging
import os

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.tools import plaintext2html

_logger = logging.getLogger(__name__)


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    handover_state = fields.Selection(
        [("pending", "On its way"), ("delivered", "Delivered"), ("failed", "Not delivered")],
        string="Hand-over",
        readonly=True,
        copy=False,
        tracking=True,
    )
    handover_error = fields.Char(readonly=True, copy=False)
    connection_kind = fields.Selection(related="journal_id.sdd_connection_id.kind")
    bank_message_ids = fields.Many2many(
        "sdd.bank.message",
        "sdd_bank_message_batch_rel",
        "batch_id",
        "message_id",
        string="Bank Files",
        readonly=True,
    )
    bank_message_count = fields.Integer(compute="_compute_bank_message_count", compute_sudo=True)

    @api.depends("bank_message_ids")
    def _compute_bank_message_count(self):
        for batch in self:
            batch.bank_message_count = len(batch.bank_message_ids)

    # === ACTION METHODS === #

    def action_hand_over_again(self):
        """Put the file into the folder once more, because a person knows that the bank lacks it."""
        self.ensure_one()
        if self.handover_state not in ("failed", "pending"):
            raise UserError(self.env._("The bank has the file of batch %s.", self.name))
        self._hand_over()

    def action_confirm_delivered(self):
        """Note that the bank has the file, because a person has looked."""
        self.write({"handover_state": "delivered", "handover_error": False})

    def _note_answered(self):
        """The bank speaks of these batches, so it has their files, whatever the hand-over knows."""
        waiting = self.filtered(lambda b: b.handover_state in ("pending", "failed"))
        waiting.action_confirm_delivered()

    def action_view_bank_messages(self):
        """Open the bank's answers to these batches."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_bank_message"
        )
        action["domain"] = [("batch_ids", "in", self.ids)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _submits_by_itself(self):
        """Override: a folder takes files without a person."""
        return self.journal_id.sdd_connection_id.kind == "folder"

    def _hand_over(self):
        """Override to drop the file into the bank's folder as soon as the booking is committed.

        The batch is *on its way* until the folder has the file. A crash in between leaves it there:
        a person looks and decides, nothing is ever sent twice by itself.
        """
        res = super()._hand_over()
        if not self._submits_by_itself():
            return res
        path = self.journal_id.sdd_connection_id._get_drop_folder() / self.file_name
        content = self.file_content
        self.write({"handover_state": "pending", "handover_error": False})
        database, batch_id = self.env.cr.dbname, self.id
        self.env.cr.postcommit.add(lambda: self._deliver(database, batch_id, path, content))
        return res

    @staticmethod
    def _deliver(database, batch_id, path, content):
        """Write the file so that a reader sees all of it or nothing, then note the outcome."""
        values = {"handover_state": "delivered"}
        try:
            temporary = path.with_name(f".{path.name}.tmp")
            with open(temporary, "wb") as stream:
                stream.write(content)
                stream.flush()
                os.fsync(stream.fileno())
            os.replace(temporary, path)
        except OSError as error:
            _logger.warning("Batch %s could not be handed over: %s", batch_id, error.strerror)
            values = {"handover_state": "failed", "handover_error": str(error.strerror)}
        with Registry(database).cursor() as cr:
            env = api.Environment(cr, api.SUPERUSER_ID, {})
            env["sdd.batch"].browse(batch_id).exists().write(values)

    @api.model
    def _cron_collect(self):
        """Make the files that are due and hand over those that need no person.

        Commits after each batch; run again after a crash it finishes the rest.
        """
        cron = self.env["ir.cron"]
        generated = self.search([("state", "=", "generated")])
        # Too late for its due date: the debits are queued again and get the next possible one.
        generated.filtered(
            lambda b: b._submits_by_itself() and b.deadline < fields.Datetime.now()
        ).unlink()
        for journal in self._get_collecting_journals():
            if journal.company_id._sdd_get_missing(journal):
                continue
            self._run_step(journal, self._create_due_batches, journal)
            cron._commit_progress()
        waiting = self.search([("state", "=", "generated")]).filtered(
            lambda b: b._submits_by_itself()
        )
        cron._commit_progress(remaining=len(waiting))
        for batch in waiting:
            batch = batch.try_lock_for_update()
            if batch:
                self._run_step(batch, batch._submit_by_itself)
            if not cron._commit_progress(1):
                break

    def _submit_by_itself(self):
        """Submit a batch without a person, without the debits that are not to be collected now.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if self.debit_ids._find_uncollectable():
            self.action_generate()
        self.exists().action_submit()

    @api.model
    def _run_step(self, subject, step, *args):
        """Do one step of the job. What is wrong with one file must not stop the others.

        :param subject: the journal or batch that gets an activity when the step fails.
        :param step: function to call with `args`.
        """
        try:
            with self.env.cr.savepoint():
                step(*args)
        except UserError as error:
            _logger.warning("%s: %s", subject.display_name, error)
            summary = self.env._("Direct debits could not be sent to the bank")
            if summary not in subject.activity_ids.mapped("summary"):
                journal = subject if subject._name == "account.journal" else subject.journal_id
                subject.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=(journal.sdd_responsible_id or self.env.ref("base.user_admin")).id,
                    summary=summary,
                    note=plaintext2html(str(error)),
                )
