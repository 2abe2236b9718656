"""What people do with a planned attempt, and what a payment does to it."""

from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..sepa import target
from .retry_common import RetryCommon


class RetryActionCase(RetryCommon):
    """One planned attempt."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", True)
        cls.debit = cls._create_debit()
        cls.invoice = cls.debit.invoice_ids

    def setUp(self):
        super().setUp()
        self._reject(self.debit)
        self.again = self._retry_of(self.debit).with_env(self.env)

    def _find_codes(self):
        return [entry["code"] for entry in self.again.retry_log]

    def _find_texts(self):
        return [event.text for event in self.again._get_timeline_events() if event.kind == "retry"]


@tagged("-at_install", "post_install")
class TestRetryAction(RetryActionCase):
    # === MOVE === #

    def test_move(self):
        self.again.sudo()._note_prenotification()
        day = target.add_target_days(self.again.collection_date, 1)
        wizard = Form(self.env["sdd.debit.move"].with_context(default_debit_id=self.again.id))
        wizard.date = day
        self.assertIn("told of the new date", wizard.hint)
        wizard.save().action_move()
        self.assertEqual(self.again.collection_date, day)
        self.assertFalse(self.again.prenotification_date)
        self.assertIn(self.env.user.name, self.again.retry_explanation)
        self.assertEqual(self._find_codes(), ["planned", "moved"])
        planned, moved = self._find_texts()
        self.assertIn("pay-day", planned)
        self.assertIn("moved the attempt", moved)

    def test_impossible_days(self):
        saturday = self.again.collection_date + timedelta(days=1)
        while saturday.weekday() != 5:
            saturday += timedelta(days=1)
        with self._refused("do not settle"):
            self.again._move_retry(saturday)
        early = target.add_target_days(self.again._get_earliest_retry(), -1)
        with self._refused("too early"):
            self.again._move_retry(early)

    def test_after_the_usual_time_with_a_warning(self):
        late = target.add_target_days(self.again.retry_last_date, 3)
        wizard = Form(self.env["sdd.debit.move"].with_context(default_debit_id=self.again.id))
        wizard.date = late
        self.assertIn("last usual day", wizard.warning)
        wizard.save().action_move()
        self.assertEqual(self.again.collection_date, late)

    def test_only_planned_attempts_can_be_moved(self):
        with self._refused("first attempt"):
            self.debit.action_move_retry()
        batch = self._submit_all(self.again)
        self.assertTrue(batch)
        with self._refused("does not wait any more"):
            self.again._move_retry(self.again.collection_date)

    # === PAUSE === #

    def test_pause_and_go_on(self):
        self.again.action_pause_retry()
        self.assertRecordValues(self.again, [{"state": "held", "hold_code": "user"}])
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))
        self.again.action_resume_retry()
        self.assertRecordValues(
            self.again, [{"state": "queued", "hold_code": False, "state_reason": False}]
        )
        self.assertEqual(self._find_codes(), ["planned", "paused", "resumed"])
        self.assertEqual(self.again.retry_code, "payday")

    def test_go_on_after_the_time_is_over(self):
        self.again.action_pause_retry()
        # In sudo mode: the program writes when the first attempt was due.
        self.again.sudo().retry_first_date = self.again.retry_first_date - timedelta(days=60)
        self.debit.sudo().retry_first_date = self.again.retry_first_date
        with self._refused("Choose a day with “Move”"):
            self.again.action_resume_retry()
        day = self.again._get_earliest_retry()
        self.again._move_retry(target.add_target_days(day, 20))
        self.assertEqual(self.again.state, "queued")

    def test_go_on_with_a_mandate_that_has_ended(self):
        self.again.action_pause_retry()
        self.again.mandate_id.action_suspend()
        with self._refused("not active"):
            self.again.action_resume_retry()

    # === PAYMENT LINK === #

    def test_payment_link_instead(self):
        self.again.action_send_payment_link()
        self.assertEqual(self.again.state, "cancelled")
        self.assertIn("payment link", self.again.state_reason)
        self.assertTrue(self.invoice._has_to_be_paid())
        mail = self.again.message_ids.mail_ids
        self.assertEqual(mail.recipient_ids, self.customer)
        self.assertIn(self.invoice.access_token, mail.body_html)
        self.assertIn("payment=True", mail.body_html)
        self.assertIn(self.invoice.name, mail.body_html)
        self.assertIn("payment link", self._find_texts()[-1])

    def test_payment_link_needs_an_address_and_online_payments(self):
        self.customer.email = False
        with self._refused("no usable e-mail"):
            self.again.action_send_payment_link()
        self.assertEqual(self.again.state, "queued")
        self.customer.email = "customer@example.com"
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", False)
        with self._refused("cannot be paid online"):
            self.again.action_send_payment_link()

    # === RIGHTS === #

    def test_salespeople_look_but_do_not_touch(self):
        user = new_test_user(self.env, "retry_sales", groups="support_debit.group_support_user")
        again = self.again.with_user(user)
        self.assertTrue(again.retry_explanation)
        for action in ("action_pause_retry", "action_resume_retry", "action_send_payment_link"):
            with self.subTest(action), self._refused("", AccessError):
                getattr(again, action)()
        with self._refused("", AccessError):
            again._move_retry(target.add_target_days(again.collection_date, 1))
        with self._refused("", AccessError):
            self.debit.with_user(user).action_retry_now()

    def test_what_was_planned_is_not_written_by_hand(self):
        for values in (
            {"retry_code": "person"},
            {"retry_log": []},
            {"retry_last_date": fields.Date.today()},
        ):
            with self._refused("by hand"):
                self.again.with_user(self.env.ref("base.user_admin")).write(values)

    def test_planned_attempts_are_found(self):
        found = self.env["sdd.debit"].search([("is_waiting_retry", "=", True)])
        self.assertIn(self.again, found)
        self.assertNotIn(self.debit, found)
        self.assertNotIn(
            self.again, self.env["sdd.debit"].search([("is_waiting_retry", "=", False)])
        )


@tagged("-at_install", "post_install")
class TestRetryPayment(RetryActionCase):
    def test_a_payment_cancels_the_attempt(self):
        self._pay(self.invoice, self.invoice.amount_residual)
        self.assertEqual(self.again.state, "cancelled")
        self.assertIn("paid another way", self.again.state_reason)

    def test_a_transfer_on_the_statement_cancels_the_attempt(self):
        self.again.action_pause_retry()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.journal.id,
                "amount": self.invoice.amount_residual,
                "payment_ref": self.invoice.name,
                "partner_id": self.customer.id,
            }
        )
        receivable = self.invoice._get_sdd_open_lines()
        suspense = line.line_ids.filtered(
            lambda item: item.account_id == self.journal.suspense_account_id
        )
        suspense.account_id = receivable.account_id
        (suspense + receivable).reconcile()
        self.assertEqual(self.again.state, "cancelled")

    def test_a_part_payment_leaves_the_rest(self):
        self.again.sudo()._note_prenotification()
        whole = self.again.amount
        self._pay(self.invoice, 40)
        self.assertRecordValues(
            self.again,
            [{"state": "queued", "amount": whole - 40, "prenotification_date": False}],
        )
        self.assertGreaterEqual(self.again.collection_date, self.again._get_earliest_retry())
        self.assertIn("paid a part", self._find_texts()[-1])
        self._submit_all(self.again)
        self.assertEqual(self.invoice.amount_residual, 0)

    def test_a_part_payment_takes_it_out_of_a_file_not_sent_yet(self):
        self.again.sudo()._note_prenotification()
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(batch.debit_ids, self.again)
        whole = self.again.amount
        self._pay(self.invoice, 40)
        self.assertEqual(self.again.amount, whole)
        with self._refused("Make the file"):
            batch.action_submit()
        self.again._set_uncollectable_aside()
        self.assertRecordValues(
            self.again, [{"state": "queued", "amount": whole - 40, "batch_id": False}]
        )

    def test_whole_payment_takes_it_out_of_a_file_not_sent_yet(self):
        self.again.sudo()._note_prenotification()
        self.env["sdd.batch"]._create_due_batches(self.journal)
        self._pay(self.invoice, self.invoice.amount_residual)
        self.again._set_uncollectable_aside()
        self.assertEqual(self.again.state, "cancelled")

    def test_money_that_comes_while_the_bank_collects(self):
        self._submit_all(self.again)
        responsible = self.env.ref("base.user_admin")
        self.journal.sdd_responsible_id = responsible
        values = {"journal_id": self.journal.id, "payment_ref": f"Invoice {self.invoice.name}"}
        lines = self.env["account.bank.statement.line"]
        lines.create([{**values, "amount": self.again.amount + 1}])
        self.assertFalse(self.again.activity_ids)
        lines.create([{**values, "amount": self.again.amount} for _number in range(2)])
        self.assertRecordValues(
            self.again.activity_ids,
            [{"summary": "Double payment possible", "user_id": responsible.id}],
        )

    def test_a_payment_by_hand_while_the_bank_collects(self):
        self._submit_all(self.again)
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.customer.id,
                "amount": self.again.amount,
                "journal_id": self.journal.id,
            }
        )
        payment.action_post()
        self.assertEqual(len(self.again.activity_ids), 1)

    def test_the_credit_of_the_debit_itself_is_no_double_payment(self):
        batch = self._submit_all(self.again)
        self._import(self._camt([self._entry_single(self.again)], message_id=f"S-{batch.id}"))
        self.assertEqual(self.again.state, "settled")
        self.assertFalse(self.again.activity_ids)

    def test_customer_may_pay_before_the_attempt(self):
        self.assertTrue(self.invoice._has_to_be_paid())
        self.again.sudo()._note_prenotification()
        self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertFalse(self.invoice._has_to_be_paid())

    def test_nothing_is_collected_while_the_customer_pays_online(self):
        provider = self.env["payment.provider"].search([("code", "=", "none")], limit=1)
        self.assertTrue(provider)
        method = self.env["payment.method"].search([], limit=1)
        transaction = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": method.id,
                "amount": self.again.amount,
                "currency_id": self.again.currency_id.id,
                "partner_id": self.customer.id,
                "invoice_ids": self.invoice.ids,
            }
        )
        # In the database: providers that are not set up offer no real payment.
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE payment_transaction SET state = 'pending' WHERE id = %s", transaction.ids
        )
        self.env.cr.execute("UPDATE payment_provider SET code = 'test' WHERE id = %s", provider.ids)
        self.env.invalidate_all()
        self.again.sudo()._note_prenotification()
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))
        self.assertRecordValues(self.again, [{"state": "queued", "waiting_code": "online_payment"}])
