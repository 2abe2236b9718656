"""Completing very long statements in the background."""

import base64

from odoo import api, fields, models

from .statement_rest import StatementRest


class SddBankMessage(models.Model):
    _inherit = "sdd.bank.message"

    left_count = fields.Integer(
        string="Lines to come",
        readonly=True,
        help="Entries of a very long statement whose lines are made in the background.",
    )

    _left_index = models.Index("(id) WHERE left_count > 0")

    def _complete_later(self):
        """Have the job make the statement lines that are missing."""
        self.env.ref("support_debit.cron_complete_statements")._trigger()

    @api.model
    def _cron_complete_statements(self):
        """Make the missing lines of long statements, in committed portions."""
        messages = self.search([("left_count", ">", 0)], order="id")
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=len(messages))
        for message in messages:
            message = message.try_lock_for_update().filtered(lambda m: m.left_count > 0)
            if message:
                job = StatementRest(message.sudo(), base64.b64decode(message.file_data))
                job.run()
                if job.is_stopped:
                    break
            if not cron._commit_progress(1):
                break
