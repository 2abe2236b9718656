"""The check of what is blocked at the moment."""

from odoo import api, models

from .risk_check import ORDER_STAGES, Check

#: Kinds of blocks that speak of the account; all others speak of the customer.
ACCOUNT_KINDS = frozenset({"account", "pair"})


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _get_checks(self):
        """Override to add the check of blocks."""
        return [
            *super()._get_checks(),
            Check("block", ORDER_STAGES, type(self)._check_block),
        ]

    @api.model
    def _check_block(self, subject, known):
        """Say whether account or customer are blocked; what the account's bank said stays said."""
        found = self.env["risk.block"]._find(subject, known.facts.get("marks"))
        kinds = {block["kind"] for block in found}
        signals = [self._say("customer_blocked", bool(kinds - ACCOUNT_KINDS), "hard")]
        earlier = known.get("account_blocked")
        if not (earlier and earlier.value) and subject.iban:
            signals.append(self._say("account_blocked", bool(kinds & ACCOUNT_KINDS), "hard"))
        return signals
