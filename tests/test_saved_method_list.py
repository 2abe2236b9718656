"""Saved mandates: how they come into the list, how they leave it, and the tours."""

from lxml import html
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .test_saved_method import OTHER_IBAN, SavedMethodCase


@tagged("-at_install", "post_install")
class TestSavedMethodList(SavedMethodCase):
    """Which mandates become saved methods, for the customer and in the back office."""

    def setUp(self):
        super().setUp()
        self.authenticate("carl", "carl")

    def test_saved_once_and_deleted(self):
        """Deleted from the list is not revoked, and it does not come back by itself."""
        page = self.url_open("/my/payment_method").text
        self.assertIn("DE•• … 3000", page)
        info = self.token.with_user(self.customer.user_ids).get_linked_records_info()
        self.assertEqual((info[0]["name"], info[0]["sdd"]), (self.mandate.name, True))
        self._call("/payment/archive_token", token_id=self.token.id)
        self.assertFalse(self.token.active)
        self.assertEqual(self.mandate.state, "active")
        self._fill_cart()
        self.assertEqual(self._get_offered(self._open()), [])
        self.assertEqual(len(self.mandate.token_ids), 1)

    def _prepare_mandate_without_an_order(self):
        """Open the page of saved methods; return how its button is pressed with an IBAN."""
        form = self._open("/my/payment_method")
        radio = form.xpath(".//input[@data-payment-method-code='sdd']")[0]
        sdd_form = form.xpath(".//*[hasclass('o_sdd_form')]")[0]
        self.assertNotIn("Date of the debit", html.tostring(sdd_form, encoding="unicode"))
        values = self._call(
            form.get("data-transaction-route"),
            provider_id=int(radio.get("data-provider-id")),
            payment_method_id=int(radio.get("data-payment-option-id")),
            token_id=None,
            amount=None,
            currency_id=None,
            partner_id=int(form.get("data-partner-id")),
            flow="direct",
            tokenization_requested=True,
            landing_route=form.get("data-landing-route"),
            is_validation=True,
            access_token=form.get("data-access-token"),
            reference_prefix=form.get("data-reference-prefix"),
        )
        return lambda iban: self._call(
            "/payment/sdd/submit",
            reference=values["reference"],
            access_token=values["sdd_access_token"],
            holder="Carl Customer",
            iban=iban,
            accepted=True,
            token=sdd_form.get("data-sdd-token"),
        )

    def test_blocked_account_is_no_oracle(self):
        """Without an order, too, only so many accounts can be tried out."""
        self._block_account(OTHER_IBAN)
        press = self._prepare_mandate_without_an_order()
        codes = [press(OTHER_IBAN)["errors"][0]["code"] for _again in range(16)]
        self.assertEqual(codes, ["blocked"] * 15 + ["busy"])
        self.assertEqual(press(OTHER_IBAN)["errors"][0]["code"], "busy")

    def test_mandate_without_an_order(self):
        """A customer saves an account on the page of his payment methods: he gives a mandate."""
        press = self._prepare_mandate_without_an_order()
        self.assertEqual(press(OTHER_IBAN), {"ok": True})
        self.assertEqual(self._call("/payment/status/poll")["state"], "done")
        mandate = self.env["sdd.mandate"].search(
            [("partner_id", "=", self.customer.id), ("id", "!=", self.mandate.id)]
        )
        self.assertEqual((mandate.state, mandate.channel), ("active", "portal"))
        self.assertEqual(mandate.evidence_grade, "B")
        self.assertFalse(mandate.debit_ids)
        self.assertIn("… 2051", self.url_open("/my/payment_method").text)

    def test_one_line_for_each_account(self):
        """Of two mandates for one account the one that is proven best is offered."""
        second = self.mandate.copy({"bank_account_id": self.mandate.bank_account_id.id})
        second._confirm("signature_scan")
        self._fill_cart()
        self.assertEqual(self._get_offered(self._open()), second.token_ids.ids)
        second.action_suspend()
        self.assertEqual(self._get_offered(self._open()), self.token.ids)

    def test_account_changed(self):
        """The saved method names the new account."""
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            OTHER_IBAN, self.customer.name, self.customer
        )
        self.mandate.amend_bank_account(account, evidence={"evidence": "own_device_tick"})
        self.assertIn("… 2051", self.token.display_name)
        self.assertEqual(self.mandate.token_ids, self.token)

    def test_mandate_entered_by_staff(self):
        """An older mandate is offered as soon as its customer opens the payment page."""
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            OTHER_IBAN, self.customer.name, self.customer
        )
        mandate = self.env["sdd.mandate"].create(
            {
                "partner_id": self.customer.id,
                "bank_account_id": account.id,
                "company_id": self.company.id,
            }
        )
        mandate._confirm("signature_scan", {"file": "mandate.pdf"})
        self.assertFalse(mandate.token_ids)
        self._fill_cart()
        offered = self._get_offered(self._open())
        self.assertEqual(offered, (mandate.token_ids | self.token).sorted("id", reverse=True).ids)

    def test_mandate_confirmed_by_link(self):
        """What a customer confirms on his own device is saved at once."""
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            OTHER_IBAN, self.customer.name, self.customer
        )
        mandate = self.env["sdd.mandate"].create(
            {
                "partner_id": self.customer.id,
                "bank_account_id": account.id,
                "company_id": self.company.id,
                "channel": "phone",
            }
        )
        mandate._confirm("own_device_code", {})
        self.assertEqual(mandate.token_ids.partner_id, self.customer)

    def test_guest_signs_up_later(self):
        """The mandate that a guest gave is his saved method as soon as he has an account."""
        guest = self.env["res.partner"].create(
            {
                "name": "Gerda Guest",
                "email": "gerda@example.com",
                "street": "Weg 1",
                "zip": "10115",
                "city": "Berlin",
                "phone": "+49 30 1",
                "country_id": self.env.ref("base.de").id,
            }
        )
        mandate = self._give_mandate(guest, OTHER_IBAN)
        new_test_user(self.env, login="gerda", groups="base.group_portal", partner_id=guest.id)
        self.authenticate("gerda", "gerda")
        self._fill_cart()
        self.assertEqual(self._get_offered(self._open()), mandate.token_ids.ids)

    def test_saving_switched_off(self):
        """A company that does not want saved methods gets none."""
        self.provider.allow_tokenization = False
        self.assertFalse(
            self._give_mandate(self.env["res.partner"].create({"name": "N"}), OTHER_IBAN).token_ids
        )

    # === BACK OFFICE === #

    def test_no_payment_is_booked_with_a_mandate(self):
        """Accountants are not offered mandates for payments, which would be cancelled at once."""
        line = self.env["account.payment.method.line"].create(
            {
                "journal_id": self.journal.id,
                "payment_method_id": self.env["account.payment.method"]
                .search([("code", "=", "sdd")], limit=1)
                .id,
                "payment_provider_id": self.provider.id,
            }
        )
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.customer.id,
                "amount": 10.0,
                "payment_type": "inbound",
                "journal_id": line.journal_id.id,
                "payment_method_line_id": line.id,
            }
        )
        self.assertFalse(payment.suitable_payment_token_ids)
        payment.payment_token_id = self.token
        with self.assertRaisesRegex(UserError, "Register Payment"):
            payment.action_post()


@tagged("-at_install", "post_install")
class TestSavedMethodTour(SavedMethodCase):
    """The same in a real browser."""

    def test_one_click(self):
        """The saved account is chosen already; one click orders."""
        self.start_tour("/shop", "support_debit_saved_method", login="carl", timeout=120)
        order = self._get_order()
        self._assert_bought_once(order, "en")
        self.assertEqual(order.sdd_debit_ids.mandate_id, self.mandate)
        self.assertEqual(len(order.transaction_ids), 1)

    def test_another_account(self):
        """Beside the saved account another one can be entered; then there are two."""
        self.start_tour("/shop", "support_debit_another_account", login="carl", timeout=120)
        order = self._get_order()
        mandate = order.sdd_debit_ids.mandate_id
        self.assertNotEqual(mandate, self.mandate)
        self.assertEqual(mandate._get_iban(), OTHER_IBAN)
        self.assertTrue(mandate.token_ids.active)
        self.assertTrue(self.token.active)

    def test_revoked_in_another_window(self):
        """A mandate that the customer revokes in another window is refused with a sentence."""
        self.start_tour("/shop", "support_debit_saved_method_refused", login="carl", timeout=120)
        self.assertEqual(self.mandate.state, "revoked")
        order = self._get_order()
        self.assertEqual(order.state, "draft")
        self.assertFalse(order.transaction_ids)

    def test_list_of_payment_methods(self):
        """A saved account is taken off the list, another one is added without an order."""
        self.start_tour(
            "/my/payment_method", "support_debit_payment_methods", login="carl", timeout=120
        )
        self.assertFalse(self.token.active)
        self.assertEqual(self.mandate.state, "active")
        mandates = self.env["sdd.mandate"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(len(mandates), 2)
        self.assertEqual(set(mandates.mapped("state")), {"active"})
