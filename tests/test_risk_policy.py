"""Versions of policies: what they may hold, when they decide, what stays fixed."""

from odoo import Command
from odoo.exceptions import AccessError, ValidationError
from odoo.tests import new_test_user, tagged

from .risk_common import RiskCommon


@tagged("post_install", "-at_install")
class TestRiskPolicy(RiskCommon):
    def test_default_policy_works(self):
        policy = self.env.ref("support_debit.risk_policy_default")
        self.assertEqual(policy._get_problems(), [])
        data = policy._get_data()
        self.assertEqual(data.offers["green"], ("sdd",))
        self.assertTrue(data.bank_card.attributes and data.customer_card.attributes)

    def test_default_policy_is_activated_once(self):
        policy = self.env.ref("support_debit.risk_policy_default")
        draft = policy._make_version()
        self.policies._activate_default()
        self.assertEqual(self.policies._get_active(self.company), self.policy)
        self.assertEqual(draft.state, "draft")

    def test_active_policy_and_its_lines_are_fixed(self):
        rule = self.policy.rule_ids[0]
        with self._refused("stays as it is"):
            self.policy.sample_rate = 0.02
        with self._refused("stays as it is"):
            rule.colour = "red"
        with self._refused("stays as it is"):
            rule.unlink()
        with self._refused("stays as it is"):
            rule.copy()
        with self._refused("stays as it is"):
            self.policy.sudo().cutoff_ids.write({"green_max": 0.01})
        with self._refused("stays as it is"):
            self.policy.unlink()

    def test_state_is_not_written_by_hand(self):
        draft = self.policy._make_version()
        with self._refused("cannot be changed by hand"):
            draft.state = "active"
        with self._refused("cannot be changed by hand"):
            draft.version = 99

    def test_activation_needs_a_rehearsal(self):
        draft = self.policy._make_version()
        with self._refused("cannot become"):
            draft.action_activate()
        draft._move_to("rehearsed")
        draft.action_activate()
        self.assertEqual((draft.state, self.policy.state), ("active", "retired"))
        self.assertEqual(draft.active_from, self.policy.active_until)
        with self._refused("cannot become"):
            self.policy.action_activate()

    def test_change_after_rehearsal_needs_another_one(self):
        draft = self.policy._make_version()
        draft._move_to("rehearsed")
        draft.rule_ids[0].colour = "red"
        self.assertEqual(draft.state, "draft")
        draft._move_to("rehearsed")
        draft.sample_rate = 0.02
        self.assertEqual(draft.state, "draft")
        draft._move_to("rehearsed")
        draft.cutoff_ids = [Command.create({"channel": "web"})]
        self.assertEqual(draft.state, "draft")

    def test_change_of_a_card_needs_another_rehearsal(self):
        """What a rehearsed policy would decide stands in its cards as well."""
        card, other = self._create_card(), self._create_card()
        second = self._create_second_company()
        drafts = self.policy._make_version(bank_card_id=card.id)
        drafts |= self.policy._make_version(company=second, bank_card_id=card.id)
        with_other = self.policy._make_version(bank_card_id=other.id)
        for change in (
            lambda: card.write({"base": 580.0}),
            lambda: card.line_ids[0].write({"points": 9}),
            lambda: card.line_ids[0].unlink(),
        ):
            drafts._move_to("rehearsed")
            if with_other.state == "draft":
                with_other._move_to("rehearsed")
            change()
            self.assertEqual(drafts.mapped("state"), ["draft", "draft"])
            self.assertEqual(with_other.state, "rehearsed")
        with self._refused("cannot become"):
            drafts[0]._activate()
        card.name = "A better name"
        drafts._move_to("rehearsed")
        card.name = "The best name"
        self.assertEqual(set(drafts.mapped("state")), {"rehearsed"})

    def test_new_version_says_the_same(self):
        draft = self.policies.browse(self.policy.action_new_version()["res_id"])
        self.assertEqual(draft.version, self.policy.version + 1)
        self.assertEqual(draft.previous_id, self.policy)
        self.assertEqual(draft.state, "draft")
        old, new = self.policy._get_data(), draft._get_data()
        self.assertEqual([rule.signal for rule in old.rules], [rule.signal for rule in new.rules])
        self.assertEqual((old.cutoffs, old.offers), (new.cutoffs, new.offers))

    def test_one_active_policy_in_a_company(self):
        other = self._create_second_company()
        draft = self.policy._make_version(other)
        self._start(draft)
        self.assertEqual(self.policies._get_active(other), draft)
        self.assertEqual(self.policies._get_active(self.company), self.policy)

    def test_data_follow_every_change(self):
        draft = self.policy._make_version(bank_card_id=self._create_card().id)
        self.assertEqual(draft._get_data().cutoffs[0].green_max, 0.07)
        draft.cutoff_ids.green_max = 0.05
        self.assertEqual(draft._get_data().cutoffs[0].green_max, 0.05)
        draft.rule_ids[0].active = False
        self.assertEqual(len(draft._get_data().rules), 1)
        draft.bank_card_id.line_ids[0].points = 7
        self.assertEqual(draft._get_data().bank_card.attributes[0].bins[0].points, 7)

    def test_card_and_data_are_the_same(self):
        data = self.env.ref("support_debit.risk_card_bank")._get_data()
        values = self.env["risk.card"]._prepare_values(data)
        card = self.env["risk.card"].create({"name": "Again", "target": "bank", **values})
        self.assertEqual(card._get_data(), data)

    def test_activation_crowns_the_cards(self):
        card, other = self._create_card(), self._create_card()
        first = self.policy._make_version(bank_card_id=card.id)
        self._start(first)
        self.assertEqual(card.state, "champion")
        with self._refused("stays as it is"):
            card.line_ids[0].points = 9
        self._start(first._make_version(bank_card_id=other.id))
        self.assertEqual((card.state, other.state), ("retired", "champion"))
        version = self.env["risk.card"].browse(other.action_new_version()["res_id"])
        self.assertEqual((version.version, version.state), (other.version + 1, "draft"))

    # === BAD INPUT === #

    def _assert_problem(self, text, **values):
        draft = self.policy._make_version(**values)
        self.assertTrue(
            any(text in problem for problem in draft._get_problems()), draft._get_problems()
        )
        draft._move_to("rehearsed")
        with self._refused("cannot be used yet"):
            draft.action_activate()

    def test_cards_need_cutoffs(self):
        card = self._create_card()
        self._assert_problem("Add a cut-off", bank_card_id=card.id, cutoff_ids=False)
        only_phone = [Command.create({"channel": "phone"})]
        self._assert_problem("everything else", bank_card_id=card.id, cutoff_ids=only_phone)

    def test_cards_need_a_line_for_all_values(self):
        card = self._create_card()
        card.line_ids.filtered(lambda line: line.kind == "missing").unlink()
        self._assert_problem("unknown", bank_card_id=card.id)

    def test_cards_with_gaps_and_overlaps(self):
        def row(low, high):
            return Command.create(
                {
                    "signal": "amount",
                    "kind": "range",
                    "has_low": low is not None,
                    "low": low or 0,
                    "has_high": high is not None,
                    "high": high or 0,
                    "name": "row",
                }
            )

        missing = Command.create({"signal": "amount", "kind": "missing", "name": "unknown"})
        gap = self._create_card(line_ids=[row(None, 10), row(20, None), missing])
        self._assert_problem("no line", bank_card_id=gap.id)
        overlap = self._create_card(line_ids=[row(None, 30), row(20, None), missing])
        self._assert_problem("fit two lines", bank_card_id=overlap.id)
        with self._refused("above its start", ValidationError):
            row_values = row(30, 20)
            self._create_card(line_ids=[row_values])
        self._assert_problem("it has no line", bank_card_id=self._create_card(line_ids=False).id)

    def test_nothing_to_judge_by(self):
        self._assert_problem("judge nothing", rule_ids=False)

    def test_unknown_facts(self):
        rule = Command.create({"name": "Odd", "signal": "moon", "colour": "red"})
        self._assert_problem("choose a fact that exists", rule_ids=[rule])
        rule = {"name": "Odd", "signal": "amount", "operator": ">", "threshold": "much"}
        self._assert_problem("a value that suits", rule_ids=[Command.create(rule)])
        rule = {"name": "Odd", "signal": "bank_unknown", "operator": ">", "threshold": "1"}
        self._assert_problem("does not suit", rule_ids=[Command.create(rule)])

    def test_offers_never_refuse_a_purchase(self):
        green = Command.create({"colour": "green", "offer": "sdd"})
        yellow = Command.create({"colour": "yellow", "offer": "sdd_settled"})
        self._assert_problem("Red", offer_ids=[green, yellow])
        red = Command.create({"colour": "red", "offer": "sdd_settled"})
        self._assert_problem("Red means no direct debit", offer_ids=[green, yellow, red])

    def test_forbidden_facts(self):
        draft = self.policy._make_version()
        for fact in ("iban_country", "nationality", "sex", "birth_date", "language"):
            with self._refused("never count", ValidationError):
                draft.rule_ids = [Command.create({"name": "No", "signal": fact})]
            with self._refused("never count", ValidationError):
                line = {"signal": fact, "kind": "missing", "name": "No"}
                self._create_card(line_ids=[Command.create(line)])

    def test_no_decision_by_address_alone(self):
        draft = self.policy._make_version()
        with self._refused("address alone", ValidationError):
            values = {"name": "No", "signal": "town_mismatch", "colour": "red"}
            draft.rule_ids = [Command.create(values)]
        with self._refused("addresses give no points", ValidationError):
            line = {"signal": "postcode_invalid", "kind": "missing", "name": "No"}
            self._create_card(line_ids=[Command.create(line)])

    def test_limits(self):
        draft = self.policy._make_version()
        with self._refused("3 %", ValidationError):
            draft.sample_rate = 0.5
        with self._refused("0 to 30 days", ValidationError):
            draft.reuse_days = 400
        with self._refused("not after yellow", ValidationError):
            draft.cutoff_ids.write({"green_max": 0.5, "yellow_max": 0.1})

    def test_salespeople_change_nothing(self):
        user = new_test_user(
            self.env, "seller", "sales_team.group_sale_salesman,support_debit.group_support_user"
        )
        draft = self.policy._make_version()
        with self.assertRaises(AccessError):
            draft.with_user(user).action_activate()
        with self.assertRaises(AccessError):
            self.policy.with_user(user).action_new_version()
        with self.assertRaises(AccessError):
            draft.rule_ids[0].with_user(user).colour = "green"
