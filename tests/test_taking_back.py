"""Calling debits back before they settle, and giving money back afterwards, all the way round."""

from datetime import timedelta

from lxml import etree
from odoo import fields
from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from ..sepa import target
from .common import SupportDebitCommon


@tagged("-at_install", "post_install")
class TestTakingBack(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal.sdd_cancellation_way = "camt055"
        cls.debits = cls._create_debits(2).with_env(cls.env)
        cls.batch = cls.env["sdd.batch"]._create_due_batches(cls.journal)
        cls.batch.action_submit()
        cls.accountant = new_test_user(cls.env, "tina", groups="support_debit.group_accountant")

    def _open(self, action):
        return self.env[action["res_model"]].with_user(self.accountant).browse(action["res_id"])

    def _request(self, debits=None):
        """Return a request that was sent."""
        debits = debits or self.debits
        request = self._open(debits.with_user(self.accountant).action_cancel_at_bank())
        request.action_send()
        return request

    def _settle(self):
        self._import(self._camt([self._entry_batch(self.batch)]))
        self.assertEqual(set(self.debits.mapped("state")), {"settled"})

    def _camt029(self, request, answers, status="CNCL"):
        """Return the bank's answer; `answers` is {debit: (status, reason)}."""
        transactions = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{debit.end_to_end_id}</OrgnlEndToEndId><TxCxlSts>{word}</TxCxlSts>"
            f"<CxlStsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></CxlStsRsnInf></TxInfAndSts>"
            for debit, (word, reason) in answers.items()
        )
        block = (
            f"<CxlDtls><OrgnlPmtInfAndSts><OrgnlPmtInfCxlId>{request.name}-1</OrgnlPmtInfCxlId>"
            f"<OrgnlPmtInfId>{self.batch.name}-1</OrgnlPmtInfId>{transactions}</OrgnlPmtInfAndSts></CxlDtls>"
        )
        return (
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.029.001.09"><RsltnOfInvstgtn>'
            "<Assgnmt><Id>A-1</Id><Assgnr><Agt><FinInstnId><BICFI>SOGEDEFFXXX</BICFI></FinInstnId></Agt></Assgnr>"
            "<Assgne><Pty><Nm>S</Nm></Pty></Assgne><CreDtTm>2026-11-23T10:00:00</CreDtTm></Assgnmt>"
            f"<Sts><Conf>{status}</Conf></Sts>{block}</RsltnOfInvstgtn></Document>"
        )

    def _find(self, content, name):
        return [node.text for node in etree.fromstring(content).iter(f"{{*}}{name}")]

    # === CALLING BACK === #

    def test_request_says_what_was_sent(self):
        request = self._request()
        content = request.with_user(self.env.user).file_content
        self.assertEqual(
            self._find(content, "OrgnlEndToEndId"), self.debits.mapped("end_to_end_id")
        )
        self.assertEqual(set(self._find(content, "OrgnlMsgId")), {self.batch.name})
        self.assertEqual(
            set(self._find(content, "OrgnlPmtInfId")),
            set(self.debits.mapped("payment_information_id")),
        )
        self.assertEqual(request.amount_total, self.batch.amount_total)
        self.assertRecordValues(
            request, [{"state": "sent", "handover_state": "delivered", "debit_count": 2}]
        )
        self.assertEqual(request.handover_ids.outcome, "confirmed")

    def test_accepted(self):
        request = self._request()
        first, second = self.debits
        message = self._import(
            self._camt029(request, {first: ("ACCR", "CUST"), second: ("RJCR", "LEGL")})
        )
        self.assertEqual((message.state, message.family), ("done", "status"), message.findings_text)
        self.assertEqual((first.state, second.state), ("rejected", "submitted"))
        self.assertRecordValues(
            first.return_ids,
            [{"kind": "cancellation", "reason_code": "FOCR", "fee": 0, "amount": first.amount}],
        )
        self.assertEqual(first.invoice_ids.payment_state, "not_paid")
        self.assertEqual(self._get_transit(), second.amount)
        self.assertEqual(request.state, "partly")
        self.assertEqual(request.line_ids.mapped("outcome"), ["accepted", "refused"])
        self.assertEqual(self.batch.state, "partly_rejected")
        # The credit of what is left ends the batch.
        self._import(self._camt([self._entry_batch(self.batch, amount=second.amount)]))
        self.assertEqual((second.state, self._get_transit()), ("settled", 0))

    def test_no_consequences_for_the_customer(self):
        request = self._request(self.debits[0])
        subscriptions = self.debits[0].invoice_ids._get_support_subscriptions()
        states = subscriptions.mapped("state")
        request.action_accept()
        self.assertEqual(self.debits[0].state, "rejected")
        self.assertEqual(subscriptions.mapped("state"), states)
        self.assertEqual(self.debits[0].mandate_id.state, "active")
        self.assertFalse(self.debits[0].next_debit_ids)

    def test_answer_for_everything(self):
        request = self._request()
        self._import(self._camt029(request, {}))
        self.assertEqual((request.state, self.batch.state), ("accepted", "rejected"))
        self.assertEqual(self._get_transit(), 0)

    def test_pending_and_too_late(self):
        request = self._request()
        self._import(self._camt029(request, {}, "PDCR"))
        self.assertEqual(request.state, "sent")
        self._import(
            self._camt029(request, dict.fromkeys(self.debits, ("RJCR", "ARDT")), "RJCR"),
            "2.xml",
        )
        self.assertEqual(request.state, "too_late")
        self.assertEqual(set(self.debits.mapped("state")), {"submitted"})

    def test_reject_in_a_pain002_fulfils_it_once(self):
        """Banks also answer by just doing it, in any order."""
        for first_is_answer in (False, True):
            with self.subTest(first_is_answer), self.env.cr.savepoint() as savepoint:
                request = self._request(self.debits[0])
                answer = self._camt029(request, {self.debits[0]: ("ACCR", "CUST")})
                status = self._pain002(self.batch, self.debits[0], reason="FOCR")
                for content in (answer, status) if first_is_answer else (status, answer):
                    self._import(content)
                self.assertRecordValues(self.debits[0].return_ids, [{"kind": "cancellation"}])
                self.assertEqual((self.debits[0].state, request.state), ("rejected", "accepted"))
                self.assertEqual(self._get_transit(), self.debits[1].amount)
                savepoint.rollback()
                self.env.invalidate_all()

    def test_return_on_the_statement_fulfils_it_once(self):
        request = self._request(self.debits[0])
        self._settle()
        self._import(
            self._camt([self._entry_return(self.debits[0], reason="FOCR")], message_id="S-2")
        )
        self.assertEqual(request.state, "accepted")
        self._import(self._camt029(request, {self.debits[0]: ("ACCR", "CUST")}))
        self.assertRecordValues(self.debits[0].return_ids, [{"kind": "cancellation"}])
        self.assertEqual((self.debits[0].state, self._get_transit()), ("returned", 0))

    def test_other_return_ends_the_request(self):
        request = self._request(self.debits[0])
        self._import(self._pain002(self.batch, self.debits[0], reason="AC04"))
        self.assertEqual((request.state, self.debits[0].return_ids.kind), ("too_late", "reject"))

    def test_answer_nobody_asked_for(self):
        request = self._request(self.debits[0])
        request.action_refuse()
        message = self._import(self._camt029(request, {self.debits[0]: ("ACCR", "CUST")}))
        self.assertEqual(message.state, "attention")
        self.assertIn("no request", message.findings_text)
        self.assertEqual(self.debits[0].state, "submitted")

    def test_what_cannot_be_called_back(self):
        self._request(self.debits[0])
        with self._refused("called back already"):
            self.debits[0].action_cancel_at_bank()
        self._settle()
        with self._refused("needs debits that are"):
            self.debits.action_cancel_at_bank()

    def test_call_the_bank(self):
        self.journal.sdd_cancellation_way = "phone"
        request = self._open(self.debits.action_cancel_at_bank())
        self.assertEqual(request.way, "phone")
        html = (
            self.env["ir.actions.report"]
            ._render_qweb_html("support_debit.action_report_sdd_cancellation", request.ids)[0]
            .decode()
        )
        for debit in self.debits:
            self.assertIn(debit.end_to_end_id, html)
        self.assertNotIn(self.debits[0].mandate_id._get_iban(), html)
        request.action_send()
        self.assertFalse(request.handover_ids)
        request.action_accept()
        self.assertEqual(set(self.debits.mapped("state")), {"rejected"})

    def test_rights(self):
        user = new_test_user(self.env, "sven", groups="support_debit.group_support_user")
        with self._refused("", AccessError):
            self.debits.with_user(user).action_cancel_at_bank()
        request = self._request()
        with self._refused("by hand"):
            request.write({"state": "accepted"})
        with self._refused("kept for the record"):
            request.unlink()
        with self._refused("needs debits|cannot become|called back already"):
            request.action_send()

    # === GIVING BACK === #

    def _reverse(self, debits=None):
        """Return a reversal that was submitted."""
        debits = debits or self.debits
        reversal = self._open(debits.with_user(self.accountant).action_give_back())
        reversal.action_generate()
        reversal.action_submit()
        return reversal

    def test_reversal_books(self):
        self._settle()
        reversal = self._reverse()
        content = reversal.with_user(self.env.user).file_content
        self.assertEqual(
            self._find(content, "OrgnlEndToEndId"), self.debits.mapped("end_to_end_id")
        )
        self.assertEqual(set(self._find(content, "OrgnlMsgId")), {self.batch.name})
        self.assertRecordValues(reversal, [{"state": "submitted", "handover_state": "delivered"}])
        self.assertEqual(set(self.debits.mapped("state")), {"returned"})
        self.assertEqual(set(self.debits.invoice_ids.mapped("payment_state")), {"not_paid"})
        self.assertEqual(set(self.debits.return_ids.mapped("kind")), {"reversal"})
        self.assertEqual(self._get_transit(), -self.batch.amount_total)
        self.assertFalse(self.debits.next_debit_ids)
        with self._refused("needs debits that are"):
            reversal.action_submit()

    def test_statement_in_one_sum(self):
        self._settle()
        reversal = self._reverse()
        block = f"<Btch><MsgId>{reversal.name}</MsgId></Btch>"
        entry = self._entry(-reversal.amount_total, "RV-1", "", batch=block, family="RCDD")
        message = self._import(self._camt([entry], message_id="S-2"))
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual((reversal.state, self._get_transit()), ("settled", 0))

    def test_statement_one_by_one(self):
        self._settle()
        reversal = self._reverse()
        for number, debit in enumerate(self.debits):
            self.assertEqual(reversal.state, "submitted")
            detail = self._detail(debit, -debit.amount)
            entry = self._entry(-debit.amount, f"RV-{number}", detail, family="RCDD")
            message = self._import(self._camt([entry], message_id=f"S-{number + 2}"))
            self.assertEqual(message.state, "done", message.findings_text)
        self.assertEqual((reversal.state, self._get_transit()), ("settled", 0))
        self.assertEqual(len(self.debits.return_ids), 2)

    def test_refused_by_the_bank(self):
        self._settle()
        reversal = self._reverse()
        answer = self._pain002(self.batch, group_status="RJCT").replace(
            f"<OrgnlMsgId>{self.batch.name}<", f"<OrgnlMsgId>{reversal.name}<"
        )
        self._import(answer)
        self.assertEqual(reversal.state, "rejected")
        self.assertEqual(set(self.debits.mapped("state")), {"settled"})
        self.assertFalse(self.debits.return_ids)
        self.assertEqual(self._get_transit(), 0)
        self.assertEqual(set(self.debits.invoice_ids.mapped("payment_state")), {"paid"})
        self.assertTrue(reversal.activity_ids)

    def test_too_late(self):
        self._settle()
        day = fields.Date.today() - timedelta(days=30)
        self.debits.sudo()._write_state({"collection_date": target.next_target_day(day)})
        with self._refused("credit transfer"):
            self.debits.action_give_back()

    def test_only_settled_debits(self):
        with self._refused("needs debits that are"):
            self.debits.action_give_back()

    def test_story(self):
        self._request(self.debits[0])
        texts = [event.text for event in self.debits[0]._get_timeline_events()]
        self.assertTrue(any("asked the bank to call" in text for text in texts), texts)
        self.batch.handover_ids.sudo().kind = "folder"
        texts = [event.text for event in self.debits[0]._get_timeline_events()]
        self.assertTrue(any("bank has the file" in text for text in texts), texts)
