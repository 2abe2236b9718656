"""How long a mandate is kept, and why."""

from datetime import date

from odoo.tests import freeze_time, tagged

from .bank_details import PersonalDataCommon
from .common import DEBTOR_IBANS


@tagged("-at_install", "post_install")
class TestLegalHold(PersonalDataCommon):
    def test_running_mandates_are_kept_without_a_date(self):
        for state in ("active", "suspended"):
            if state == "suspended":
                self.mandate.action_suspend()
            self.assertFalse(self.mandate.hold_until)
            reasons = self.mandate._get_hold_reasons()
            self.assertIn("Revoke it first", reasons["evidence"])
            self.assertIn("Revoke it first", reasons["account"])

    def test_fourteen_months_after_the_last_collection(self):
        self._end(self.mandate, "2020-01-05", "2024-12-10", "2026-01-01")
        self.assertEqual(self.mandate.evidence_until, date(2026, 2, 10))
        self.assertEqual(self.mandate.hold_until, date(2026, 2, 10))

    def test_a_mandate_that_was_never_used(self):
        self._end(self.mandate, "2020-01-31", None, "2020-12-31")
        self.assertEqual(self.mandate.hold_until, date(2022, 2, 28))

    def test_books_hold_longer(self):
        debit = self._create_bare_debit(self.mandate, collection_date=date(2024, 3, 4))
        debit.sudo().state = "settled"
        self._end(self.mandate, "2020-01-05", "2024-03-04")
        rules = self.env["support.country.rule"]
        for code, years in (("de", 8), ("at", 7), ("nl", 7), ("fr", 10), ("es", 10)):
            country = self.env.ref(f"base.{code}")
            if code != "es":
                rules._get_for_country(country).books_years = years
            self.company.sudo().country_id = country
            self.mandate.invalidate_recordset()
            with self.subTest(code):
                self.assertEqual(self.mandate.hold_until, date(2024 + years, 12, 31))
                self.assertEqual(self.mandate.evidence_until, date(2025, 5, 4))
        with freeze_time("2026-11-22"):
            reasons = self.mandate._get_hold_reasons()
        self.assertFalse(reasons["evidence"])
        self.assertIn("vouchers for 10 years", reasons["account"])

    def test_cancelled_debits_are_in_no_books(self):
        debit = self._create_bare_debit(self.mandate, collection_date=date(2024, 3, 4))
        debit.sudo().state = "cancelled"
        self._end(self.mandate, "2020-01-05", "2023-01-10")
        self.assertEqual(self.mandate.hold_until, date(2024, 3, 10))

    def test_debits_under_way(self):
        debit = self._create_bare_debit(self.mandate, collection_date=date(2024, 3, 4))
        self._end(self.mandate, "2020-01-05", "2020-01-10")
        debit.sudo().state = "submitted"
        reasons = self.mandate._get_hold_reasons()
        self.assertIn("under way", reasons["evidence"])
        self.assertIn("under way", reasons["account"])

    def test_dates_of_many_are_computed_at_once(self):
        mandates = self.mandate
        for number in range(9):
            mandates |= self._create_mandate(self._create_customer(f"M {number}"), DEBTOR_IBANS[1])
        counts = []
        for chunk in (mandates[:2], mandates[:2], mandates):
            self.env.flush_all()
            self.env.invalidate_all()
            start = self.cr.sql_log_count
            chunk.mapped("hold_until")
            counts.append(self.cr.sql_log_count - start)
        self.assertEqual(counts[1], counts[2])
