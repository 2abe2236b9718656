"""The demo company: every state is shown, the books are right, a second load changes nothing."""

import os
from datetime import date
from decimal import Decimal
from unittest.mock import patch

from odoo.addons.support_debit.demo import bank_answers, bank_setup
from odoo.addons.support_debit.demo.texts import CATALOGUE, LANGUAGES
from odoo.addons.support_debit.sepa import iban, target
from odoo.modules.module import Manifest
from odoo.tests import BaseCase, TransactionCase, tagged
from odoo.tools import convert_file

FOLDERS = ("SUPPORT_DEBIT_BANK_DROP", "SUPPORT_DEBIT_BANK_PICKUP")


@tagged("-at_install", "post_install")
class TestDemo(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        without = {key: value for key, value in os.environ.items() if key not in FOLDERS}
        with patch.dict(os.environ, without, clear=True):
            for name in Manifest.for_addon("support_debit")["demo"]:
                convert_file(cls.env, "support_debit", name, {}, mode="init", noupdate=True)
        cls.mandates = cls.env["sdd.mandate"].search(
            [("creditor_identifier", "=", "DE98ZZZ09999999999")]
        )
        cls.company = cls.mandates.company_id
        cls.journal = cls.company.sdd_journal_id

    def _sum(self, model, domain, field):
        return self.env[model]._read_group(domain, [], [f"{field}:sum"])[0][0] or 0.0

    def test_every_state_is_shown(self):
        for model in (
            "support.subscription",
            "sdd.mandate",
            "sdd.debit",
            "sdd.batch",
            "sdd.bank.message",
        ):
            records = self.env[model].search([("company_id", "=", self.company.id)])
            states = {code for code, _name in self.env[model]._fields["state"].selection}
            self.assertEqual(set(records.mapped("state")), states, model)

    def test_history_covers_ten_months_and_many_reasons(self):
        batches = self.env["sdd.batch"].search([("company_id", "=", self.company.id)])
        months = {day.strftime("%Y-%m") for day in batches.mapped("collection_date")}
        self.assertGreaterEqual(len(months), 10)
        returns = self.env["sdd.return"].search([("company_id", "=", self.company.id)])
        self.assertGreaterEqual(len(set(returns.mapped("reason_code"))), 7)
        self.assertFalse(returns.filtered(lambda r: not r.reason_id))
        self.assertEqual(set(returns.mapped("kind")), {"reject", "return"})

    def test_customers_come_from_four_countries(self):
        partners = self.mandates.partner_id
        self.assertGreaterEqual(len(partners), 40)
        self.assertEqual(set(partners.country_id.mapped("code")), {"DE", "AT", "NL", "FR"})
        for mandate in self.mandates.filtered("bank_account_id"):
            self.assertEqual(iban.check(mandate._get_iban()).warnings, ())

    def test_transit_holds_what_is_at_the_bank(self):
        submitted = self._sum(
            "sdd.debit",
            [("company_id", "=", self.company.id), ("state", "=", "submitted")],
            "amount",
        )
        lines = [
            ("account_id", "=", self.journal.sdd_transit_account_id.id),
            ("parent_state", "=", "posted"),
        ]
        self.assertGreater(submitted, 0)
        self.assertAlmostEqual(self._sum("account.move.line", lines, "balance"), submitted)
        self.assertAlmostEqual(self._sum("account.move.line", lines, "amount_residual"), submitted)

    def test_bank_account_is_what_the_bank_says(self):
        account = [
            ("account_id", "=", self.journal.default_account_id.id),
            ("parent_state", "=", "posted"),
        ]
        statements = self.env["account.bank.statement"].search(
            [("journal_id", "=", self.journal.id)], order="date, id"
        )
        balance = bank_setup.CREDITOR["balance"] / 100
        self.assertAlmostEqual(self._sum("account.move.line", account, "balance"), balance)
        self.assertAlmostEqual(statements[-1].balance_end_real, balance)
        self.assertTrue(all(statements.mapped("is_complete")))
        self.assertTrue(all(statements.mapped("is_valid")))

    def test_open_invoices_are_the_open_receivables(self):
        invoices = self._sum(
            "account.move",
            [
                ("company_id", "=", self.company.id),
                ("move_type", "=", "out_invoice"),
                ("state", "=", "posted"),
            ],
            "amount_residual",
        )
        receivables = self._sum(
            "account.move.line",
            [
                ("company_id", "=", self.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
            ],
            "amount_residual",
        )
        self.assertGreater(invoices, 0)
        self.assertAlmostEqual(invoices, receivables)

    def test_base_package_costs_what_the_shop_shows(self):
        product = self.env.ref("support_debit.demo_product_base").product_variant_id
        partner = self.env["res.partner"].create(
            {"name": "Erika Mustermann", "country_id": self.env.ref("base.de").id}
        )
        order = (
            self.env["sale.order"]
            .with_company(self.company)
            .create({"partner_id": partner.id, "order_line": [(0, 0, {"product_id": product.id})]})
        )
        self.assertAlmostEqual(order.amount_total, 99.90)
        self.assertAlmostEqual(order.amount_untaxed, 83.95)

    def test_shop_sells_the_packages_and_nothing_else(self):
        published = self.env["product.template"].search([("is_published", "=", True)])
        packages = [name for name in CATALOGUE if name.startswith("demo_product")]
        self.assertEqual(
            published, published.browse(self.env.ref(f"support_debit.{n}").id for n in packages)
        )
        self.assertTrue(all(published.mapped("image_1920")))
        for name, texts in CATALOGUE.items():
            record = self.env.ref(f"support_debit.{name}")
            for field in texts:
                values = {str(record.with_context(lang=lang)[field]) for lang in LANGUAGES}
                self.assertEqual(len(values), len(set(texts[field])), (name, field))

    def test_company_can_collect(self):
        self.assertEqual(self.company._sdd_get_missing(), [])
        provider = self.env["payment.provider"].search(
            [("code", "=", "sdd"), ("company_id", "=", self.company.id)]
        )
        self.assertEqual((provider.state, provider.is_published), ("enabled", True))

    def test_history_of_mandates_is_intact(self):
        self.assertTrue(self.mandates.event_ids)
        for mandate in self.mandates:
            self.assertIsNone(mandate._verify(), mandate.name)

    def test_every_grade_and_kind_of_evidence_is_shown(self):
        grades = {grade for grade, _name in self.mandates._fields["evidence_grade"].selection}
        self.assertEqual(set(self.mandates.mapped("evidence_grade")), grades | {False})
        codes = {code for code in self.mandates.event_ids.mapped("evidence_code") if code}
        kinds = self.env["sdd.evidence.kind"].search([("code", "!=", "staff_entry")])
        self.assertEqual(codes, set(kinds.mapped("code")))

    def test_what_mandates_can_wait_for_is_shown(self):
        debits = self.env["sdd.debit"].search([("company_id", "=", self.company.id)])
        self.assertEqual(
            set(debits.filtered(lambda d: d.state == "held").mapped("hold_code")),
            {"user", "grade", "b2b", "mandate"},
        )
        self.assertTrue(self.mandates.filtered("lapses_soon"))
        self.assertTrue(self.mandates.filtered("waits_for_bank"))
        self.assertTrue(self.mandates.filtered("bank_confirmed_date"))
        self.assertTrue(self.mandates.filtered("replaces_id").replaces_id.end_reason)
        pending = self.mandates.filtered(lambda m: m.state == "pending")
        self.assertTrue(all(pending.mapped("confirmation_ids.expiry_date")))
        self.assertTrue(pending.filtered(lambda m: not m.bank_account_id))

    def test_risk_room_is_not_empty(self):
        own = [("company_id", "=", self.company.id)]
        assessments = self.env["risk.assessment"].search(own)
        self.assertEqual(set(assessments.mapped("state")), {"green", "yellow", "red"})
        self.assertLessEqual({"good", "bad_bank", "open"}, set(assessments.mapped("outcome")))
        self.assertEqual(
            self.env["risk.case"].search_count([*own, ("state", "in", ("open", "proposed"))]), 2
        )
        for model in ("risk.governor", "risk.monitor", "risk.rehearsal"):
            self.assertTrue(self.env[model].search(own), model)
        states = self.env["risk.policy"].search(own).mapped("state")
        self.assertLessEqual({"active", "rehearsed"}, set(states))

    def test_signed_forms_are_attached(self):
        scans = self.mandates.event_ids.filtered(lambda e: e.evidence_code == "signature_scan")
        self.assertGreaterEqual(len(scans), 8)
        for event in scans:
            attachment = self.env["ir.attachment"].browse(event.data["attachment_id"])
            self.assertEqual(attachment.mimetype, "application/pdf")
            self.assertEqual(attachment.res_id, event.mandate_id.id)

    def test_second_load_changes_nothing(self):
        before = self.env["sdd.debit"].search_count([])
        self.assertFalse(self.env["support.debit.demo"]._load())
        self.assertEqual(self.env["sdd.debit"].search_count([]), before)


@tagged("-at_install", "post_install")
class TestDemoBank(BaseCase):
    def test_holidays_are_those_of_target(self):
        for year in range(2024, 2050):
            self.assertEqual(
                frozenset(bank_setup.target_holidays(year)), target.closing_days(year), year
            )

    def test_refused_customers_are_customers(self):
        accounts = bank_setup.refused_customers()
        self.assertEqual({account["id"].lower() for account in accounts}, set(bank_setup.REFUSED))
        for account in (bank_setup.CREDITOR, *bank_setup.DEBTORS, *accounts):
            self.assertEqual(iban.check(account["iban"]).iban, account["iban"])

    def test_balances_of_statements_follow_each_other(self):
        account = bank_answers.Account("DE89370400440532013000", Decimal("10.00"))
        day = date(2026, 11, 20)
        line = bank_answers.Line(Decimal("-2.50"), "R1", "fee", bank_answers.CHARGES)
        first = account.statement(day, [line])
        second = account.statement(day, [])
        self.assertIn(b'<Amt Ccy="EUR">7.50</Amt>', first)
        self.assertIn(b'<Amt Ccy="EUR">7.50</Amt>', second)
        self.assertEqual(account.balance, Decimal("7.50"))
