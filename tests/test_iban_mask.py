"""Account numbers of mandates: who sees them in full, and that no other way leads to them."""

import json

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.fields import Domain
from odoo.tests import Form, new_test_user, tagged

from .common import DEBTOR_IBANS, SupportDebitCommon

IBAN = DEBTOR_IBANS[0]
GROUPED = "DE02 1203 0000 0000 2020 51"
SUPPLIER_IBAN = "DE02600501010002034304"


class BankDetailsCommon(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        groups = "support_debit.group_manager,base.group_partner_manager,base.group_allow_export"
        cls.clerk = new_test_user(cls.env, "vault_clerk", groups=groups)
        cls.keeper = new_test_user(
            cls.env, "vault_keeper", groups=f"{groups},support_debit.group_bank_details"
        )
        cls.mandate = cls._create_mandate()
        cls.account = cls.mandate.bank_account_id
        cls.mask = cls.mandate.iban_masked
        cls.supplier_account = cls.env["res.partner.bank"].create(
            {"acc_number": SUPPLIER_IBAN, "partner_id": cls._create_customer("Supplier").id}
        )
        # Both stand in the same lists as the others.
        cls.accounts = cls.account | cls.supplier_account

    def _seen_by(self, user, record=None):
        """Return records as a user sees them, with nothing in the cache."""
        self.env.flush_all()
        self.env.invalidate_all()
        return (record or self.account).with_user(user)

    def _assert_hidden(self, value, iban=IBAN):
        """Check that no notation of an account number is anywhere in a value."""
        text = json.dumps(value, default=str, ensure_ascii=False)
        self.assertNotIn(iban, "".join(char for char in text if char.isalnum()))

    def _notes(self, user):
        return self.env["sdd.iban.access"].sudo().search([("user_id", "=", user.id)], order="id")


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

    # === GROUPING AND SORTING === #

    def test_groups_name_no_number(self):
        seen = self._seen_by(self.clerk, self.accounts)
        domain = [("id", "in", seen.ids)]
        for field in ("acc_number", "sanitized_acc_number"):
            groups = seen._read_group(domain, [field], ["__count"])
            self._assert_hidden(groups)
            self.assertEqual(len(groups), 2)
            self._assert_hidden(seen.formatted_read_group(domain, [field], ["__count"]))
            for function in ("min", "max", "array_agg"):
                self._assert_hidden(seen._read_group(domain, [], [f"{field}:{function}"]))
        mandates = self.mandate.with_user(self.clerk)
        self._assert_hidden(mandates._read_group([], ["bank_account_id.acc_number"], ["__count"]))
        opened = seen.formatted_read_group(domain, ["acc_number"], ["__count"])
        found = [seen.search(Domain(group["__extra_domain"]) & Domain(domain)) for group in opened]
        self.assertEqual(sorted(map(len, found)), [1, 1])

    def test_order_gives_nothing_away(self):
        partners = [self._create_customer(f"Holder {number}") for number in range(3)]
        ibans = ("NL91ABNA0417164300", "AT611904300234573201", "DE02500105170137075030")
        mandates = [
            self._create_mandate(partner, iban)
            for partner, iban in zip(partners, ibans, strict=True)
        ]
        accounts = self.env["res.partner.bank"].union(*[m.bank_account_id for m in mandates])
        seen = self._seen_by(self.clerk, accounts)
        for order in ("acc_number, id", "sanitized_acc_number desc, id"):
            found = seen.search([("id", "in", accounts.ids)], order=order)
            self.assertEqual(found.ids, sorted(accounts.ids))
        seen = self._seen_by(self.keeper, accounts)
        found = seen.search([("id", "in", accounts.ids)], order="acc_number")
        self.assertEqual(found.mapped("country_code") and found[0].sanitized_acc_number[:2], "AT")

    # === SEARCHING === #

    def _get_probes(self, path):
        """Return conditions that are true for the account but must not say so."""
        return [
            (path, "like", "DE02%"),
            (path, "=like", "DE02%"),
            (path, "ilike", "1203"),
            (path, "=like", "DE0212030000000020205_"),
            (path, ">", "DE02120300000000202050"),
            (path, ">=", IBAN),
            (path, "<", "DE02120300000000202052"),
            (path, "in", ["DE0212030000000020205"]),
            (path, "=", IBAN[4:]),
        ]

    def test_parts_of_a_number_find_nothing(self):
        places = {
            "res.partner.bank": (self.account, ("acc_number", "sanitized_acc_number")),
            "sdd.mandate": (
                self.mandate,
                ("bank_account_id.acc_number", "bank_account_id.sanitized_acc_number"),
            ),
            "res.partner": (
                self.customer,
                ("bank_ids.acc_number", "bank_ids.sanitized_acc_number"),
            ),
        }
        for model, (record, paths) in places.items():
            seen = self._seen_by(self.clerk, record)
            for path in paths:
                for probe in self._get_probes(path):
                    with self.subTest(model=model, probe=probe):
                        domain = [("id", "=", record.id), probe]
                        self.assertFalse(seen.search(domain))
                        self.assertFalse(seen._read_group(domain, [], ["__count"])[0][0])

    def test_a_refused_condition_says_nothing_either(self):
        """The opposite of a condition is answered the same whatever the number is."""
        seen = self._seen_by(self.clerk)
        for text in ("DE02%", "XX%", "1203", "9999"):
            for operator in ("not like", "not ilike", "not =like"):
                domain = [("id", "=", seen.id), ("acc_number", operator, text)]
                with self.subTest(domain):
                    self.assertEqual(seen.search(domain), seen)
        for wrong in ("DE02500105170137075030", "DE0212030000000020205"):
            domain = [("id", "=", seen.id), ("acc_number", "!=", wrong)]
            self.assertEqual(seen.search(domain), seen)
        self.assertFalse(seen.search([("id", "=", seen.id), ("acc_number", "!=", IBAN)]))

    def test_full_number_is_found(self):
        for user in (self.clerk, self.keeper):
            seen = self._seen_by(user)
            for condition in (
                ("acc_number", "=", IBAN),
                ("acc_number", "=", GROUPED.lower()),
                ("acc_number", "in", ["DE00", IBAN]),
                ("acc_number", "ilike", GROUPED),
                ("sanitized_acc_number", "=", IBAN),
            ):
                with self.subTest(user=user.login, condition=condition):
                    domain = [("id", "=", seen.id), condition]
                    self.assertEqual(seen.search(domain), seen)
            found = seen.env["res.partner"].search(
                [("id", "in", self.accounts.partner_id.ids), ("bank_ids.acc_number", "=", IBAN)]
            )
            self.assertEqual(found.ids, self.customer.ids)

    def test_many_numbers_are_not_tried_at_once(self):
        tried = [
            f"DE{98 - int(f'1203000000002020{n:02d}131400') % 97:02d}1203000000002020{n:02d}"
            for n in range(40, 90)
        ]
        self.assertIn(IBAN, tried)
        seen = self._seen_by(self.clerk)
        self.assertFalse(seen.search([("acc_number", "in", tried)]))
        self.assertTrue(self._seen_by(self.keeper).search([("acc_number", "in", tried)]))

    def test_part_is_found_with_the_right_and_elsewhere(self):
        seen = self._seen_by(self.keeper)
        self.assertEqual(seen.search([("id", "=", seen.id), ("acc_number", "like", "1203")]), seen)
        seen = self._seen_by(self.clerk, self.supplier_account)
        self.assertEqual(seen.search([("id", "=", seen.id), ("acc_number", "like", "6005")]), seen)
        self.assertEqual(
            seen.search([("id", "=", seen.id), ("acc_number", "=", SUPPLIER_IBAN)]), seen
        )

    # === WRITING === #

    def test_saving_what_was_shown_changes_nothing(self):
        seen = self._seen_by(self.clerk)
        for number in (self.mask, IBAN, GROUPED, GROUPED.lower()):
            seen.write({"acc_number": number, "note": "looked at"})
            seen.write({"sanitized_acc_number": number})
            self.assertEqual(self.account.sanitized_acc_number, IBAN)
            self.assertEqual(self.account.acc_number, GROUPED)
        self.assertIn("looked at", self.account.note)

    def test_number_of_a_mandate_is_not_overwritten(self):
        for user in (self.clerk, self.keeper, self.env.ref("base.user_root")):
            for field in ("acc_number", "sanitized_acc_number"):
                with self._refused("Change the account on the mandate"):
                    self._seen_by(user).write({field: DEBTOR_IBANS[1]})

    def test_a_mask_is_no_number(self):
        with self._refused("masked"):
            self.supplier_account.write({"acc_number": self.mask})
        with self._refused("masked"):
            self.supplier_account.create({"acc_number": self.mask, "partner_id": self.customer.id})

    def test_the_same_account_again(self):
        """The refusal names no number, and the database has nothing to log."""
        values = {"acc_number": GROUPED, "partner_id": self.customer.id}
        with self.assertRaisesRegex(UserError, "has this account already") as caught:
            self.account.with_user(self.clerk).create(values)
        self._assert_hidden(str(caught.exception))
        self.account.active = False
        with self.assertRaisesRegex(UserError, "has this account already"):
            self.account.with_user(self.clerk).create(values)

    def test_form_is_saved_unchanged(self):
        view = "account.view_partner_bank_form_inherit_account"
        with Form(self._seen_by(self.clerk), view) as form:
            self.assertEqual(form.acc_number, self.mask)
            form.acc_holder_name = "J. Müßig"
        self.assertEqual(self.account.sanitized_acc_number, IBAN)
        self.assertEqual(self.account.acc_holder_name, "J. Müßig")

    def test_onchange(self):
        seen = self._seen_by(self.clerk)
        spec = {"acc_number": {}, "sanitized_acc_number": {}, "display_name": {}, "bank_id": {}}
        self._assert_hidden(seen.onchange({}, [], spec))
        self._assert_hidden(seen.onchange({"bank_id": False}, ["bank_id"], spec))
        partner = self.customer.with_user(self.clerk)
        spec = {"bank_ids": {"fields": {"acc_number": {}, "display_name": {}}}, "name": {}}
        values = {"name": "New", "bank_ids": [Command.link(self.account.id)]}
        self._assert_hidden(partner.onchange(values, ["name"], spec))
        self._assert_hidden(partner.onchange(values, ["bank_ids"], spec))

    # === HISTORY === #

    def _get_messages(self):
        domain = [
            "|",
            "&",
            ("model", "=", "res.partner.bank"),
            ("res_id", "=", self.account.id),
            "&",
            ("model", "=", "res.partner"),
            ("res_id", "=", self.account.partner_id.id),
        ]
        messages = self.env["mail.message"].sudo().search(domain)
        return messages.read(["body", "subject", "record_name"]) + [
            tracking.read(["old_value_char", "new_value_char"])
            for tracking in messages.tracking_value_ids
        ]

    def test_archiving_writes_no_number(self):
        self._seen_by(self.clerk).unlink()
        self.assertFalse(self.account.active)
        messages = self._get_messages()
        self.assertIn("archived", str(messages))
        self._assert_hidden(messages)

    def test_what_was_written_before_the_mandate(self):
        customer = self._create_customer("Early Bird")
        bank = self.env["res.partner.bank"].with_context(tracking_disable=False)
        account = bank.create({"acc_number": DEBTOR_IBANS[2], "partner_id": customer.id})
        account.write({"acc_number": DEBTOR_IBANS[3]})
        customer.message_post(body=f"We noted {account.acc_number} for her.")
        self.env.flush_all()
        self.account = account
        self.assertIn(DEBTOR_IBANS[3], str(self._get_messages()).replace(" ", ""))
        self._create_mandate(customer, DEBTOR_IBANS[3])
        account._sdd_mask_history()
        messages = self._get_messages()
        self._assert_hidden(messages, DEBTOR_IBANS[3])
        self._assert_hidden(messages, DEBTOR_IBANS[2])
        self.assertIn("4300", str(messages))

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
