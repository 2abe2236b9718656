"""Where an account number must never be found: other tables, logs, pages, other people's answers."""

import logging

from odoo.tests import HttpCase, JsonRpcException, new_test_user, tagged
from odoo.tools import SQL, mute_logger
from psycopg2 import IntegrityError

from .bank_details import GROUPED, IBAN, BankDetailsCommon
from .common import DEBTOR_IBANS

#: The only table that holds account numbers in clear.
VAULT = "res_partner_bank"


@tagged("-at_install", "post_install")
class TestIbanTraces(BankDetailsCommon):
    def _find_traces(self, iban):
        """Return the tables in which any column holds an account number, in any notation."""
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT table_name FROM information_schema.tables"
            " WHERE table_schema = current_schema() AND table_type = 'BASE TABLE'"
        )
        found = []
        for (table,) in self.env.cr.fetchall():
            query = SQL(
                "SELECT 1 FROM %s t WHERE replace(t::text, ' ', '') LIKE %s LIMIT 1",
                SQL.identifier(table),
                f"%{iban}%",
            )
            if self.env.execute_query(query):
                found.append(table)
        return found

    def test_number_lies_in_one_table_only(self):
        text = self.env["sdd.mandate.text"]._get_text("de_DE")
        mandate = self.env["sdd.mandate"]._create_given(
            {
                "partner_id": self.customer.id,
                "bank_account_id": self.account.id,
                "text_id": text.id,
                "text_shown": text._render(self.company.name),
            },
            {"ip_address": "192.0.2.7"},
        )
        self._create_debit(mandate=mandate)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertIn(IBAN.encode(), batch.file_content)
        other = self.env["res.partner.bank"]._sdd_find_or_create(
            DEBTOR_IBANS[1], self.customer.name, self.customer
        )
        self.mandate.amend_bank_account(other)
        self.mandate.message_post(body="Changed.", subject=self.mandate.display_name)
        self.account.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.uid)
        self.account.message_post(body="Look at it.")
        self._seen_by(self.keeper).read(["acc_number"])
        self.customer.with_user(self.keeper)._sdd_export_personal_data()
        self.account.unlink()
        for iban in DEBTOR_IBANS[:2]:
            self.assertEqual(self._find_traces(iban), [VAULT])

    def test_an_account_that_was_there_before_its_mandate(self):
        customer = self._create_customer("Early Bird")
        bank = self.env["res.partner.bank"].with_context(tracking_disable=False)
        account = bank.create({"acc_number": DEBTOR_IBANS[2], "partner_id": customer.id})
        account.write({"acc_number": DEBTOR_IBANS[3]})
        account.message_post(body=f"Is {account.acc_number} right?", subject="Question")
        account.activity_schedule("mail.mail_activity_data_todo", user_id=self.env.uid)
        customer.message_post(body=f"<p>We noted {account.sanitized_acc_number} for her.</p>")
        self.assertGreater(len(self._find_traces(DEBTOR_IBANS[3])), 1)
        self._create_mandate(customer, DEBTOR_IBANS[3])
        account._sdd_mask_history()
        self.assertEqual(self._find_traces(DEBTOR_IBANS[3]), [VAULT])
        self.assertEqual(self._find_traces(DEBTOR_IBANS[2]), [])

    def test_templates_of_users(self):
        """Whoever may write a template reaches every field; what it makes of it is masked."""
        source = "{{ object.bank_account_id.acc_number }} / {{ object.company_id.name }}"
        own = self.journal.bank_account_id.acc_number
        page = (
            '<p><t t-out="object.bank_account_id.sanitized_acc_number"/> '
            '<t t-out="object.company_id.sdd_journal_id.bank_account_id.acc_number"/></p>'
        )
        for user, hidden in ((self.clerk, True), (self.keeper, False)):
            user.group_ids |= self.env.ref("mail.group_mail_template_editor")
            composer = self.env["mail.render.mixin"].with_user(user)
            for engine, text in (("inline_template", source), ("qweb", page)):
                with self.subTest(user=user.login, engine=engine):
                    rendered = composer._render_template(
                        text, "sdd.mandate", self.mandate.ids, engine=engine
                    )[self.mandate.id]
                    self.assertEqual(self.mask in rendered, hidden)
                    if engine == "qweb":
                        self.assertIn(own, rendered)
                        self.assertIn("<p>", rendered)
                    if hidden:
                        self._assert_hidden(rendered)

    def test_documents_of_users(self):
        self.env["ir.ui.view"].create(
            {
                "name": "Account",
                "type": "qweb",
                "key": "support_debit.test_account",
                "arch": '<t t-name="support_debit.test_account"><t t-foreach="docs" t-as="doc">'
                '<p t-out="doc.bank_account_id.acc_number"/></t></t>',
            }
        )
        report = self.env["ir.actions.report"].create(
            {
                "name": "Account",
                "model": "sdd.mandate",
                "report_type": "qweb-html",
                "report_name": "support_debit.test_account",
            }
        )
        for user, hidden in ((self.clerk, True), (self.keeper, False)):
            page, _kind = report.with_user(user)._render_qweb_html(report.id, self.mandate.ids)
            self.assertEqual(self.mask in page.decode(), hidden)
            self.assertEqual(GROUPED in page.decode(), not hidden)

    def test_file_of_the_bank_is_not_indexed(self):
        """Odoo puts the words of text files into a column that every reader can search."""
        self._create_bare_debit(self.mandate)
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        message = self._import(self._camt([]).replace("</Stmt>", f"<!-- {IBAN} --></Stmt>"))
        files = (
            self.env["ir.attachment"]
            .sudo()
            .search(
                [
                    ("res_model", "in", ("sdd.batch", "sdd.bank.message")),
                    ("res_field", "=", "file_data"),
                    ("res_id", "in", (batch | batch.browse(message.id)).ids),
                ]
            )
        )
        self.assertEqual(set(files.mapped("res_model")), {"sdd.batch", "sdd.bank.message"})
        for file in files:
            self.assertNotIn(IBAN, file.index_content or "")

    def test_database_errors_are_logged_without_the_number(self):
        values = {"acc_number": GROUPED, "sanitized_acc_number": IBAN, "partner_id": 1}
        columns = SQL(", ").join(map(SQL.identifier, values))
        query = SQL("INSERT INTO res_partner_bank (%s) VALUES %s", columns, tuple(values.values()))
        with self.assertLogs("odoo.sql_db", logging.ERROR) as logged:
            for _attempt in range(2):
                with self.env.cr.savepoint(flush=False):
                    try:
                        with self.env.cr.savepoint(flush=False):
                            self.env.cr.execute(query)
                            self.env.cr.execute(query)
                    except IntegrityError:
                        continue
        text = "\n".join(logged.output)
        self.assertIn("res_partner_bank", text)
        self._assert_hidden(text)

    def test_traceback_in_the_log_is_masked(self):
        logger = logging.getLogger("odoo.http")
        with self.assertLogs(logger, logging.ERROR) as logged:
            try:
                raise ValueError(f"Key (acc_number)=({GROUPED}) exists")
            except ValueError:
                logger.exception("Exception during request with %s", IBAN)
        formatted = logging.Formatter().format(logged.records[0])
        self.assertIn("ValueError", formatted)
        self._assert_hidden(formatted)


@tagged("-at_install", "post_install")
class TestIbanPortal(BankDetailsCommon, HttpCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.firm = cls._create_customer("Firma GmbH", is_company=True)
        cls.user = new_test_user(
            cls.env, "vault_customer", groups="base.group_portal", email="c@example.com"
        )
        cls.user.partner_id.write(
            {"parent_id": cls.firm.id, "country_id": cls.env.ref("base.de").id}
        )
        cls.own_iban, cls.firm_iban = DEBTOR_IBANS[1], DEBTOR_IBANS[3]
        cls.own = cls._create_mandate(cls.user.partner_id, cls.own_iban)
        cls.firms = cls._create_mandate(cls.firm, cls.firm_iban)
        cls.own_debit = cls._create_debit(cls.user.partner_id, cls.own)
        cls.other_debit = cls._create_debit(cls.customer, cls.mandate)
        cls.mandate._portal_ensure_token()

    def _call(self, model, method, *args, **kwargs):
        return self.make_jsonrpc_request(
            f"/web/dataset/call_kw/{model}/{method}",
            {"model": model, "method": method, "args": list(args), "kwargs": kwargs},
        )

    def _assert_no_number(self, value):
        for iban in (IBAN, self.own_iban, self.firm_iban):
            self._assert_hidden(value, iban)

    # === JSON-RPC === #

    def test_own_mandates_and_those_of_his_company(self):
        self.authenticate("vault_customer", "vault_customer")
        rows = self._call("sdd.mandate", "search_read", [], ["name", "iban_masked", "display_name"])
        self.assertEqual({row["id"] for row in rows}, {self.own.id, self.firms.id})
        self._assert_no_number(rows)
        debits = self._call("sdd.debit", "search_read", [], ["end_to_end_id", "iban_masked"])
        self.assertEqual([row["id"] for row in debits], self.own_debit.ids)
        self._assert_no_number(debits)

    def test_no_field_of_his_own_mandate_holds_a_number(self):
        self.authenticate("vault_customer", "vault_customer")
        names = self._call("sdd.mandate", "fields_get", [], ["type"])
        for name in names:
            try:
                with mute_logger("odoo.http"):
                    self._assert_no_number(self._call("sdd.mandate", "read", self.own.ids, [name]))
            except JsonRpcException as refused:
                self._assert_no_number(str(refused))

    def test_accounts_are_closed(self):
        self.authenticate("vault_customer", "vault_customer")
        ids = (self.own.bank_account_id | self.account).ids
        calls = [
            ("res.partner.bank", "read", [ids, ["acc_number"]]),
            ("res.partner.bank", "search_read", [[], ["acc_number"]]),
            ("res.partner.bank", "search_count", [[("acc_number", "like", "DE02")]]),
            ("res.partner.bank", "name_search", [""]),
            ("res.partner.bank", "formatted_read_group", [[], ["acc_number"], ["__count"]]),
            ("res.partner.bank", "export_data", [ids, ["acc_number"]]),
            ("sdd.mandate", "search_count", [[("bank_account_id.acc_number", "like", "DE")]]),
            ("sdd.mandate", "formatted_read_group", [[], ["bank_account_id.acc_number"], []]),
            ("sdd.mandate", "action_reveal_iban", [self.own.ids]),
            ("sdd.mandate", "action_reveal_iban", [self.mandate.ids]),
            ("sdd.iban.access", "search_read", [[]]),
            ("sdd.iban.reveal", "create", [{"mandate_id": self.own.id}]),
            ("sdd.personal.data", "create", [{"partner_id": self.user.partner_id.id}]),
            ("res.partner", "action_sdd_export_personal_data", [self.user.partner_id.ids]),
            ("res.partner", "search_count", [[("bank_ids.acc_number", "like", "DE")]]),
        ]
        for model, method, args in calls:
            with (
                self.subTest(model=model, method=method),
                mute_logger("odoo.http"),
                self.assertRaisesRegex(JsonRpcException, "AccessError|UserError"),
            ):
                self._call(model, method, *args)

    def test_others_are_not_found_by_number(self):
        self.authenticate("vault_customer", "vault_customer")
        for iban, found in ((self.own_iban, self.own), (IBAN, self.env["sdd.mandate"])):
            rows = self._call("sdd.mandate", "search", [("iban_masked", "=", iban)])
            self.assertEqual(rows, found.ids)
        rows = self._call("res.partner", "search", [("sdd_iban", "=", IBAN)])
        self.assertNotIn(self.customer.id, rows)

    def test_program_methods_are_private(self):
        self.authenticate("vault_customer", "vault_customer")
        for model, method in (
            ("res.partner.bank", "_sdd_hash"),
            ("res.partner.bank", "_sdd_find_by_iban"),
            ("res.partner.bank", "_sdd_erase_numbers"),
            ("res.partner", "_sdd_export_personal_data"),
            ("sdd.mandate", "_erase_personal_data"),
            ("sdd.mandate", "_get_iban"),
            ("sdd.iban.access", "_note"),
        ):
            with (
                self.subTest(method),
                mute_logger("odoo.http"),
                self.assertRaises(JsonRpcException),
            ):
                self._call(model, method, self.own.ids)

    # === PAGES === #

    def test_pages_hold_no_number(self):
        self.authenticate("vault_customer", "vault_customer")
        for url in (
            "/my",
            "/my/home",
            "/my/mandates",
            f"/my/mandates/{self.own.id}",
            f"/my/mandates/{self.firms.id}",
            "/my/debits",
            f"/my/debits/{self.own_debit.id}",
            "/my/payment_method",
            "/shop",
            "/shop/cart",
            f"/my/orders/{self.own_debit.invoice_ids.line_ids.sale_line_ids.order_id.id}",
            f"/my/invoices/{self.own_debit.invoice_ids.id}",
        ):
            with self.subTest(url):
                page = self.url_open(url)
                self.assertLess(page.status_code, 500)
                self._assert_no_number(page.text)
                self._assert_no_number(page.url)
        page = self.url_open(f"/my/mandates/{self.own.id}")
        self.assertIn(self.own.name, page.text)

    def test_others_by_guessed_ids_and_tokens(self):
        token = self.mandate.access_token
        for login in ("vault_customer", None):
            self.authenticate(login, login)
            for url in (
                f"/my/mandates/{self.mandate.id}",
                f"/my/mandates/{self.mandate.id}?access_token={self.own.access_token or 'x'}",
                f"/my/mandates/{self.mandate.id}?access_token={token[:-1]}x",
                f"/my/debits/{self.other_debit.id}",
                f"/my/debits/{self.other_debit.id}?access_token=x",
                "/my/mandates/999999999",
                "/my/debits/999999999",
                f"/web/content/sdd.mandate/{self.mandate.id}/text_shown",
                f"/report/pdf/support_debit.report_sdd_mandate/{self.mandate.id}",
            ):
                with self.subTest(url=url, login=login), mute_logger("odoo.http"):
                    page = self.url_open(url)
                    self.assertNotIn(self.mandate.name, page.text)
                    self._assert_no_number(page.text)

    def test_back_office_page(self):
        self.authenticate("vault_clerk", "vault_clerk")
        page = self.url_open("/odoo")
        self._assert_no_number(page.text)
        action = f"/odoo/action-support_debit.action_sdd_mandate/{self.mandate.id}"
        self._assert_no_number(self.url_open(action).text)
