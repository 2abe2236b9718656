"""Personal data: handed out as one file, erased as soon as it may be, and not before."""

import io
import json
import zipfile
from datetime import date

from odoo.exceptions import AccessError
from odoo.tests import new_test_user, tagged

from .bank_details import GROUPED, IBAN, PersonalDataCommon
from .common import DEBTOR_IBANS


@tagged("-at_install", "post_install")
class TestErase(PersonalDataCommon):
    def setUp(self):
        super().setUp()
        text = self.env["sdd.mandate.text"]._get_text("de_DE")
        self.given = (
            self.env["sdd.mandate"]
            .sudo()
            ._create_given(
                {
                    "partner_id": self.customer.id,
                    "bank_account_id": self.account.id,
                    "text_id": text.id,
                    "text_shown": text._render(self.company.name),
                },
                {"ip_address": "192.0.2.7", "user_agent": "Test/1.0"},
            )
        )
        self.given.message_post(body="He called from 0170 1234567.")
        self.env["ir.attachment"].sudo().create(
            {
                "name": "scan.pdf",
                "raw": b"%PDF",
                "res_model": "sdd.mandate",
                "res_id": self.given.id,
            }
        )

    def _get_traces(self, mandate):
        """Return everything that is stored about a mandate's debtor, as one text."""
        mandate = mandate.sudo()
        self.env.flush_all()
        self.env.invalidate_all()
        parts = [
            mandate.read(),
            mandate.event_ids.read(),
            mandate.message_ids.read(["body", "subject"]),
            mandate.message_ids.tracking_value_ids.read(),
            mandate.bank_account_id.read(["acc_number", "sanitized_acc_number", "acc_holder_name"]),
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "sdd.mandate"), ("res_id", "=", mandate.id)])
            .read(["name"]),
        ]
        return str(parts)

    def test_running_mandates_are_never_erased(self):
        before = self._get_traces(self.given)
        self.assertFalse(self.given._erase_personal_data("test"))
        self.given.action_suspend()
        self.assertFalse(self.given._erase_personal_data("test"))
        self.given.action_activate()
        self.assertIn("192.0.2.7", before)
        self.assertIn("192.0.2.7", self._get_traces(self.given))
        self.assertEqual(self.account.sanitized_acc_number, IBAN)

    def test_recently_ended_mandates_are_kept(self):
        self.given.action_revoke()
        self.assertFalse(self.given._erase_personal_data("test"))
        self.assertIn("192.0.2.7", self._get_traces(self.given))

    def test_evidence_goes_before_the_account(self):
        debit = self._create_bare_debit(self.given, collection_date=date(2024, 3, 4))
        debit.sudo().state = "settled"
        self._end(self.given, "2023-01-05", "2024-03-04")
        self.assertEqual(self.given._erase_personal_data("test"), self.given)
        traces = self._get_traces(self.given)
        for gone in ("192.0.2.7", "Test/1.0", "0170 1234567", "scan.pdf"):
            self.assertNotIn(gone, traces)
        self.assertEqual(self.given.holder, self.customer.name)
        self.assertEqual(self.account.sanitized_acc_number, IBAN)
        self.assertTrue(self.given.evidence_erased_date)
        self.assertFalse(self.given.account_erased_date)
        self._assert_verified(self.given)

    def test_everything_goes_in_the_end(self):
        provider = self.env.ref("support_debit.payment_provider_sdd")
        method = self.env.ref("support_debit.payment_method_sdd")
        token = (
            self.env["payment.token"]
            .sudo()
            .create(self.given.sudo()._prepare_token_values(provider, method))
        )
        self.assertTrue(token.payment_details)
        self._end(self.mandate, "2020-01-05", "2021-01-05")
        self._end(self.given, "2020-01-05", "2021-01-05")
        name, hashed = self.given.name, self.given.text_hash
        mandates = self.mandate | self.given
        self.assertEqual(mandates._erase_personal_data("test"), mandates)
        self._assert_verified(mandates)
        traces = self._get_traces(self.given)
        for gone in ("192.0.2.7", "0170 1234567", "scan.pdf", IBAN, GROUPED):
            self.assertNotIn(gone, traces)
        given = self.given
        self.assertNotIn(self.customer.name, given.holder)
        self.assertEqual((given.name, given.text_hash, given.state), (name, hashed, "revoked"))
        self.assertEqual(given.last_collection_date, date(2021, 1, 5))
        self.assertEqual(given.event_ids[-1].kind, "erased")
        self.assertFalse(self.account.active)
        self.assertTrue(self.account.sdd_protected)
        self.assertEqual(given.bank_account_id, self.account)
        self.assertEqual(given.iban_masked, "erased")
        self.assertIn("erased", self.account.display_name)
        self.assertFalse(token.active or token.payment_details)
        found = self.env["sdd.mandate"].search([("iban_masked", "=", IBAN)])
        self.assertFalse(found & mandates)

    def test_done_twice_changes_nothing(self):
        self._end(self.mandate, "2020-01-05", "2021-01-05")
        self._end(self.given, "2020-01-05", "2021-01-05")
        mandates = self.mandate | self.given
        mandates._erase_personal_data("test")
        before = self._get_traces(self.given), len(mandates.event_ids)
        self.assertFalse(mandates._erase_personal_data("test"))
        self.assertEqual((self._get_traces(self.given), len(mandates.event_ids)), before)

    def test_account_stays_while_another_mandate_needs_it(self):
        self._end(self.given, "2020-01-05", "2021-01-05")
        self.assertEqual(self.given._erase_personal_data("test"), self.given)
        self.assertEqual(self.account.sanitized_acc_number, IBAN)
        self.assertTrue(self.account.active)
        self._assert_verified(self.mandate | self.given)
        self._end(self.mandate, "2020-01-05", "2021-01-05")
        self.mandate._erase_personal_data("test")
        self.assertNotIn(IBAN, self.account.sanitized_acc_number)
        self._assert_verified(self.mandate | self.given)

    def test_account_that_a_mandate_named_before(self):
        new = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], self.customer.name, self.customer
        )
        self.mandate.amend_bank_account(new)
        self._end(self.mandate, "2020-01-05", "2021-01-05")
        self._end(self.given, "2020-01-05", "2021-01-05")
        self.mandate._erase_personal_data("test")
        self.assertEqual(self.account.sanitized_acc_number, IBAN, "the other mandate names it")
        self.given._erase_personal_data("test")
        for account in (self.account, new):
            self.assertTrue(account.sanitized_acc_number.startswith("ERASED"))
        self._assert_verified(self.mandate | self.given)

    def test_same_account_can_be_given_again(self):
        self._end(self.mandate, "2020-01-05", "2021-01-05")
        self._end(self.given, "2020-01-05", "2021-01-05")
        (self.mandate | self.given)._erase_personal_data("test")
        mandate = self._create_mandate()
        self.assertNotEqual(mandate.bank_account_id, self.account)
        self.assertEqual(mandate._get_iban(), IBAN)

    # === THE DIALOG === #

    def test_dialog_says_what_and_why(self):
        self._end(self.given, "2020-01-05", "2021-01-05")
        wizard = self._open_wizard(self.clerk, self.customer)
        states = {line.mandate_id.id: line for line in wizard.line_ids}
        kept, gone = states[self.mandate.id], states[self.given.id]
        self.assertEqual((kept.evidence_state, kept.account_state), ("held", "held"))
        self.assertIn("running", kept.reason)
        self.assertEqual((gone.evidence_state, gone.account_state), ("now", "now"))
        self.assertFalse(gone.reason)
        self.assertTrue(wizard.can_erase)
        wizard.action_erase()
        self.assertEqual((gone.evidence_state, gone.account_state), ("done", "done"))
        self.assertFalse(wizard.can_erase)
        event = self.given.event_ids[-1]
        self.assertEqual((event.kind, event.user_id), ("erased", self.clerk))
        with self._refused("Nothing can be erased"):
            wizard.action_erase()

    def test_only_administrators_erase(self):
        clerk = new_test_user(
            self.env,
            "vault_simple",
            groups="support_debit.group_accountant,base.group_partner_manager",
        )
        with self.assertRaises(AccessError):
            self._open_wizard(clerk, self.customer)
        other = self._create_second_company()
        foreign = self._create_mandate(company_id=other.id)
        wizard = self._open_wizard(self.clerk, self.customer)
        self.assertNotIn(foreign.id, wizard.line_ids.mandate_id.ids)


@tagged("-at_install", "post_install")
class TestExport(PersonalDataCommon):
    def _read(self, content):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            self.assertIsNone(archive.testzip())
            return json.loads(archive.read("data.json")), archive.namelist()

    def test_contents(self):
        debit = self._create_debit(mandate=self.mandate)
        name, content = self.customer.with_user(self.keeper)._sdd_export_personal_data()
        self.assertEqual(name, f"personal-data-{self.customer.id}.zip")
        data, names = self._read(content)
        self.assertEqual(data["customer"]["name"], self.customer.name)
        self.assertEqual([row["reference"] for row in data["mandates"]], [self.mandate.name])
        self.assertEqual(data["mandates"][0]["history"][0]["what"], "created")
        self.assertEqual([row["end to end id"] for row in data["debits"]], [debit.end_to_end_id])
        self.assertEqual(data["accounts"][0]["iban"], GROUPED)
        self.assertTrue(any(self.mandate.name in file for file in names))
        self.assertEqual(set(self._notes(self.keeper).mapped("way")), {"data"})

    def test_without_the_right_the_numbers_are_masked(self):
        for record in (
            self.customer.with_user(self.clerk),
            self.customer.with_user(self.clerk).sudo(),
        ):
            data, _names = self._read(record._sdd_export_personal_data()[1])
            self._assert_hidden(data)
            self.assertEqual(data["accounts"][0]["iban"], self.mask)

    def test_customer_gets_his_own(self):
        user = new_test_user(self.env, "vault_portal", groups="base.group_portal")
        user.partner_id.country_id = self.env.ref("base.de")
        own = self._create_mandate(user.partner_id, DEBTOR_IBANS[1])
        data, _names = self._read(user.partner_id.with_user(user)._sdd_export_personal_data()[1])
        self.assertEqual([row["reference"] for row in data["mandates"]], [own.name])
        self._assert_hidden(data, DEBTOR_IBANS[1])
        with self.assertRaises(AccessError):
            self.customer.with_user(user)._sdd_export_personal_data()

    def test_action(self):
        action = self.customer.with_user(self.clerk).action_sdd_export_personal_data()
        self.assertEqual(action["type"], "ir.actions.act_url")
        self._assert_hidden(action)
        clerk = new_test_user(self.env, "vault_plain", groups="support_debit.group_accountant")
        with self.assertRaises(AccessError):
            self.customer.with_user(clerk).action_sdd_export_personal_data()

    def test_mandates_of_other_companies_stay_out(self):
        company = self._create_second_company()
        foreign = self._create_mandate(company_id=company.id)
        data, _names = self._read(
            self.customer.with_user(self.clerk)._sdd_export_personal_data()[1]
        )
        self.assertNotIn(foreign.name, [row["reference"] for row in data["mandates"]])

    def test_customer_without_mandates(self):
        empty = self._create_customer("Nobody")
        data, names = self._read(empty.with_user(self.clerk)._sdd_export_personal_data()[1])
        self.assertEqual((data["mandates"], data["accounts"], names), ([], [], ["data.json"]))
