"""What the assessment of an order means for the debit with which it is paid."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.tests import tagged

from .common import DEBTOR_IBANS
from .risk_case_common import RiskCaseCommon


@tagged("-at_install", "post_install")
class TestRiskFirstDebit(RiskCaseCommon):
    """Orders of the telephone: nobody asks the customer anything before the debit is queued."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._ensure_active_policy()
        cls.mandate = cls._create_mandate()

    def _judge(self, colour="red", **values):
        """Return the assessment of the order with the account of the mandate."""
        offers = {"offers": ["transfer"]}
        values = {"mandate_id": self.mandate.id, "decision": offers, **values}
        return self._create_assessment(colour, **values)

    def _queue(self):
        self.order.action_confirm()
        return self.order._sdd_invoice()._queue_sdd_debit(mandate=self.mandate)

    def _is_to_be_judged(self, debit):
        return debit in self.env["sdd.debit"]._search_to_assess(1000)

    # === RED === #

    def test_red_order_waits_for_a_person(self):
        assessment = self._judge()
        debit = self._queue()
        self.assertEqual((debit.state, debit.hold_code), ("held", "risk"))
        case = assessment.case_ids.with_env(self.env)
        self.assertEqual(case.state, "open")
        self.assertIn(case.name, debit.state_reason)
        with self._refused(case.name):
            debit.action_release()
        case.with_user(self.first)._propose("green", "Paid the last ten times.")
        self.assertEqual(debit.state, "held", "not yet")
        case.with_user(self.second).action_agree()
        self.assertEqual(debit.state, "queued")

    def test_red_by_the_account_in_the_shop(self):
        self._judge(mandate_id=False, inputs={"given": ["name", "iban"]})
        self.assertEqual(self._queue().state, "held")

    def test_found_before_the_file(self):
        """The order is judged again after its debit was queued."""
        debit = self._queue()
        self.assertEqual(debit.state, "queued")
        assessment = self._judge()
        line = self.env["sdd.preflight.line"].new({"code": "risk", "debit_ids": debit.ids})
        action = line._open_cases()
        cases = self.env["risk.case"].search(action["domain"])
        self.assertEqual(cases.assessment_id, assessment)
        self.assertFalse(debit._set_uncollectable_aside())
        self.assertEqual(debit.hold_code, "risk")
        self.assertIn(cases.name, debit.state_reason)

    def test_judged_better_lets_it_go(self):
        self._judge()
        debit = self._queue()
        self._judge("yellow")
        with patch.object(self.env.registry["risk.policy"], "assess"):
            self.order.action_risk_check()
        self.assertEqual(debit.state, "queued")

    def test_what_was_agreed_goes(self):
        self._judge(decision={"offers": ["sdd_confirmed", "transfer"]})
        self.order.sudo().risk_offer = "sdd_confirmed"
        self.assertEqual(self._queue().state, "queued")

    def test_what_was_agreed_before_it_turned_red_waits(self):
        self.order.sudo().risk_offer = "sdd_settled"
        self._judge()
        self.assertEqual(self._queue().state, "held")

    def test_without_a_policy_nothing_waits(self):
        self._judge()
        self.policies.search([("state", "=", "active")])._write_state({"state": "retired"})
        self.env.registry.clear_cache()
        self.assertEqual(self._queue().state, "queued")

    def test_refused(self):
        """The customer is sent a link, and his invoice can be paid another way."""
        self.env["ir.config_parameter"].set_param("account_payment.enable_portal_payment", True)
        assessment = self._judge()
        debit = self._queue()
        case = assessment.case_ids.with_env(self.env)
        case.with_user(self.first)._propose("red", "The account was closed.")
        self.assertEqual(debit.state, "cancelled")
        invoice = debit.invoice_ids
        self.assertTrue(invoice._has_to_be_paid())
        mail = self.env["mail.mail"].sudo().search([("model", "=", "sdd.debit")], limit=1)
        self.assertIn(invoice.get_portal_url(), mail.body_html.replace("&amp;", "&"))
        self.assertIn("do not collect this amount", mail.body_html)
        self.assertFalse(debit.activity_ids)

    def test_a_decision_about_an_old_answer_gives_nothing_up(self):
        old = self._judge()
        debit = self._queue()
        self._judge(decision={"offers": ["transfer"]}, amount=1)
        old.case_ids.with_env(self.env).with_user(self.first)._propose("red", "No.")
        self.assertEqual(debit.state, "held")

    def test_cancelled_order(self):
        self._judge()
        debit = self._queue()
        self.order._action_cancel()
        self.assertEqual((debit.state, debit.hold_code), ("held", "other"))

    # === JUDGED OR NOT === #

    def test_who_was_judged(self):
        """Only an answer that counts, to a question with this account, spares the debit another one."""
        debit = self._queue()
        self.assertTrue(self._is_to_be_judged(debit))
        marks = {"iban": self.env["res.partner.bank"]._sdd_hash(DEBTOR_IBANS[1])}
        given = ["name", "iban"]
        for values in (
            {"mandate_id": False},
            {"mandate_id": False, "inputs": {"given": ["name"]}},
            {"stage": "basket"},
            {"is_shadow": True},
            {"date": fields.Datetime.now() - timedelta(days=20)},
            {"mandate_id": self._create_mandate().id},
            {"mandate_id": False, "inputs": {"given": given, "marks": marks}},
        ):
            with self.subTest(**values):
                self._judge("green", **values)
                self.assertTrue(self._is_to_be_judged(debit))
        marks = {"iban": self.mandate.bank_account_id.iban_hash}
        self._judge("green", mandate_id=False, inputs={"given": given, "marks": marks})
        self.assertFalse(self._is_to_be_judged(debit))

    def test_paid_in_the_portal(self):
        debit = self._queue()
        values = {"order": self.env["sale.order"], "invoice_id": debit.invoice_ids.id}
        self._judge("green", amount=debit.amount, **values)
        self.assertFalse(self._is_to_be_judged(debit))

    def test_later_debits_of_the_order(self):
        self._judge()
        self._queue()
        invoices = [Command.set(self.order.invoice_ids.ids)]
        later = self._create_bare_debit(self.mandate, invoice_ids=invoices)
        self.assertFalse(later._check_risk())
        self.assertTrue(self._is_to_be_judged(later))
        checks = self.env["risk.check"]
        channels = [
            checks._make_subject(debit, "collection").channel
            for debit in (self.order.sdd_debit_ids - later, later)
        ]
        self.assertEqual(channels, ["phone", "renewal"])

    def test_job_judges_what_is_due_tomorrow(self):
        """A debit that nobody has judged is judged soon; a red one waits, with a case."""
        trigger = [("cron_id", "=", self.env.ref("support_debit.cron_risk_collections").id)]
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count(trigger)
        self._judge(mandate_id=False)
        debit = self._queue()
        self.assertEqual(debit.state, "queued", "not judged, not held")
        self.assertGreater(triggers.search_count(trigger), before)
        asked = []

        def assess(_policies, values, stage):
            asked.append((values, stage))
            return self._judge(stage=stage, debit_id=values["debit_id"])

        with (
            self._without_commits(),
            patch.object(self.env.registry["risk.policy"], "assess", assess),
        ):
            self.env["sdd.debit"]._cron_assess_collections()
        self.assertIn(({"debit_id": debit.id}, "collection"), asked)
        self.assertEqual((debit.state, debit.hold_code), ("held", "risk"))

    def test_judged_again_and_better(self):
        """“Check now” on the debit lets it go; the case about the old answer is closed."""
        assessment = self._judge(debit_id=self._queue().id, stage="collection")
        debit = assessment.debit_id.with_env(self.env)
        debit._hold("risk", "look")
        case = assessment.case_ids
        self.assertEqual(case.state, "open")

        def assess(_policies, _values, stage):
            return self._judge("green", stage=stage, debit_id=debit.id)

        with patch.object(self.env.registry["risk.policy"], "assess", assess):
            debit.action_risk_check()
        self.assertEqual((debit.state, case.state), ("queued", "closed"))

    def test_check_without_the_account_is_outdated(self):
        quotation = self._create_quotation(self._create_customer("Hanna Schulze"))
        values = {"order": quotation, "amount": quotation.amount_total, "mandate_id": False}
        self._judge("green", **values)
        self.assertFalse(quotation.risk_panel["outdated"])
        self._create_mandate(quotation.partner_id, DEBTOR_IBANS[1])
        quotation.invalidate_recordset(["risk_panel"])
        self.assertTrue(quotation.risk_panel["outdated"])
