from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.service.model import get_public_method
from odoo.tests import new_test_user, tagged

from .risk_case_common import DECISION, RiskCaseCommon


@tagged("-at_install", "post_install")
class TestRiskOrder(RiskCaseCommon):
    """What the order's form and the customer's report say about an assessment."""

    def test_panel_of_an_unchecked_order(self):
        self.policies.search([("state", "=", "active")])._write_state({"state": "retired"})
        self.env.registry.clear_cache()
        self.assertFalse(self.order.risk_panel, "no policy, nothing to show")
        with self._refused("No risk policy is active"):
            self.order.action_risk_check()
        with self._refused("Check now"):
            self.order.action_risk_review()

    def test_panel(self):
        self._create_assessment("green")
        last = self._create_assessment("yellow")
        self._create_assessment("red", is_shadow=True)
        panel = self.order.risk_panel
        self.assertEqual(panel["id"], last.id)
        self.assertEqual(panel["colour"], "yellow")
        self.assertEqual(panel["points"], 541)
        self.assertEqual(panel["chance"], "9.0 %")
        self.assertEqual(len(panel["reasons"]), 2)
        self.assertTrue(panel["better"])
        self.assertTrue(panel["sentence"])
        self.assertFalse(panel["outdated"])
        self.assertEqual(self.order.risk_assessment_count, 2)
        self.assertEqual(self.order.risk_colour, "yellow")

    def test_customers_start_no_check(self):
        """Who reads his own order in the portal can have nothing judged, whatever he calls."""
        portal = new_test_user(
            self.env, "risk_portal", groups="base.group_portal", partner_id=self.customer.id
        )
        self.order.action_quotation_sent()
        order = self.order.with_user(portal)
        other = self.env["res.partner"].create({"name": "Other"})
        self.assertTrue(order.has_access("read"))
        with self.assertRaises(AccessError):
            order.action_risk_check()
        with self.assertRaises(AccessError):
            other.with_user(portal).action_view_risk_duplicates()
        with self.assertRaises(AccessError):
            get_public_method(self.policies, "assess")
        self.assertFalse(self.order.risk_assessment_ids)

    def test_changed_order(self):
        self._create_assessment("green")
        self.order.order_line.product_uom_qty = 3
        self.assertTrue(self.order.risk_panel["outdated"])

    # === WHAT THE CUSTOMER CHOOSES === #

    def _get_choices(self):
        agreed = self.order.risk_panel["agreed"]
        return {choice["code"]: choice["chosen"] for choice in agreed["choices"]}

    def test_choice(self):
        """What the customer chooses on the telephone counts from the confirmation on."""
        self._create_assessment("yellow")
        self.assertEqual(self._get_choices(), {"sdd_settled": False, "transfer": False})
        order = self.order.with_user(self.clerk)
        order.action_risk_choose("transfer")
        order.action_risk_choose("sdd_settled")
        self.assertEqual(self._get_choices(), {"sdd_settled": True, "transfer": False})
        with self._refused("reload the page"):
            order.action_risk_choose("sdd")
        self.order.action_confirm()
        agreed = self.order.risk_panel["agreed"]
        self.assertFalse(agreed["choices"])
        self.assertIn("when the money has arrived", agreed["label"])
        self.assertEqual(self.order.support_subscription_ids.waits_for, "payment")
        with self._refused("reload the page"):
            order.action_risk_choose("transfer")

    def test_choice_taken_back(self):
        """What was agreed before the order turned green can be taken back."""
        self._create_assessment("yellow")
        self.order.action_risk_choose("sdd_settled")
        self._create_assessment("green", decision={"offers": ["sdd"]})
        self.order.invalidate_recordset()
        self.assertEqual(self._get_choices(), {"sdd": False, "sdd_settled": True})
        self.order.action_risk_choose("")
        self.assertFalse(self.order.risk_offer)
        self.assertFalse(self._get_choices(), "one way only: nothing to choose")

    def test_choice_needs_the_right_to_write(self):
        self._create_assessment("yellow")
        reader = new_test_user(self.env, login="risk_reader", groups="base.group_user")
        with self.assertRaises(AccessError):
            self.order.with_user(reader).action_risk_choose("transfer")

    def test_search_by_colour(self):
        self._create_assessment("red")
        self._create_assessment("green")
        orders = self.env["sale.order"]
        self.assertNotIn(self.order, orders.search([("risk_colour", "=", "red")]))
        self.assertIn(self.order, orders.search([("risk_colour", "=", "green")]))
        self.assertIn(self.order, orders.search([("risk_colour", "in", ("green", "red"))]))

    def test_nothing_to_check(self):
        empty = self.env["sale.order"].create({"partner_id": self.customer.id})
        with self._refused("nothing to pay"):
            empty.action_risk_check()
        self.order._action_cancel()
        with self._refused("cancelled"):
            self.order.action_risk_check()

    def test_facts(self):
        facts = self._create_assessment().risk_facts
        self.assertEqual(len(facts["cards"]), 1)
        rows = facts["cards"][0]["rows"]
        self.assertEqual([row["lost"] for row in rows], [32, 0])
        texts = [row["text"] for group in facts["groups"] for row in group["rows"]]
        self.assertIn("Could not be checked.", texts)

    def test_bare_assessment(self):
        """What an older version or the retention left must still be shown."""
        bare = self._create_assessment(
            signals=False, decision=False, has_pd=False, pd=0, bank_points=0, policy_id=False
        )
        bare.invalidate_recordset()
        self.assertEqual(bare.risk_panel["chance"], "")
        self.assertEqual(bare.risk_facts, {"cards": [], "groups": []})
        self.assertTrue(bare._get_report_data()["sentence"])

    # === THE CUSTOMER'S REPORT === #

    def _render(self, records):
        reports = self.env["ir.actions.report"]
        html, _kind = reports._render_qweb_html("support_debit.report_risk_assessment", records.ids)
        return html.decode()

    def test_report(self):
        text = self._render(self._create_assessment("red"))
        self.assertIn("Jörg Müßig", text)
        self.assertIn("How the points came about", text)
        self.assertIn("32 points less", text)
        self.assertIn("a person looks at it", text)
        self.assertNotIn("refused", text)

    def _create_assessment_about_others(self):
        """Return an assessment to which a neighbour's account has led."""
        self.policy.rule_ids = [
            Command.create(
                {
                    "name": "Blocked",
                    "signal": "account_blocked",
                    "colour": "red",
                    "reason_text": "The neighbour's account is blocked.",
                }
            )
        ]
        signals = {
            "account_blocked": (True, "hit"),
            "account_returns_13m": (2, "hit"),
            "other_record_owes": (True, "hit"),
            "duplicate_customers": (1, "hit"),
            "velocity_iban_30d": (3, "hit"),
            "bureau_negative": ("hard", "hit"),
            "email_typo": (True, "hit"),
            "account_customers": (None, "unknown"),
        }
        reasons = [("rule", "account_blocked"), ("score", "account_returns_13m")]
        reasons += [("unknown", "account_customers"), ("score", "amount")]
        needs = [("account_blocked", False), ("mandate_grade", False)]
        needs += [("account_customers", True), ("first_order_amount", True)]
        row = {"label": "Some of them", "points": -30.0, "best": 20.0}
        card = {**DECISION["bank"], "points": 523}
        card["contributions"] = [
            *card["contributions"],
            {**row, "signal": "account_returns_13m"},
        ]
        return self._create_assessment(
            "red",
            signals={
                code: {"value": value, "status": status, "severity": "soft", "params": {}}
                for code, (value, status) in signals.items()
            },
            decision={
                "reasons": [
                    {
                        "kind": kind,
                        "signal": code,
                        "label": "",
                        "points": 0.0,
                        "rule_id": self.policy.rule_ids.id if kind == "rule" else 0,
                    }
                    for kind, code in reasons
                ],
                "counterfactuals": [
                    {"signal": code, "label": "", "needs_all": together} for code, together in needs
                ],
                "bank": card,
            },
        )

    def test_page_tells_nothing_about_others(self):
        """Who enters a neighbour's name and account learns nothing about the neighbour."""
        report = self._create_assessment_about_others()._get_report_data(hides_others=True)
        text = str({**report, "company": "", "currency": ""})
        for words in ("blocked", "neighbour", "returned", "came back", "same person", "Some of"):
            self.assertNotIn(words, text)
        for words in (
            "Returned debits",
            "Customers that seem",
            "Open returns",
            "30 days",
            "severe",
        ):
            self.assertNotIn(words, text)
        self.assertIn("could concern other people", report["hidden"])
        self.assertEqual(text.count("could concern other people"), 1)
        self.assertEqual(len(report["reasons"]), 2, "what could not be checked, and the amount")
        self.assertEqual(report["better"], ["a mandate confirmed by link, code or signature"])
        self.assertIsNone(report["cards"][0]["points"], "the total would tell what is left out")
        self.assertEqual(len(report["cards"][0]["rows"]), 2)
        rows = [row["code"] for group in report["checks"] for row in group["rows"]]
        self.assertEqual(rows, ["account_customers", "email_typo"])
        self.assertIn("from other orders", report["data"][-1])

    def test_staff_tell_everything(self):
        assessment = self._create_assessment_about_others()
        self.assertIn("The neighbour's account is blocked.", assessment.risk_panel["reasons"])
        report = assessment._get_report_data()
        self.assertEqual(report["hidden"], "")
        self.assertEqual(report["cards"][0]["points"], 523)
        self.assertEqual(len(report["cards"][0]["rows"]), 3)
        self.assertEqual(len(report["better"]), 3)
        self.assertIn("account is blocked.", self._render(assessment))

    def test_own_facts_are_shown(self):
        report = self._create_assessment("red")._get_report_data(hides_others=True)
        self.assertEqual(report["hidden"], "")
        self.assertEqual(report, self._create_assessment("red")._get_report_data())

    def test_report_of_a_customer(self):
        self._create_assessment()
        self._create_assessment(is_shadow=True)
        action = self.customer.with_user(self.clerk).action_print_risk_report()
        self.assertEqual(action["report_name"], "support_debit.report_risk_assessment")
        nobody = self._create_customer("Nobody")
        with self.assertRaises(UserError):
            nobody.action_print_risk_report()

    def test_personal_data(self):
        self._create_assessment()
        data = self.customer._sdd_get_personal_data(self.env["sdd.mandate"])
        self.assertEqual(len(data["risk_assessments"]), 1)
        self.assertEqual(data["risk_assessments"][0]["colour"], "yellow")
