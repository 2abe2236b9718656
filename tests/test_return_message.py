"""What customers are told when a debit comes back, and who is told that it failed."""

from unittest.mock import patch

from odoo import fields
from odoo.tests import tagged

from .test_return_reaction import ReturnCommon


@tagged("post_install", "-at_install")
class TestReturnMessage(ReturnCommon):
    """One e-mail for each customer and file, written by a job."""

    def _run(self):
        with self._without_commits():
            self.env["sdd.return"].sudo()._cron_tell_customers()

    def _write(self, code, debit=None, lang=None):
        """Return the message about a debit that came back with this code."""
        debit = debit or self._submitted()
        if lang:
            debit.partner_id.lang = lang
        back = self._return(debit, code)
        self._run()
        return back, back.mail_message_id

    def test_tone(self):
        """Each class has its words; what the bank masks or must stay private is not in it."""
        expected = {
            "AM04": "not covered",
            "MS03": "could not be collected",
            "AC04": "bank details again",
            "SL01": "creditor identifier",
            "MD01": "no valid direct debit mandate",
            "MD06": "clarify it with you",
            "AM05": "We are sorry",
        }
        debit = self._submitted()
        self.env.flush_all()
        for code, words in expected.items():
            with self.subTest(code=code):
                savepoint = self.env.cr.savepoint()
                back, message = self._write(code, debit)
                self.assertEqual(back.message_state, "outgoing", back.message_error)
                body = " ".join(message.body.split())
                self.assertIn(words, body)
                self.assertIn("99.90", body)
                self.assertIn(debit.invoice_ids.name, body)
                self.assertIn(debit.mandate_id.name, body)
                self.assertNotIn(debit.mandate_id._get_iban(), body.replace(" ", ""))
                self.assertEqual("access_token" in body, code != "AM05")
                if code == "MS03":
                    self.assertNotIn("covered", body)
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_nobody_writes_to_the_dead(self):
        """No message for a customer reported dead, not even about his other debits."""
        mandate = self._create_mandate()
        debits = self._create_debit(self.customer, mandate) | self._create_debit(
            self.customer, mandate
        )
        self._submit(debits)
        self._return(debits, "MD07")
        self._run()
        self.assertFalse(debits.return_ids.mail_message_id)

    def test_one_message_for_a_customer_and_file(self):
        """Two debits of one customer that came back with one file are told in one e-mail."""
        mandate = self._create_mandate()
        debits = self._create_debit(self.customer, mandate) | self._create_debit(
            self.customer, mandate
        )
        batch = self._submit(debits)
        self._import(self._pain002(batch, refused=debits, reason="AC04"))
        self._run()
        returns = debits.return_ids
        self.assertEqual(len(returns), 2)
        self.assertEqual(len(returns.mail_message_id), 1)
        for debit in debits:
            self.assertIn(debit.invoice_ids.name, returns.mail_message_id.body)

    def test_planned_attempt_is_announced(self):
        """A message that names the next attempt is its pre-notification."""
        debit = self._submitted()
        back = self._return(debit)
        debit.next_debit_ids._cancel("test")
        again = self._create_bare_debit(
            debit.mandate_id, previous_debit_id=debit.id, amount=debit.amount
        )
        back._queue_messages()
        self._run()
        body = back.mail_message_id.body
        self.assertIn("Next attempt", body)
        self.assertIn(debit.mandate_id.creditor_identifier, body)
        notice = again.prenotification_ids[:1]
        self.assertEqual((notice.channel, notice.mail_message_id), ("return", back.mail_message_id))

    def test_outcome(self):
        """The mail server's answer is noted; what fails is somebody's task."""
        back, message = self._write("AM04")
        mail = message.sudo().mail_ids
        mail._postprocess_sent_message(mail.recipient_ids, [], "refused", "mail_smtp")
        self.assertEqual((back.message_state, back.message_error), ("failed", "refused"))
        self.assertTrue(back.activity_ids)
        back.action_send_message()
        self._run()
        mail = back.mail_message_id.sudo().mail_ids
        mail._postprocess_sent_message(mail.recipient_ids, [])
        self.assertEqual(back.message_state, "sent")
        self.assertTrue(back.message_date)
        texts = [event.text for event in back.debit_id._get_timeline_events()]
        self.assertTrue([text for text in texts if "told by e-mail" in text])

    def test_no_address(self):
        """Who has no e-mail address is told by a person."""
        debit = self._submitted()
        debit.partner_id.email = False
        back, message = self._write("AM04", debit)
        self.assertEqual(back.message_state, "failed")
        self.assertFalse(message)
        self.assertTrue(back.activity_ids)

    def test_skip(self):
        """A message that staff skips is not written; a return without one has none to send."""
        back = self._return(self._submitted())
        back.action_skip_message()
        self._run()
        self.assertFalse(back.mail_message_id)
        with self._refused("has no message"):
            self._return(self._submitted(), "ED05").action_send_message()

    def test_restart(self):
        """One message that cannot be written stops nobody else; a second run doubles nothing."""
        returns = self._return(self._submitted(3))
        write = type(returns)._write_message

        def fail_once(group):
            if group == returns[0]:
                raise ValueError("spoilt template")
            return write(group)

        # The job takes back what failed; the test keeps what it has prepared.
        with (
            patch.object(type(returns), "_write_message", fail_once),
            patch.object(self.env.cr, "rollback", lambda: None),
        ):
            self._run()
        self.assertEqual(returns.mapped("message_state"), ["failed", "outgoing", "outgoing"])
        messages = returns.mail_message_id
        self._run()
        self.assertEqual(returns.mail_message_id, messages)

    def test_language(self):
        """The customer reads his own language as far as it is installed."""
        self.env["res.lang"]._activate_lang("de_DE")
        template = self.env.ref("support_debit.mail_template_return_funds")
        template.with_context(lang="de_DE").subject = "Ihre Zahlung kam zurück"
        _back, message = self._write("AM04", lang="de_DE")
        self.assertEqual(message.subject, "Ihre Zahlung kam zurück")
        self.assertIn("99,90", message.body)


@tagged("post_install", "-at_install")
class TestReturnFee(ReturnCommon):
    """The bank's fee, passed on where law, reason and company allow it."""

    def _back(self, code="AM04", country="de", fee=3.5, **partner):
        debit = self._submitted()
        debit.partner_id.write({"country_id": self.env.ref(f"base.{country}").id, **partner})
        return self._return(debit, code, fee=fee)

    def _run(self):
        with self._without_commits():
            self.env["sdd.return"].sudo()._cron_charge_fees()

    def test_never_by_default(self):
        back = self._back()
        self._run()
        self.assertEqual((back.fee_state, back.can_charge_fee), ("none", False))

    def test_by_country(self):
        """Never to consumers in the Netherlands and France; the cap holds in Germany."""
        self.company.sdd_fee_policy = "always"
        cases = [
            ("de", 3.5, {}, 3.5),
            ("de", 9.0, {}, 5.0),
            ("at", 3.5, {}, 3.5),
            ("nl", 3.5, {}, 0),
            ("fr", 3.5, {}, 0),
            ("fr", 3.5, {"is_company": True}, 0),
            ("es", 3.5, {}, 0),
        ]
        debit = self._submitted()
        self.env.flush_all()
        for country, fee, partner, expected in cases:
            with self.subTest(country=country, fee=fee, **partner):
                savepoint = self.env.cr.savepoint()
                debit.partner_id.write(
                    {"country_id": self.env.ref(f"base.{country}").id, **partner}
                )
                back = self._return(debit, "AM04", fee=fee)
                self._run()
                self.assertEqual(back.fee_invoice_id.amount_total, expected)
                self.assertEqual(back.fee_state, "charged" if expected else "none")
                savepoint.close(rollback=True)
                self.env.invalidate_all()

    def test_companies_only(self):
        self.company.sdd_fee_policy = "always"
        self.env.ref("support_debit.country_rule_nl").return_fee_passed = "companies"
        self.assertEqual(self._back(country="nl").fee_state, "none")
        self.assertEqual(self._back(country="nl", is_company=True).fee_state, "queued")

    def test_our_own_fault_costs_the_customer_nothing(self):
        self.company.sdd_fee_policy = "always"
        for code in ("AG02", "MD07", "ED05", "AC01"):
            back = self._back(code)
            self.assertEqual((back.fee_state, back.can_charge_fee), ("none", False), code)
            # Another attempt would go into the next file with the next debit.
            back.debit_id.next_debit_ids.action_cancel()

    def test_unclear_cause_is_decided_by_a_person(self):
        self.company.sdd_fee_policy = "always"
        back = self._back("MD06")
        self.assertEqual((back.fee_state, back.can_charge_fee), ("ask", True))

    def test_ask_charge_waive(self):
        """A person charges the fee: an invoice of its own without tax; he waives it again."""
        self.company.sdd_fee_policy = "ask"
        back = self._back()
        invoice = back.debit_id.invoice_ids
        self.assertEqual(back.fee_state, "ask")
        self.assertTrue(back.activity_ids)
        back.action_charge_fee()
        fee = back.fee_invoice_id
        self.assertRecordValues(fee, [{"state": "posted", "amount_total": 3.5, "amount_tax": 0.0}])
        self.assertIn("less", str(fee.narration))
        self.assertEqual(invoice.amount_residual, 99.9, "the debt itself stays as it was")
        self.assertFalse(fee.sdd_debit_ids)
        back.action_waive_fee()
        self.assertEqual((back.fee_state, fee.payment_state), ("waived", "reversed"))

    def test_fee_that_is_known_later(self):
        """A notification brings the return, the statement the fee: it is planned then."""
        self.company.sdd_fee_policy = "always"
        back = self._back(fee=0)
        self.assertEqual(back.fee_state, "none")
        back.fee = 2.5
        self.assertEqual(back.fee_state, "queued")
        self._run()
        self._run()
        moves = self.env["account.move"].search(
            [("partner_id", "=", back.partner_id.id), ("amount_total", "=", 2.5)]
        )
        self.assertEqual(moves, back.fee_invoice_id)
        self.assertEqual(moves.invoice_date, fields.Date.today())
