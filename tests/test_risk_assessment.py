"""Assessments: what is decided, when an answer counts again, that nothing of it changes."""

from datetime import timedelta
from unittest.mock import patch

from odoo import Command, fields
from odoo.exceptions import ConcurrencyError, UserError
from odoo.tests import freeze_time, new_test_user, tagged
from odoo.tools import mute_logger

from ..scoring import decision
from ..scoring.model import Signal
from .risk_common import RiskCommon

GERMAN = "DE02120300000000202051"


@tagged("post_install", "-at_install")
class TestRiskAssessment(RiskCommon):
    # === DECISION === #

    def test_colours_and_offers(self):
        green = self._assess(bank_unknown=False)
        self.assertEqual((green.effective_colour, green._get_offers()), ("green", ["sdd"]))
        yellow = self._assess(bank_unknown=True)
        self.assertEqual(yellow.effective_colour, "yellow")
        self.assertEqual(yellow._get_offers(), ["sdd_settled", "transfer"])
        red = self._assess(bank_unknown=True, account_blocked=True)
        self.assertEqual((red.effective_colour, red._get_offers()), ("red", ["transfer"]))

    def test_what_is_kept(self):
        order = self._create_draft_order()
        assessment = self._assess(order, bank_unknown=True)
        self.assertRecordValues(
            assessment,
            [
                {
                    "order_id": order.id,
                    "partner_id": order.partner_id.id,
                    "company_id": self.company.id,
                    "stage": "submit",
                    "amount": order.amount_total,
                    "policy_id": self.policy.id,
                    "policy_version": self.policy.version,
                    "has_pd": False,
                    "outcome": "open",
                    "attempt": 1,
                }
            ],
        )
        self.assertGreater(assessment.latency_ms, 0)
        self.assertEqual(assessment.signals["bank_unknown"]["value"], True)
        self.assertIn("name", assessment.inputs["given"])

    def test_points_and_chance(self):
        card = self._create_card()
        self._start(self.policy._make_version(bank_card_id=card.id))
        first = self._assess(is_first_order=True)
        self.assertEqual(first.bank_points, 579)
        self.assertAlmostEqual(first.pd, 0.04, 2)
        self.assertTrue(first.has_pd)
        later = self._assess(is_first_order=False)
        self.assertEqual(later.bank_points, 599)
        self.assertAlmostEqual(later.pd, 0.02, 3)

    def test_without_policy_nothing_is_stopped(self):
        self.policy.action_retire()
        assessment = self._assess(account_blocked=True)
        self.assertFalse(assessment)
        self.assertEqual(assessment._get_offers(), ["sdd"])
        self.assertEqual(assessment._get_reasons_text(), [])
        self.assertIn("All set", assessment._get_suggested_sentence())

    def test_values_without_an_order(self):
        values = {
            "company_id": self.company.id,
            "partner_id": self.customer.id,
            "amount": 50,
            "iban": GERMAN,
            "channel": "phone",
        }
        with self._answer(bank_unknown=True):
            assessment = self.policies.assess(values)
        self.assertEqual((assessment.state, assessment.channel), ("yellow", "phone"))
        self.assertFalse(assessment.order_id)

    def test_typing_leaves_nothing_behind(self):
        with self._answer(bank_unknown=True):
            assessment = self.policies.assess({"company_id": self.company.id}, "field")
        self.assertEqual(assessment.effective_colour, "yellow")
        self.assertFalse(assessment.ids)

    def test_unknown_means_what_the_policy_says(self):
        draft = self.policy._make_version()
        draft.unknown_ids = [Command.create({"signal": "bureau_colour", "colour": "yellow"})]
        self._start(draft)
        self.assertEqual(self._assess(town_mismatch=(None, "unknown")).state, "green")
        assessment = self._assess(bureau_colour=(None, "unknown"))
        self.assertEqual(assessment.state, "yellow")
        self.assertIn("Could not be checked", assessment._get_reasons_text()[0])

    # === BUREAUS === #

    def _ask(self, signals):
        return patch.object(
            self.env.registry["risk.provider"], "_ask", autospec=True, return_value=signals
        )

    def test_bureaus_change_the_answer(self):
        draft = self.policy._make_version()
        draft.rule_ids = [
            Command.create({"name": "Bureau", "signal": "bureau_account_blocked", "colour": "red"})
        ]
        self._start(draft)
        with self._ask([Signal("bureau_account_blocked", True, "hit")]) as ask:
            self.assertEqual(self._assess(bank_unknown=False).state, "red")
            ask.assert_called_once()
            self.assertEqual(self._assess(stage="basket", bank_unknown=False).state, "green")
            ask.assert_called_once()

    def test_bureaus_are_not_asked_about_what_is_red_anyway(self):
        with self._ask([]) as ask:
            self._assess(account_blocked=True)
        ask.assert_not_called()

    # === THE SAME QUESTION AGAIN === #

    def test_same_order_same_answer(self):
        order = self._create_draft_order()
        first = self._assess(order, bank_unknown=True)
        self.assertEqual(self._assess(order, bank_unknown=False), first)

    def test_changed_order_is_judged_anew(self):
        order = self._create_draft_order()
        first = self._assess(order, bank_unknown=True)
        order.order_line.product_uom_qty = 3
        second = self._assess(order, bank_unknown=False)
        self.assertNotEqual(second, first)
        self.assertEqual(second.state, "green")
        order.partner_id.street = "Nebenstraße 2"
        self.assertNotEqual(self._assess(order), second)

    def test_answers_end(self):
        order = self._create_draft_order()
        with freeze_time("2026-03-02 10:00:00"):
            first = self._assess(order)
        with freeze_time("2026-03-03 09:59:00"):
            self.assertEqual(self._assess(order), first)
        with freeze_time("2026-03-03 10:00:00"):
            second = self._assess(order)
        self.assertNotEqual(second, first)
        self.assertEqual(second.attempt, 2)

    def test_answers_without_a_check_end_soon(self):
        """What is not green while a check could not run is asked again after some minutes."""
        draft = self.policy._make_version()
        draft.unknown_ids = [Command.create({"signal": "bureau_colour", "colour": "yellow"})]
        self._start(draft)
        order, other = self._create_draft_order(), self._create_draft_order()
        with freeze_time("2026-03-02 10:00:00"):
            first = self._assess(order, bureau_colour=(None, "unknown"))
            green = self._assess(other, town_mismatch=(None, "unknown"))
        self.assertEqual((first.state, green.state), ("yellow", "green"))
        with freeze_time("2026-03-02 10:04:00"):
            self.assertEqual(self._assess(order), first)
        with freeze_time("2026-03-02 10:06:00"):
            self.assertEqual(self._assess(order).state, "green")
            self.assertEqual(self._assess(other), green)

    def test_clock_set_back(self):
        order = self._create_draft_order()
        with freeze_time("2026-03-02 10:00:00"):
            first = self._assess(order)
        with freeze_time("2026-03-01 10:00:00"):
            self.assertNotEqual(self._assess(order), first)

    def test_new_policy_new_answer(self):
        order = self._create_draft_order()
        first = self._assess(order)
        self._start(self.policy._make_version())
        second = self._assess(order)
        self.assertNotEqual(second, first)
        self.assertEqual(second.policy_id, self.policies._get_active(self.company))

    def test_news_end_earlier_answers(self):
        order = self._create_draft_order()
        first = self._assess(order)
        self.env["risk.assessment"]._expire(partners=order.partner_id)
        second = self._assess(order, account_blocked=True)
        self.assertNotEqual(second, first)
        second._override("green", "Spoke with the customer")
        self.env["risk.assessment"]._expire(orders=order)
        self.assertEqual(self._assess(order), second)

    def test_two_tabs(self):
        order = self._create_draft_order()
        first = self._assess(order)
        # The other tab has not seen the first one's answer: its snapshot is older.
        nothing = self.env["risk.assessment"].sudo()
        with (
            self.assertRaises(ConcurrencyError),
            mute_logger("odoo.sql_db"),
            self.env.cr.savepoint(),
            patch.object(self.env.registry["risk.assessment"], "_find_last", return_value=nothing),
        ):
            self._assess(order)
        self.assertEqual(self._assess(order), first)

    # === LEARNING === #

    @patch.object(decision, "MAX_SAMPLE_RATE", 0.03)
    def test_sample_is_drawn_once_for_an_order(self):
        card = self._create_card(base=540.0)
        draft = self.policy._make_version(
            bank_card_id=card.id,
            sample_rate=0.03,
            reuse_days=0,
        )
        self._start(draft)
        drawn = []
        for _number in range(60):
            values = {"company_id": self.company.id, "session": f"s{_number}"}
            with self._answer(is_first_order=True):
                one, two = self.policies.assess(values), self.policies.assess(values)
            self.assertEqual((one.own_colour, one.state), (two.own_colour, two.state))
            self.assertEqual(one.own_colour, "yellow")
            drawn.append(one.is_sampled)
            self.assertEqual(one.state, "green" if one.is_sampled else "yellow")
        self.assertLess(sum(drawn), 20)

    def _create_challenger(self, **values):
        """Return a challenger that says something else than the champion."""
        card = self._create_card(name="Challenger", **values)
        card._move_to("challenger")
        return card

    def test_challenger_scores_silently(self):
        champion = self._create_card()
        self._start(self.policy._make_version(bank_card_id=champion.id))
        challenger = self._create_challenger(base=500.0)
        assessment = self._assess(is_first_order=True)
        self.assertEqual((assessment.state, assessment.bank_card_id), ("green", champion))
        scores = assessment.decision["scores"]
        self.assertEqual(scores[str(champion.id)]["points"], 579)
        self.assertEqual(scores[str(challenger.id)]["points"], 500)

    def test_challenger_decides_its_share(self):
        champion = self._create_card()
        draft = self.policy._make_version(bank_card_id=champion.id, challenger_rate=0.5)
        self._start(draft)
        challenger = self._create_challenger(base=500.0)
        self._create_challenger(target="customer", base=500.0)
        used = set()
        for number in range(40):
            with self._answer(is_first_order=True):
                values = {"company_id": self.company.id, "session": f"s{number}"}
                assessment = self.policies.assess({**values, "amount": number})
            used.add((assessment.bank_card_id, assessment.state))
            self.assertFalse(assessment.customer_card_id)
        self.assertEqual(used, {(champion, "green"), (challenger, "red")})

    def test_shadow_policy_decides_nothing(self):
        draft = self.policy._make_version(is_shadow=True)
        draft.rule_ids[0].colour = "red"
        assessment = self._assess(bank_unknown=True)
        self.assertEqual(assessment.state, "yellow")
        silent = self.env["risk.assessment"].search(
            [("policy_id", "=", draft.id), ("order_id", "=", assessment.order_id.id)]
        )
        self.assertEqual((silent.state, silent.is_shadow), ("red", True))
        self.assertFalse(assessment.is_shadow)
        self.assertEqual(self._assess(assessment.order_id), assessment)

    def test_shadow_policy_survives_a_new_policy(self):
        """The same order is judged again under a new policy: the silent one is asked once more."""
        shadow = self.policy._make_version(is_shadow=True)
        first = self._assess(bank_unknown=True)
        self._start(self.policy._make_version(is_shadow=False))
        second = self._assess(first.order_id, bank_unknown=True)
        self.assertNotEqual(second, first)
        silent = self.env["risk.assessment"].search(
            [("policy_id", "=", shadow.id), ("order_id", "=", first.order_id.id)], order="id"
        )
        self.assertEqual(silent.mapped("attempt"), [1, 2])
        self.assertEqual((first.attempt, second.attempt), (1, 1))

    # === NEVER CHANGED === #

    def test_nothing_changes(self):
        assessment = self._assess(bank_unknown=True)
        for name, value in (
            ("state", "green"),
            ("pd", 0.5),
            ("signals", {}),
            ("decision", {}),
            ("outcome", "good"),
            ("override_colour", "green"),
            ("policy_version", 77),
        ):
            with self._refused("cannot be changed by hand"):
                assessment.write({name: value})
        with self._refused("kept as evidence"):
            assessment.unlink()
        with self.assertRaises(ValueError):
            assessment._write_label({"state": "green"})

    def test_users_write_nothing(self):
        user = new_test_user(self.env, "boss", "support_debit.group_manager")
        assessment = self._assess(bank_unknown=True).with_user(user)
        self.assertEqual(assessment.state, "yellow")
        with self.assertRaises(UserError):
            assessment.outcome = "good"
        with self.assertRaises(UserError):
            self.env["risk.assessment"].with_user(user).create(
                {"company_id": self.company.id, "stage": "submit", "state": "green"}
            )

    def test_outcomes_only_get_worse(self):
        assessment = self._assess()
        assessment._set_outcome("good", date=fields.Date.today())
        assessment._set_outcome("bad_bank", "AM04")
        self.assertEqual((assessment.outcome, assessment.outcome_code), ("bad_bank", "AM04"))
        assessment._set_outcome("good")
        self.assertEqual(assessment.outcome, "bad_bank")
        with self.assertRaises(ValueError):
            assessment._set_outcome("late")

    def test_person_decides(self):
        assessment = self._assess(account_blocked=True)
        with self._refused("Say why"):
            assessment._override("green", "  ")
        with self._refused("Choose green"):
            assessment._override("blue", "Because")
        assessment._override("green", "Bank confirmed it")
        self.assertEqual((assessment.state, assessment.effective_colour), ("red", "green"))
        self.assertEqual(assessment._get_offers(), ["sdd"])
        self.assertEqual(assessment.override_user_id, self.env.user)

    def test_decision_of_a_person_survives_a_new_policy(self):
        first = self._assess(account_blocked=True)
        order = first.order_id
        first._override("green", "Bank confirmed it")
        self._start(self.policy._make_version())
        self.assertEqual(self._assess(order, account_blocked=True), first)
        after = fields.Datetime.now() + timedelta(days=31)
        with freeze_time(after):
            later = self._assess(order, account_blocked=True)
        self.assertEqual((later.effective_colour, later.attempt), ("red", 1))
        order.order_line.product_uom_qty = 3
        self.assertEqual(self._assess(order, account_blocked=True).effective_colour, "red")

    # === WORDS === #

    def test_reasons_and_changes_in_words(self):
        self.policy = self.policy._make_version()
        self.policy.rule_ids.filtered(
            lambda rule: rule.signal == "account_blocked"
        ).reason_text = "This account is not possible today."
        self._start(self.policy)
        red = self._assess(account_blocked=True, bank_unknown=True)
        self.assertEqual(red._get_reasons_text()[0], "This account is not possible today.")
        self.assertEqual(len(red._get_reasons_text()), 2)
        self.assertTrue(red._get_counterfactual_text())
        self.assertIn("Bank transfer", red._get_suggested_sentence())
        yellow = self._assess(bank_unknown=True)
        self.assertIn(" or ", yellow._get_suggested_sentence())
        green = self._assess()
        self.assertEqual((green._get_reasons_text(), green._get_counterfactual_text()), ([], []))

    def test_score_in_words(self):
        card = self._create_card(base=540.0)
        self.env["res.lang"]._activate_lang("de_DE")
        line = card.line_ids.filtered(lambda one: one.texts == "true")
        line.update_field_translations("name", {"de_DE": "Erstkauf"})
        self._start(self.policy._make_version(bank_card_id=card.id))
        assessment = self._assess(is_first_order=True).with_context(lang="de_DE")
        self.assertIn("Erstkauf", assessment._get_reasons_text()[0])

    # === NOTHING IN THE CLEAR === #

    def test_no_account_number_is_kept(self):
        with self._answer(bank_unknown=True):
            assessment = self.policies.assess(
                {"company_id": self.company.id, "iban": GERMAN, "holder": "Jörg Müßig"}
            )
        kept = repr(assessment.read()[0])
        for secret in (GERMAN, GERMAN[4:], "Müßig", "202051"):
            self.assertNotIn(secret, kept)

    # === TIME IS OVER === #

    def test_retention(self):
        order = self._create_draft_order()
        now = fields.Datetime.now()
        ages = {10: "all", 91: "points", 400: "points", 460: "nothing"}
        found = {}
        for days in ages:
            with freeze_time(now - timedelta(days=days)):
                found[days] = self._assess(order, bank_unknown=True)
        with self._without_commits():
            self.env["risk.assessment"]._cron_forget()
        self.assertEqual(
            {days: bool(one.exists()) for days, one in found.items()},
            {days: kept != "nothing" for days, kept in ages.items()},
        )
        self.assertTrue(found[10].inputs and found[10].input_hash)
        self.assertFalse(found[91].inputs or found[91].input_hash)
        self.assertEqual(found[91].state, "yellow")
        self.assertEqual(
            found[91].signals["bank_unknown"],
            {"value": True, "status": "hit", "severity": "info"},
        )
        marks = self.env["risk.mark"].search([("assessment_id", "in", (found[91] | found[10]).ids)])
        self.assertFalse(marks.filtered(lambda mark: mark.date < now - timedelta(days=90)))
        with self._without_commits():
            self.env["risk.assessment"]._cron_forget()
