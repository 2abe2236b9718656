"""What the tests of the risk room share."""

from unittest.mock import patch

from odoo import Command

from ..scoring.model import Signal
from .common import SupportDebitCommon


class RiskCommon(SupportDebitCommon):
    """A company whose policy has one rule, and checks that answer what a test wants."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.policies = cls.env["risk.policy"]
        # The policy that comes with the module changes with its cards; tests bring their own.
        cls.policies.search([("company_id", "=", cls.company.id)]).filtered(
            lambda policy: policy.state == "active"
        ).action_retire()
        cls.policy = cls._create_policy()
        cls._start(cls.policy)

    @classmethod
    def _create_policy(cls, **values):
        """Return a draft: yellow when the bank code is not known, red for a blocked account."""
        rules = [("bank_unknown", "yellow"), ("account_blocked", "red")]
        offers = [
            ("green", "sdd"),
            ("yellow", "sdd_settled"),
            ("yellow", "transfer"),
            ("red", "transfer"),
        ]
        return cls.policies.create(
            {
                "name": "Test",
                "company_id": cls.company.id,
                "rule_ids": [
                    Command.create({"name": signal, "signal": signal, "colour": colour})
                    for signal, colour in rules
                ],
                "offer_ids": [
                    Command.create({"sequence": number, "colour": colour, "offer": offer})
                    for number, (colour, offer) in enumerate(offers)
                ],
                "cutoff_ids": [Command.create({"green_max": 0.07, "yellow_max": 0.15})],
                **values,
            }
        )

    @classmethod
    def _create_card(cls, target="bank", **values):
        """Return a draft card: a first order has 4 % chance of a return, a later one 2 %."""
        lines = [("texts", "true", 0.0), ("texts", "false", 20.0), ("missing", False, 0.0)]
        return cls.env["risk.card"].create(
            {
                "name": "Test card",
                "target": target,
                "base": 579.0,
                "line_ids": [
                    Command.create(
                        {
                            "signal": "is_first_order",
                            "kind": kind,
                            "texts": texts,
                            "points": points,
                            "name": texts or "unknown",
                        }
                    )
                    for kind, texts, points in lines
                ],
                **values,
            }
        )

    @classmethod
    def _start(cls, policy):
        """Activate a policy as if it had been tried on the past."""
        policy._move_to("rehearsed")
        policy.action_activate()

    def _answer(self, **values):
        """Let the checks answer with these values; a tuple is (value, status).

        :return: context manager; its value is the mock of `_run`.
        """
        signals = {}
        for code, value in values.items():
            value, status = value if isinstance(value, tuple) else (value, "hit" if value else "ok")
            signals[code] = Signal(code, value, status)
        return patch.object(
            self.env.registry["risk.check"], "_run", autospec=True, return_value=signals
        )

    def _assess(self, order=None, stage="submit", **values):
        """Return the assessment of an order for which the checks answer with these values."""
        order = order or self._create_draft_order()
        with self._answer(**values):
            return self.policies.assess(order, stage)

    def _create_draft_order(self, partner=None, **values):
        """Return an order that waits to be confirmed."""
        return self.env["sale.order"].create(
            {
                "partner_id": (partner or self.customer).id,
                "company_id": self.company.id,
                "order_line": [Command.create({"product_id": self.package.id})],
                **values,
            }
        )
