import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html

_logger = logging.getLogger(__name__)


class SddBatch(models.Model):
    _name = "sdd.batch"
    _inherit = ["sdd.batch", "sdd.deliverable"]
    _handover_field = "batch_id"

    handover_ids = fields.One2many("sdd.handover", "batch_id", string="Hand-overs", readonly=True)
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

    def action_download(self):
        """Override to write down who has taken the file out of the house."""
        if not self.connection_kind or self.connection_kind == "manual":
            text = self.env._("Downloaded by %s.", self.env.user.name)
            self.env["sdd.handover"]._log(self, "downloaded", text)
        return super().action_download()

    def action_submit(self):
        """Override: FinTS asks for PIN and TAN, so a dialog takes over."""
        by_fints = self.filtered(lambda b: b.connection_kind == "fints")
        if not by_fints:
            return super().action_submit()
        if len(self) > 1:
            raise UserError(
                self.env._("With FinTS every file needs a TAN. Open the batches one by one.")
            )
        self._check_can_be_submitted()
        return self.env["sdd.fints.wizard"]._action_send(self)

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
        """Override to use the journal's connection; see `sdd.deliverable`."""
        super()._hand_over()
        self._start_handover()

    @api.model
    def _cron_collect(self):
        """Make the files that are due and hand over those that need no person.

        Commits after each file; run again after a crash it finishes the rest.
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
            files = self._run_step(journal, self._plan_files, journal)
            cron._commit_progress()
            for members in files or ():
                self._run_step(journal, self._make_planned_file, members)
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
        :return: what the step returns; None when it fails.
        """
        try:
            with self.env.cr.savepoint():
                return step(*args)
        except UserError as error:
            _logger.warning("%s: %s", subject.display_name, error)
            summary = self.env._("Direct debits could not be sent to the bank")
            if summary not in subject.activity_ids.mapped("summary"):
                journal = subject if subject._name == "account.journal" else subject.journal_id
                subject.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=journal._sdd_get_responsible().id,
                    summary=summary,
                    note=plaintext2html(str(error)),
                )
        return None
