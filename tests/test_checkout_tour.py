"""Buying a package in the browser: guest and customer, mistakes, impatience."""

from odoo.tests import HttpCase, new_test_user, tagged

from .common import stop_lots

CREDITOR_IDENTIFIER = "DE98ZZZ09999999999"
CREDITOR_IBAN = "DE02120300000000202051"
DEBTOR_IBAN = "DE89370400440532013000"


class CheckoutCase(HttpCase):
    """A shop with one package and direct debit as its only payment method."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stop_lots(cls)
        cls._prepare_company()
        cls._prepare_website()
        cls._prepare_package()
        cls._prepare_customer()

    @classmethod
    def _prepare_company(cls):
        cls.company = cls.env.ref("base.main_company")
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Tour Bank",
                "type": "bank",
                "code": "TOUR",
                "company_id": cls.company.id,
                "bank_acc_number": CREDITOR_IBAN,
            }
        )
        cls.company.write(
            {"sdd_creditor_identifier": CREDITOR_IDENTIFIER, "sdd_journal_id": cls.journal.id}
        )
        cls.env["payment.provider"].search([("code", "!=", "sdd")]).state = "disabled"
        cls.provider = cls.env.ref("support_debit.payment_provider_sdd")
        cls.provider.write({"state": "enabled", "is_published": True})

    def _block_account(self, iban):
        """Let an account be blocked after what came back for another customer."""
        neighbour = self.env["res.partner"].create({"name": "Neighbour"})
        accounts = self.env["res.partner.bank"]
        account = accounts._sdd_find_or_create(iban, neighbour.name, neighbour)
        # In sudo mode: only returns block accounts.
        account.sudo().sdd_blocked_reason = "AC04"

    @classmethod
    def _prepare_website(cls):
        cls.website = cls.env["website"].search([("company_id", "=", cls.company.id)], limit=1)
        languages = cls.env["res.lang"]
        for code in ("en_US", "de_DE"):
            languages |= cls.env["res.lang"]._activate_lang(code)
        cls.website.language_ids |= languages
        cls.website.default_lang_id = languages.filtered(lambda lang: lang.code == "en_US")

    @classmethod
    def _prepare_package(cls):
        cls.plan = cls.env["support.plan"].create(
            {"name": "Tour Plan", "kind": "base", "term_months": 12, "included_minutes": 120}
        )
        cls.product = cls.env["product.template"].create(
            {
                "name": "Tour Package",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 99.90,
                "support_plan_id": cls.plan.id,
                "is_published": True,
            }
        )

    @classmethod
    def _prepare_customer(cls):
        cls.customer = new_test_user(
            cls.env, login="carl", groups="base.group_portal", name="Carl Customer", lang="en_US"
        ).partner_id
        cls.customer.write(
            {
                "email": "carl@example.com",
                "phone": "+49 30 7654321",
                "street": "Lindenstraße 7",
                "zip": "10969",
                "city": "Berlin",
                "country_id": cls.env.ref("base.de").id,
            }
        )

    def _get_order(self):
        """Return the only order of the package, or fail."""
        order = self.env["sale.order"].search(
            [("order_line.product_id", "in", self.product.product_variant_ids.ids)]
        )
        self.assertEqual(len(order), 1)
        return order

    def _assert_bought_once(self, order, lang):
        """Check that the order led to one of everything.

        :param order: `sale.order` record.
        :param str lang: the language in which the mandate was given, two letters.
        """
        self.assertEqual(order.state, "sale")
        self.assertEqual(order.support_subscription_ids.mapped("state"), ["active"])
        self.assertEqual(order.invoice_ids.mapped("state"), ["posted"])
        debit = order.sdd_debit_ids
        self.assertEqual(debit.mapped("state"), ["queued"])
        self.assertEqual(debit.amount, order.amount_total)
        mandate = debit.mandate_id
        self.assertEqual(mandate.state, "active")
        self.assertEqual(mandate.lang[:2], lang)
        self.assertEqual(mandate._get_iban(), DEBTOR_IBAN)
        self.assertEqual(
            self.env["sdd.mandate"].search([("partner_id", "child_of", order.partner_id.ids)]),
            mandate,
        )
        pending = order.transaction_ids.filtered(lambda tx: tx.state != "draft")
        self.assertEqual(pending.mapped("state"), ["pending"])


@tagged("-at_install", "post_install")
class TestCheckoutTour(CheckoutCase):
    """The whole way through the shop in a real browser."""

    def test_guest_buys_in_german(self):
        """A visitor without an account buys in German and confirms a German mandate."""
        self.start_tour("/de/shop", "support_debit_guest_german", timeout=120)
        order = self._get_order()
        self.assertEqual(order.partner_id.name, "Erika Mustermann")
        self._assert_bought_once(order, "de")

    def test_customer_buys_in_english(self):
        """A signed-in customer buys in English; his name is filled in as account holder."""
        self.start_tour("/shop", "support_debit_customer_english", login="carl", timeout=120)
        order = self._get_order()
        self.assertEqual(order.partner_id, self.customer)
        self._assert_bought_once(order, "en")

    def test_bad_input_is_explained(self):
        """Each kind of mistake has its own message; nothing typed is lost; then it works."""
        self.start_tour("/shop", "support_debit_bad_input", login="carl", timeout=120)
        self._assert_bought_once(self._get_order(), "en")

    def test_double_click_and_back_button(self):
        """Impatience neither orders nor collects twice."""
        self.start_tour("/shop", "support_debit_twice_and_back", login="carl", timeout=120)
        order = self._get_order()
        self._assert_bought_once(order, "en")
        self.assertEqual(len(order.transaction_ids), 1)
