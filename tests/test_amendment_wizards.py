"""The dialogs with which staff change accounts, creditors and references."""

from odoo.tests import Form, new_test_user, tagged

from .common import DEBTOR_IBANS, SECOND_CREDITOR_ID
from .test_amendment import FIRST, OTHER_BANK, AmendmentCase


@tagged("-at_install", "post_install")
class TestAmendmentWizards(AmendmentCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.staff = new_test_user(
            cls.env, login="amend_staff", groups="support_debit.group_support_user"
        )

    def _open(self, model, **context):
        return Form(
            self.env[model]
            .with_user(self.staff)
            .with_context(default_mandate_id=self.mandate.id, **context)
        )

    def test_change_account(self):
        """Support staff type an IBAN, see its bank, and change the account."""
        self._collect()
        form = self._open("sdd.mandate.amend.account")
        self.assertEqual(form.current_iban, self.mandate.iban_masked)
        self.assertEqual(form.holder, self.mandate.holder)
        form.iban = "de02 1203 0000 0000 2020 51"
        self.assertFalse(form.check_text)
        self.assertIn("BYLADEM1001", form.bank_text)
        form.note = "called us"
        wizard = form.save()
        action = wizard.action_amend()
        self.assertIn("next debit", action["params"]["message"])
        self.assertEqual(self.mandate._get_iban(), OTHER_BANK)
        self.assertFalse(wizard.iban)
        event = self.mandate.event_ids.sorted("number")[-1]
        self.assertEqual(event.user_id, self.staff)
        self.assertEqual(event.data["note"], "called us")
        self.assertEqual(event.evidence_code, "staff_entry")

    def test_messages_while_typing(self):
        """Each mistake is said before anything is done, and refused if it is done all the same."""
        form = self._open("sdd.mandate.amend.account")
        for iban, message in (
            ("DE88370400440532013000", "check digits"),
            ("DE8937040044", "has 22 characters"),
            (FIRST, "is the account of mandate"),
        ):
            form.iban = iban
            self.assertIn(message, form.check_text)
        wizard = form.save()
        with self._refused("is the account of mandate"):
            wizard.action_amend()
        form.iban = False
        with self._refused("Enter the new IBAN"):
            form.save().action_amend()

    def test_another_holder_needs_a_new_mandate(self):
        """The dialog refuses somebody else's account and prepares a mandate of his own."""
        form = self._open("sdd.mandate.amend.account")
        form.iban = OTHER_BANK
        form.holder = "Petra Müßig"
        self.assertEqual(form.check_code, "holder")
        self.assertIn("must give a new mandate", form.check_text)
        wizard = form.save()
        with self._refused("must give a new mandate"):
            wizard.action_amend()
        action = wizard.action_prepare_new_mandate()
        new = self.env["sdd.mandate"].browse(action["res_id"])
        self.assertEqual((new.state, new.holder), ("draft", "Petra Müßig"))
        self.assertEqual(new.replaces_id, self.mandate)
        self.assertEqual(new._get_iban(), OTHER_BANK)
        self.assertEqual(self.mandate.state, "active")

    def test_account_on_file(self):
        """An account that the customer has already is chosen without typing."""
        account = self._account(OTHER_BANK)
        form = self._open("sdd.mandate.amend.account")
        form.account_id = account.with_user(self.staff)
        self.assertFalse(form.check_text)
        form.save().action_amend()
        self.assertEqual(self.mandate.bank_account_id, account)

    def test_change_reference(self):
        """The dialog changes the reference."""
        form = self._open("sdd.mandate.amend.reference")
        form.reference = " LEGACY/4711 "
        form.save().action_amend()
        self.assertEqual(self.mandate.name, "LEGACY/4711")

    def test_change_creditor_of_all(self):
        """After the company was renamed, all its mandates are changed at once."""
        other = self._create_mandate(self._create_customer("Second"), DEBTOR_IBANS[1])
        other.action_revoke()
        old = self.mandate.creditor_name
        self.company.name = "Umbenannt GmbH"
        self.assertTrue(self.mandate.creditor_outdated)
        self.assertFalse(other.creditor_outdated)
        settings = self.env["res.config.settings"].create({})
        self.assertGreaterEqual(settings.sdd_outdated_mandate_count, 1)
        wizard = self.env["sdd.mandate.amend.creditor"].create({})
        self.assertIn(self.mandate, wizard.mandate_ids)
        self.assertNotIn(other, wizard.mandate_ids)
        wizard.action_amend()
        self.assertEqual(self.mandate.creditor_name, "Umbenannt GmbH")
        self.assertFalse(self.company._sdd_get_outdated_mandates())
        event = self.mandate.event_ids.sorted("number")[-1]
        self.assertEqual(event.data["old_creditor"], old)
        with self._refused("None of these"):
            self.env["sdd.mandate.amend.creditor"].create({}).action_amend()

    def test_change_creditor_of_chosen(self):
        """Mandates chosen in the list get the identifier that is typed, others stay."""
        other = self._create_mandate(self._create_customer("Second"), DEBTOR_IBANS[1])
        wizard = (
            self.env["sdd.mandate.amend.creditor"]
            .with_context(active_model="sdd.mandate", active_ids=self.mandate.ids)
            .create({"identifier": "at61 zzz0 1234 5678 90"})
        )
        self.assertEqual(wizard.mandate_ids, self.mandate)
        wizard.action_amend()
        self.assertEqual(self.mandate.creditor_identifier, SECOND_CREDITOR_ID)
        self.assertNotEqual(other.creditor_identifier, SECOND_CREDITOR_ID)
