"""Who read an account number in full: every way is noted down, and nothing else."""

import base64
from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import HttpCase, new_test_user, tagged
from odoo.tools import mute_logger

from .bank_details import GROUPED, IBAN, BankDetailsCommon
from .common import DEBTOR_IBANS


@tagged("-at_install", "post_install")
class TestIbanAccess(BankDetailsCommon):
    # === READING === #

    def test_reading_is_noted(self):
        before = fields.Datetime.now() - timedelta(seconds=2)
        values = self._seen_by(self.keeper, self.accounts).read(["acc_number"])
        self.assertIn(GROUPED, [row["acc_number"] for row in values])
        note = self._notes(self.keeper)
        self.assertEqual(len(note), 1, "the supplier's account is no secret")
        self.assertEqual(note.bank_account_id, self.account)
        self.assertEqual(note.mandate_id, self.mandate)
        self.assertEqual(note.partner_id, self.customer)
        self.assertEqual((note.way, note.user_id), ("read", self.keeper))
        self.assertGreaterEqual(note.date, before)
        self._assert_hidden(note.read())

    def test_what_shows_no_number_is_not_noted(self):
        seen = self._seen_by(self.keeper)
        seen.read(["display_name", "bank_id", "acc_holder_name"])
        seen.sudo().read(["acc_number"])
        self._seen_by(self.clerk).read(["acc_number"])
        self.assertEqual(seen.sanitized_acc_number, IBAN)
        self.assertFalse(self._notes(self.keeper) | self._notes(self.clerk))

    def test_onchange_of_a_form_is_noted(self):
        spec = {"acc_number": {}, "note": {}}
        self._seen_by(self.keeper).onchange({}, [], spec)
        self.assertEqual(self._notes(self.keeper).bank_account_id, self.account)

    def test_notes_stay(self):
        self._seen_by(self.keeper).read(["acc_number"])
        note = self._notes(self.keeper)
        for call in (lambda: note.write({"user_id": self.clerk.id}), note.unlink):
            with self._refused("stays"):
                call()
        manager = note.with_user(self.clerk)
        self.assertTrue(manager.search([("id", "=", note.id)]))
        for call in (
            lambda: manager.write({"way": "file"}),
            lambda: manager.create({"user_id": self.env.uid, "way": "file"}),
            manager.unlink,
        ):
            with self.assertRaises(UserError):
                call()

    def test_administrators_only_read_the_notes(self):
        self._seen_by(self.keeper).read(["acc_number"])
        note = self._notes(self.keeper)
        clerk = new_test_user(
            self.env,
            "vault_accountant",
            groups="support_debit.group_accountant,support_debit.group_bank_details",
        )
        with self.assertRaises(AccessError):
            note.with_user(clerk).read(["date"])
        company = self._create_second_company()
        other = new_test_user(
            self.env,
            "vault_other",
            groups="support_debit.group_manager",
            company_id=company.id,
            company_ids=[(6, 0, company.ids)],
        )
        self.assertFalse(
            self.env["sdd.iban.access"].with_user(other).search([("id", "=", note.id)])
        )

    # === THE BUTTON === #

    def test_reveal(self):
        action = self._seen_by(self.keeper, self.mandate).action_reveal_iban()
        self._assert_hidden(action)
        note = self._notes(self.keeper)
        self.assertEqual((note.way, note.mandate_id), ("reveal", self.mandate))
        wizard = self.env[action["res_model"]].with_user(self.keeper).browse(action["res_id"])
        values = wizard.web_read({"number": {}, "holder": {}})[0]
        self.assertEqual((values["number"], values["holder"]), (GROUPED, self.customer.name))
        self.assertFalse(wizard._fields["number"].store)
        self.assertEqual(len(self._notes(self.keeper)), 1)

    def test_reveal_needs_the_right(self):
        with self.assertRaisesRegex(AccessError, "See full bank details"):
            self._seen_by(self.clerk, self.mandate).action_reveal_iban()
        with self.assertRaises(AccessError):
            self.env["sdd.iban.reveal"].with_user(self.clerk).create(
                {"mandate_id": self.mandate.id}
            )
        self.assertFalse(self._notes(self.clerk))

    def test_reveal_without_the_button_is_noted(self):
        wizards = self.env["sdd.iban.reveal"].with_user(self.keeper)
        wizard = wizards.create({"mandate_id": self.mandate.id})
        self.assertEqual(self._notes(self.keeper).way, "reveal")
        second = self._create_mandate(self._create_customer("Second"), DEBTOR_IBANS[1])
        with self.assertRaises(UserError):
            wizard.write({"mandate_id": second.id})

    def test_reveal_of_another_companys_mandate(self):
        mandate = self._create_mandate(company_id=self._create_second_company().id)
        with self.assertRaises(AccessError):
            self.env["sdd.iban.reveal"].with_user(self.keeper).create({"mandate_id": mandate.id})
        self.assertFalse(self._notes(self.keeper))

    def test_dialog_closes_itself(self):
        wizard = (
            self.env["sdd.iban.reveal"]
            .with_user(self.keeper)
            .create({"mandate_id": self.mandate.id})
        )
        self.assertEqual(wizard.number, GROUPED)
        other = new_test_user(
            self.env,
            "vault_second",
            groups="support_debit.group_support_user,support_debit.group_bank_details",
        )
        wizard.invalidate_recordset()
        self.assertFalse(wizard.with_user(other).read(["number"])[0]["number"])
        self.assertFalse(self._notes(other))
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE sdd_iban_reveal SET create_date = create_date - interval '3 minutes'"
        )
        self.env.invalidate_all()
        self.assertFalse(wizard.number)

    # === FILES === #

    def test_files_that_are_read(self):
        self._create_bare_debit(self.mandate)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        seen = self._seen_by(self.keeper, batch)
        seen.with_context(bin_size=True).read(["file_data", "state"])
        seen.read(["name"])
        self.assertFalse(self._notes(self.keeper))
        content = base64.b64decode(seen.read(["file_data"])[0]["file_data"])
        self.assertIn(IBAN.encode(), content)
        note = self._notes(self.keeper)
        self.assertEqual((note.way, note.file_name), ("file", batch.display_name))
        seen.export_data(["name", "file_data"])
        self.assertEqual(len(self._notes(self.keeper)), 2)
        attachment = (
            self.env["ir.attachment"]
            .sudo()
            .search([("res_model", "=", "sdd.batch"), ("res_field", "=", "file_data")])
            .filtered(lambda file: file.res_id == batch.id)
        )
        attachment.with_user(self.keeper).read(["datas"])
        self.assertEqual(len(self._notes(self.keeper)), 3)
        self.assertTrue(batch.file_content)
        self.assertEqual(len(self._notes(self.keeper)), 3)

    def test_scans_of_signed_forms(self):
        """A scan shows the number as the customer wrote it."""
        scan = (
            self.env["ir.attachment"]
            .sudo()
            .create(
                {
                    "name": f"{IBAN}.pdf",
                    "raw": b"%PDF-1.4",
                    "res_model": "sdd.mandate",
                    "res_id": self.mandate.id,
                }
            )
        )
        scan.with_user(self.clerk).read(["name", "mimetype"])
        self.assertFalse(self._notes(self.clerk))
        scan.with_user(self.clerk).read(["raw"])
        note = self._notes(self.clerk)
        self.assertIn(self.mandate.name, note.file_name)
        self._assert_hidden(note.file_name)


@tagged("-at_install", "post_install")
class TestIbanAccessHttp(BankDetailsCommon, HttpCase):
    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def test_reading_over_http_on_a_read_only_cursor(self):
        """Odoo reads on a cursor that cannot write first, and tries again on one that can."""
        self.authenticate("vault_keeper", "vault_keeper")
        with (
            mute_logger("odoo.sql_db"),
            self.assertLogs("odoo.http", "WARNING") as logged,
        ):
            values = self._call(
                "res.partner.bank", "web_read", self.account.ids, specification={"acc_number": {}}
            )
        self.assertIn("retrying with a read/write cursor", "".join(logged.output))
        self.assertEqual(values[0]["acc_number"], GROUPED)
        self.assertEqual(self._notes(self.keeper).bank_account_id, self.account)

    def test_masked_over_http(self):
        self.authenticate("vault_clerk", "vault_clerk")
        ids = self.account.ids
        for method, args in (
            ("read", [ids]),
            ("web_read", [ids, {"acc_number": {}, "sanitized_acc_number": {}}]),
            ("search_read", [[("id", "in", ids)]]),
            ("export_data", [ids, ["acc_number"]]),
            ("name_search", [""]),
            ("formatted_read_group", [[], ["acc_number"], ["__count"]]),
        ):
            with self.subTest(method):
                self._assert_hidden(self._call("res.partner.bank", method, *args))
        for method in ("copy_data", "get_bban", "_sdd_hash", "_sdd_find_by_iban", "_fetch_query"):
            with (
                self.subTest(method),
                self.assertRaisesRegex(Exception, "AccessError|AttributeError|private"),
                mute_logger("odoo.http"),
            ):
                self._call("res.partner.bank", method, ids)

    def test_context_opens_nothing(self):
        self.authenticate("vault_clerk", "vault_clerk")
        for mark in (True, 1, "object", {"a": 1}):
            found = self._call(
                "res.partner.bank",
                "formatted_read_group",
                [("id", "in", self.account.ids)],
                ["acc_number"],
                ["__count"],
                context={"sdd_fills_cache": mark},
            )
            self._assert_hidden(found)

    def test_download_is_noted(self):
        self._create_bare_debit(self.mandate)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.env.flush_all()
        self.authenticate("vault_keeper", "vault_keeper")
        with mute_logger("odoo.http", "odoo.sql_db"):
            answer = self.url_open(batch.action_download()["url"])
        self.assertIn(IBAN, answer.text)
        note = self._notes(self.keeper)
        self.assertEqual((note.way, note.file_name), ("file", batch.display_name))
        self.assertNotIn(IBAN, answer.url)

    def test_page_holds_no_number_before_the_click(self):
        self.authenticate("vault_keeper", "vault_keeper")
        page = self.url_open(f"/odoo/action-support_debit.action_sdd_mandate/{self.mandate.id}")
        self._assert_hidden(page.text)
        views = self._call("sdd.mandate", "get_views", [(False, "form"), (False, "list")])
        fields_seen = views["models"]["sdd.mandate"]["fields"]
        names = [name for name in fields_seen if fields_seen[name]["type"] != "one2many"]
        self._assert_hidden(self._call("sdd.mandate", "read", self.mandate.ids, names))
        self.assertFalse(self._notes(self.keeper))
