"""Saved mandates: who is offered which, what a click does, and what it does not."""

from contextlib import contextmanager

from lxml import html
from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .test_checkout_tour import DEBTOR_IBAN, CheckoutCase

OTHER_IBAN = "DE02120300000000202051"


class RefusedError(Exception):
    """What a route refuses, with the sentence for the customer."""


class SavedMethodCase(CheckoutCase):
    """A signed-in customer who has given a mandate before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mandate = cls._give_mandate(cls.customer)
        cls.token = cls.mandate.token_ids

    @classmethod
    def _give_mandate(cls, partner, iban=DEBTOR_IBAN, **values):
        """Return a mandate that the customer has ticked in the shop."""
        account = cls.env["res.partner.bank"]._sdd_find_or_create(iban, partner.name, partner)
        text = cls.env["sdd.mandate.text"]._get_text("en")
        return cls.env["sdd.mandate"]._create_given(
            {
                "partner_id": partner.id,
                "company_id": cls.company.id,
                "bank_account_id": account.id,
                "channel": "web",
                "lang": "en_US",
                "text_id": text.id,
                "text_shown": text._render(cls.company.name),
                **values,
            },
            {"ip_address": "192.0.2.1"},
        )

    def _call(self, route, **params):
        """Call a JSON-RPC route in this test's session; a refusal raises with its message."""
        response = self.url_open(
            route,
            json={"id": 0, "jsonrpc": "2.0", "method": "call", "params": params},
        ).json()
        if "error" in response:
            raise RefusedError(response["error"]["data"]["message"])
        return response.get("result")

    @contextmanager
    def _refused_call(self, message):
        """Check that a call is refused with a message."""
        with mute_logger("odoo.http"), self.assertRaisesRegex(RefusedError, message):
            yield

    def _fill_cart(self):
        self._call(
            "/shop/cart/add",
            product_template_id=self.product.id,
            product_id=self.product.product_variant_id.id,
            quantity=1,
        )

    def _open(self, url="/shop/payment"):
        """Return the payment form of a page as parsed HTML."""
        return html.fromstring(self.url_open(url).content).get_element_by_id("o_payment_form")

    def _get_offered(self, form):
        """Return the ids of the saved methods that a payment form offers."""
        return [
            int(radio.get("data-payment-option-id"))
            for radio in form.xpath(".//input[@data-payment-option-type='token']")
        ]

    def _prepare_click(self, form, token=None, **changes):
        """Return route and parameters of a payment with a token, as the form sends them."""
        token = token or self.token
        params = {
            "provider_id": token.provider_id.id,
            "payment_method_id": None,
            "token_id": token.id,
            "amount": float(form.get("data-amount")),
            "flow": "token",
            "tokenization_requested": False,
            "landing_route": form.get("data-landing-route"),
            "is_validation": False,
            "access_token": form.get("data-access-token"),
            **changes,
        }
        return form.get("data-transaction-route"), params

    def _finish(self):
        state = self._call("/payment/status/poll")
        self.assertEqual(state["state"], "pending")
        return self.url_open(state["landing_route"])


@tagged("-at_install", "post_install")
class TestSavedMethod(SavedMethodCase):
    """The shop and the portal, without a browser."""

    def setUp(self):
        super().setUp()
        self.authenticate("carl", "carl")

    # === PAYING === #

    def test_order_with_one_click(self):
        """The saved account is shown masked; the click does what a new mandate does."""
        self._fill_cart()
        form = self._open()
        self.assertEqual(self._get_offered(form), self.token.ids)
        text = html.tostring(form, encoding="unicode")
        self.assertIn("DE•• … 3000 · Commerzbank", text)
        self.assertNotIn(DEBTOR_IBAN, text.replace(" ", ""))
        self.assertNotIn("o_payment_tokenize_checkbox", text)
        self.assertTrue(form.xpath(".//*[hasclass('o_sdd_saved')]"))
        self.assertTrue(form.xpath(".//*[hasclass('o_sdd_form')]"), "another account can be added")
        route, params = self._prepare_click(form)
        self.assertEqual(self._call(route, **params)["state"], "pending")
        page = self._finish()
        self.assertTrue(page.url.endswith("/shop/confirmation"), page.url)
        order = self._get_order()
        self._assert_bought_once(order, "en")
        self.assertEqual(order.sdd_debit_ids.mandate_id, self.mandate)
        self.assertFalse(order.transaction_ids.payment_id)
        event = self.mandate.event_ids.sorted("number")[-1]
        self.assertEqual(event.kind, "used")
        self.assertEqual(event.data["documents"], order.name)
        self.assertTrue(event.data["ip_address"])
        self.assertIn("EUR", event.data["amount"])

    def test_invoice_with_one_click(self):
        """An open invoice is paid in the portal with the saved account."""
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
        form = self._open(invoice.get_portal_url())
        route, params = self._prepare_click(form)
        self.assertEqual(self._call(route, **params)["state"], "pending")
        self._call("/payment/status/poll")
        self.assertEqual(invoice.sdd_debit_ids.mandate_id, self.mandate)
        with self._refused_call("ordered already"):
            self._call(route, **params)
        self.assertEqual(len(invoice.sdd_debit_ids), 1)

    def test_second_window(self):
        """A window that still shows the payment page charges nothing a second time."""
        self._fill_cart()
        form = self._open()
        route, params = self._prepare_click(form)
        self._call(route, **params)
        with self._refused_call("ordered already"):
            self._call(route, **params)
        self._finish()
        with self._refused_call("ordered already|ready to be paid|already"):
            self._call(route, **params)
        order = self._get_order()
        self._assert_bought_once(order, "en")
        self.assertEqual(len(order.transaction_ids), 1)

    def test_revoked_while_the_page_is_open(self):
        """A mandate that ended meanwhile is refused kindly, and the cart stays."""
        self._fill_cart()
        route, params = self._prepare_click(self._open())
        self.mandate.action_revoke()
        self.assertFalse(self.token.active)
        with self._refused_call("can no longer be used.*Nothing has been"):
            self._call(route, **params)
        self.assertFalse(self._get_order().transaction_ids)
        self.assertEqual(self._get_offered(self._open()), [])

    def test_suspended_while_the_page_is_open(self):
        """A suspended mandate says so and is back when it is active again."""
        self._fill_cart()
        form = self._open()
        route, params = self._prepare_click(form)
        self.mandate.action_suspend()
        with self._refused_call("can no longer be used.*Nothing has been"):
            self._call(route, **params)
        self.assertEqual(self._get_offered(self._open()), [])
        report = {}
        tokens = self.env["payment.token"].with_user(self.customer.user_ids).sudo()
        self.assertFalse(tokens._sdd_filter_payable(10.0, report))
        self.assertIn("suspended", report["sdd_tokens"][self.token]["reason"])
        self.mandate.action_activate()
        self.assertEqual(self._get_offered(self._open()), self.token.ids)

    def test_somebody_elses_token(self):
        """Neither a stranger's nor a colleague's mandate can be used by its id."""
        stranger = self._give_mandate(
            self.env["res.partner"].create({"name": "Stranger"}), OTHER_IBAN
        )
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.customer.parent_id = firm
        colleague = self.env["res.partner"].create({"name": "Colleague", "parent_id": firm.id})
        other = self._give_mandate(colleague, OTHER_IBAN)
        self._fill_cart()
        form = self._open()
        self.assertEqual(self._get_offered(form), self.token.ids)
        for mandate in (stranger, other):
            route, params = self._prepare_click(form, mandate.token_ids)
            with self.subTest(mandate.name), self._refused_call("not yours|do not have access"):
                self._call(route, **params)
        self.assertFalse(self._get_order().transaction_ids)

    def test_company_account(self):
        """A contact orders with the mandate of his company."""
        firm = self.env["res.partner"].create({"name": "Firm", "is_company": True})
        self.customer.parent_id = firm
        shared = self._give_mandate(firm, OTHER_IBAN)
        self._fill_cart()
        self.assertEqual(set(self._get_offered(self._open())), {self.token.id, shared.token_ids.id})

    def test_weak_evidence(self):
        """What its evidence does not allow is not offered; the staff read why; a call is refused."""
        self.product.list_price = 5000
        self._fill_cart()
        form = self._open()
        self.assertEqual(self._get_offered(form), [])
        route, params = self._prepare_click(form)
        with self._refused_call("cannot be debited"):
            self._call(route, **params)
        report = {}
        self.assertFalse(self.token._sdd_filter_payable(5000.0, report))
        self.assertIn("grade B", report["sdd_tokens"][self.token]["reason"])
        self.assertEqual(self.token._sdd_filter_payable(100.0, report), self.token)

    def test_part_of_an_order(self):
        """A token pays a whole order only."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "order_line": [Command.create({"product_id": self.product.product_variant_id.id})],
            }
        )
        tx = self._make_transaction(amount=10.0, sale_order_ids=[Command.set(order.ids)])
        with self.assertRaisesRegex(UserError, "not a part of it"):
            tx.with_user(self.customer.user_ids).sudo()._send_payment_request()

    def test_offline_charge(self):
        """What the program charges without the customer ends as an error on the transaction."""
        tx = self._make_transaction(amount=10.0, operation="offline")
        with self.assertRaises(ValidationError):
            tx._send_payment_request()
        tx._charge_with_token()
        self.assertEqual(tx.state, "error")
        self.assertFalse(tx.sdd_debit_ids)

    def _make_transaction(self, **values):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.token.payment_method_id.id,
                "token_id": self.token.id,
                "partner_id": self.customer.id,
                "currency_id": self.env.ref("base.EUR").id,
                "operation": "online_token",
                **values,
            }
        )

    def test_nobody_signed_in(self):
        """Whoever opens a link to a document without signing in sees no saved account."""
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "require_signature": False,
                "require_payment": True,
                "prepayment_percent": 1.0,
                "order_line": [Command.create({"product_id": self.product.product_variant_id.id})],
            }
        )
        order.state = "sent"
        self.assertEqual(self._get_offered(self._open(order.get_portal_url())), self.token.ids)
        self.authenticate(None, None)
        form = self._open(order.get_portal_url())
        self.assertEqual(self._get_offered(form), [])
        route, params = self._prepare_click(form)
        with self._refused_call("not yours"):
            self._call(route, **params)
        self.assertEqual(order.state, "sent")
