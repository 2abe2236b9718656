"""The payment provider: when it is offered, why not, and what its transactions become."""

from datetime import date

from freezegun import freeze_time
from odoo import Command, fields
from odoo.tests import tagged

from ..sepa import target
from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("-at_install", "post_install")
class TestProvider(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # The order's confirmation, which tells the customer, is looked at elsewhere.
        cls.journal.sdd_notice_policy = "go"
        cls.provider = cls.env.ref("support_debit.payment_provider_sdd").copy(
            {"company_id": cls.company.id, "state": "test", "is_published": True}
        )
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": [Command.create({"product_id": cls.package.id})],
            }
        )

    # === OFFERED OR NOT === #

    def _get_offer(self, currency="base.EUR", **kwargs):
        """Return whether direct debit is offered, and what the staff reads otherwise."""
        report = {}
        providers = self.env["payment.provider"]._get_compatible_providers(
            self.company.id,
            self.customer.id,
            self.order.amount_total,
            currency_id=self.env.ref(currency).id,
            sale_order_id=self.order.id,
            report=report,
            **kwargs,
        )
        line = report["providers"][self.provider]
        self.assertEqual(line["available"], self.provider in providers)
        return self.provider in providers, line["reason"]

    def test_offered(self):
        self.assertEqual(self._get_offer(), (True, ""))

    def test_missing_set_up_hides_it_and_says_why(self):
        cases = {
            "creditor identifier": lambda: self.company.write({"sdd_creditor_identifier": False}),
            "bank account": lambda: self.company.write({"sdd_journal_id": False}),
            "IBAN": lambda: self.journal.write({"bank_account_id": False}),
            "transit": lambda: self.journal.write({"sdd_transit_account_id": False}),
            "return fees": lambda: self.journal.write({"sdd_fee_account_id": False}),
        }
        for words, break_it in cases.items():
            with self.subTest(words):
                savepoint = self.env.cr.savepoint()
                break_it()
                offered, reason = self._get_offer()
                self.assertFalse(offered)
                self.assertIn(words, reason)
                self.assertEqual(len(self.company._sdd_get_missing()), 1)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_every_missing_thing_is_named(self):
        self.company.write({"sdd_creditor_identifier": False, "sdd_journal_id": False})
        reason = self._get_offer()[1]
        self.assertIn("creditor identifier", reason)
        self.assertIn("bank account", reason)

    def test_other_currencies_and_saving_a_method(self):
        self.env.ref("base.USD").active = True
        self.assertFalse(self._get_offer("base.USD")[0])
        self.assertEqual(self._get_offer(is_validation=True), (True, ""))
        self.provider.allow_tokenization = False
        offered, reason = self._get_offer(is_validation=True, force_tokenization=True)
        self.assertFalse(offered)
        self.assertTrue(reason)

    # === WHAT THE CUSTOMER READS === #

    def test_form_values(self):
        provider = self.provider.sudo().with_context(lang="de_DE")
        values = provider._sdd_get_inline_form_values(
            99.9, self.company.currency_id, self.customer.id
        )
        self.assertEqual(values["creditor_identifier"], self.company.sdd_creditor_identifier)
        self.assertIn(self.company.name, values["mandate_text"])
        self.assertEqual(values["holder"], self.customer.name)
        self.assertTrue(target.is_target_day(values["collection_date"]))
        form = provider._sdd_read_form(values["token"])
        self.assertEqual(form["reference"], values["mandate_reference"])
        again = provider._sdd_get_inline_form_values(
            99.9, self.company.currency_id, self.customer.id
        )
        self.assertNotEqual(again["mandate_reference"], values["mandate_reference"])

    def test_no_iban_in_a_form_token(self):
        self._create_mandate()
        values = self.provider.sudo()._sdd_get_inline_form_values(
            99.9, self.company.currency_id, self.customer.id
        )
        self.assertNotIn("2020", values["token"].partition(".")[2])
        self.assertFalse(any(DEBTOR_IBANS[0][-6:] in str(value) for value in values.values()))

    # === TRANSACTIONS === #

    def _pay(self, order=None):
        """Return the transaction with which an order was paid."""
        order = order or self.order
        transaction = (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.env.ref("support_debit.payment_method_sdd").id,
                    "amount": order.amount_total,
                    "currency_id": order.currency_id.id,
                    "partner_id": order.partner_id.id,
                    "operation": "online_direct",
                    "sale_order_ids": [Command.set(order.ids)],
                }
            )
        )
        provider = self.provider.sudo()
        values = provider._sdd_get_inline_form_values(
            order.amount_total, order.currency_id, order.partner_id.id
        )
        form = provider._sdd_read_form(values["token"])
        self.assertFalse(
            transaction._sdd_find_form_errors("Jörg Müßig", DEBTOR_IBANS[0], True, form)
        )
        transaction._sdd_accept("Jörg Müßig", DEBTOR_IBANS[0], form, {"ip_address": "192.0.2.1"})
        return transaction

    def test_paid_order(self):
        transaction = self._pay()
        self.assertEqual(transaction.state, "pending")
        mandate = transaction.sdd_mandate_id
        self.assertEqual((mandate.state, mandate.order_id), ("active", self.order))
        transaction._post_process()
        debit = transaction.sdd_debit_ids
        self.assertEqual(self.order.state, "sale")
        self.assertEqual(self.order.support_subscription_ids.state, "active")
        self.assertEqual(self.order.invoice_ids.state, "posted")
        self.assertRecordValues(
            debit, [{"state": "queued", "amount": 99.9, "mandate_id": mandate.id}]
        )
        self.assertFalse(
            self.env["account.payment"].search([("partner_id", "=", self.customer.id)])
        )

    def test_post_processed_twice(self):
        """The status page and the job may both come by."""
        transaction = self._pay()
        transaction._post_process()
        transaction.is_post_processed = False
        transaction._post_process()
        self.assertEqual(len(self.order.sdd_debit_ids), 1)
        self.assertEqual(len(self.order.invoice_ids), 1)

    def test_nobody_comes_back_from_the_form(self):
        """The browser is closed after the click: the job finishes the order."""
        transaction = self._pay()
        self.assertFalse(transaction.is_post_processed)
        with self.enter_registry_test_mode(), self.registry.cursor() as cr:
            self.env(cr=cr)["payment.transaction"].sudo()._cron_post_process()
        self.assertEqual(self.order.sdd_debit_ids.state, "queued")

    def test_settled_debit_finishes_the_transaction(self):
        transaction = self._pay()
        transaction._post_process()
        debit = transaction.sdd_debit_ids.with_env(self.env)
        self._submit(debit)
        self.assertEqual(transaction.state, "pending")
        self._import(self._camt([self._entry_single(debit)]))
        self.assertEqual(transaction.state, "done")
        transaction._post_process()
        self.assertEqual(len(self.order.sdd_debit_ids), 1)
        self.assertFalse(
            self.env["account.payment"].search([("partner_id", "=", self.customer.id)])
        )

    def test_rejected_debit_ends_the_transaction(self):
        transaction = self._pay()
        transaction._post_process()
        debit = transaction.sdd_debit_ids.with_env(self.env)
        batch = self._submit(debit)
        self._import(self._pain002(batch, refused=debit))
        self.assertEqual(transaction.state, "error")
        self.assertIn("AC04", transaction.state_message)
        self.assertEqual(self.order.invoice_ids.payment_state, "not_paid")

    # === DUE DATES === #

    def _earliest(self, now, **kwargs):
        with freeze_time(now):
            return self.journal._sdd_earliest_collection(**kwargs)

    def test_due_dates(self):
        """Times are UTC; the cut-off is 11:00 in Berlin."""
        self.journal.write({"sdd_cut_off": 11.0, "sdd_lead_days": 1, "sdd_notice_days": 0})
        cases = {
            "before the cut-off": ("2026-11-24 09:59:00", date(2026, 11, 25)),
            "after the cut-off": ("2026-11-24 10:01:00", date(2026, 11, 26)),
            "Friday evening": ("2026-11-27 18:00:00", date(2026, 12, 1)),
            "Saturday": ("2026-11-28 08:00:00", date(2026, 12, 1)),
            "Christmas Eve": ("2026-12-24 08:00:00", date(2026, 12, 28)),
            "New Year's Eve, after": ("2026-12-31 12:00:00", date(2027, 1, 5)),
            "Maundy Thursday": ("2027-03-25 08:00:00", date(2027, 3, 30)),
            "summer time": ("2026-07-14 08:59:00", date(2026, 7, 15)),
            "summer time, after": ("2026-07-14 09:01:00", date(2026, 7, 16)),
        }
        for what, (now, expected) in cases.items():
            with self.subTest(what):
                self.assertEqual(self._earliest(now), expected)

    def test_longer_lead_and_notice(self):
        self.journal.write({"sdd_lead_days": 2, "sdd_notice_days": 5})
        now = "2026-11-23 08:00:00"
        self.assertEqual(self._earliest(now, notice=False), date(2026, 11, 25))
        self.assertEqual(self._earliest(now), date(2026, 11, 30))
        self.assertEqual(self._earliest(now, not_before=date(2026, 12, 26)), date(2026, 12, 28))

    def test_other_time_zone(self):
        self.journal.write({"sdd_tz": "Europe/Lisbon", "sdd_notice_days": 0})
        self.assertEqual(self._earliest("2026-11-24 10:30:00"), date(2026, 11, 25))

    def test_promise_of_the_form_can_be_kept(self):
        """A debit queued with the form's date can be submitted until its deadline."""
        transaction = self._pay()
        transaction._post_process()
        debit = transaction.sdd_debit_ids.with_env(self.env)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(batch.collection_date, debit.collection_date)
        self.assertGreater(batch.deadline, fields.Datetime.now())
