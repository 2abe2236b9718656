"""Accounts are found by their full IBAN, in any notation, without a clear copy beside the mask."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .bank_details import GROUPED, IBAN, BankDetailsCommon
from .common import DEBTOR_IBANS

NOTATIONS = (
    IBAN,
    IBAN.lower(),
    GROUPED,
    f"IBAN: {GROUPED}",
    "DE02-1203-0000-0000-2020-51",
    f"  {IBAN} ",
)
PARTS = ("DE02", "2051", IBAN[:-1], IBAN[1:], "DE02%", "%", "_" * 22, "", "•• 2051", IBAN + "0")


@tagged("-at_install", "post_install")
class TestIbanHash(BankDetailsCommon):
    # === THE HASH === #

    def test_hash_is_keyed(self):
        bank = self.env["res.partner.bank"]
        self.assertEqual(self.account.iban_hash, bank._sdd_hash(IBAN))
        self.assertEqual({bank._sdd_hash(text) for text in NOTATIONS}, {bank._sdd_hash(IBAN)})
        self.assertNotEqual(bank._sdd_hash(IBAN), bank._sdd_hash(DEBTOR_IBANS[1]))
        self.assertRegex(self.account.iban_hash, "^[0-9a-f]{64}$")
        parameters = self.env["ir.config_parameter"].sudo()
        parameters.set_param("support_debit.key_iban", "00" * 32)
        self.assertNotEqual(self.account.iban_hash, bank._sdd_hash(IBAN))

    def test_hash_survives_a_copy_of_the_database(self):
        """Odoo gives a copy of a database a new secret of its own."""
        before = self.env["res.partner.bank"]._sdd_hash(IBAN)
        self.env["ir.config_parameter"].sudo().init(force=True)
        self.assertEqual(self.env["res.partner.bank"]._sdd_hash(IBAN), before)

    def test_key_is_the_programs_own(self):
        for user in (self.clerk, self.keeper):
            with self.assertRaises(AccessError):
                self.env["ir.config_parameter"].with_user(user).get_param("support_debit.key_iban")

    def test_hash_follows_the_number(self):
        account = self.supplier_account
        account.acc_number = DEBTOR_IBANS[3]
        self.assertEqual(account.iban_hash, account._sdd_hash(DEBTOR_IBANS[3]))

    # === FINDING === #

    def _search_by(self, model, field, text, user):
        """Return what the search box finds that offers this field."""
        found = self.env[model].with_user(user).search([(field, "ilike", text)])
        # The database may hold other customers with these well-known numbers.
        return found.filtered(lambda record: record.create_date == self.customer.create_date)

    def test_full_number(self):
        for text in NOTATIONS:
            for user in (self.clerk, self.keeper):
                with self.subTest(text, user=user.login):
                    found = self._search_by("sdd.mandate", "iban_masked", text, user)
                    self.assertEqual(found.ids, self.mandate.ids)
                    found = self._search_by("res.partner", "sdd_iban", text, user)
                    self.assertEqual(found.ids, self.customer.ids)
        for model, record in (("sdd.mandate", self.mandate), ("res.partner.bank", self.account)):
            found = self.env[model].with_user(self.clerk).name_search(GROUPED)
            self.assertIn(record.id, [row[0] for row in found])

    def test_part_of_a_number(self):
        for text in PARTS:
            for user in (self.clerk, self.keeper):
                with self.subTest(text, user=user.login):
                    if text.strip("%"):
                        self.assertFalse(self._search_by("sdd.mandate", "iban_masked", text, user))
                        self.assertFalse(self._search_by("res.partner", "sdd_iban", text, user))
        mandates = self.env["sdd.mandate"].with_user(self.clerk)
        self.assertFalse(mandates.search([("iban_masked", "=", self.mask)]))
        self.assertFalse(mandates.search([("iban_masked", "=like", f"{IBAN[:-1]}_")]))
        self.assertIn(self.mandate, mandates.search([("iban_masked", "!=", IBAN[:-1])]))
        self.assertNotIn(self.mandate, mandates.search([("iban_masked", "not in", [IBAN])]))

    def test_others_mandates_are_not_found(self):
        """The search by number goes through the same rules as every other."""
        company = self._create_second_company()
        mandate = self._create_mandate(self._create_customer("Far"), IBAN, company_id=company.id)
        found = self._search_by("sdd.mandate", "iban_masked", IBAN, self.clerk)
        self.assertIn(self.mandate, found)
        self.assertNotIn(mandate, found)

    def test_account_is_not_made_twice(self):
        bank = self.env["res.partner.bank"].with_user(self.clerk)
        for text in NOTATIONS:
            found = bank._sdd_find_or_create(text, self.customer.name, self.customer)
            self.assertEqual(found.id, self.account.id)
        self.account.active = False
        found = bank._sdd_find_or_create(IBAN, self.customer.name, self.customer)
        self.assertTrue(found.active)
