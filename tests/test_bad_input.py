"""What people type wrong, and what nobody types but somebody sends."""

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import CREDITOR_ID, DEBTOR_IBANS, SupportDebitCommon

#: IBAN as typed: code and what the message must name.
WRONG_IBANS = {
    "": ("empty", "enter"),
    "   ": ("empty", "enter"),
    "DE02 1203 0000 0000 2020 5!": ("character", "!"),
    "DE02120300000000202O51": ("character", "O"),
    "D102120300000000202051": ("character", "1"),
    "XX02120300000000202051": ("country", "XX"),
    "SA0380000000608010167519": ("not_sepa", "Saudi Arabia"),
    "TR330006100519786457841326": ("not_sepa", "T"),
    "DE0212030000000020205": ("length", "21"),
    "DE021203000000002020511": ("length", "23"),
    "FR763000600001123456789018": ("length", "27"),
    "DE03120300000000202051": ("check_digits", "check digits"),
    "DE02120300000000205021": ("check_digits", "check digits"),
    "NL91ABNA0417164301": ("check_digits", "check digits"),
}
RIGHT_IBANS = (
    "DE02 1203 0000 0000 2020 51",
    "de02120300000000202051",
    "IBAN: DE02-1203-0000-0000-2020-51",
    "\u00a0AT61 1904 3002 3457 3201\t",
    "FR76 3000 6000 0112 3456 7890 189",
)
WRONG_CREDITOR_IDS = {
    "XX98ZZZ09999999999": "XX",
    "DE98ZZZ0999999999": "17",
    "DE99ZZZ09999999999": "check digits",
    "DE98ZZZ0999999999Ä": "letters and digits",
    "AT61ZZZ0123456789": "17",
    "98ZZZ09999999999": "",
}


@tagged("-at_install", "post_install")
class TestBadInput(SupportDebitCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.provider = cls.env.ref("support_debit.payment_provider_sdd").copy(
            {"company_id": cls.company.id, "state": "test"}
        )
        cls.invoice = cls._create_order()._sdd_invoice()

    def _create_transaction(self, **values):
        return (
            self.env["payment.transaction"]
            .sudo()
            .create(
                {
                    "provider_id": self.provider.id,
                    "payment_method_id": self.env.ref("support_debit.payment_method_sdd").id,
                    "amount": self.invoice.amount_residual,
                    "currency_id": self.company.currency_id.id,
                    "partner_id": self.customer.id,
                    "operation": "online_direct",
                    "invoice_ids": [(6, 0, self.invoice.ids)],
                    **values,
                }
            )
        )

    def _get_form(self):
        return self.provider.sudo()._sdd_get_inline_form_values(
            99.9, self.company.currency_id, self.customer.id
        )

    def _find_errors(self, holder="Jörg Müßig", iban=DEBTOR_IBANS[0], accepted=True, token=None):
        """Return {field: (code, message)} for what a browser has sent."""
        transaction = self._create_transaction()
        token = self._get_form()["token"] if token is None else token
        form = self.provider.sudo()._sdd_read_form(token)
        errors = transaction._sdd_find_form_errors(holder, iban, accepted, form)
        return {error["field"]: (error["code"], error["message"]) for error in errors}

    # === ACCOUNT NUMBERS === #

    def test_wrong_ibans(self):
        for iban, (code, words) in WRONG_IBANS.items():
            with self.subTest(iban):
                errors = self._find_errors(iban=iban)
                self.assertEqual(list(errors), ["iban"])
                self.assertEqual(errors["iban"][0], code)
                self.assertIn(words, errors["iban"][1])

    def test_messages_in_the_customers_language(self):
        self.env["res.lang"]._activate_lang("de_DE")
        transaction = self._create_transaction().with_context(lang="de_DE")
        errors = transaction._sdd_find_form_errors("A", "SA0380000000608010167519", True, None)
        self.assertIn("Saudi-Arabien", errors[0]["message"])

    def test_right_ibans_in_any_notation(self):
        for iban in RIGHT_IBANS:
            with self.subTest(iban):
                self.assertEqual(self._find_errors(iban=iban), {})

    # === NAMES === #

    def test_names_that_no_bank_can_read(self):
        for holder in ("", "   ", "😀🎉", "123 456", "...", "\x00\x01", "----"):
            with self.subTest(holder):
                self.assertEqual(list(self._find_errors(holder=holder)), ["holder"])

    def test_names_that_are_unusual(self):
        for holder in ("Ng", "Łukasz Żółć", "Ελένη", "O'Neill", "Max 😀 Muster", "N" * 200):
            with self.subTest(holder):
                self.assertEqual(self._find_errors(holder=holder), {})

    def test_control_characters_do_not_reach_the_database(self):
        transaction = self._create_transaction()
        form = self.provider.sudo()._sdd_read_form(self._get_form()["token"])
        holder = "Jörg\x00 Müßig\u200b\n\r " + "x" * 300
        self.assertFalse(transaction._sdd_find_form_errors(holder, DEBTOR_IBANS[0], True, form))
        transaction._sdd_accept(holder, DEBTOR_IBANS[0], form, {})
        mandate = transaction.sdd_mandate_id
        self.assertTrue(mandate.holder.startswith("Jörg Müßig"))
        self.assertLessEqual(len(mandate.holder), 140)
        self.assertFalse(mandate.event_ids.sudo()._find_broken())

    # === CONSENT AND FORM === #

    def test_consent_is_a_yes(self):
        for accepted in (False, None, "", "false", 0, 1, "on", [True]):
            with self.subTest(accepted):
                self.assertEqual(list(self._find_errors(accepted=accepted)), ["accepted"])

    def test_everything_wrong_at_once(self):
        errors = self._find_errors(holder="", iban="", accepted=False, token="x")
        self.assertEqual(set(errors), {"holder", "iban", "accepted", "form"})

    def test_tampered_form(self):
        token = self._get_form()["token"]
        signature, _dot, payload = token.partition(".")
        other = self.provider.copy({"company_id": self.company.id}).sudo()
        tampered = {
            "nothing": "",
            "no JSON": "x.y",
            "no object": f"{signature}.[1]",
            "other reference": token.replace("SD", "XX", 1),
            "other signature": f"{'0' * len(signature)}.{payload}",
            "no signature": f".{payload}",
            "letters beyond ASCII": f"é{token}",
            "more behind": token + " ",
            "other provider's": other._sdd_sign_form({"reference": "X"}),
            "a number": 17,
            "a list": [token],
            "an object": {"token": token},
        }
        for what, value in tampered.items():
            with self.subTest(what):
                self.assertEqual(list(self._find_errors(token=value)), ["form"])

    def test_form_that_was_used(self):
        """The back button shows the old form: its reference is not used twice."""
        token = self._get_form()["token"]
        first = self._create_transaction()
        form = self.provider.sudo()._sdd_read_form(token)
        first._sdd_accept("Jörg", DEBTOR_IBANS[0], form, {})
        self.assertEqual(first.state, "pending")
        other = self._create_order()._sdd_invoice()
        second = self._create_transaction(invoice_ids=[(6, 0, other.ids)])
        errors = second._sdd_find_form_errors("Jörg", DEBTOR_IBANS[0], True, form)
        self.assertEqual([error["field"] for error in errors], ["form"])
        self.assertFalse(second.sdd_mandate_id)

    def test_wording_that_has_changed(self):
        token = self._get_form()["token"]
        self.company.name = "Renamed GmbH"
        self.assertEqual(list(self._find_errors(token=token)), ["form"])

    # === SET-UP === #

    def test_wrong_creditor_identifiers(self):
        for identifier, words in WRONG_CREDITOR_IDS.items():
            with self.subTest(identifier), self._refused(words, ValidationError):
                self.company.sdd_creditor_identifier = identifier
        self.assertEqual(self.company.sdd_creditor_identifier, CREDITOR_ID)

    def test_creditor_identifier_as_printed_on_the_letter(self):
        self.company.sdd_creditor_identifier = " de98 zzz0 9999 9999 99 "
        self.assertEqual(self.company.sdd_creditor_identifier, CREDITOR_ID)

    def test_impossible_journal_values(self):
        for values in (
            {"sdd_cut_off": 24.0},
            {"sdd_cut_off": -1.0},
            {"sdd_lead_days": 0},
            {"sdd_notice_days": -1},
            {"sdd_horizon_days": -1},
            {"sdd_max_lines": 0},
            {"sdd_transit_account_id": self.company_data["default_account_revenue"].id},
        ):
            with self.subTest(values), self._refused("", ValidationError):
                self.journal.write(values)

    def test_reference_prefix(self):
        for prefix in ("ab", "A-B", "A" * 11, "Ä", " "):
            with self.subTest(prefix), self._refused("prefix", ValidationError):
                self.company.sdd_reference_prefix = prefix
