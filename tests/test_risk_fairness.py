"""Nobody is treated otherwise for where he banks, lives or comes from (Regulation (EU) 260/2012)."""

import random

from odoo.tests import tagged

from ..models.risk.const import ADDRESS_FACTS, FORBIDDEN_FACTS
from ..models.risk.signals import SIGNALS
from .risk_common import RiskCommon

#: Valid accounts of one person in different countries; German ones are checked nationally as well.
IBANS = (
    "DE02120300000000202051",
    "LT121000011101001000",
    "FR7630006000011234567890189",
    "AT483200000012345864",
    "NL91ABNA0417164300",
)
LANGUAGES = ("de_DE", "en_US", "fr_FR", "tr_TR")
NAMES = ("Jörg Müßig", "Ayşe Yılmaz", "Nguyễn Văn An", "Oluwaseun Adeyemi", "Anne-Marie Dupont")


@tagged("post_install", "-at_install")
class TestRiskFairness(RiskCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        default = cls.env.ref("support_debit.risk_policy_default")
        cls._start(default._make_version(cls.company, sample_rate=0.0))

    def _judge(self, **values):
        """Return colour and points for typed values; nothing of it stays behind."""
        defaults = {
            "company_id": self.company.id,
            "amount": 99.9,
            "iban": IBANS[0],
            "name": NAMES[0],
            "holder": values.get("name", NAMES[0]),
            "street": "Hauptstraße 1",
            "zip_code": "10115",
            "city": "Berlin",
            "country_code": "DE",
            "email": "someone@example.com",
            "lang": "de_DE",
        }
        savepoint = self.env.cr.savepoint()
        assessment = self.policies.assess({**defaults, **values})
        found = (assessment.state, assessment.bank_points, assessment.customer_points)
        savepoint.close(rollback=True)
        self.env.invalidate_all()
        return found

    def _assert_same(self, variants, **common):
        found = {repr(variant): self._judge(**common, **variant) for variant in variants}
        self.assertEqual(len(set(found.values())), 1, found)
        return next(iter(found.values()))

    def test_country_of_the_account(self):
        found = self._assert_same([{"iban": iban} for iban in IBANS])
        self.assertEqual(found[0], "green")

    def test_country_of_the_account_whatever_else_is_said(self):
        numbers = random.Random(7)
        for _number in range(25):
            common = {
                "amount": round(numbers.uniform(5, 900), 2),
                "name": numbers.choice(NAMES),
                "channel": numbers.choice(["web", "phone", "portal"]),
                "product_kind": numbers.choice(["base", "addon", "ad_hoc", ""]),
                "is_company": numbers.random() < 0.3,
                "email": numbers.choice(
                    ["a@example.com", "a@mailinator.com", "not an address", ""]
                ),
                "city": numbers.choice(["Berlin", "Köln", ""]),
            }
            with self.subTest(**common):
                self._assert_same([{"iban": iban} for iban in IBANS[:3]], **common)

    def test_language(self):
        self._assert_same([{"lang": lang} for lang in LANGUAGES])

    def test_origin_of_the_name(self):
        self._assert_same([{"name": name} for name in NAMES])

    def test_country_of_residence(self):
        places = [
            {"country_code": "DE", "zip_code": "10115", "city": "Berlin"},
            {"country_code": "LT", "zip_code": "01103", "city": "Vilnius"},
            {"country_code": "FR", "zip_code": "75001", "city": "Paris"},
            {"country_code": "AT", "zip_code": "1010", "city": "Wien"},
        ]
        self._assert_same(places)

    def test_age_counts_for_legal_capacity_only(self):
        self._assert_same(
            [{"birth_date": date} for date in ("1938-05-01", "1980-05-01", "2004-05-01")]
        )

    def test_no_such_fact_in_the_default_policy(self):
        policy = self.env.ref("support_debit.risk_policy_default")
        cards = policy.bank_card_id | policy.customer_card_id
        rated = set(cards.line_ids.mapped("signal"))
        ruled = set(policy.rule_ids.mapped("signal"))
        self.assertFalse((rated | ruled | set(SIGNALS)) & FORBIDDEN_FACTS)
        self.assertFalse(rated & ADDRESS_FACTS, "no points for an address")
        red = policy.rule_ids.filtered(lambda rule: rule.colour == "red")
        self.assertFalse(set(red.mapped("signal")) & ADDRESS_FACTS)
        for code in rated:
            with self.subTest(fact=code):
                self.assertIn(SIGNALS[code].use, ("credit", "fraud"))
