"""The colours of the risk room in a real browser, in German."""

from odoo.tests import tagged

from .played_policy import PlayedPolicyMixin
from .test_checkout_tour import CheckoutCase
from .test_saved_method import SavedMethodCase

YELLOW = ("sdd_settled", "sdd_confirmed", "transfer", "other")


@tagged("-at_install", "post_install")
class TestRiskCheckoutTour(PlayedPolicyMixin, CheckoutCase):
    def _tour(self, name):
        self.start_tour("/de/shop", f"support_debit_risk_{name}", login="carl", timeout=150)
        return self._get_order()

    def test_green(self):
        """Nobody notices that he was looked at."""
        self._play_policy("green")
        self._assert_bought_once(self._tour("green"), "de")

    def test_yellow(self):
        """One click, even a double one, buys support that starts with the money."""
        self._play_policy("yellow", YELLOW)
        order = self._tour("yellow")
        self.assertEqual(order.risk_offer, "sdd_settled")
        self.assertEqual(order.support_subscription_ids.waits_for, "payment")
        self.assertEqual(len(order.sdd_debit_ids), 1)

    def test_yellow_by_link(self):
        """The customer chooses to confirm his mandate by a link."""
        self._play_policy("yellow", YELLOW)
        order = self._tour("link")
        self.assertEqual(order.transaction_ids.sdd_mandate_id.mapped("state"), ["pending"])
        self.assertFalse(order.sdd_debit_ids)
        self.assertEqual(order.support_subscription_ids.waits_for, "confirmation")

    def test_red(self):
        """A red order is bought by bank transfer, with one click."""
        self._prepare_wire_transfer()
        self._play_policy("red", ("transfer", "other"))
        order = self._tour("red")
        transaction = order.transaction_ids.filtered(lambda tx: tx.state == "pending")
        self.assertEqual(transaction.provider_code, "custom")
        self.assertFalse(order.sdd_debit_ids)

    def test_unknown(self):
        """A check that got no answer asks like a yellow one, and blames nobody."""
        self._play_policy("yellow", YELLOW, [{"kind": "unknown", "signal": "bureau_status"}])
        order = self._tour("yellow")
        self.assertEqual(order.risk_offer, "sdd_settled")

    def test_contest(self):
        """Whoever sees it differently has a person look at it, and finds his cart again."""
        self._play_policy("red", ("transfer", "other"))
        order = self._tour("contest")
        case = order.risk_assessment_ids.case_ids
        self.assertEqual((len(case), case.is_contested), (1, True))
        self.assertEqual(order.state, "draft")


@tagged("-at_install", "post_install")
class TestRiskSavedTour(PlayedPolicyMixin, SavedMethodCase):
    def test_yellow(self):
        """One click on an offer pays with the saved account."""
        self._play_policy("yellow", YELLOW)
        self.start_tour("/de/shop", "support_debit_risk_saved", login="carl", timeout=150)
        order = self._get_order()
        self.assertEqual(order.sdd_debit_ids.mandate_id, self.mandate)
        self.assertEqual(order.support_subscription_ids.waits_for, "payment")
