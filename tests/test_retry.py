"""What comes back is tried again where that makes sense, and only there."""

from datetime import timedelta
from unittest.mock import patch

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from ..sepa import target
from .common import DEBTOR_IBANS
from .retry_common import RetryCommon


@tagged("-at_install", "post_install")
class TestRetry(RetryCommon):
    # === PLANNED === #

    def test_returned_debit_is_queued_again(self):
        debit = self._create_debit()
        item = self._return_settled(debit)
        again = self._retry_of(debit)
        self.assertRecordValues(
            again,
            [
                {
                    "state": "queued",
                    "attempt": 2,
                    "amount": debit.amount,
                    "mandate_id": debit.mandate_id.id,
                    "sequence_type": "RCUR",
                    "move_line_ids": debit.move_line_ids.ids,
                    "claimed_line_id": debit.claimed_line_id.id,
                    "invoice_ids": debit.invoice_ids.ids,
                    "remittance": debit.remittance,
                    "retry_first_date": debit.collection_date,
                    "retry_code": "payday",
                    "retry_chance": 0.7,
                }
            ],
        )
        self.assertNotEqual(again.end_to_end_id, debit.end_to_end_id)
        self.assertFalse(again.prenotification_date)
        self.assertTrue(target.is_target_day(again.collection_date))
        self.assertGreaterEqual(
            again.collection_date, target.add_target_days(debit.collection_date, 5)
        )
        self.assertLessEqual(again.collection_date, again.retry_last_date)
        self.assertIn("pay-day", again.retry_explanation)
        self.assertIn(again.retry_explanation, item.retry_text)
        self.assertEqual(debit.invoice_ids.sdd_live_date, again.collection_date)

    def test_rejected_debit_keeps_its_sequence_type(self):
        debit = self._create_bare_debit(sequence_type="OOFF")
        invoice = self._create_order()._sdd_invoice()
        lines = invoice._get_sdd_open_lines()
        debit.sudo().write(
            {
                "amount": invoice.amount_residual,
                "move_line_ids": lines.ids,
                "invoice_ids": invoice.ids,
                "claimed_line_id": lines[:1].id,
            }
        )
        self._reject(debit)
        self.assertEqual(self._retry_of(debit).sequence_type, "OOFF")

    def test_two_repetitions_and_no_more(self):
        self.policy.window_days = 365
        debit = self._create_debit()
        self._reject(debit)
        second = self._retry_of(debit)
        self._reject(second)
        third = self._retry_of(second)
        self.assertEqual((third.attempt, third.retry_chance), (3, 0.4))
        self.assertEqual(third.retry_first_date, debit.collection_date)
        self._reject(third)
        self.assertFalse(self._retry_of(third))
        self.assertIn("2 repetitions within 365 days", third.return_ids.retry_text)

    def test_the_reason_may_allow_fewer(self):
        debit = self._create_debit()
        debit.env["sdd.reason"]._find("AM04").retry_max = 1
        self._reject(debit)
        second = self._retry_of(debit)
        self._reject(second)
        self.assertFalse(self._retry_of(second))
        self.assertEqual(second.return_ids.retry_stop_code, "max")

    def test_customers_own_debit_day(self):
        debit = self._create_debit()
        debit.mandate_id.debit_day = 12
        self._reject(debit)
        again = self._retry_of(debit)
        self.assertEqual(again.retry_code, "chosen_day")
        self.assertIn("day 12", again.retry_explanation)
        self.assertIn(again.collection_date.day, range(12, 17))

    def test_customers_own_good_days(self):
        mandate = self._create_mandate()
        for day in (20, 22, 23):
            paid = self._create_bare_debit(mandate, collection_date=self._find_day(day))
            self.env.flush_all()
            self.env.cr.execute("UPDATE sdd_debit SET state = 'settled' WHERE id = %s", paid.ids)
        self.env.invalidate_all()
        debit = self._create_debit(mandate=mandate)
        self._reject(debit)
        again = self._retry_of(debit)
        self.assertEqual(again.retry_code, "history")
        self.assertEqual(again.retry_params["paid"], 3)
        self.assertGreater(again.retry_chance, 0.7)
        self.assertIn("3 of ", again.retry_explanation)

    def _find_day(self, day):
        """Return a bank day with about this day of the month in the past."""
        return target.next_target_day(self.debit_month.replace(day=day))

    @property
    def debit_month(self):
        return self.journal._sdd_earliest_collection() - timedelta(300)

    def test_paydays_of_the_customers_country(self):
        country = self.env.ref("base.nl")
        self.env["sdd.retry.window"].create(
            {
                "policy_id": self.policy.id,
                "country_id": country.id,
                "first_day": 24,
                "last_day": 26,
            }
        )
        self.customer.country_id = country
        debit = self._create_debit()
        self._reject(debit)
        again = self._retry_of(debit)
        self.assertEqual(again.retry_code, "payday")
        self.assertEqual(again.retry_params["first"][-2:], "24")

    # === STOPPED === #

    def test_other_reasons_are_not_tried_again(self):
        for number, code in enumerate(("MD01", "MD06", "MD07", "MS02", "SL01", "AC04", "AC01")):
            partner = self._create_customer(f"Customer {code}")
            mandate = self._create_mandate(partner, DEBTOR_IBANS[number % len(DEBTOR_IBANS)])
            debit = self._create_debit(partner, mandate)
            item = self._reject(debit, code)
            with self.subTest(code):
                self.assertFalse(self._retry_of(debit))
                self.assertIn(
                    "o further attempt", item.retry_text.replace("No attempt", "o further attempt")
                )

    def test_a_dispute_is_never_tried_again_whatever_the_table_says(self):
        reason = self.env["sdd.reason"]._find("MD06")
        reason.write({"retry_allowed": True, "retry_needs_fix": False, "mandate_action": "none"})
        debit = self._create_debit()
        self._reject(debit, "MD06")
        self.assertFalse(self._retry_of(debit))

    def test_spent_mandate(self):
        debit = self._create_debit()
        debit.sudo().sequence_type = "OOFF"
        item = self._return_settled(debit)
        self.assertFalse(self._retry_of(debit))
        self.assertEqual(item.retry_stop_code, "spent")

    def test_suspended_mandate(self):
        debit = self._create_debit()
        batch = self._submit_all(debit)
        debit.mandate_id.action_suspend()
        self._import(self._pain002(batch, debit, reason="AM04"))
        self.assertFalse(self._retry_of(debit))
        self.assertIn(debit.mandate_id.name, debit.return_ids.retry_text)

    def test_small_amounts_are_not_worth_it(self):
        self.policy.expected_fee = 500
        debit = self._create_debit()
        item = self._reject(debit)
        self.assertFalse(self._retry_of(debit))
        self.assertIn("not worth", item.retry_text)
        self.policy.stops_when_not_worth = False

    def test_switched_off(self):
        self.policy.is_automatic = False
        debit = self._create_debit()
        item = self._reject(debit)
        self.assertFalse(self._retry_of(debit))
        self.assertIn("a person decides", item.retry_text)
        debit.action_retry_now()
        self.assertTrue(self._retry_of(debit))

    def test_without_rules_nothing_is_repeated(self):
        self.env["sdd.retry.policy"].search([]).unlink()
        debit = self._create_debit()
        item = self._reject(debit)
        self.assertFalse(self._retry_of(debit))
        self.assertTrue(item.retry_stop_code)

    def test_the_same_return_twice_plans_one_attempt(self):
        debit = self._create_debit()
        batch = self._submit_all(debit)
        self._import(self._pain002(batch, debit, reason="AM04", message_id="A"))
        self._import(self._pain002(batch, debit, reason="AM04", message_id="B"))
        entry = self._entry_return(debit, reason="AM04")
        self._import(self._camt([entry], kind="054", message_id="C"))
        self.assertEqual(len(self._retry_of(debit)), 1)

    def test_our_own_cancellation_is_not_tried_again(self):
        debit = self._create_debit()
        # In sudo mode: the program writes returns.
        item = (
            self.env["sdd.return"]
            .sudo()
            .create(
                {
                    "debit_id": debit.id,
                    "kind": "cancellation",
                    "reason_id": self.env["sdd.reason"]._find("AM04").id,
                    "booking_date": debit.collection_date,
                }
            )
        )
        item._plan_retries()
        self.assertFalse(self._retry_of(debit))

    def test_part_paid_before_the_return_is_known(self):
        debit = self._create_debit()
        batch = self._submit_all(debit)
        self._import(self._camt([self._entry_batch(batch)], message_id=f"S-{batch.id}"))
        credit = debit.invoice_ids._reverse_moves([{"invoice_date": debit.invoice_ids.date}])
        credit.invoice_line_ids.price_unit = 10
        credit.action_post()
        self._import(self._camt([self._entry_return(debit, reason="AM04")], message_id="R"))
        (credit.line_ids + debit.invoice_ids.line_ids).filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()
        again = self._retry_of(debit)
        self.assertEqual(again.amount, debit.invoice_ids.amount_residual)
        self.assertLess(again.amount, debit.amount)

    # === BY A PERSON === #

    def test_try_again_after_a_fix(self):
        debit = self._create_debit()
        reason = self.env["sdd.reason"]._find("BE05")
        reason.write({"retry_allowed": True, "retry_needs_fix": True})
        item = self._reject(debit, "BE05")
        self.assertFalse(self._retry_of(debit))
        self.assertEqual(item.retry_stop_code, "fix")
        self.assertTrue(debit.can_retry_now)
        action = debit.action_retry_now()
        again = self._retry_of(debit)
        self.assertEqual(action["res_id"], again.id)
        self.assertEqual(again.retry_code, "person")
        self.assertEqual(again.collection_date, again._get_earliest_retry())
        self.assertFalse(debit.can_retry_now)
        with self._refused("another debit collects"):
            debit.action_retry_now()

    def test_nobody_tries_a_dispute_again(self):
        debit = self._create_debit()
        self._reject(debit, "MD06")
        self.assertFalse(debit.can_retry_now)
        with self._refused("does not allow"):
            debit.action_retry_now()

    def test_what_has_not_come_back_cannot_be_repeated(self):
        with self._refused("has not come back"):
            self._create_debit().action_retry_now()

    # === RULES === #

    def test_rules_say_what_is_wrong(self):
        for values, message in (
            ({"max_retries": 10}, "between 0 and 9"),
            ({"window_days": 0}, "between 1 and 365"),
            ({"distance_days": -1}, "between 0 and 60"),
            ({"first_chance": 1.5}, "between 0 % and 100 %"),
            ({"expected_fee": -1}, "cannot be negative"),
            ({"first_strategy": "payday"}, "each way to find a day once"),
        ):
            with self.subTest(message), self._refused(message, ValidationError):
                self.policy.write(values)
        with self._refused("between the 1st and the 31st", ValidationError):
            self.policy.window_ids[0].first_day = 32

    def test_general_rules_hold_for_companies_without_their_own(self):
        policies = self.env["sdd.retry.policy"]
        general = self.env.ref("support_debit.retry_policy_general")
        other = self._create_second_company()
        found = policies._get_for_companies(self.company | other)
        self.assertEqual(found, {self.company: self.policy, other: general})

    # === FIGURES === #

    def test_success_table(self):
        before = {row["attempt"]: row for row in self.env["sdd.retry.policy"]._get_success_table()}
        debit = self._create_debit()
        self._reject(debit)
        again = self._retry_of(debit)
        batch = self._submit_all(again)
        self._import(self._camt([self._entry_batch(batch)], message_id=f"S-{batch.id}"))
        self.assertEqual(again.state, "settled")
        self.env.flush_all()
        table = {row["attempt"]: row for row in self.env["sdd.retry.policy"]._get_success_table()}
        old = before.get(2, {"count": 0, "recovered": 0})
        self.assertEqual(table[2]["count"], old["count"] + 1)
        self.assertAlmostEqual(table[2]["recovered"], old["recovered"] + again.amount)
        row = self.env["sdd.retry.report"].browse(debit.id)
        self.assertEqual((row.state, row.success, row.reason_class), ("failed", 0, "funds"))

    def test_queries_do_not_grow_with_the_returns(self):
        counts = {}
        for number in (4, 24):
            debits = self._create_debits(number)
            batch = self._submit_all(debits)
            returns = self.env["sdd.return"]
            with self._without_reaction():
                self._import(self._pain002(batch, debits, reason="AM04", message_id=f"Q-{number}"))
            returns = debits.return_ids
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.env.cr.sql_log_count
            returns.sudo()._plan_retries()
            self.env.flush_all()
            counts[number] = self.env.cr.sql_log_count - start
            self.assertEqual(len(debits.next_debit_ids), number)
            debits.next_debit_ids.sudo()._cancel("Not part of the next file")
        self.assertLessEqual((counts[24] - counts[4]) / 20, 1.0, counts)

    def _without_reaction(self):
        """Book returns without anything that follows from them."""
        return patch.object(self.env.registry["sdd.return"], "_react", lambda self: None)
