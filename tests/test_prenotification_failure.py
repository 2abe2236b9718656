"""Pre-notifications that do not arrive, and jobs that are cut off: nothing is collected untold."""

import contextlib
from unittest.mock import Mock, patch

from odoo.exceptions import UserError
from odoo.tests import tagged

from .notice_common import NoticeCommon


@tagged("-at_install", "post_install")
class TestPrenotificationFailure(NoticeCommon):
    def test_a_refused_mail_holds_the_debit_back_until_it_is_sent_again(self):
        debit = self._create_debit()
        self._run_job()
        self._refuse(self._get_mail(debit))
        self.assertEqual(debit.notice_state, "failed")
        self.assertFalse(self._collect())
        self.assertIn("customer@example.com", debit.waiting_reason)
        self.assertIn("Relay denied", debit.waiting_reason)
        mail = self._get_mail(debit)
        debit.action_notify()
        self.assertEqual(self._get_mail(debit), mail, "The same e-mail is sent again.")
        self.assertEqual((mail.state, debit.notice_state), ("outgoing", "outgoing"))
        self.assertFalse(debit.waiting_reason)
        self._send(mail)
        self.assertEqual(debit.notice_state, "sent")
        self.assertEqual(self._collect().debit_ids, debit)

    def test_a_better_address_is_used_by_itself(self):
        debit = self._create_debit()
        self._run_job()
        self._refuse(self._get_mail(debit))
        self.customer.email = "better@example.com"
        self._run_job()
        self.assertEqual(debit.notice_state, "outgoing")
        self.assertEqual(debit.sudo()._get_last_notice().address, "better@example.com")

    def test_a_mail_refused_after_the_file_was_made_stops_the_file(self):
        debit = self._create_debit()
        batch = self._collect()
        self._refuse(self._get_mail(debit))
        with self.assertRaisesRegex(UserError, "without these debits"):
            batch.action_submit()

    def test_cancelled_and_deleted_mails_tell_nobody(self):
        for step in ("cancel", "unlink"):
            with self.subTest(step):
                debit = self._create_debit()
                self._run_job()
                getattr(self._get_mail(debit), step)()
                self.assertEqual(debit.notice_state, "failed")
                debit._cancel("Test")

    def test_a_bounce_takes_the_proof_away(self):
        debit = self._create_debit()
        self._run_job()
        self._send(self._get_mail(debit))
        notice = debit.prenotification_ids
        self.env["mail.thread"]._routing_handle_bounce(
            Mock(),
            {
                "bounced_email": "customer@example.com",
                "bounced_partner": self.customer,
                "bounced_msg_ids": [notice.mail_message_id.message_id],
                "bounced_message": notice.mail_message_id,
                "body": "<p>Mailbox unknown</p>",
                "email_from": "mailer-daemon@example.com",
                "to": "catchall@example.com",
                "message_id": "<b@example.com>",
            },
        )
        self.assertRecordValues(notice, [{"state": "failed", "error": "Mailbox unknown"}])
        self.assertFalse(debit.prenotification_date)
        self.assertFalse(self._collect())

    def test_a_broken_template_stops_nobody_else(self):
        debits = self._create_debits(2)
        write = type(debits)._render_notices

        def fail_for_one(records, groups, *args):
            if any(debits[0] in group for group in groups):
                raise ValueError("No such field")
            return write(records, groups, *args)

        with patch.object(type(debits), "_render_notices", fail_for_one):
            self._run_job()
        self.assertEqual(debits.mapped("notice_state"), ["failed", "outgoing"])
        self.assertIn("No such field", debits[0].waiting_reason)
        debits[0].action_notify()
        self.assertEqual(debits[0].notice_state, "outgoing")

    def test_a_job_killed_in_the_middle_doubles_nothing(self):
        debits = self._create_debits(3)
        calls = []
        write = type(debits)._notify_in_advance

        def die_the_second_time(records, *args, **kwargs):
            calls.append(len(records))
            if len(calls) == 2:
                raise KeyboardInterrupt
            return write(records, *args, **kwargs)

        path = "odoo.addons.support_debit.models.debit.sdd_debit_notify_job.DEBITS_AT_ONCE"
        with (
            patch(path, 1),
            patch.object(type(debits), "_notify_in_advance", die_the_second_time),
            self.enter_registry_test_mode(),
            self.registry.cursor() as cr,
            contextlib.suppress(KeyboardInterrupt),
        ):
            self.env(cr=cr)["sdd.debit"]._cron_prenotify()
        self.env.invalidate_all()
        self.assertEqual(calls, [1, 1])
        self._run_job()
        self.assertEqual(debits.mapped("notice_state"), ["outgoing"] * 3)
        self.assertEqual([len(debit.prenotification_ids) for debit in debits], [1, 1, 1])
        mails = self.env["mail.mail"].search(
            [("model", "=", "sdd.debit"), ("res_id", "in", debits.ids)]
        )
        self.assertEqual(len(mails), 3)
