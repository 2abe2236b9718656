"""A direct debit collects a whole document: no part of an order, no payment for nothing."""

from odoo import Command
from odoo.tests import tagged

from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("-at_install", "post_install")
class TestPartialPayment(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("support_debit.payment_provider_sdd").copy(
            {"company_id": cls.company.id, "state": "test", "is_published": True}
        )
        cls.method = cls.env.ref("support_debit.payment_method_sdd")
        cls.order = cls.env["sale.order"].create(
            {
                "partner_id": cls.customer.id,
                "company_id": cls.company.id,
                "order_line": [Command.create({"product_id": cls.package.id})],
            }
        )

    def _offered(self, amount):
        report = {}
        providers = self.env["payment.provider"]._get_compatible_providers(
            self.company.id,
            self.customer.id,
            amount,
            currency_id=self.order.currency_id.id,
            sale_order_id=self.order.id,
            report=report,
        )
        return self.provider in providers, report["providers"][self.provider]["reason"]

    def _create_transaction(self, amount, **values):
        return self.env["payment.transaction"].create(
            {
                "provider_id": self.provider.id,
                "payment_method_id": self.method.id,
                "amount": amount,
                "currency_id": self.order.currency_id.id,
                "partner_id": self.customer.id,
                "operation": "online_direct",
                **values,
            }
        )

    def _find_errors(self, transaction):
        values = self.provider._sdd_get_inline_form_values(
            transaction.amount, transaction.currency_id, self.customer.id
        )
        form = self.provider._sdd_read_form(values["token"])
        errors = transaction._sdd_find_form_errors("Jörg Müßig", DEBTOR_IBANS[0], True, form)
        return [error["message"] for error in errors]

    def test_offered_for_the_whole_order_only(self):
        self.assertEqual(self._offered(99.9), (True, ""))
        offered, reason = self._offered(30.0)
        self.assertFalse(offered)
        self.assertIn("whole order", reason)

    def test_whole_order_is_accepted(self):
        whole = self._create_transaction(99.9, sale_order_ids=[Command.set(self.order.ids)])
        self.assertFalse(self._find_errors(whole))

    def test_part_of_an_order_is_refused(self):
        part = self._create_transaction(30, sale_order_ids=[Command.set(self.order.ids)])
        self.assertIn("not a part", self._find_errors(part)[0])

    def test_payment_without_a_document_is_refused(self):
        nothing = self._create_transaction(30)
        self.assertIn("Nothing has been charged", self._find_errors(nothing)[0])

    def test_open_invoice_is_debited_as_a_whole(self):
        self.order.action_confirm()
        invoice = self.order._sdd_invoice()
        whole = self._create_transaction(99.9, invoice_ids=[Command.set(invoice.ids)])
        self.assertFalse(self._find_errors(whole))
        part = self._create_transaction(50, invoice_ids=[Command.set(invoice.ids)])
        self.assertIn("not a part", self._find_errors(part)[0])
