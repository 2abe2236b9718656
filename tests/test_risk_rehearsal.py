"""A policy tried on the past: figures, colours, what can be done with it afterwards."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .risk_common import RiskCommon


@tagged("-at_install", "post_install")
class TestRiskRehearsal(RiskCommon):
    def _order_past(self, outcome="good", amount=100.0, **signals):
        """Create an assessment of an order as the active policy judged it."""
        found = {
            code: {
                "value": value,
                "status": "hit" if value else "ok",
                "severity": "info",
                "params": {},
            }
            for code, value in signals.items()
        }
        decided = self.policy._get_data()
        assessment = (
            self.env["risk.assessment"]
            .sudo()
            .create(
                {
                    "company_id": self.company.id,
                    "partner_id": self.partner_a.id,
                    "stage": "submit",
                    "channel": "web",
                    "customer_kind": "consumer",
                    "amount": amount,
                    "policy_id": self.policy.id,
                    "input_hash": f"hash-{self.env['risk.assessment'].search_count([])}",
                    "signals": found,
                    "state": "yellow" if signals.get("bank_unknown") else "green",
                    "own_colour": "yellow" if signals.get("bank_unknown") else "green",
                    "is_shadow": False,
                }
            )
        )
        self.assertEqual(decided.id, self.policy.id)
        assessment._set_outcome(outcome)
        return assessment

    def _measure(self, rehearsal, code):
        return rehearsal.measure_ids.filtered(lambda measure: measure.code == code)

    def test_side_by_side(self):
        bad = self._order_past("bad_bank", email_disposable=True)
        self._order_past("good")
        self._order_past("good", email_disposable=True)
        self._order_past("open", bank_unknown=True)
        draft = self.policy._make_version()
        draft.rule_ids = [
            (0, 0, {"name": "Throw-away address", "signal": "email_disposable", "colour": "red"})
        ]
        action = draft.action_rehearse()
        rehearsal = self.env["risk.rehearsal"].browse(action["res_id"])
        self.assertEqual(draft.state, "rehearsed")
        self.assertEqual(rehearsal.baseline_id, self.policy)
        self.assertRecordValues(rehearsal, [{"order_count": 4, "known_count": 3}])
        self.assertRecordValues(
            rehearsal.change_ids,
            [
                {
                    "old_colour": "green",
                    "new_colour": "green",
                    "order_count": 1,
                    "returned_count": 0,
                },
                {"old_colour": "green", "new_colour": "red", "order_count": 2, "returned_count": 1},
                {
                    "old_colour": "yellow",
                    "new_colour": "yellow",
                    "order_count": 1,
                    "returned_count": 0,
                },
            ],
        )
        self.assertIn(bad, rehearsal.change_ids.filtered("is_change").assessment_ids)
        red = self._measure(rehearsal, "red")
        self.assertEqual((red.before, red.after, red.verdict), (0, 2, "worse"))
        self.assertEqual(self._measure(rehearsal, "returns").verdict, "better")
        self.assertAlmostEqual(self._measure(rehearsal, "lost_orders").after, 2 * 0.30 + 0.08)
        self.assertIn("2 of 4 orders", rehearsal.verdict)
        self.assertTrue(rehearsal.is_thin)
        rehearsal.action_activate()
        self.assertEqual((draft.state, self.policy.state), ("active", "retired"))

    def test_same_policy_changes_nothing(self):
        self._order_past("good")
        rehearsal = self.env["risk.rehearsal"]._rehearse(self.policy._make_version())
        self.assertIn("same way", rehearsal.verdict)
        self.assertFalse(rehearsal.change_ids.filtered("is_change"))

    def test_nothing_was_ordered(self):
        rehearsal = self.env["risk.rehearsal"]._rehearse(self.policy._make_version())
        self.assertEqual(rehearsal.order_count, 0)
        self.assertIn("no order", rehearsal.verdict)

    def test_a_change_asks_for_another_rehearsal(self):
        draft = self.policy._make_version()
        draft.action_rehearse()
        draft.rule_ids[0].colour = "red"
        self.assertEqual(draft.state, "draft")
        with self.assertRaises(UserError):
            draft.action_activate()

    def test_policies_with_mistakes_are_not_tried(self):
        draft = self.policy._make_version()
        draft.rule_ids = [
            (0, 0, {"name": "Much", "signal": "amount", "operator": ">", "threshold": "a lot"})
        ]
        self.assertIn("Much", draft.problems)
        with self.assertRaisesRegex(UserError, "Much"):
            draft.action_rehearse()

    def test_silent_judging(self):
        draft = self.policy._make_version()
        draft.action_toggle_shadow()
        self.assertTrue(draft.is_shadow)
        self.assertIn(draft.id, self.policies._get_shadow_ids(self.company.id))
        draft.action_toggle_shadow()
        self.assertNotIn(draft.id, self.policies._get_shadow_ids(self.company.id))

    def test_staff_read_and_managers_try(self):
        draft = self.policy._make_version()
        user = self.env["res.users"].create(
            {
                "name": "Support",
                "login": "risk-support",
                "group_ids": [(4, self.env.ref("support_debit.group_support_user").id)],
                "company_ids": [(6, 0, self.company.ids)],
                "company_id": self.company.id,
            }
        )
        self.assertTrue(draft.with_user(user).name)
        with self.assertRaises(AccessError):
            draft.with_user(user).action_rehearse()
        with self.assertRaises(AccessError):
            draft.with_user(user).action_toggle_shadow()


@tagged("-at_install", "post_install")
class TestRiskRuleWords(RiskCommon):
    def _rule(self, **values):
        return self.env["risk.rule"].new(
            {"policy_id": self.policy.id, "name": "x", "colour": "yellow", **values}
        )

    def test_a_rule_is_read_out(self):
        rule = self._rule(signal="amount", operator=">", threshold="200,50", colour="red")
        self.assertEqual(
            rule.preview,
            "When “Amount of the order” is more than 200,50 EUR, the order is red: other ways to pay"
            " are offered.",
        )
        self.assertFalse(rule.mistake)

    def test_choices_are_named(self):
        rule = self._rule(signal="channel", operator="in", threshold="web, phone")
        self.assertIn("Shop, Telephone", rule.preview)
        self.assertIn("web (Shop)", rule.fact_hint)

    def test_a_mistake_says_what_to_enter(self):
        self.assertIn("number", self._rule(signal="amount", operator=">", threshold="x").mistake)
        wrong = self._rule(signal="email_disposable", operator=">", threshold="1")
        self.assertIn("applies", wrong.mistake)

    def test_choosing_a_fact_sets_what_suits_it(self):
        rule = self._rule(name=False, signal=False, operator=">", threshold="5")
        rule.fact = "email_disposable"
        rule._onchange_fact()
        self.assertRecordValues(rule, [{"signal": "email_disposable", "operator": "hit"}])
        self.assertTrue(rule.name)
        self.assertFalse(rule.threshold)

    def test_every_fact_can_be_chosen(self):
        codes = [code for code, _label in self.env["risk.rule"]._select_facts()]
        self.assertEqual(len(codes), len(set(codes)))
        self.assertIn("iban_invalid", codes)
        self.assertNotIn("iban_country", codes)

    def test_cards_say_what_points_mean(self):
        card = self._create_card()
        self.assertIn("600: 2.0%", card.meaning)
