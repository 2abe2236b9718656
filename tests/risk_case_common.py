"""Assessments for tests that do not care how they came about."""

from odoo import Command, fields
from odoo.tests import new_test_user

from .common import SupportDebitCommon

#: What `dataclasses.asdict` makes of a decision of `scoring`.
DECISION = {
    "reasons": [
        {"kind": "score", "signal": "amount", "label": "", "points": -12.0, "rule_id": 0},
        {"kind": "unknown", "signal": "mandate_grade", "label": "", "points": 0.0, "rule_id": 0},
    ],
    "counterfactuals": [{"signal": "mandate_grade", "label": "", "needs_all": False}],
    "offers": ["sdd_settled", "transfer"],
    "needs_review": False,
    "bank": {
        "points": 541,
        "pd": 0.09,
        "contributions": [
            {"signal": "amount", "label": "300 and more", "points": -12.0, "best": 20.0},
            {"signal": "channel", "label": "Telephone", "points": 5.0, "best": 5.0},
        ],
    },
    "customer": None,
}
SIGNALS = {
    "amount": {"value": 99.9, "status": "ok", "severity": "info", "params": {}},
    "mandate_grade": {"value": None, "status": "unknown", "severity": "soft", "params": {}},
    "channel": {"value": "phone", "status": "ok", "severity": "info", "params": {}},
}


class RiskCaseCommon(SupportDebitCommon):
    """A policy that judges nothing by itself, three colleagues, and an order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["risk.policy"].sudo()
        cls.policy = cls.policies.create({"name": "Test policy", "company_id": cls.company.id})
        cls.company.risk_four_eyes_amount = 0
        cls.clerk = cls._create_user("risk_clerk", "support_debit.group_support_user")
        cls.first = cls._create_user("risk_first", "support_debit.group_accountant")
        cls.second = cls._create_user("risk_second", "support_debit.group_accountant")
        cls.order = cls._create_quotation()

    @classmethod
    def _ensure_active_policy(cls):
        if not cls.policies._get_active(cls.company):
            policy = cls.policies.create({"name": "Active", "company_id": cls.company.id})
            policy._move_to("rehearsed")
            policy._activate()

    @classmethod
    def _create_user(cls, login, group):
        return new_test_user(
            cls.env,
            login=login,
            groups=f"{group},sales_team.group_sale_salesman_all_leads",
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _create_quotation(cls, partner=None):
        return cls.env["sale.order"].create(
            {
                "partner_id": (partner or cls.customer).id,
                "company_id": cls.company.id,
                "order_line": [Command.create({"product_id": cls.package.id})],
            }
        )

    @classmethod
    def _create_assessment(cls, colour="yellow", order=None, decision=None, **values):
        """Return an assessment (sudo) of an order."""
        order = cls.order if order is None else order
        # In sudo mode: assessments are made by the program only.
        return (
            cls.env["risk.assessment"]
            .sudo()
            .create(
                {
                    "company_id": cls.company.id,
                    "partner_id": order.partner_id.id or cls.customer.id,
                    "order_id": order.id,
                    "stage": "submit",
                    "channel": "phone",
                    "amount": order.amount_total,
                    "policy_id": cls.policy.id,
                    "state": colour,
                    "own_colour": colour,
                    "bank_points": 541,
                    "pd": 0.09,
                    "has_pd": True,
                    "signals": SIGNALS,
                    "decision": decision is not False and {**DECISION, **(decision or {})},
                    "date": fields.Datetime.now(),
                    **values,
                }
            )
        )
