"""Debits: what can be queued, what cannot, and what happens before they leave the house."""

from datetime import date

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger
from psycopg2 import IntegrityError

from ..sepa import target
from .common import DEBTOR_IBANS, SupportDebitCommon

ALLOWED = {
    "queued": {"batched", "held", "cancelled"},
    "held": {"queued", "cancelled"},
    "batched": {"queued", "submitted"},
    "submitted": {"settled", "rejected", "returned"},
    "settled": {"returned"},
    "rejected": set(),
    "returned": {"settled"},
    "cancelled": set(),
}
PATHS = {
    "queued": [],
    "held": ["held"],
    "batched": ["batched"],
    "submitted": ["batched", "submitted"],
    "settled": ["batched", "submitted", "settled"],
    "rejected": ["batched", "submitted", "rejected"],
    "returned": ["batched", "submitted", "returned"],
    "cancelled": ["cancelled"],
}


@tagged("-at_install", "post_install")
class TestDebit(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._create_mandate()
        cls.invoice = cls._create_order()._sdd_invoice()

    def _queue(self):
        return self.invoice._queue_sdd_debit(mandate=self.mandate).with_env(self.env)

    # === STATES === #

    def test_transitions(self):
        self._assert_transitions(lambda: self._create_bare_debit(self.mandate), PATHS, ALLOWED)

    def test_hold_and_release(self):
        debit = self._queue()
        debit.action_hold()
        self.assertTrue(debit.state_reason)
        self.assertFalse(self.env["sdd.batch"]._create_due_batches(self.journal))
        self.assertEqual(debit.state, "held")
        due = debit.collection_date
        debit.action_release()
        self.assertRecordValues(
            debit, [{"state": "queued", "state_reason": False, "collection_date": due}]
        )

    def test_release_moves_a_due_date_that_has_passed(self):
        debit = self._queue()
        debit.action_hold()
        debit.collection_date = date(2024, 3, 1)
        debit.action_release()
        self.assertGreater(debit.collection_date, fields.Date.today())
        self.assertTrue(target.is_target_day(debit.collection_date))

    def test_contents_do_not_change_at_the_bank(self):
        debit = self._queue()
        debit.amount = 50.0
        debit.amount = 99.9
        self._submit(debit)
        for values in (
            {"amount": 1000.0},
            {"collection_date": date(2030, 1, 4)},
            {"end_to_end_id": "X"},
            {"mandate_id": self._create_mandate(iban=DEBTOR_IBANS[1]).id},
            {"partner_id": self.partner_a.id},
            {"batch_id": False},
        ):
            with self.subTest(values), self.assertRaises(UserError):
                debit.write(values)

    def test_debits_are_never_deleted(self):
        debit = self._queue()
        with self.assertRaises(UserError):
            debit.unlink()
        debit.action_cancel()
        with self.assertRaises(UserError):
            debit.sudo().unlink()

    # === WHAT CAN BE QUEUED === #

    def test_queue(self):
        debit = self._queue()
        self.assertRecordValues(
            debit,
            [
                {
                    "state": "queued",
                    "amount": 99.9,
                    "partner_id": self.customer.id,
                    "mandate_id": self.mandate.id,
                    "sequence_type": "RCUR",
                    "scheme": "CORE",
                    "attempt": 1,
                    "prenotification_date": False,
                }
            ],
        )
        self.assertIn(self.invoice.name, debit.remittance)
        self.assertEqual(self.invoice.sdd_debit_count, 1)

    def test_newest_active_mandate_is_used(self):
        newer = self._create_mandate(iban=DEBTOR_IBANS[1])
        suspended = self._create_mandate(iban=DEBTOR_IBANS[2])
        suspended.action_suspend()
        self.assertEqual(self.invoice._queue_sdd_debit().mandate_id, newer)

    def test_mandate_of_a_contact_serves_the_company(self):
        firm = self._create_customer("Firma GmbH", is_company=True)
        clerk = self._create_customer("Buchhaltung", parent_id=firm.id)
        mandate = self._create_mandate(clerk, DEBTOR_IBANS[1])
        debit = self._create_order(firm)._sdd_invoice()._queue_sdd_debit()
        self.assertEqual((debit.mandate_id, debit.partner_id), (mandate, firm))

    def test_what_cannot_be_debited(self):
        draft = self._create_order()._create_invoices()
        refund = self.invoice._reverse_moves([{"invoice_date": fields.Date.today()}])
        refund.action_post()
        bill = self.init_invoice("in_invoice", amounts=[10.0], post=True)
        cases = {
            "posted customer invoice": draft | bill | refund,
        }
        for message, moves in cases.items():
            for move in moves:
                with (
                    self.subTest(move.move_type),
                    self._refused(message),
                ):
                    move._queue_sdd_debit(mandate=self.mandate)
        self.assertFalse((draft | bill | refund).sdd_debit_ids)

    def test_paid_invoice(self):
        self._register_payment(self.invoice)
        with self._refused("not open"):
            self._queue()

    def test_twice(self):
        debit = self._queue()
        for state in ("queued", "held"):
            if state == "held":
                debit.action_hold()
            with self.subTest(state), self._refused("already"):
                self._queue()
        values = {
            "claimed_line_id": debit.claimed_line_id.id,
            "move_line_ids": [Command.set(debit.move_line_ids.ids)],
        }
        with mute_logger("odoo.sql_db"), self.assertRaises(IntegrityError), self.env.cr.savepoint():
            self._create_bare_debit(self.mandate, **values)
        debit.action_cancel()
        self.assertEqual(self._queue().state, "queued")

    def test_other_currency(self):
        dollar = self.env.ref("base.USD")
        dollar.active = True
        invoice = self.init_invoice("out_invoice", self.customer, amounts=[10.0], currency=dollar)
        invoice.action_post()
        with self._refused("euro only"):
            invoice._queue_sdd_debit(mandate=self.mandate)

    def test_mandate_that_is_missing_or_not_active_or_somebody_elses(self):
        self.mandate.action_suspend()
        with self._refused("not active"):
            self._queue()
        with self._refused("no mandate"):
            self.invoice._queue_sdd_debit()
        other = self._create_customer("Somebody Else")
        with self._refused("somebody else"):
            self.invoice._queue_sdd_debit(mandate=self._create_mandate(other, DEBTOR_IBANS[1]))
        self.assertFalse(self.invoice.sdd_debit_ids)

    def test_one_that_fails_takes_none_with_it(self):
        """Several invoices at once: all are queued or none is."""
        other = self._create_order(self._create_customer("No Mandate"))._sdd_invoice()
        with self.assertRaises(UserError):
            (self.invoice | other)._queue_sdd_debit()
        self.assertFalse((self.invoice | other).sdd_debit_ids)

    def test_amounts(self):
        for amount in (0.0, -1.0, 1_000_000_000.0):
            with self.subTest(amount), self._refused("0.01"):
                self._create_bare_debit(self.mandate, amount=amount)
        self.assertEqual(self._create_bare_debit(self.mandate, amount=0.01).amount, 0.01)

    def test_closed_target_day(self):
        good_friday = date(2027, 3, 26)
        with self._refused("2027-03-30"):
            self._create_bare_debit(self.mandate, collection_date=good_friday)

    def test_wanted_due_date(self):
        wanted = date(2027, 3, 26)
        debit = self.invoice._queue_sdd_debit(mandate=self.mandate, due_date=wanted)
        self.assertEqual(debit.collection_date, date(2027, 3, 30))

    def test_the_invoices_own_due_date(self):
        due = fields.Date.add(fields.Date.today(), days=40)
        invoice = self.init_invoice("out_invoice", self.customer, amounts=[10.0])
        invoice.invoice_payment_term_id = False
        invoice.invoice_date_due = due
        invoice.action_post()
        debit = invoice._queue_sdd_debit(mandate=self.mandate)
        self.assertEqual(debit.collection_date, target.next_target_day(due))

    # === BESIDE === #

    def test_portal_pay_link(self):
        self.assertTrue(self.invoice._has_to_be_paid())
        debit = self._queue()
        self.assertFalse(self.invoice._has_to_be_paid())
        self.assertIn("direct debit", self.invoice._get_online_payment_error())
        batch = self._submit(debit)
        self.assertFalse(self.invoice._has_to_be_paid())
        self._import(self._pain002(batch, refused=debit))
        self.assertTrue(self.invoice._has_to_be_paid())

    def test_prenotification_is_recorded_once(self):
        debit = self._queue()
        debit._note_prenotification(fields.Datetime.to_datetime("2026-11-20 10:00:00"))
        debit._note_prenotification()
        self.assertEqual(
            debit.prenotification_date, fields.Datetime.to_datetime("2026-11-20 10:00:00")
        )

    def _open_payment_wizard(self, **values):
        self.env.ref("support_debit.payment_provider_sdd").write(
            {"state": "enabled", "company_id": self.company.id}
        )
        line = self.env["account.payment.method.line"].search(
            [("code", "=", "sdd"), ("company_id", "=", self.company.id)], limit=1
        )
        self.assertTrue(line)
        return (
            self.env["account.payment.register"]
            .with_context(active_model="account.move", active_ids=self.invoice.ids)
            .create({"journal_id": line.journal_id.id, "payment_method_line_id": line.id, **values})
        )

    def test_register_payment_wizard(self):
        action = self._open_payment_wizard().action_create_payments()
        self.assertEqual(self.invoice.sdd_debit_ids.state, "queued")
        self.assertEqual(self.invoice.sdd_debit_ids.amount, 99.9)
        self.assertEqual(action["res_model"], "sdd.debit")
        self.assertFalse(
            self.env["account.payment"].search([("partner_id", "=", self.customer.id)])
        )

    def test_register_payment_on_another_day(self):
        day = fields.Date.add(fields.Date.today(), days=30)
        self._open_payment_wizard(payment_date=day).action_create_payments()
        self.assertEqual(self.invoice.sdd_debit_ids.collection_date, target.next_target_day(day))

    def test_register_part_of_a_payment(self):
        with self._refused("whole invoice"):
            self._open_payment_wizard(amount=50.0).action_create_payments()
        self.assertFalse(self.invoice.sdd_debit_ids)

    def test_payment_state_until_the_money_is_there(self):
        debit = self._queue()
        self.assertEqual(self.invoice.payment_state, "not_paid")
        self._submit(debit)
        self.assertEqual(self.invoice.payment_state, "in_payment")
        self._import(self._camt([self._entry_single(debit)]))
        self.assertEqual(self.invoice.payment_state, "paid")
        self._import(self._camt([self._entry_return(debit)], opening=99.9, message_id="S-2"))
        self.assertEqual(self.invoice.payment_state, "not_paid")

    def test_audit_trail_deletes_nothing(self):
        """German books keep everything: the whole circle only adds entries."""
        self.assertTrue(self.company.restrictive_audit_trail)
        debit = self._queue()
        self._submit(debit)
        self._import(self._camt([self._entry_single(debit)]))
        before = self.env["account.move"].search([("company_id", "=", self.company.id)])
        self._import(self._camt([self._entry_return(debit)], opening=99.9, message_id="S-2"))
        self.assertEqual(before.exists(), before)
        self.assertEqual(set(before.mapped("state")), {"posted"})
