from odoo.exceptions import AccessError
from odoo.tests import Form, new_test_user, tagged

from ..sepa import iban as sepa_iban
from .common import DEBTOR_IBANS, SupportDebitCommon

IP = "93.184.216.34"


def _doubtful_iban(number):
    """Return an IBAN of a bank that does not exist."""
    bban = f"99999999{number:010d}"
    return "DE" + sepa_iban.check_digits("DE", bban) + bban


@tagged("-at_install", "post_install")
class TestRiskCheckField(SupportDebitCommon):
    def _codes(self, iban, session="s", ip="", **values):
        warnings = self.env["risk.check"]._get_field_warnings(
            iban, session=session, ip=ip, **values
        )
        self.assertTrue(all(warning["message"] for warning in warnings))
        return [warning["code"] for warning in warnings]

    def test_what_is_said(self):
        self.assertEqual(self._codes("DE02"), [], "not complete")
        self.assertEqual(self._codes(DEBTOR_IBANS[0]), [])
        self.assertEqual(self._codes(_doubtful_iban(1)), ["bank_unknown"])
        self.assertEqual(self._codes(self.journal.bank_acc_number), ["account_is_ours"])
        codes = self._codes(DEBTOR_IBANS[0], holder="Hanna Schulze", name="Jörg Müßig")
        self.assertEqual(codes, ["holder_different"])

    def test_no_oracle_after_three_tries(self):
        for number in (1, 2, 3):
            self.assertEqual(self._codes(_doubtful_iban(number)), ["bank_unknown"])
        self.assertEqual(self._codes(_doubtful_iban(4)), ["neutral"])
        self.assertEqual(self._codes(DEBTOR_IBANS[0]), ["neutral"], "a right one looks the same")
        self.assertEqual(self._codes(DEBTOR_IBANS[0], session="other"), [])

    def test_the_same_number_again_is_no_new_try(self):
        for _again in range(9):
            self.assertEqual(self._codes(_doubtful_iban(1)), ["bank_unknown"])

    def test_new_sessions_help_no_script(self):
        for number in range(10):
            self._codes(_doubtful_iban(number), session=f"s{number}", ip=IP)
        self.assertEqual(self._codes(_doubtful_iban(11), session="s11", ip=IP), ["neutral"])

    def test_good_numbers_are_limited_too(self):
        for number in range(20):
            bban = f"12030000{number:010d}"
            iban = "DE" + sepa_iban.check_digits("DE", bban) + bban
            self._codes(iban, session=f"good{number // 3}")
        for number in range(21):
            bban = f"30020900{number:010d}"
            iban = "DE" + sepa_iban.check_digits("DE", bban) + bban
            codes = self._codes(iban, session="many")
        self.assertEqual(codes, ["neutral"])

    def test_nothing_raises(self):
        for text in (None, "", 5, ["x"], "DE\0", "x" * 9999):
            self.assertEqual(self._codes(text), [])

    def test_orders_within_an_hour(self):
        self.enterContext(self.enter_registry_test_mode())
        checks = self.env["risk.check"]
        answers = [checks._may_submit(session="s", ip=IP) for _again in range(16)]
        self.assertEqual(answers, [True] * 15 + [False])
        self.assertTrue(checks._may_submit(session="other", ip=IP))
        self.assertTrue(all(checks._may_submit(ip="127.0.0.1") for _again in range(99)))
        self.assertTrue(checks._get_busy_message())

    def test_contact_data(self):
        warnings = self.env["risk.check"]._get_contact_warnings(
            {"email": "joerg@gmial.com", "zip_code": "10115", "city": "Köln", "country_code": "DE"}
        )
        self.assertEqual({w["field"] for w in warnings}, {"email", "city"})
        self.assertIn("joerg@gmail.com", " ".join(w["message"] for w in warnings))

    def test_partner_form(self):
        with self.assertLogs("odoo.tests.form.onchange", "WARNING") as logs:
            form = Form(self.env["res.partner"])
            form.name = "Jörg Müßig"
            form.email = "joerg@gmial.com"
        self.assertIn("joerg@gmail.com", logs.output[0])

    # === CALCULATOR === #

    def _calculate(self, country, bank_code, account):
        form = Form(self.env["risk.iban.calculator"])
        form.country = country
        form.bank_code = bank_code
        form.account = account
        return form

    def test_calculator(self):
        form = self._calculate("DE", "120 300 00", "202051")
        self.assertEqual(form.iban, "DE02 1203 0000 0000 2020 51")
        self.assertTrue(form.bank_name)
        self.assertFalse(form.error or form.warning)
        form.country = "AT"
        self.assertIn("5", form.error)
        self.assertFalse(form.iban)
        form.bank_code = ""
        self.assertFalse(form.error)

    def test_calculator_adds_an_account(self):
        calculators = self.env["risk.iban.calculator"]
        typed = {
            "country": "DE",
            "bank_code": "12030000",
            "account": "202051",
            "partner_id": self.customer.id,
        }
        with self._refused("Choose the customer"):
            calculators.web_save({**typed, "partner_id": False}, {})
        with self._refused("has 8 digits"):
            calculators.web_save({**typed, "bank_code": "1"}, {})
        for _twice in range(2):
            calculators.web_save(typed, {})
        self.assertEqual(self.customer.bank_ids.sanitized_acc_number, "DE02120300000000202051")
        calculators.invalidate_model()
        for calculator in calculators.search([]):
            self.assertFalse(calculator.account or calculator.bank_code or calculator.iban)

    def test_rights_of_staff(self):
        user = new_test_user(
            self.env, "risk_field_clerk", groups="base.group_user,support_debit.group_support_user"
        )
        form = Form(self.env["risk.iban.calculator"].with_user(user))
        form.country = "AT"
        form.bank_code = "19043"
        form.account = "234573201"
        self.assertEqual(form.iban, "AT61 1904 3002 3457 3201")
        self.assertTrue(self.env["risk.domain"].with_user(user).search([], limit=1))
        with self.assertRaises(AccessError):
            self.env["risk.domain"].with_user(user).create({"name": "example.com"})
