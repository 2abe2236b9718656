"""What the tests share: a German company that can collect, a package, a customer, bank files."""

from contextlib import contextmanager
from datetime import date
from unittest.mock import patch

from odoo import Command
from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.exceptions import UserError

from ..scoring import decision
from .bank_files import CREDITOR_IBAN, BankFilesMixin

CREDITOR_ID = "DE98ZZZ09999999999"
SECOND_CREDITOR_IBAN = "DE02700100800030876808"
SECOND_CREDITOR_ID = "AT61ZZZ01234567890"
DEBTOR_IBANS = (
    "DE02120300000000202051",
    "DE02500105170137075030",
    "AT611904300234573201",
    "NL91ABNA0417164300",
    "FR7630006000011234567890189",
)


def stop_lots(test_class):
    """Let no order of a class be one of the yellow ones that are accepted at random."""
    test_class.startClassPatcher(patch.object(decision, "MAX_SAMPLE_RATE", 0.0))


class SupportDebitCommon(BankFilesMixin, AccountTestInvoicingCommon):
    """A company ready to sell support and to collect for it."""

    @classmethod
    def setup_independent_company(cls, **kwargs):
        """Use the database's own German company; loading a chart of accounts takes 12 s per class."""
        company = cls.env.ref("base.main_company")
        ready = company.chart_template == "de_skr03" and company.country_id.code == "DE"
        return company if ready else super().setup_independent_company(**kwargs)

    @classmethod
    @AccountTestInvoicingCommon.setup_country("de")
    def setUpClass(cls):
        # Past the many records that Odoo's own tests of invoices need and these do not: they take
        # half of a class's set-up.
        super(AccountTestInvoicingCommon, cls).setUpClass()
        stop_lots(cls)
        cls._prepare_accounting()
        cls.env.user.group_ids |= cls.env.ref("support_debit.group_manager")
        cls.env.user.group_ids |= cls.env.ref("sales_team.group_sale_manager")
        cls.company = cls.company_data["company"]
        cls.journal = cls.env["account.journal"].create(
            {
                "name": "Test Bank",
                "type": "bank",
                "code": "TSDD",
                "company_id": cls.company.id,
                "bank_acc_number": CREDITOR_IBAN,
            }
        )
        cls.company.write(
            {"sdd_creditor_identifier": CREDITOR_ID, "sdd_journal_id": cls.journal.id}
        )
        cls.plan = cls.env["support.plan"].create({"name": "Base", "kind": "base"})
        cls.package = cls.env["product.product"].create(
            {
                "name": "PC base support",
                "type": "service",
                "invoice_policy": "order",
                "list_price": 83.95,
                "taxes_id": [Command.set(cls.company_data["default_tax_sale"].ids)],
                "support_plan_id": cls.plan.id,
            }
        )
        cls.customer = cls._create_customer("Jörg Müßig")

    @classmethod
    def _prepare_accounting(cls):
        """Make what is used of `AccountTestInvoicingCommon`: accounts, journals, a way to pay."""
        cls.company_data = cls.collect_company_accounting_data(cls.env.company)
        cls.partner_a = cls.partner
        cls.product_category.with_company(cls.env.company).write(
            {
                "property_account_income_categ_id": cls.company_data["default_account_revenue"].id,
                "property_account_expense_categ_id": cls.company_data["default_account_expense"].id,
            }
        )
        chart = cls.env["account.chart.template"]
        ways = cls.company_data["default_journal_bank"].inbound_payment_method_line_ids
        ways[:1].payment_account_id = chart.ref("account_journal_payment_debit_account_id")

    @classmethod
    def _create_customer(cls, name, **values):
        return cls.env["res.partner"].create(
            {
                "name": name,
                "email": "customer@example.com",
                "street": "Hauptstraße 1",
                "zip": "10115",
                "city": "Berlin",
                "country_id": cls.env.ref("base.de").id,
                "company_id": False,
                **values,
            }
        )

    @classmethod
    def _create_mandate(cls, partner=None, iban=DEBTOR_IBANS[0], **values):
        """Return an active mandate of the customer."""
        partner = partner or cls.customer
        account = cls.env["res.partner.bank"]._sdd_find_or_create(iban, partner.name, partner)
        mandate = cls.env["sdd.mandate"].create(
            {
                "partner_id": partner.id,
                "bank_account_id": account.id,
                "company_id": cls.company.id,
                "signature_date": date(2026, 1, 5),
                **values,
            }
        )
        mandate.action_activate()
        return mandate

    @classmethod
    def _create_order(cls, partner=None):
        """Return a confirmed order of the base package."""
        order = cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company.id,
                "order_line": [Command.create({"product_id": cls.package.id})],
            }
        )
        order.action_confirm()
        return order

    @classmethod
    def _create_debit(cls, partner=None, mandate=None):
        """Return the queued debit of a new order's invoice."""
        mandate = mandate or cls._create_mandate(partner)
        invoice = cls._create_order(partner)._sdd_invoice()
        return invoice._queue_sdd_debit(mandate=mandate)

    @classmethod
    def _create_debits(cls, count):
        """Return the queued debits of as many new customers."""
        debits = cls.env["sdd.debit"]
        for number in range(count):
            partner = cls._create_customer(f"Customer {number}")
            mandate = cls._create_mandate(partner, DEBTOR_IBANS[number % len(DEBTOR_IBANS)])
            debits |= cls._create_debit(partner, mandate)
        return debits

    @classmethod
    def _create_bare_debit(cls, mandate=None, **values):
        """Return a queued debit of a mandate that claims no invoice."""
        mandate = mandate or cls._create_mandate()
        # In sudo mode: debits are made by the program only.
        debits = cls.env["sdd.debit"].sudo()
        debit = debits.create(
            {
                "partner_id": mandate.partner_id.commercial_partner_id.id,
                "mandate_id": mandate.id,
                "company_id": mandate.company_id.id,
                "journal_id": mandate.company_id.sdd_journal_id.id,
                "amount": 10.0,
                "collection_date": mandate.company_id.sdd_journal_id._sdd_earliest_collection(),
                **values,
            }
        )
        return debit.with_env(cls.env)

    @classmethod
    def _create_second_company(cls):
        """Return another company that collects, on another bank account."""
        company = cls.env["res.company"].create(
            {
                "name": "Second GmbH",
                "country_id": cls.env.ref("base.de").id,
                "currency_id": cls.env.ref("base.EUR").id,
            }
        )
        cls.env.user.company_ids |= company
        accounts = cls.env["account.account"].with_company(company)
        account_values = {
            "Debtors": {"code": "1400", "account_type": "asset_receivable"},
            "Assets": {"code": "1300", "account_type": "asset_current"},
            "Costs": {"code": "4900", "account_type": "expense"},
        }
        for name, values in account_values.items():
            accounts.create({"name": name, "company_ids": [Command.set(company.ids)], **values})
        journal = (
            cls.env["account.journal"]
            .with_company(company)
            .create(
                {
                    "name": "Second Bank",
                    "type": "bank",
                    "code": "TSD2",
                    "company_id": company.id,
                    "bank_acc_number": SECOND_CREDITOR_IBAN,
                }
            )
        )
        company.write({"sdd_creditor_identifier": SECOND_CREDITOR_ID, "sdd_journal_id": journal.id})
        return company

    @contextmanager
    def _refused(self, message, exception=UserError):
        """Check that a block is refused with a message, and take back what it has written.

        :param str message: regular expression.
        """
        savepoint = self.env.cr.savepoint()
        with self.assertRaisesRegex(exception, message):
            yield
        savepoint.close(rollback=True)
        self.env.invalidate_all()

    @contextmanager
    def _without_commits(self):
        """Run a job inside the test's transaction."""
        jobs = self.env.registry["ir.cron"]
        with patch.object(jobs, "_commit_progress", lambda *_args, **_kwargs: float("inf")):
            yield
        self.env.flush_all()

    def _assert_transitions(self, create, paths, allowed):
        """Check every change of state against a table, the refused ones too.

        :param create: function that returns a new record.
        :param dict paths: {state: the changes that lead there from a new record}.
        :param dict allowed: {state: set of states that may follow}.
        """
        for old, path in paths.items():
            record = create()
            for state in path:
                record._move_to(state)
            for new in paths:
                with self.subTest(old=old, new=new):
                    savepoint = self.env.cr.savepoint()
                    try:
                        self._check_transition(record, new, new in allowed[old])
                    finally:
                        savepoint.close(rollback=True)
                        record.invalidate_recordset()

    def _check_transition(self, record, state, allowed):
        """Check one change of state, by the method and by a plain write."""
        old = record.state
        if state != old:
            with self.assertRaises(UserError, msg="a plain write must not do it"):
                record.write({"state": state})
        if allowed:
            record._move_to(state)
            self.assertEqual(record.state, state)
        else:
            with self.assertRaises(UserError):
                record._move_to(state)
            self.assertEqual(record.state, old)

    def _get_transit(self, journal=None):
        """Return the balance of the account in transit."""
        account = (journal or self.journal).sdd_transit_account_id
        lines = self.env["account.move.line"].search(
            [("account_id", "=", account.id), ("parent_state", "=", "posted")]
        )
        return self.company.currency_id.round(sum(lines.mapped("balance")))

    def _submit(self, debits):
        """Return the submitted batch of these debits."""
        batch = self.env["sdd.batch"]._create_due_batches(self.journal)
        self.assertEqual(batch.debit_ids, debits)
        batch.action_submit()
        return batch

    def _import(self, content, name="file.xml"):
        """Return the message of a file from the bank."""
        return self.env["sdd.bank.message"].import_file(self.journal, name, content.encode())
