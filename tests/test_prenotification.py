"""What customers are told of debits: in time, once, and kept; and what waits for it."""

from datetime import date, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import CREDITOR_ID, DEBTOR_IBANS
from .notice_common import NoticeCommon


@tagged("-at_install", "post_install")
class TestPrenotification(NoticeCommon):
    # === THE MESSAGE === #

    def test_it_says_what_the_scheme_asks_for(self):
        debit = self._create_debit()
        self._run_job()
        notice = debit.prenotification_ids
        self.assertRecordValues(
            notice,
            [
                {
                    "channel": "email",
                    "state": "outgoing",
                    "partner_id": self.customer.id,
                    "address": "customer@example.com",
                    "amount": 99.9,
                    "collection_date": debit.collection_date,
                    "mandate_reference": debit.mandate_id.name,
                    "creditor_identifier": CREDITOR_ID,
                    "iban_masked": debit.iban_masked,
                }
            ],
        )
        for part in (
            "99.90",
            debit.collection_date.strftime("%m/%d/%Y"),
            debit.mandate_id.name,
            CREDITOR_ID,
            debit.iban_masked,
            self.company.name,
            debit.invoice_ids.name,
        ):
            self.assertIn(part, notice.body)
            self.assertIn(part, str(notice.mail_message_id.body))
        self.assertNotIn(DEBTOR_IBANS[0][-10:], notice.body.replace(" ", ""))
        mail = self._get_mail(debit)
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertEqual(debit.notice_state, "outgoing")
        self.assertFalse(debit.prenotification_date)
        self._send(mail)
        self.assertEqual(debit.notice_state, "sent")
        self.assertTrue(debit.prenotification_date)
        self.assertEqual(notice.state, "sent")

    def test_two_debits_of_one_customer_one_message(self):
        mandate = self._create_mandate()
        first, second = self._create_debit(mandate=mandate), self._create_debit(mandate=mandate)
        other = self._create_debits(1)
        self._run_job()
        self.assertEqual(self._get_mail(first), self._get_mail(second))
        self.assertNotEqual(self._get_mail(first), self._get_mail(other))
        for debit in first | second:
            self.assertIn(first.invoice_ids.name, debit.prenotification_ids.body)
            self.assertIn(second.invoice_ids.name, debit.prenotification_ids.body)

    def test_each_customer_in_his_own_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        german = self._create_customer("Hans", lang="de_DE")
        debits = self._create_debit(german) | self._create_debits(1)
        template = self.env.ref("support_debit.mail_template_prenotification")
        template.with_context(lang="de_DE").subject = "Ankündigung"
        self._run_job()
        self.assertEqual(debits[0].prenotification_ids.subject, "Ankündigung")
        self.assertIn(
            debits[0].collection_date.strftime("%d.%m.%Y"), debits[0].prenotification_ids.body
        )
        self.assertIn("Notice", debits[1].prenotification_ids.subject)

    # === THE FILE === #

    def test_a_file_right_after_queueing(self):
        debit = self._create_debit()
        batch = self._collect()
        self.assertEqual(batch.debit_ids, debit)
        self.assertEqual(debit.notice_state, "outgoing")
        self.assertEqual(len(debit.prenotification_ids), 1)
        self._run_job()
        self.assertEqual(len(debit.prenotification_ids), 1)

    def test_without_an_address_it_waits_until_there_is_one(self):
        customer = self._create_customer("Letter Reader", email=False)
        debit = self._create_debit(customer)
        self._run_job()
        self.assertEqual((debit.state, debit.waiting_code), ("queued", "notice"))
        self.assertIn("no e-mail address", debit.waiting_reason)
        self.assertFalse(self._collect())
        customer.email = "new@example.com"
        self.assertEqual(self._collect().debit_ids, debit)
        self.assertEqual(debit.prenotification_ids.address, "new@example.com")
        self.assertFalse(debit.waiting_reason)

    def test_the_bank_may_be_told_to_go_without(self):
        self.journal.sdd_notice_policy = "go"
        debit = self._create_debit(self._create_customer("Letter Reader", email=False))
        self.assertEqual(self._collect().debit_ids, debit)
        self.assertEqual(debit.notice_state, "missing")

    def test_the_due_date_respects_the_notice_of_late_mails(self):
        debit = self._create_debit(self._create_customer("Late", email=False))
        debit.mandate_id.notice_days = 3
        debit.partner_id.email = "late@example.com"
        batch = self._collect()
        today = self.journal._sdd_today()
        self.assertGreaterEqual(batch.debit_ids.collection_date, today + timedelta(days=3))
        self.assertEqual(debit.prenotification_ids.collection_date, debit.collection_date)

    def test_a_long_notice_moves_the_debit_into_a_later_file(self):
        debit = self._create_debit(self._create_customer("Late", email=False))
        debit.mandate_id.notice_days = 30
        debit.partner_id.email = "late@example.com"
        self.assertFalse(self._collect())
        self.assertEqual(debit.state, "queued")
        self.assertEqual(debit.notice_state, "outgoing")

    def test_told_too_late_for_the_date_in_the_file(self):
        debit = self._create_debit()
        batch = self._collect()
        self.assertFalse(batch.debit_ids._check_notices())
        self._send(self._get_mail(debit))
        late = debit.collection_date
        debit.prenotification_ids.sudo().sent_date = fields.Datetime.to_datetime(late)
        self.assertIn("less than 1 days", batch.debit_ids._check_notices()[debit].reason)
        with self.assertRaisesRegex(UserError, "without these debits"):
            batch.action_submit()

    # === CHANGES === #

    def test_another_amount_is_announced_anew(self):
        debit = self._create_debit()
        self._run_job()
        old = debit.prenotification_ids
        self._send(self._get_mail(debit))
        debit.sudo().amount = 50.0
        self.assertEqual(debit.notice_state, "outdated")
        self._run_job()
        self.assertEqual(old.state, "replaced")
        self.assertEqual(old.amount, 99.9)
        self.assertEqual(debit.notice_state, "outgoing")
        self.assertFalse(debit.prenotification_date)
        self.assertEqual(debit.sudo()._get_last_notice().amount, 50.0)

    def test_later_is_fine_and_earlier_is_not(self):
        debit = self._create_debit()
        debit.sudo().collection_date = date(2030, 3, 6)
        self._run_job()
        self._send(self._get_mail(debit))
        debit.sudo().collection_date = date(2030, 3, 7)
        self.assertEqual(debit.notice_state, "sent")
        debit.sudo().collection_date = date(2030, 3, 5)
        self.assertEqual(debit.notice_state, "outdated")

    def test_another_account_is_announced_anew(self):
        debit = self._create_debit()
        self._run_job()
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], self.customer.name, self.customer
        )
        debit.mandate_id.amend_bank_account(account)
        self.assertEqual(debit.notice_state, "outdated")
        self.assertEqual(self._collect().debit_ids, debit)
        self.assertIn(debit.iban_masked, debit.sudo()._get_last_notice().body)

    # === LETTERS === #

    def test_a_letter_is_a_notice(self):
        debit = self._create_debit(self._create_customer("Letter Reader", email=False))
        self._run_job()
        report = self.env["ir.actions.report"]
        html = report._render_qweb_html("support_debit.report_sdd_prenotification", debit.ids)[0]
        for part in ("Letter Reader", "Hauptstraße 1", "99.90", debit.mandate_id.name):
            self.assertIn(part, html.decode())
        debit.action_note_letter()
        notice = debit.prenotification_ids
        self.assertRecordValues(notice, [{"channel": "letter", "state": "sent"}])
        self.assertIn("Hauptstraße 1", notice.address)
        self.assertIn(debit.mandate_id.name, notice.body)
        self.assertFalse(debit.waiting_reason)
        self.assertEqual(self._collect().debit_ids, debit)

    def test_only_accountants_notify(self):
        debit = self._create_debit()
        agent = new_test_user(self.env, "agent", groups="support_debit.group_support_user")
        for action in ("action_notify", "action_note_letter", "action_print_notice"):
            with self.subTest(action), self.assertRaises(AccessError):
                getattr(debit.with_user(agent), action)()
        self._run_job()
        self.assertIn("99.90", debit.with_user(agent).prenotification_ids.body)
        with self.assertRaises(AccessError):
            debit.with_user(agent).prenotification_ids.body = "Something else"
        accountant = new_test_user(self.env, "acc", groups="support_debit.group_accountant")
        with self.assertRaises(AccessError):
            debit.with_user(accountant).prenotification_ids.state = "sent"

    def test_an_accountant_makes_files_and_notifies(self):
        accountant = new_test_user(self.env, "acc", groups="support_debit.group_accountant")
        first, second = self._create_debits(2)
        first.with_user(accountant).action_notify()
        self.assertEqual(first.notice_state, "outgoing")
        batches = self.env["sdd.batch"].with_user(accountant)
        self.assertEqual(len(batches._create_due_batches(self.journal).debit_ids), 2)
        self.assertEqual(second.notice_state, "outgoing")
        with self.assertRaisesRegex(UserError, "in advance"):
            first.with_user(accountant).action_notify()

    # === STORY, PRIVACY, COST === #

    def test_what_was_announced_before_notices_were_kept(self):
        debit = self._create_debit()
        debit._note_prenotification()
        self.assertEqual(debit.notice_state, "sent")
        self._run_job()
        self.assertFalse(debit.prenotification_ids)
        self.assertEqual(self._collect().debit_ids, debit)

    def test_the_story_and_the_portal_tell_of_it(self):
        debit = self._create_debit()
        self._run_job()
        self._send(self._get_mail(debit))
        events = [event for event in debit._get_timeline_events() if event.kind == "notice"]
        self.assertEqual(len(events), 1)
        self.assertIn("customer@example.com", events[0].text)
        text = debit.sudo()._get_portal_notice_text()
        self.assertIn("customer@example.com", text)

    def test_the_last_name_of_it_goes_with_the_account(self):
        debit = self._create_debit()
        self._run_job()
        data = self.customer._sdd_get_personal_data(debit.mandate_id)
        self.assertIn("99.90", data["advance notices"][0]["text"])
        debit.mandate_id.sudo()._erase_parts(["account"], "Test")
        self.assertFalse(debit.prenotification_ids.body)
        self.assertFalse(debit.prenotification_ids.address)

    def test_queries_do_not_grow_with_the_number(self):
        debits = self._create_debits(25)
        counts = []
        for part in (debits[:5], debits[5:]):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            told = part._notify_in_advance()
            self.env.flush_all()
            counts.append(self.env.cr.sql_log_count - before)
            self.assertEqual(told, part)
        self.assertLessEqual((counts[1] - counts[0]) / 15, 2, counts)
