"""What the tests of pre-notifications share: telling customers, and a mail server that answers."""

from unittest.mock import Mock, patch

from odoo.addons.base.models.ir_mail_server import IrMail_Server

from .common import SupportDebitCommon


class NoticeCommon(SupportDebitCommon):
    def _collect(self):
        """Return the batches of what is due."""
        return self.env["sdd.batch"]._create_due_batches(self.journal)

    def _run_job(self):
        """Run the job that tells the customers."""
        with self._without_commits():
            self.env["sdd.debit"]._cron_prenotify()
        self.env.invalidate_all()

    def _get_mail(self, debit):
        """Return the e-mail that tells of a debit."""
        return debit.sudo()._get_last_notice().mail_message_id.mail_ids

    def _send(self, mails, error=None):
        """Let the mail server take, or refuse, these e-mails."""
        answer = {"side_effect": error} if error else {"return_value": "<id@example.com>"}
        with (
            patch.object(IrMail_Server, "_disable_send", return_value=False),
            patch.object(IrMail_Server, "_connect__", return_value=Mock()),
            patch.object(IrMail_Server, "send_email", **answer),
        ):
            mails.send()
        self.env.invalidate_all()

    def _refuse(self, mails):
        """Let the mail server refuse these e-mails."""
        with self.assertLogs("odoo.addons.mail.models.mail_mail", "ERROR"):
            self._send(mails, OSError("Relay denied"))
