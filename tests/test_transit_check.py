"""The account in transit holds what the debits say, after every way in which they come and go."""

from datetime import timedelta

from odoo import fields
from odoo.tests import new_test_user, tagged

from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestTransitCheck(SupportDebitCommon):
    def _get_checks(self, **context):
        """Return the lines of this test's bank."""
        self.env.flush_all()
        self.env.invalidate_all()
        checks = self.env["sdd.transit.check"].with_context(**context)
        return checks.search([("journal_id", "=", self.journal.id)])

    def _assert_green(self, balance, **context):
        """Check that account and debits agree, and on what."""
        checks = self._get_checks(**context)
        self.assertFalse(checks.filtered("is_red").mapped("display_name"))
        self.assertAlmostEqual(sum(checks.mapped("balance")), balance)
        self.assertAlmostEqual(sum(checks.mapped("expected_amount")), balance)

    def test_the_usual_way(self):
        debits = self._create_debits(2)
        self._assert_green(0)
        batch = self._submit(debits)
        self._assert_green(199.8)
        self._import(self._camt([self._entry_single(debits[0])]))
        self._assert_green(99.9)
        self._import(self._camt([self._entry_single(debits[1])], message_id="S-2", opening=99.9))
        self._assert_green(0)
        self.assertNotIn(batch, self._get_checks().batch_id)

    def test_rejected_then_credited_net(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(self._pain002(batch, refused=debits[0]))
        self._assert_green(99.9)
        self._import(self._camt([self._entry_batch(batch, amount=99.9)]))
        self._assert_green(0)

    def test_rejected_then_credited_gross_and_taken_back(self):
        debits = self._create_debits(2)
        batch = self._submit(debits)
        self._import(self._pain002(batch, refused=debits[0]))
        self._import(self._camt([self._entry_batch(batch)]))
        self._assert_green(-99.9)
        self._import(self._camt([self._entry_return(debits[0])], message_id="S-2", opening=199.8))
        self._assert_green(0)

    def test_return_is_announced_before_the_statement(self):
        debit = self._create_debit()
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        self._import(self._camt([self._entry_return(debit, 3)], kind="054", message_id="N-1"))
        self._assert_green(-99.9)
        self._import(self._camt([self._entry_return(debit, 3)], message_id="S-2", opening=99.9))
        self._assert_green(0)

    def test_return_on_the_statement_after_settlement(self):
        debit = self._create_debit()
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        self._import(self._camt([self._entry_return(debit, 3)], message_id="S-2", opening=99.9))
        self._assert_green(0)

    def test_return_before_its_credit(self):
        debit = self._create_debit()
        batch = self._submit(debit)
        self._import(self._camt([self._entry_return(debit, 3)], kind="054", message_id="N-1"))
        self._assert_green(0)
        self._import(self._camt([self._entry_return(debit, 3)], opening=0.0))
        self._assert_green(99.9)
        self._import(self._camt([self._entry_batch(batch)], message_id="S-2", opening=-102.9))
        self._assert_green(0)

    def test_as_of_a_day(self):
        debit = self._create_debit()
        batch = self._submit(debit)
        tomorrow = fields.Date.today() + timedelta(days=1)
        yesterday = fields.Date.today() - timedelta(days=1)
        self.assertFalse(self._get_checks(sdd_as_of=yesterday).batch_id)
        self._import(
            self._camt([self._entry(99.9, "C", self._detail(debit, 99.9), day=str(tomorrow))])
        )
        self.assertEqual(debit.state, "settled")
        self._assert_green(99.9)
        self.assertEqual(self._get_checks().batch_id, batch)
        self._assert_green(0, sdd_as_of=tomorrow)

    def _book_by_hand(self, amount=10.0, **values):
        """Return an entry that somebody writes on the account in transit."""
        other = self.company_data["default_account_revenue"]
        entry = self.env["account.move"].create(
            {
                "journal_id": self.company_data["default_journal_misc"].id,
                "line_ids": [
                    (
                        0,
                        0,
                        {
                            "account_id": self.journal.sdd_transit_account_id.id,
                            "balance": amount,
                            **values,
                        },
                    ),
                    (0, 0, {"account_id": other.id, "balance": -amount}),
                ],
            }
        )
        entry.action_post()
        return entry

    def test_entry_by_hand_makes_it_red(self):
        debit = self._create_debit()
        self._submit(debit)
        entry = self._book_by_hand()
        red = self._get_checks().filtered("is_red")
        self.assertRecordValues(red, [{"batch_id": False, "difference": 10.0}])
        domain = red.action_view_entries()["domain"]
        self.assertEqual(self.env["account.move.line"].search(domain).move_id, entry)

    def test_red_raises_one_activity(self):
        self._book_by_hand()
        for _run in range(2):
            self.env["sdd.transit.check"]._cron_check()
        activity = self.journal.activity_ids
        self.assertEqual(len(activity), 1)
        self.assertIn("10.00", activity.note)

    def test_green_raises_none(self):
        self._submit(self._create_debit())
        self.env["sdd.transit.check"]._cron_check()
        self.assertFalse(self.journal.activity_ids)

    def test_printed(self):
        self._submit(self._create_debit())
        self._book_by_hand()
        accountant = new_test_user(
            self.env,
            "transit_accountant",
            groups="support_debit.group_accountant",
            company_id=self.company.id,
            company_ids=[(6, 0, self.company.ids)],
        )
        checks = self._get_checks().with_user(accountant)
        self.assertEqual(checks.action_print()["type"], "ir.actions.report")
        html, _kind = (
            self.env["ir.actions.report"]
            .with_user(accountant)
            ._render_qweb_html("support_debit.report_sdd_transit_check", checks.ids)
        )
        self.assertIn("Does not agree", html.decode())
        self.assertIn("Without a batch", html.decode())

    def test_as_of_wizard(self):
        action = self.env["sdd.transit.as.of"].create({"date": "2026-01-31"}).action_open()
        self.assertEqual(action["context"], {"sdd_as_of": "2026-01-31"})
        checks = self.env["sdd.transit.check"].with_context(**action["context"])
        self.assertFalse(checks.search([("batch_id", "!=", False)]))
