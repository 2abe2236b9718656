"""Orders of the past, judged again with what was known then."""

from odoo import models

from ...scoring import rehearsal
from ...scoring.decision import decide
from ...scoring.model import Context, Signal
from .const import DECIDED_COLOURS


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _rehearse(self, data, cost=0.0):
        """Return this order as it was judged, and as a policy judges what was known then.

        A person's decision and the random sample are left out on both sides.

        Note: self.ensure_one()

        :param scoring.model.PolicyData data: the policy.
        :param float cost: of the checks, in euro.
        :rtype: tuple[Trial, Trial]
        """
        outcome = {"good": rehearsal.GOOD, "bad_bank": rehearsal.BAD, "bad_customer": rehearsal.BAD}
        known = outcome.get(self.outcome, rehearsal.OPEN)
        decided = decide(data, self._get_signals(), self._get_context())
        old_pd = self.pd if self.has_pd else None
        new_pd = decided.pd if decided.pd is not None else old_pd
        own = self.own_colour if self.own_colour in dict(DECIDED_COLOURS) else self.state
        return (
            # Both sides with the same chance, or the cards would be compared, not the colours.
            rehearsal.Trial(self.amount, own, new_pd, known, cost),
            rehearsal.Trial(self.amount, decided.own_colour, new_pd, known, cost),
        )

    def _get_signals(self):
        """Return the signals that were found, as checks returned them.

        Note: self.ensure_one()

        :rtype: dict[str, Signal]
        """
        return {code: Signal(code, **values) for code, values in (self.signals or {}).items()}

    def _get_context(self):
        """Return the context in which this was decided, without the lot that was drawn.

        Note: self.ensure_one()

        :rtype: Context
        """
        return Context(
            channel=self.channel or "web",
            product_kind=self.product_kind or "",
            customer_kind=self.customer_kind or "consumer",
        )

    def _get_check_costs(self):
        """Return what bureaus took for these assessments. Overridden where they are paid.

        :return: {id of the assessment: euro}
        :rtype: dict[int, float]
        """
        return {}
