"""The set-up page: what it writes, what it refuses, what it makes by itself."""

from odoo.exceptions import AccessError, ValidationError
from odoo.tests import Form, new_test_user, tagged

from .common import (
    CREDITOR_ID,
    SECOND_CREDITOR_IBAN,
    SECOND_CREDITOR_ID,
    SupportDebitCommon,
)


@tagged("-at_install", "post_install")
class TestSettings(SupportDebitCommon):
    def _open(self, company=None):
        """Return the settings of a company."""
        settings = self.env["res.config.settings"]
        return settings.with_company(company or self.company).create({})

    def test_values_go_to_company_and_journal(self):
        settings = self._open()
        self.assertEqual(settings.sdd_creditor_identifier, CREDITOR_ID)
        settings.write({"sdd_creditor_identifier": "at61 zzz0 1234 5678 90", "sdd_cut_off": 14.5})
        settings.execute()
        self.assertEqual(self.company.sdd_creditor_identifier, "AT61ZZZ01234567890")
        self.assertEqual(self.journal.sdd_cut_off, 14.5)

    def test_wrong_identifier_is_refused_with_its_reason(self):
        with self._refused("check digits", ValidationError):
            self._open().sdd_creditor_identifier = "DE99ZZZ09999999999"
            self.env.flush_all()
        self.assertEqual(self.company.sdd_creditor_identifier, CREDITOR_ID)

    def test_accounts_are_made_with_the_journal(self):
        company = self._create_second_company()
        journal = company.sdd_journal_id
        self.assertTrue(journal.sdd_transit_account_id.reconcile)
        self.assertEqual(journal.sdd_transit_account_id.account_type, "asset_current")
        self.assertEqual(journal.sdd_fee_account_id.account_type, "expense")
        self.assertEqual(journal.sdd_transit_account_id.company_ids, company)
        transit = journal.sdd_transit_account_id
        company.sdd_journal_id = journal
        self.assertEqual(journal.sdd_transit_account_id, transit)

    def test_another_bank_of_the_company_shares_the_accounts(self):
        """A bank that collects or shows returns needs no set-up of its own."""
        other = self.env["account.journal"].create(
            {
                "name": "Other Bank",
                "type": "bank",
                "code": "OTHR",
                "company_id": self.company.id,
                "bank_acc_number": SECOND_CREDITOR_IBAN,
            }
        )
        self.assertEqual(self.company._sdd_get_missing(other), [])
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self._import(self._camt([self._entry_batch(batch)]))
        back = self._camt(
            [self._entry_return(debit, fee=3.5)],
            opening=50.0,
            message_id="S-2",
            iban=SECOND_CREDITOR_IBAN,
        )
        message = self._import(back)
        self.assertEqual((message.journal_id, message.state), (other, "done"))
        self.assertEqual((debit.state, debit.return_ids.fee), ("returned", 3.5))
        self.assertEqual(other.sdd_fee_account_id, self.journal.sdd_fee_account_id)
        self.assertEqual(other.sdd_transit_account_id, self.journal.sdd_transit_account_id)
        self.assertEqual(self._get_transit(), 0)

    def test_fee_account_that_was_taken_away(self):
        """The file is booked all the same; collecting waits for the account."""
        debit = self._create_debits(1)
        batch = self._submit(debit)
        self.journal.sdd_fee_account_id = False
        self.assertEqual([code for code, _text in self.company._sdd_get_missing()], ["fee_account"])
        message = self._import(
            self._camt([self._entry_batch(batch), self._entry_return(debit, fee=3.5)])
        )
        self.assertEqual(message.state, "done", message.findings_text)
        self.assertTrue(self.journal.sdd_fee_account_id)

    def test_german_chart_has_its_account_for_fees(self):
        self.assertEqual(self.company.chart_template, "de_skr03")
        code = self.journal.sdd_fee_account_id.with_company(self.company).code
        self.assertEqual(code, "4970")

    def test_provider_on_and_off(self):
        provider = self.env.ref("support_debit.payment_provider_sdd")
        provider.company_id = self.company
        settings = self._open()
        for state, published in (("enabled", True), ("test", False), ("disabled", False)):
            settings.sdd_provider_state = state
            settings.execute()
            self.assertEqual((provider.state, provider.is_published), (state, published))
            self.assertEqual(self._open().sdd_provider_state, state)

    def test_another_company_gets_a_provider_of_its_own(self):
        company = self._create_second_company()
        providers = self.env["payment.provider"]
        own = [("code", "=", "sdd"), ("company_id", "=", company.id)]
        settings = self._open(company)
        self.assertEqual(settings.sdd_provider_state, "disabled")
        settings.sdd_provider_state = "test"
        settings.execute()
        provider = providers.search(own)
        self.assertEqual((len(provider), provider.state), (1, "test"))
        self._open(company).execute()
        self.assertEqual(providers.search_count(own), 1)

    def test_companies_do_not_share_their_set_up(self):
        company = self._create_second_company()
        self.assertEqual(company.sdd_creditor_identifier, SECOND_CREDITOR_ID)
        company.sdd_creditor_identifier = False
        self.assertEqual(
            [code for code, _text in company._sdd_get_missing()], ["creditor_identifier"]
        )
        self.assertEqual(self.company._sdd_get_missing(), [])

    def test_journal_of_another_company_is_refused(self):
        company = self._create_second_company()
        with self._refused("", ValidationError):
            self.company.sdd_journal_id = company.sdd_journal_id
            self.env.flush_all()

    def test_hint_while_something_is_missing(self):
        self.company.sdd_creditor_identifier = False
        hint = self.company.sdd_setup_missing
        self.assertEqual(len(hint), 1)
        self.assertIn("creditor identifier", hint[0])

    def test_folders_are_for_administrators(self):
        connection = self.env["sdd.bank.connection"].create(
            {"name": "C", "company_id": self.company.id, "kind": "folder", "drop_folder": "/x"}
        )
        accountant = new_test_user(self.env, "acc", groups="support_debit.group_accountant")
        accountant.company_ids |= self.company
        seen = connection.with_user(accountant).with_company(self.company)
        self.assertEqual(seen.name, "C")
        with self.assertRaises(AccessError):
            seen.read(["drop_folder"])
        with self.assertRaises(AccessError):
            seen.write({"name": "D"})

    def test_mandate_form(self):
        """Staff enter a mandate on paper: the form fills in what it can."""
        form = Form(self.env["sdd.mandate"])
        form.partner_id = self.customer
        form.bank_account_id = self._create_mandate().bank_account_id
        mandate = form.save()
        self.assertEqual((mandate.state, mandate.channel), ("draft", "staff"))
        self.assertEqual(mandate.holder, self.customer.name)
