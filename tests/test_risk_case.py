from datetime import datetime, timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import freeze_time, tagged

from .risk_case_common import RiskCaseCommon


@tagged("-at_install", "post_install")
class TestRiskCase(RiskCaseCommon):
    """Orders at which a person looks: how they come into the queue, and who decides."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.cases = cls.env["risk.case"]

    def _open(self, colour="yellow", **values):
        assessment = self._create_assessment(colour, **values)
        return self.cases._open_for(assessment).with_env(self.env)

    # === THE WAY INTO THE QUEUE === #

    def test_one_case_for_each_assessment(self):
        assessment = self._create_assessment()
        case = self.cases._open_for(assessment)
        self.assertEqual(self.cases._open_for(assessment), case)
        self.assertRegex(case.name, r"^RC\d+$")
        self.assertEqual(case.state, "open")

    def test_review_by_amount(self):
        self.company.risk_review_amount = 50
        cases = self._create_assessment("yellow")._review_if_needed()
        self.assertEqual(cases.reason, "amount")
        self.assertFalse(self._create_assessment("green")._review_if_needed())
        self.company.risk_review_amount = 500
        self.assertFalse(self._create_assessment("red")._review_if_needed())
        self.company.risk_review_amount = 0
        self.assertFalse(self._create_assessment("red")._review_if_needed())

    def test_review_by_rule(self):
        self.company.risk_review_amount = 0
        asked = {"needs_review": True}
        self.assertEqual(
            self._create_assessment(decision=asked)._review_if_needed().reason, "policy"
        )
        silent = self._create_assessment(decision=asked, is_shadow=True)
        basket = self._create_assessment(decision=asked, stage="basket")
        self.assertFalse((silent | basket)._review_if_needed())

    def test_changed_order_gets_a_new_case(self):
        old = self._open()
        self.cases._contest(old.assessment_id, "I have always paid.")
        new = self._open()
        self.assertEqual(old.state, "closed")
        self.assertTrue(new.is_contested)
        self.assertEqual(new.contest_text, "I have always paid.")
        self.assertEqual(new.deadline, old.deadline, "the customer waits no longer for that")

    def test_cases_of_other_debits_stay(self):
        """Two debits of one mandate are two questions, though both belong to the same order."""
        debit = self._create_bare_debit()
        other = self._create_bare_debit(debit.mandate_id, amount=20)
        values = {"stage": "collection"}
        first = self._open("red", debit_id=debit.id, **values)
        ordered = self._open("red")
        second = self._open("red", debit_id=other.id, **values)
        self.assertEqual({first.state, ordered.state, second.state}, {"open"})
        again = self._open("red", debit_id=debit.id, **values)
        self.assertEqual((first.state, again.state), ("closed", "open"))
        self.assertEqual({ordered.state, second.state}, {"open"})

    def test_an_old_assessment_closes_nothing(self):
        old = self._create_assessment("red")
        case = self._open("red")
        self.cases._open_for(old, "staff")
        self.assertEqual(case.state, "open")

    def test_contest_of_an_earlier_try(self):
        """The customer's old link leads to what counts now: a decision about it helps him."""
        old = self._create_assessment("red")
        newest = self._create_assessment("red")
        self._create_assessment("green", is_shadow=True)
        self._create_assessment("green", stage="collection")
        case = self.cases._contest(old, "I have another account now.")
        self.assertEqual(case.assessment_id, newest)
        self.assertEqual(self.cases._contest(old, "Please."), case)
        self.assertFalse(old.case_ids)

    @freeze_time("2026-11-20 15:00:00")  # A Friday.
    def test_deadline_is_on_a_working_day(self):
        self.company.risk_case_hours = 24
        self.assertEqual(self._open().deadline, datetime(2026, 11, 23, 15, 0))

    def test_late(self):
        case = self._open()
        self.assertFalse(case.is_late)
        case.sudo().deadline = fields.Datetime.now() - timedelta(hours=1)
        self.assertTrue(case.is_late)
        self.assertIn(case, self.cases.search([("is_late", "=", True)]))
        self.assertNotIn(case, self.cases.search([("is_late", "=", False)]))
        case.user_id = self.first
        self.cases._cron_tidy()
        self.cases._cron_tidy()
        self.assertEqual(len(case.activity_ids), 1, "reminded once")

    def test_cancelled_order_closes_the_case(self):
        case = self._open()
        self.order._action_cancel()
        self.cases._cron_tidy()
        self.assertEqual(case.state, "closed")

    def test_reviewer_gets_an_activity(self):
        self.company.risk_reviewer_id = self.first
        case = self._open()
        self.assertEqual(case.user_id, self.first)
        self.assertEqual(case.activity_ids.user_id, self.first)

    # === DECISIONS === #

    def test_two_people_for_a_better_colour(self):
        case = self._open("red")
        case.with_user(self.first)._propose("green", "Known for ten years.")
        self.assertEqual(case.state, "proposed")
        self.assertEqual(case.assessment_id.effective_colour, "red", "not yet")
        with self._refused("second person"):
            case.with_user(self.first).action_agree()
        with self._refused("group"):
            case.with_user(self.clerk).action_agree()
        case.with_user(self.second).action_agree()
        self.assertEqual(case.state, "decided")
        self.assertEqual(case.decided_by_id, self.second)
        self.assertEqual(case.assessment_id.effective_colour, "green")
        self.assertIn("Known for ten years.", self.order.message_ids[0].body)

    def test_one_person_confirms(self):
        case = self._open("yellow")
        case.with_user(self.first)._propose("yellow", "The rule is right.")
        self.assertEqual(case.state, "decided")
        self.assertFalse(case.assessment_id.override_colour)

    def test_one_person_below_the_limit(self):
        self.company.risk_four_eyes_amount = 1000
        case = self._open("red")
        case.with_user(self.first)._propose("green", "Paid in cash before.")
        self.assertEqual(case.state, "decided")

    def test_clerks_only_propose(self):
        self.company.risk_four_eyes_amount = 1000
        case = self._open("yellow")
        case.with_user(self.clerk)._propose("yellow", "Nothing unusual.")
        self.assertEqual(case.state, "proposed")

    def test_disagree(self):
        case = self._open("red")
        case.with_user(self.first)._propose("green", "Known.")
        case.with_user(self.second).action_disagree()
        self.assertEqual(case.state, "open")
        self.assertFalse(case.proposed_by_id)
        case.with_user(self.second)._propose("green", "Known after all.")
        case.with_user(self.first).action_agree()
        self.assertEqual(case.state, "decided")

    def test_reason_is_needed(self):
        case = self._open()
        with self._refused("say why"):
            case.with_user(self.first)._propose("yellow", "  ")

    def test_second_tab_comes_too_late(self):
        case = self._open("yellow")
        case.with_user(self.first)._propose("yellow", "As it is.")
        with self._refused("by now"):
            case.with_user(self.second)._propose("green", "No!")
        with self._refused("by now"):
            case.with_user(self.second).action_agree()
        with self._refused("cannot become"):
            case._move_to("open")

    def test_dialogue(self):
        case = self._open("red")
        action = case.with_user(self.first).action_decide()
        wizard = (
            self.env["risk.case.decision"]
            .with_user(self.first)
            .with_context(**action["context"])
            .create({"colour": "green", "reason": "Known."})
        )
        self.assertTrue(wizard.needs_second)
        wizard.action_confirm()
        self.assertEqual(case.state, "proposed")

    # === CONTESTED === #

    def test_contest_twice_is_one_case(self):
        assessment = self._create_assessment()
        case = self.cases._contest(assessment, "Why?")
        self.cases._contest(assessment, "Why?")
        self.assertEqual(self.cases._contest(assessment, "Please look."), case)
        self.assertEqual(case.contest_text, "Why?\n\nPlease look.")
        self.assertEqual(case.reason, "contest")

    def test_account_numbers_are_masked(self):
        case = self.cases._contest(self._create_assessment(), "It is DE02120300000000202051!")
        self.assertNotIn("0300000000", case.contest_text)
        self.assertIn("2051", case.contest_text)
        case = case.with_env(self.env)
        case.with_user(self.first)._propose("yellow", "Has DE02 1203 0000 0000 2020 51 for long.")
        self.assertNotIn("0300", case.decided_reason)
        bodies = " ".join((case.message_ids | self.order.message_ids).mapped("body"))
        self.assertNotIn("0300000000", bodies)

    def test_contest_is_answered(self):
        self.customer.email = "anna@example.com"
        case = self.cases._contest(self._create_assessment("red"), "<b>Why</b>?" * 1000)
        self.assertLessEqual(len(case.contest_text), 4000)
        case.with_env(self.env).with_user(self.first)._propose("green", "A mistake.")
        case.with_env(self.env).with_user(self.second).action_agree()
        mail = self.env["mail.mail"].sudo().search([("model", "=", "risk.case")], limit=1)
        self.assertIn("pay by direct debit", mail.body_html)
        self.assertIn("/my/risk/", mail.body_html)

    def test_contest_after_a_decision_opens_another_case(self):
        case = self._open("red")
        case.with_user(self.first)._propose("red", "As it is.")
        again = self.cases._contest(case.assessment_id, "Look again.")
        self.assertNotEqual(again, case)
        self.assertEqual(again.state, "open")

    # === RIGHTS === #

    def test_nothing_is_written_by_hand(self):
        case = self._open()
        manager = self.env.user
        self.assertTrue(manager.has_group("support_debit.group_manager"))
        for vals in (
            {"state": "decided"},
            {"decided_colour": "green"},
            {"proposed_by_id": self.second.id},
            {"deadline": False},
        ):
            with self.subTest(vals), self.assertRaises(UserError):
                case.write(vals)
        with self.assertRaises(UserError):
            case.unlink()

    def test_salespeople_read_and_ask(self):
        seller = self._create_user("risk_seller", "sales_team.group_sale_salesman")
        assessment = self._create_assessment()
        action = assessment.with_user(seller).action_review()
        case = self.cases.browse(action["res_id"])
        self.assertEqual(case.reason, "staff")
        self.assertEqual(case.with_user(seller).state, "open")
        with self.assertRaises(UserError):
            case.with_user(seller)._propose("green", "Mine.")
        with self.assertRaises(AccessError):
            case.with_user(seller).write({"user_id": seller.id})

    def test_other_companies_see_nothing(self):
        other = self._create_second_company()
        stranger = self._create_user("risk_stranger", "support_debit.group_manager")
        stranger.write({"company_ids": [(6, 0, other.ids)], "company_id": other.id})
        case = self._open()
        with self.assertRaises(AccessError):
            case.with_user(stranger).read(["name"])

    def test_links(self):
        assessment, other = self._create_assessment(), self._create_assessment()
        token = assessment._get_link_token()
        self.assertTrue(assessment._check_link_token(token))
        self.assertFalse(other._check_link_token(token))
        self.assertFalse(assessment._check_link_token(None))
        self.assertIn(token, assessment._get_link())
