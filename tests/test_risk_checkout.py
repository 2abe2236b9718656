"""What the checkout does with a colour: it goes on, asks, or leads to another way to pay."""

import json

from odoo import Command
from odoo.tests import tagged
from odoo.tools import mute_logger

from .played_policy import PlayedPolicyMixin
from .test_checkout_requests import TestCheckoutRequests
from .test_checkout_tour import DEBTOR_IBAN
from .test_saved_method import SavedMethodCase

YELLOW = ("sdd_settled", "sdd_confirmed", "transfer", "other")
RED = ("transfer", "other")


@tagged("-at_install", "post_install")
class TestRiskCheckout(PlayedPolicyMixin, TestCheckoutRequests):
    """A new mandate in the shop."""

    def _order(self, **changes):
        """Press the order button; return the answer and how to press it again."""
        route, params, token = self._open_payment_page()
        values = self._call(route, **params)

        def press(**again):
            return self._submit(values, token, **{**changes, **again})

        return press(), press

    def _get_codes(self, answer):
        self.assertFalse(answer["ok"])
        return [offer["code"] for offer in answer["question"]["offers"]]

    def test_green_goes_on(self):
        """A green order is bought as if nobody had looked."""
        self._play_policy("green")
        answer, _press = self._order()
        self.assertEqual(answer, {"ok": True})
        self._finish()
        order = self._get_order()
        self._assert_bought_once(order, "en")
        self.assertEqual(order.risk_offer, "sdd")
        self.assertEqual(order.transaction_ids.risk_assessment_id, order.risk_assessment_ids)
        values, stage = self.asked[0]
        self.assertEqual((stage, values["channel"], values["iban"]), ("submit", "web", DEBTOR_IBAN))
        self.assertEqual(len(values["session"]), 64, "the id of a session is a secret")

    def test_yellow_asks_first(self):
        """A yellow order asks; nothing is bought, charged or lost before the customer chooses."""
        self._play_policy("yellow", YELLOW)
        answer, press = self._order()
        self.assertEqual(self._get_codes(answer), ["sdd_settled", "sdd_confirmed"])
        question = answer["question"]
        self.assertEqual(question["colour"], "yellow")
        self.assertIn("Nothing has been charged", question["nothing_charged"])
        self.assertNotIn("3000", json.dumps(question))
        for offer in question["offers"]:
            self.assertTrue(offer["title"] and offer["text"] and offer["label"])
        self.assertFalse(self._get_mandates())
        order = self._get_order()
        self.assertEqual((order.state, order.risk_offer), ("draft", False))
        self.assertEqual(press(offer="sdd_settled"), {"ok": True})
        self.assertEqual(press(offer="sdd_settled"), {"ok": True}, "twice is once")
        page = self._finish()
        self.assertIn("o_support_waits", page.text)
        self.assertEqual(order.risk_offer, "sdd_settled")
        subscription = order.support_subscription_ids
        self.assertEqual((subscription.state, subscription.waits_for), ("draft", "payment"))
        self.assertEqual(order.sdd_debit_ids.mapped("state"), ["queued"])

    def test_money_starts_the_support(self):
        """What was agreed happens: the money arrives, support starts, the customer is told."""
        self._play_policy("yellow", YELLOW)
        self._order(offer="sdd_settled")
        self._finish()
        order = self._get_order()
        subscription = order.support_subscription_ids
        self.assertEqual(subscription.state, "draft")
        debit = order.sdd_debit_ids
        order.sdd_mail_state = False  # Nothing is printed here.
        self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(debit.state, "batched", debit.waiting_reason)
        debit.batch_id.action_submit()
        debit._settle(debit.collection_date)
        self.assertEqual((subscription.state, subscription.waits_for), ("active", False))
        mail = self.env["mail.mail"].search([("model", "=", "support.subscription")])
        self.assertEqual(mail.mapped("res_id"), subscription.ids)
        self.assertIn(subscription.name, mail.body_html)

    def test_confirmed_by_a_link(self):
        """The mandate waits for the customer's link; his confirmation starts debit and support."""
        self._play_policy("yellow", YELLOW)
        answer, _press = self._order(offer="sdd_confirmed")
        self.assertEqual(answer, {"ok": True})
        page = self._finish()
        self.assertIn("o_support_waits", page.text)
        order = self._get_order()
        subscription = order.support_subscription_ids
        self.assertEqual((subscription.state, subscription.waits_for), ("draft", "confirmation"))
        mandate = self._get_mandates()
        self.assertEqual((mandate.state, mandate._get_iban()), ("pending", DEBTOR_IBAN))
        self.assertEqual(mandate.confirmation_ids.mapped("state"), ["open"])
        self.assertFalse(order.sdd_debit_ids)
        self.assertEqual(order.invoice_ids.payment_state, "not_paid")
        mandate._confirm("own_device_tick", {})
        self.assertEqual((mandate.state, subscription.state), ("active", "active"))
        self.assertEqual(order.sdd_debit_ids.mapped("state"), ["queued"])
        self.assertEqual(order.transaction_ids.sdd_debit_ids, order.sdd_debit_ids)

    def test_never_confirmed(self):
        """A mandate that ends before it was confirmed collects nothing; the invoice stays open."""
        self._play_policy("yellow", YELLOW)
        self._order(offer="sdd_confirmed")
        self._finish()
        order = self._get_order()
        self._get_mandates().action_revoke()
        self.assertEqual(order.transaction_ids.mapped("state"), ["cancel"])
        self.assertFalse(order.sdd_debit_ids)
        self.assertEqual(order.support_subscription_ids.state, "draft")

    def test_red_leads_to_other_methods(self):
        """A red order offers the other methods, and takes no debit whatever is sent."""
        self._prepare_wire_transfer()
        self._play_policy("red", RED)
        answer, press = self._order()
        self.assertEqual(self._get_codes(answer), ["transfer"])
        for forged in ("sdd", "sdd_settled", "sdd_confirmed", "transfer", "", None, ["sdd"], {}):
            self.assertFalse(press(offer=forged)["ok"], forged)
        self.assertFalse(self._get_mandates())
        text = json.dumps(answer).lower()
        for word in ("refused", "rejected", "declined", "denied", 'risk"'):
            self.assertNotIn(word, text)

    def test_red_without_any_other_method(self):
        """Where nothing else can be offered the customer is asked to call, not sent away."""
        self.company.write({"phone": "+49 30 1234567", "email": "help@example.com"})
        self._play_policy("red", RED)
        answer, _press = self._order()
        self.assertEqual(self._get_codes(answer), [])
        self.assertIn("+49 30 1234567", answer["question"]["contact"])

    def test_unknown_says_whose_fault_it_is(self):
        """A check without an answer is not blamed on the customer."""
        self._play_policy("yellow", YELLOW, [{"kind": "unknown", "signal": "bureau_x"}])
        answer, _press = self._order()
        self.assertIn("not your fault", answer["question"]["text"])

    def test_judged_again_after_the_choice(self):
        """What became green meanwhile goes on; what became red does not with an older choice."""
        self._play_policy("yellow", YELLOW)
        _answer, press = self._order()
        self._play_policy("red", RED)
        self.assertEqual(press(offer="sdd_settled")["question"]["colour"], "red")
        self._play_policy("green")
        self.assertEqual(press(), {"ok": True})
        self._finish()
        self._assert_bought_once(self._get_order(), "en")

    def test_order_changed_in_between(self):
        """Another window has changed the cart: the choice of before buys nothing."""
        self._play_policy("yellow", YELLOW)
        _answer, press = self._order()
        self._get_order().order_line.product_uom_qty = 3
        answer = press(offer="sdd_settled")
        self.assertEqual([error["code"] for error in answer["errors"]], ["stale"])
        self.assertFalse(self._get_mandates())

    def test_mistakes_come_before_the_check(self):
        """Nobody is judged for a form that is not filled in."""
        self._play_policy("red", RED)
        answer, _press = self._order(iban="DE88370400440532013000")
        self.assertEqual([error["field"] for error in answer["errors"]], ["iban"])
        self.assertFalse(self.asked)

    def test_blocked_account_is_no_oracle(self):
        """Mistakes cost no try; who has tried many accounts gets the same answer for each."""
        self._play_policy("green")
        self._block_account(DEBTOR_IBAN)
        answer, press = self._order(iban="DE88370400440532013000")
        for _again in range(20):
            answer = press()
        self.assertEqual([error["field"] for error in answer["errors"]], ["iban"])
        self.assertEqual(press(iban=DEBTOR_IBAN, accepted=False)["errors"][0]["code"], "accepted")
        codes = [press(iban=DEBTOR_IBAN)["errors"][0]["code"] for _again in range(16)]
        self.assertEqual(codes, ["blocked"] * 15 + ["busy"])
        for iban in (DEBTOR_IBAN, "DE02120300000000202051"):
            self.assertEqual(press(iban=iban)["errors"][0]["code"], "busy")
        self.assertFalse(self.asked)
        self.assertFalse(self._get_mandates())

    def test_paying_another_way_forgets_the_choice(self):
        """Who chose to wait and then pays otherwise is not kept waiting."""
        self._play_policy("yellow", YELLOW)
        self._order()
        order = self._get_order()
        order._set_risk_offer("sdd_settled")
        provider = self._prepare_wire_transfer()
        tx = self.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": provider.payment_method_ids[:1].id,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "sale_order_ids": [Command.set(order.ids)],
                "reference": "W-1",
            }
        )
        tx._set_pending()
        tx._post_process()
        self.assertEqual(order.risk_offer, "transfer")

    def test_field_is_no_oracle(self):
        """After three doubtful accounts every account gets the same sentence."""
        doubtful = [
            f"DE{98 - int(f'{code}0532013000131400') % 97:02d}{code}0532013000"
            for code in range(99999990, 99999996)
        ]
        said = [
            [w["code"] for w in self._call("/payment/sdd/check_iban", iban=iban)["warnings"]]
            for iban in doubtful
        ]
        self.assertEqual(said, [["bank_unknown"]] * 3 + [["neutral"]] * 3)
        good = self._call("/payment/sdd/check_iban", iban=DEBTOR_IBAN)
        self.assertEqual([w["code"] for w in good["warnings"]], ["neutral"])
        self.assertTrue(good["valid"])

    def test_without_a_policy_nobody_asks(self):
        """A company without an active policy sells as before."""
        self._play_policy("red", RED)
        none = self.env["risk.policy"]
        self.env.registry["risk.policy"]._get_active = lambda *_args: none
        answer, _press = self._order()
        self.assertEqual(answer, {"ok": True})
        self.assertFalse(self.asked)


@tagged("-at_install", "post_install")
class TestRiskSavedMethod(PlayedPolicyMixin, SavedMethodCase):
    """A saved mandate, in the shop and for an invoice."""

    def setUp(self):
        super().setUp()
        self.authenticate("carl", "carl")

    def _click(self, url="/shop/payment"):
        """Return how to press the order button with the saved account."""
        route, params = self._prepare_click(self._open(url))

        def press(**again):
            return self._call(route, **{**params, **again})

        return press

    def test_green_goes_on(self):
        """One click is still one click."""
        self._play_policy("green")
        self._fill_cart()
        self.assertEqual(self._click()()["state"], "pending")
        self._finish()
        order = self._get_order()
        self._assert_bought_once(order, "en")
        self.assertEqual(order.transaction_ids.risk_assessment_id.mandate_id, self.mandate)
        self.assertEqual(self.asked[0][0]["iban"], DEBTOR_IBAN)

    def test_yellow_asks_first(self):
        """The question comes in place of the charge; there is no link to confirm again."""
        self._play_policy("yellow", YELLOW)
        self._fill_cart()
        press = self._click()
        question = press()["sdd_question"]
        self.assertEqual([offer["code"] for offer in question["offers"]], ["sdd_settled"])
        order = self._get_order()
        self.assertFalse(order.transaction_ids)
        self.assertIn("sdd_question", press(sdd_offer="sdd_confirmed"))
        self.assertEqual(press(sdd_offer="sdd_settled")["state"], "pending")
        self._finish()
        self.assertEqual(order.support_subscription_ids.waits_for, "payment")
        self.assertEqual(order.sdd_debit_ids.mandate_id, self.mandate)

    def test_red_charges_nothing(self):
        self._play_policy("red", RED)
        self._fill_cart()
        press = self._click()
        for offer in ("", "sdd", "sdd_settled", 7):
            self.assertIn("sdd_question", press(sdd_offer=offer))
        self.assertFalse(self._get_order().transaction_ids)

    def test_invoice(self):
        """An invoice is debited on yellow, for nothing starts with it, and not on red."""
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.customer.id,
                "invoice_line_ids": [
                    Command.create({"name": "Help", "price_unit": 50.0, "tax_ids": False})
                ],
            }
        )
        invoice.action_post()
        self._play_policy("red", RED)
        press = self._click(invoice.get_portal_url())
        self.assertEqual(press()["sdd_question"]["colour"], "red")
        self.assertFalse(invoice.transaction_ids)
        self._play_policy("yellow", YELLOW)
        self.assertEqual(press()["state"], "pending")
        self._call("/payment/status/poll")
        self.assertEqual(invoice.sdd_debit_ids.mandate_id, self.mandate)
        self.assertEqual(self.asked[-1][0]["order_id"], 0)

    def test_somebody_elses_mandate_is_not_judged(self):
        """Nobody learns anything about a mandate that is not his."""
        self._play_policy("red", RED)
        other = self.env["res.partner"].create({"name": "Other", "email": "o@example.com"})
        token = self._give_mandate(other).token_ids
        self._fill_cart()
        press = self._click()
        with mute_logger("odoo.http"), self.assertRaisesRegex(Exception, ".+"):
            press(token_id=token.id)
        self.assertFalse(self.asked)


@tagged("-at_install", "post_install")
class TestRiskPage(PlayedPolicyMixin, SavedMethodCase):
    """The page that says why, and the way to a person."""

    def setUp(self):
        super().setUp()
        self._play_policy("yellow", YELLOW)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "company_id": self.company.id,
                "order_line": [Command.create({"product_id": self.product.product_variant_id.id})],
            }
        )
        self.assessment = self.env["risk.policy"].assess({"order_id": order.id})

    def _contest(self, text):
        page = self.url_open(self.assessment._get_link())
        token = page.text.split('name="csrf_token" value="')[1].split('"')[0]
        return self.url_open(
            f"/my/risk/{self.assessment.id}/contest",
            {
                "csrf_token": token,
                "access_token": self.assessment._get_link_token(),
                "text": text,
            },
        )

    def test_link(self):
        """Whoever holds the link sees the page; nobody keeps or indexes it."""
        page = self.url_open(self.assessment._get_link())
        self.assertEqual(page.status_code, 200)
        self.assertIn("o_sdd_risk_page", page.text)
        self.assertEqual(page.headers["Cache-Control"], "no-store")
        self.assertIn("noindex", page.headers["X-Robots-Tag"])

    def test_nothing_about_others(self):
        """A link's holder and the owner may have entered somebody else's account."""
        blocked = {"kind": "score", "signal": "account_returns_13m", "label": "Came back twice"}
        self._play_policy("red", RED, [blocked])
        order = self.assessment.order_id
        self.assessment = self.env["risk.policy"].assess({"order_id": order.id})
        self.authenticate("carl", "carl")
        for url in (self.assessment._get_link(), f"/my/risk/{self.assessment.id}"):
            page = self.url_open(url).text
            self.assertIn("could concern other people", page)
            self.assertNotIn("Came back twice", page)

    def test_strangers(self):
        """A wrong link, another customer and a visitor see nothing, not even that it exists."""
        number = self.assessment.id
        for url in (
            f"/my/risk/{number}",
            f"/my/risk/{number}?access_token=0",
            f"/my/risk/{number}?access_token=é",
            f"/my/risk/{number + 100000}",
            "/my/risk/99999999999999",
        ):
            with mute_logger("odoo.http"):
                self.assertEqual(self.url_open(url).status_code, 404, url)

    def test_owner(self):
        """The customer himself needs no link."""
        self.authenticate("carl", "carl")
        page = self.url_open(f"/my/risk/{self.assessment.id}")
        self.assertEqual(page.status_code, 200)

    def test_contest(self):
        """A person is asked once, however often the button is pressed."""
        page = self._contest("I moved <b>last week</b>.")
        self.assertIn("o_sdd_done", page.text)
        self.assertIn("o_sdd_contested", page.text)
        case = self.assessment.case_ids
        self.assertEqual((len(case), case.state, case.is_contested), (1, "open", True))
        self.assertIn("last week", case.contest_text)
        for _again in range(8):
            page = self._contest("Again.")
        self.assertEqual(len(self.assessment.case_ids), 1)
        self.assertIn("have your message already", page.text)
