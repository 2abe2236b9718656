"""What follows from a debit that came back: mandate, account, support, other debits, people."""

from unittest.mock import patch

from odoo import fields
from odoo.addons.mail.tests.common import MailCase
from odoo.tests import tagged

from .common import DEBTOR_IBANS, SupportDebitCommon

#: What the defaults do: mandate, support, account, other queued debits of the mandate.
GOES_ON = ("active", "active", False, "queued")
EXPECTED = {
    **dict.fromkeys(("AC01", "AC04", "AG01", "DNOR"), ("suspended", "suspended", True, "held")),
    **dict.fromkeys(
        ("AC06", "MD06", "MS02", "SL01", "NARR", "????"), ("suspended", "suspended", False, "held")
    ),
    **dict.fromkeys(("AC13", "MD01", "MD07"), ("revoked", "suspended", False, "cancelled")),
    **dict.fromkeys(("AM04", "MS03"), ("active", "suspended", False, "queued")),
    **dict.fromkeys(("BE01", "BE06"), ("active", "suspended", False, "held")),
}
#: Codes after which it is tried again without a person.
RETRIED = {"AM04", "MS03", "ED05", "TM01"}
#: Codes after which the customer hears nothing.
SILENT_CLASSES = {"own_fault", "technical"}


class ReturnCommon(MailCase, SupportDebitCommon):
    """Debits that come back without a file of the bank."""

    @classmethod
    def _return(cls, debits, code="AM04", kind="return", fee=0.0):
        """Take submitted debits back as the import does, and return the `sdd.return` records."""
        state = "rejected" if kind == "reject" else "returned"
        reason = cls.env["sdd.reason"]._find(code)
        debits._reopen(state, reason.display_name or code, fields.Date.today(), "test")
        returns = cls.env["sdd.return"].sudo()
        returns = returns.create(
            [
                {
                    "debit_id": debit.id,
                    "kind": kind,
                    "reason_code": code,
                    "reason_id": reason.id,
                    "booking_date": fields.Date.today(),
                    "amount": debit.amount,
                    "fee": fee,
                }
                for debit in debits
            ]
        )
        returns._react()
        return returns

    def _submitted(self, count=1):
        """Return as many debits of different customers that are at the bank."""
        debits = self._create_debits(count)
        self._submit(debits)
        return debits


@tagged("post_install", "-at_install")
class TestReturnReaction(ReturnCommon):
    """The table of reasons, row by row, and what is done about each row."""

    def _react_to(self, code):
        """Let a debit come back and return (return, another queued debit of its mandate)."""
        debit = self._submitted()
        other = self._create_bare_debit(debit.mandate_id)
        return self._return(debit, code), other

    def _again(self, mandate):
        """Return the submitted debit of another order with this mandate."""
        debit = self._create_debit(mandate.partner_id, mandate)
        self._submit(debit)
        return debit

    def test_every_code(self):
        """Every code of the table does what the defaults promise, and nothing else."""
        reasons = self.env["sdd.reason"].search([])
        self.assertGreaterEqual(len(reasons), 44)
        debit = self._submitted()
        other = self._create_bare_debit(debit.mandate_id)
        self.env.flush_all()
        for reason in reasons:
            with self.subTest(code=reason.code):
                savepoint = self.env.cr.savepoint()
                self._check_code(reason, self._return(debit, reason.code), other)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def _check_code(self, reason, back, other):
        expected = EXPECTED.get(reason.code, GOES_ON)
        account = back.mandate_id.bank_account_id
        support = back.debit_id.invoice_ids._get_support_subscriptions()
        found = (
            back.mandate_id.state,
            support.state,
            bool(account.sdd_blocked_reason),
            other.state,
        )
        self.assertEqual(found, expected)
        self.assertFalse(back.mandate_id._verify(), "the history must still be complete")
        self.assertEqual(back.debit_id.invoice_ids.payment_state, "not_paid")
        self.assertEqual(bool(back.activity_ids), bool(reason.activity_summary))
        told = bool(reason.message_template_id)
        self.assertEqual(back.message_state, "queued" if told else "none")
        self.assertTrue(back.done_text)
        if expected == GOES_ON:
            self.assertIn(reason.reason_class, SILENT_CLASSES)
            self.assertFalse(reason.is_risk_signal)

    def test_defaults_hang_together(self):
        """What must never be tried again is not, and fees follow the law."""
        reasons = self.env["sdd.reason"].search([])
        alone = reasons.filtered(lambda r: r.retry_allowed and not r.retry_needs_fix)
        self.assertEqual(set(alone.mapped("code")), RETRIED)
        for reason in reasons:
            with self.subTest(code=reason.code):
                self.assertEqual(bool(reason.retry_max), reason.retry_allowed)
                if reason.reason_class in (*SILENT_CLASSES, "unknown"):
                    self.assertEqual(reason.fee_caused_by_debtor, "no")
                    self.assertFalse(reason.is_risk_signal)
                if reason.mandate_action in ("suspend", "end"):
                    self.assertFalse(reason.retry_allowed)
        dead = reasons._find("MD07")
        self.assertTrue(dead.stops_dunning)
        self.assertFalse(dead.message_template_id)
        self.assertEqual(dead.fee_caused_by_debtor, "no")

    def test_unknown_code(self):
        """A code that nobody knows stops collecting and asks a person."""
        back, other = self._react_to("ZZ99")
        self.assertFalse(back.reason_id)
        self.assertEqual((back.mandate_id.state, other.state), ("suspended", "held"))
        self.assertIn("ZZ99", back.activity_ids.note)
        with self._refused("stands for every code"):
            self.env["sdd.reason"]._get_unknown().unlink()

    def test_second_unexplained_return_in_a_row(self):
        """MS03 suspends the mandate only the second time in a row."""
        first = self._submitted()
        mandate = first.mandate_id
        self._return(first, "MS03")
        self.assertEqual(mandate.state, "active")
        second = self._again(mandate)
        self._return(second, "MS03")
        self.assertEqual(mandate.state, "suspended")

    def test_unexplained_returns_with_a_paid_one_between(self):
        """A debit that was paid breaks the row."""
        first = self._submitted()
        mandate = first.mandate_id
        self._return(first, "MS03")
        between = self._again(mandate)
        between._settle(fields.Date.today())
        third = self._again(mandate)
        self._return(third, "MS03")
        self.assertEqual(mandate.state, "active")

    def test_what_we_called_back_has_no_consequences(self):
        """Cancelled and reversed debits change nothing for the customer."""
        for kind in ("cancellation", "reversal"):
            debit = self._submitted()
            if kind == "reversal":
                debit._settle(fields.Date.today())
            back = self._return(debit, "MD06", kind=kind)
            support = debit.invoice_ids._get_support_subscriptions()
            self.assertEqual((back.mandate_id.state, support.state), ("active", "active"))
            self.assertEqual((back.message_state, len(back.activity_ids)), ("none", 0))

    def test_another_account_since(self):
        """What a bank says of an account that the customer has left does not stop the mandate."""
        debit = self._submitted()
        mandate = debit.mandate_id
        accounts = self.env["res.partner.bank"]
        mandate.amend_bank_account(
            accounts._sdd_find_or_create(DEBTOR_IBANS[1], mandate.holder, mandate.partner_id)
        )
        self._return(debit, "AC04")
        self.assertEqual(mandate.state, "active")

    def test_another_account_lifts_it(self):
        """A closed account takes no mandate; another one lets everything go on."""
        back, other = self._react_to("AC04")
        mandate = back.mandate_id
        with self._refused("cannot be debited"):
            mandate.action_activate()
        with self._refused("cannot be debited"):
            self._create_mandate(mandate.partner_id, DEBTOR_IBANS[0])
        third = self._create_mandate(mandate.partner_id, DEBTOR_IBANS[2])
        with self._refused("came back from its bank"):
            third.amend_bank_account(mandate.bank_account_id)
        accounts = self.env["res.partner.bank"]
        mandate.amend_bank_account(
            accounts._sdd_find_or_create(DEBTOR_IBANS[1], mandate.holder, mandate.partner_id)
        )
        self.assertEqual(
            (mandate.state, mandate.suspend_code, other.state), ("active", False, "queued")
        )

    def test_dispute_is_not_lifted_by_another_account(self):
        """Who took the money back must be asked; another account is no answer."""
        back, _other = self._react_to("MD06")
        mandate = back.mandate_id
        accounts = self.env["res.partner.bank"]
        mandate.amend_bank_account(
            accounts._sdd_find_or_create(DEBTOR_IBANS[1], mandate.holder, mandate.partner_id)
        )
        self.assertEqual(mandate.state, "suspended")

    def test_lift(self):
        """The bank erred: everything is as before, and it is written down who did it."""
        back, other = self._react_to("AC04")
        support = back.suspended_subscription_ids
        self.assertTrue(back.can_be_lifted)
        self.assertEqual(back.held_debit_ids, other)
        back.action_lift()
        account = back.mandate_id.bank_account_id
        self.assertEqual(
            (back.mandate_id.state, account.sdd_blocked_reason, other.state, support.state),
            ("active", False, "queued", "active"),
        )
        self.assertEqual(back.lifted_by_id, self.env.user)
        self.assertFalse(back.activity_ids)
        self.assertIn(self.env.user.name, back.done_text)
        with self._refused("could be lifted"):
            back.action_lift()

    def test_ended_mandates_stay_ended(self):
        """Support can be lifted, a mandate that has ended cannot."""
        back, _other = self._react_to("MD01")
        back.action_lift()
        self.assertEqual(back.mandate_id.state, "revoked")
        self.assertEqual(back.suspended_subscription_ids.state, "active")

    def test_one_task_for_a_whole_file(self):
        """Our own fault is one thing to do, however many debits it hit."""
        returns = self._return(self._submitted(3), "FF01", kind="reject")
        self.assertEqual(len(returns.activity_ids), 1)
        self.assertIn("3 debits", returns.activity_ids.note)

    def test_support_as_the_reason_says(self):
        """The reason can be stricter or milder than the package."""
        reason = self.env["sdd.reason"]._find("AM04")
        self.plan.unpaid_action = "continue"
        self.assertFalse(self._return(self._submitted()).suspended_subscription_ids)
        reason.support_action = "suspend"
        self.assertTrue(self._return(self._submitted()).suspended_subscription_ids)
        self.plan.unpaid_action = "suspend"
        reason.support_action = "leave"
        self.assertFalse(self._return(self._submitted()).suspended_subscription_ids)

    def test_history_and_chatter(self):
        """The mandate's history has the code; its chatter the story."""
        back, _other = self._react_to("MD06")
        event = back.mandate_id.event_ids.sorted("number")[-1]
        self.assertEqual((event.kind, event.data["code"]), ("suspended", "MD06"))
        self.assertIn("The mandate was suspended", back.mandate_id.message_ids[0].body)

    def test_reset_to_default(self):
        """A policy that was changed can be had back; the meaning stays as somebody wrote it."""
        reason = self.env["sdd.reason"]._find("AC04")
        before = reason.read(sorted(reason._get_policy_fields()))
        reason.write(
            {
                "name": "Konto zu",
                "mandate_action": "none",
                "retry_allowed": True,
                "retry_max": 9,
                "message_template_id": False,
                "stops_dunning": True,
            }
        )
        own = reason.copy({"code": "XX01", "mandate_action": "end"})
        (reason | own).action_reset()
        self.assertEqual(reason.read(sorted(reason._get_policy_fields())), before)
        self.assertEqual((reason.name, own.mandate_action), ("Konto zu", "end"))

    def test_few_queries_for_many_returns(self):
        """What follows from one return more costs next to nothing, even when all of it happens."""
        debits = self._submitted(18)
        spent = []
        for group in (debits[:3], debits[3:]):
            self.env.flush_all()
            self.env.invalidate_all()
            with patch.object(type(self.env["sdd.return"]), "_react", lambda returns: None):
                returns = self._return(group, "AC06")
            self.env.flush_all()
            before = self.env.cr.sql_log_count
            returns._react()
            self.env.flush_all()
            spent.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual((spent[1] - spent[0]) / 12, 4, spent)
