"""Account numbers of mandates: who sees them in full, and that no other way leads to them."""

from odoo.exceptions import AccessError
from odoo.tests import tagged

from .bank_details import GROUPED, IBAN, SUPPLIER_IBAN, BankDetailsCommon
from .common import DEBTOR_IBANS


@tagged("-at_install", "post_install")
class TestIbanMask(BankDetailsCommon):
    # === WHAT IS PROTECTED === #

    def test_protected_once_and_for_ever(self):
        self.assertTrue(self.account.sdd_protected)
        self.assertFalse(self.supplier_account.sdd_protected)
        other = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], "Jörg", self.customer
        )
        self.assertFalse(other.sdd_protected)
        self.mandate.sudo().bank_account_id = other
        self.assertTrue(other.sdd_protected)
        self.assertTrue(self.account.sdd_protected, "what it once was stays secret")

    def test_own_account_of_the_company_is_shown(self):
        own = self.journal.bank_account_id
        self.assertFalse(own.sdd_protected)
        seen = self._seen_by(self.clerk, own)
        self.assertEqual(seen.read(["acc_number"])[0]["acc_number"], own.acc_number)

    def test_nobody_takes_the_protection_away(self):
        for user in (self.clerk, self.keeper):
            with self._refused("program itself"):
                self._seen_by(user).write({"sdd_protected": False})

    # === READING === #

    def test_read(self):
        for call in (
            lambda seen: seen.read(["acc_number", "sanitized_acc_number", "display_name"]),
            lambda seen: seen.read(),
            lambda seen: seen.web_read({"acc_number": {}, "display_name": {}}),
            lambda seen: seen.search_read([("id", "in", seen.ids)]),
            lambda seen: seen.web_search_read([("id", "in", seen.ids)], {"acc_number": {}}),
            lambda seen: seen.name_search(""),
            lambda seen: seen.partner_id.web_read(
                {"bank_ids": {"fields": {"acc_number": {}, "display_name": {}}}}
            ),
            lambda seen: self.mandate.with_user(self.clerk).read(),
            lambda seen: self.mandate.with_user(self.clerk).web_read(
                {"bank_account_id": {"fields": {"display_name": {}, "sanitized_acc_number": {}}}}
            ),
        ):
            result = call(self._seen_by(self.clerk))
            self.assertTrue(result)
            self._assert_hidden(result)

    def test_mask_says_enough(self):
        values = self._seen_by(self.clerk).read(["acc_number"])[0]
        self.assertEqual(values["acc_number"], self.mask)
        self.assertTrue(self.mask.startswith("DE••") and self.mask.endswith("2051"), self.mask)
        self.assertIn(self.mask, self._seen_by(self.clerk).display_name)

    def test_others_accounts_are_shown_as_ever(self):
        seen = self._seen_by(self.clerk, self.accounts)
        numbers = {row["id"]: row["sanitized_acc_number"] for row in seen.read()}
        self.assertEqual(numbers[self.supplier_account.id], SUPPLIER_IBAN)
        self.assertFalse(self._notes(self.clerk))

    def test_program_computes_with_the_number(self):
        """The mask is no value of the field: what the program works with stays correct."""
        seen = self._seen_by(self.clerk)
        seen.read(["acc_number"])
        self.assertEqual(seen.sanitized_acc_number, IBAN)
        self.assertEqual(seen.acc_type, "iban")
        self.assertEqual(self.mandate.with_user(self.clerk)._get_iban(), IBAN)

    def test_labels_are_masked_even_in_sudo_mode(self):
        self.assertIn(self.mask, self._seen_by(self.keeper).sudo().display_name)
        self.assertNotIn("1203", self.account.with_context(display_account_trust=True).display_name)

    def test_copies_and_codes(self):
        seen = self._seen_by(self.clerk)
        for call in (seen.copy_data, seen.copy, seen.get_bban):
            with self.assertRaisesRegex(AccessError, "See full bank details"):
                call()
        self.assertIsNone(
            seen.build_qr_code_url(1.0, "x", "", self.company.currency_id, self.customer)
        )
        self.assertEqual(self._seen_by(self.keeper).get_bban(), IBAN[4:])

    def test_account_is_given_to_nobody_else(self):
        """As an account of the company's own it would be shown to everybody."""
        with self._refused("new mandate"):
            self._seen_by(self.clerk).write({"partner_id": self.company.partner_id.id})
        self._seen_by(self.clerk).write({"partner_id": self.account.partner_id.id})
        self.account.sudo().partner_id = self.company.partner_id
        self.assertTrue(self.account.sdd_protected)

    # === THROUGH OTHER MODELS === #

    def test_fields_that_show_the_number_of_an_account(self):
        """A set-up dialog of Odoo's inherits accounts, journals have a related field."""
        self.clerk.group_ids |= self.env.ref("account.group_account_manager")
        self.keeper.group_ids |= self.env.ref("account.group_account_manager")
        for user, shown in ((self.clerk, self.mask), (self.keeper, GROUPED)):
            with self.subTest(user=user.login):
                wizards = self.env["account.setup.bank.manual.config"].with_user(user)
                values = {"res_partner_bank_id": self.account.id}
                spec = {"acc_number": {}, "sanitized_acc_number": {}}
                found = wizards.onchange(values, ["res_partner_bank_id"], spec)
                self.assertEqual(found["value"]["acc_number"], shown)
                journals = self.env["account.journal"].with_user(user)
                found = journals.onchange(
                    {"bank_account_id": self.account.id, "type": "bank"},
                    ["bank_account_id"],
                    {"bank_acc_number": {}, "bank_account_id": {"fields": {"display_name": {}}}},
                )
                self.assertEqual(found["value"]["bank_acc_number"], shown)
        self.assertEqual(self._notes(self.keeper).bank_account_id, self.account)

    def test_set_up_dialog_that_names_the_account(self):
        self.clerk.group_ids |= self.env.ref("account.group_account_manager")
        wizards = self.env["account.setup.bank.manual.config"].with_user(self.clerk)
        self.env.flush_all()
        self.env.cr.execute(
            "INSERT INTO account_setup_bank_manual_config"
            " (res_partner_bank_id, new_journal_name, create_uid, create_date)"
            " VALUES (%s, 'New', %s, now()) RETURNING id",
            [self.account.id, self.clerk.id],
        )
        wizard = wizards.browse(self.env.cr.fetchone()[0])
        self._assert_hidden(wizard.read(["acc_number", "sanitized_acc_number", "display_name"]))
        self._assert_hidden(wizard.export_data(["acc_number", "sanitized_acc_number"]))
        domain = [("id", "=", wizard.id)]
        for name in ("acc_number", "sanitized_acc_number"):
            self._assert_hidden(wizard._read_group(domain, [name], [f"{name}:max"]))
            for probe in self._get_probes(name):
                with self.subTest(probe):
                    self.assertFalse(wizards.search([*domain, probe]))

    def test_own_account_of_a_journal(self):
        values = self.journal.with_user(self.clerk).read(["bank_acc_number"])[0]
        self.assertEqual(values["bank_acc_number"], self.journal.bank_account_id.acc_number)

    # === EXPORT === #

    def test_export(self):
        fields = ["acc_number", "display_name", "partner_id/bank_ids/sanitized_acc_number"]
        rows = self._seen_by(self.clerk, self.accounts).export_data(fields)["datas"]
        self._assert_hidden(rows)
        self.assertIn(SUPPLIER_IBAN, [row[2] for row in rows])
        rows = self._seen_by(self.clerk, self.mandate).export_data(
            ["bank_account_id/acc_number", "bank_account_id", "iban_masked"]
        )["datas"]
        self.assertEqual(rows[0][0], self.mask)
        rows = self._seen_by(self.keeper).export_data(["acc_number"])["datas"]
        self.assertEqual(rows, [[GROUPED]])
        self.assertEqual(self._notes(self.keeper).mapped("way"), ["export"])

    # === COST === #

    def test_lists_are_read_at_one_go(self):
        partners = [self._create_customer(f"Crowd {number}") for number in range(12)]
        for number, partner in enumerate(partners):
            self._create_mandate(partner, DEBTOR_IBANS[number % 5])
        accounts = self.env["res.partner.bank"].search([("partner_id.name", "like", "Crowd")])
        counts = {}
        for user in (self.clerk, self.keeper):
            # The first reading only fills the caches of rights.
            for size in (3, 2, 12):
                seen = self._seen_by(user, accounts[:size])
                start = self.cr.sql_log_count
                seen.read(["acc_number", "display_name"])
                self.env.flush_all()
                counts[user.login, size] = self.cr.sql_log_count - start
        for user in (self.clerk, self.keeper):
            self.assertEqual(counts[user.login, 2], counts[user.login, 12], counts)
