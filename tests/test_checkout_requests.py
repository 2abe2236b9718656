"""The checkout without a browser: repeated, forged and late calls."""

from lxml import html
from odoo.tests import JsonRpcException, tagged
from odoo.tools import mute_logger

from .test_checkout_tour import DEBTOR_IBAN, CheckoutCase


@tagged("-at_install", "post_install")
class TestCheckoutRequests(CheckoutCase):
    """What the payment form's calls answer when somebody else than the form makes them."""

    def setUp(self):
        super().setUp()
        self.authenticate("carl", "carl")

    def _call(self, route, **params):
        """Call a JSON-RPC route of the shop in this test's session."""
        return self.make_jsonrpc_request(route, params)

    def _open_payment_page(self):
        """Put the package into the cart and return what the payment page says.

        :return: parameters of the transaction route, and the signed values of the form.
        :rtype: tuple[str, dict, str]
        """
        self._call(
            "/shop/cart/add",
            product_template_id=self.product.id,
            product_id=self.product.product_variant_id.id,
            quantity=1,
        )
        response = self.url_open("/shop/payment")
        self.assertTrue(response.url.endswith("/shop/payment"), response.url)
        page = html.fromstring(response.content)
        form = page.get_element_by_id("o_payment_form")
        radio = form.xpath(".//input[@data-payment-method-code='sdd']")[0]
        params = {
            "provider_id": int(radio.get("data-provider-id")),
            "payment_method_id": int(radio.get("data-payment-option-id")),
            "token_id": None,
            "amount": float(form.get("data-amount")),
            "flow": "direct",
            "tokenization_requested": False,
            "landing_route": form.get("data-landing-route"),
            "is_validation": False,
            "access_token": form.get("data-access-token"),
        }
        sdd_form = form.xpath(".//*[hasclass('o_sdd_form')]")[0]
        return form.get("data-transaction-route"), params, sdd_form.get("data-sdd-token")

    def _submit(self, values, token, **changes):
        """Send the mandate as the form does.

        :param dict values: what the transaction route returned.
        :param str token: the signed values of the form.
        :param changes: what differs from a proper call.
        """
        params = {
            "reference": values["reference"],
            "access_token": values["sdd_access_token"],
            "holder": "Carl Customer",
            "iban": DEBTOR_IBAN,
            "accepted": True,
            "token": token,
            **changes,
        }
        return self._call("/payment/sdd/submit", **params)

    def _finish(self):
        """Let the status page do its work and return the page that the customer sees last."""
        state = self._call("/payment/status/poll")
        self.assertEqual(state["state"], "pending")
        return self.url_open(state["landing_route"])

    def _get_mandates(self):
        return self.env["sdd.mandate"].search([("partner_id", "child_of", self.customer.ids)])

    def test_answers_in_the_language_of_the_page(self):
        """On a German page the country has its German name."""
        self.opener.cookies.set("frontend_lang", "de_DE")
        answer = self._call("/payment/sdd/check_iban", iban="de89 3704")
        self.assertEqual(answer["country_name"], "Deutschland")
        self.assertFalse(answer["complete"])

    def test_submitted_twice(self):
        """The same call again changes nothing and is no error."""
        route, params, token = self._open_payment_page()
        values = self._call(route, **params)
        self.assertEqual(self._submit(values, token), {"ok": True})
        self.assertEqual(self._submit(values, token), {"ok": True})
        page = self._finish()
        self.assertTrue(page.url.endswith("/shop/confirmation"), page.url)
        self._assert_bought_once(self._get_order(), "en")

    def test_page_of_a_paid_order(self):
        """A second window that still shows the payment page cannot order again."""
        route, params, token = self._open_payment_page()
        second_window = html.fromstring(self.url_open("/shop/payment").content)
        other_token = second_window.xpath("//*[hasclass('o_sdd_form')]/@data-sdd-token")[0]
        values = self._call(route, **params)
        self.assertEqual(self._submit(values, token), {"ok": True})
        self._finish()
        answer = self._submit(self._call(route, **params), other_token)
        self.assertEqual([error["field"] for error in answer["errors"]], ["form"])
        self.assertIn("ordered already", answer["errors"][0]["message"])
        self._assert_bought_once(self._get_order(), "en")

    def test_session_expires_in_mid_checkout(self):
        """Whoever has lost the session while typing still orders and sees the confirmation."""
        route, params, token = self._open_payment_page()
        self.authenticate(None, None)
        values = self._call(route, **params)
        self.assertEqual(self._submit(values, token), {"ok": True})
        page = self._finish()
        self.assertTrue(page.url.endswith("/shop/confirmation"), page.url)
        self._assert_bought_once(self._get_order(), "en")

    def test_somebody_elses_transaction(self):
        """Without the token that belongs to the transaction there is no transaction."""
        route, params, token = self._open_payment_page()
        values = self._call(route, **params)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._submit(values, token, access_token="0" * 64)
        with mute_logger("odoo.http"), self.assertRaises(JsonRpcException):
            self._submit({**values, "reference": "S99999"}, token)
        self.assertFalse(self._get_mandates())

    def test_changed_mandate(self):
        """A form whose signed values were changed makes no mandate."""
        route, params, token = self._open_payment_page()
        values = self._call(route, **params)
        answer = self._submit(values, token.replace("SD-", "XX-"))
        self.assertFalse(answer["ok"])
        self.assertEqual([error["field"] for error in answer["errors"]], ["form"])
        self.assertFalse(self._get_mandates())

    def test_server_checks_everything_again(self):
        """Each mistake comes back with its field; the transaction can be tried again."""
        route, params, token = self._open_payment_page()
        values = self._call(route, **params)
        answer = self._submit(
            values, token, holder=" ", iban="DE88370400440532013000", accepted=False
        )
        self.assertEqual(
            {error["field"]: bool(error["message"]) for error in answer["errors"]},
            {"holder": True, "iban": True, "accepted": True},
        )
        self.assertFalse(self._get_mandates())
        self.assertEqual(
            self._submit(values, token, iban="DE89 3704 0044 0532 0130 00"), {"ok": True}
        )

    def test_long_holder_is_kept(self):
        """A name of 200 characters is no error: the bank gets what fits."""
        route, params, token = self._open_payment_page()
        values = self._call(route, **params)
        holder = "Adelheid " * 22
        # It is another name than the customer's, so he is asked how to go on.
        question = self._submit(values, token, holder=holder)["question"]
        self.assertEqual(question["colour"], "yellow")
        answer = self._submit(values, token, holder=holder, offer="sdd_settled")
        self.assertEqual(answer, {"ok": True})
        self.assertTrue(self._get_mandates().holder.startswith("Adelheid Adelheid"))

    def test_iban_is_in_no_page(self):
        """The full IBAN is neither on the confirmation nor on the status page."""
        route, params, token = self._open_payment_page()
        values = self._call(route, **params)
        self._submit(values, token)
        status = self.url_open("/payment/status").text
        confirmation = self._finish().text
        for page in (status, confirmation):
            self.assertNotIn(DEBTOR_IBAN, page.replace(" ", ""))
        self.assertIn("•• 3000", confirmation)
