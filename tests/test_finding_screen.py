"""The screen on which findings are assigned: what it shows, what a click does."""

from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DEBTOR_IBANS, SupportDebitCommon


@tagged("-at_install", "post_install")
class TestFindingScreen(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.accountant = new_test_user(
            cls.env,
            "screen_accountant",
            groups="support_debit.group_accountant",
            company_id=cls.company.id,
            company_ids=[(6, 0, cls.company.ids)],
        )
        cls.screen = cls.env["sdd.bank.finding"].with_user(cls.accountant)

    def _import_unknown_returns(self, debits):
        """Return the file in which the bank names none of these debits that came back."""
        batch = self._submit(debits)
        self._import(self._camt([self._entry_batch(batch)]))
        content = self._camt(
            [self._entry_return(debit, 3.5) for debit in debits],
            message_id="S-2",
            opening=batch.amount_total,
        )
        for debit in debits:
            content = content.replace(debit.end_to_end_id, "NOTPROVIDED").replace(
                f"<MndtId>{debit.mandate_id.name}</MndtId>", ""
            )
        return self._import(content)

    def test_one_after_the_other(self):
        debits = self._create_debits(2)
        message = self._import_unknown_returns(debits)
        screen = self.screen.get_screen(message_id=message.id)
        self.assertEqual(screen["left"], 2)
        finding = self.screen.browse(screen["finding"]["id"])
        self.assertEqual(screen["finding"]["amount"], -103.4)
        chosen = finding.search_records(debits[0].end_to_end_id)[0]
        done = finding.assign_record(chosen["model"], chosen["id"])
        self.assertEqual((done["model"], done["id"]), ("sdd.debit", chosen["id"]))
        self.assertEqual(debits.mapped("state"), ["returned", "settled"])
        following = self.screen.get_screen(finding.id, message.id)
        self.assertNotEqual(following["finding"]["id"], finding.id)
        self.screen.browse(following["finding"]["id"]).action_dismiss("Known to the bank")
        self.assertFalse(self.screen.get_screen(message_id=message.id)["finding"])
        self.assertEqual(message.state, "done")

    def test_later(self):
        message = self._import_unknown_returns(self._create_debits(2))
        first = self.screen.get_screen(message_id=message.id)["finding"]["id"]
        second = self.screen.get_screen(message_id=message.id, skipped=[first])["finding"]["id"]
        self.assertNotEqual(first, second)
        rest = self.screen.get_screen(message_id=message.id, skipped=[first, second])
        self.assertEqual((rest["finding"], rest["left"]), (False, 2))

    def test_search(self):
        debits = self._create_debits(2)
        finding = self._import_unknown_returns(debits).finding_ids[:1].with_user(self.accountant)
        for text in (debits[1].partner_id.name, debits[1].invoice_names, debits[1].end_to_end_id):
            found = finding.search_records(text)
            self.assertEqual([item["id"] for item in found], debits[1].ids, text)
        found = {item["id"] for item in finding.search_records("99,90 €")}
        self.assertLessEqual(set(debits.ids), found)
        self.assertFalse(finding.search_records("  "))
        self.assertFalse(finding.search_records("%_no such thing"))

    def test_incoming_money_finds_invoices(self):
        invoice = self._create_order()._sdd_invoice()
        message = self._import(
            self._camt([self._entry(12.34, "X-1", "", family="ESCT")], message_id="S-1")
        )
        finding = message.finding_ids.with_user(self.accountant)
        if not finding:
            finding = (
                self.screen.sudo()
                .create(
                    {
                        "message_id": message.id,
                        "code": "other",
                        "direction": "credit",
                        "amount": 12.34,
                        "statement_line_id": message.statement_line_ids.id,
                    }
                )
                .with_user(self.accountant)
            )
        found = finding.search_records(invoice.name)
        self.assertEqual(
            [(c["model"], c["kind"]) for c in found], [("account.move.line", "Invoice")]
        )

    def test_no_account_number_in_clear(self):
        message = self._import_unknown_returns(self._create_debits(1))
        text = str(self.screen.get_screen(message_id=message.id)).replace(" ", "")
        for iban in DEBTOR_IBANS:
            self.assertNotIn(iban[8:], text)

    def test_refused(self):
        debits = self._create_debits(1)
        finding = self._import_unknown_returns(debits).finding_ids
        seller = new_test_user(self.env, "screen_seller", groups="support_debit.group_support_user")
        with self.assertRaises(AccessError):
            finding.with_user(seller).get_screen()
        with self.assertRaises(AccessError):
            finding.with_user(seller).assign_record("sdd.debit", debits.id)
        with self.assertRaises(ValueError):
            finding.assign_record("res.partner", self.customer.id)
        finding.with_user(self.accountant).assign_record("sdd.debit", debits.id)
        with self.assertRaises(UserError):
            finding.with_user(self.accountant).assign_record("sdd.debit", debits.id)
