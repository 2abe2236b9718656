"""The registry of checks: small questions about an order, each answered by one or more signals."""

from typing import NamedTuple

from odoo import api, models


class Check(NamedTuple):
    """One check.

    `code` names it, `stages` are those of `scoring.subject.STAGES` in which it runs, `method` is
    called as `method(risk_check, subject, known)` with the signals found so far (`{code: Signal}`)
    and returns a list of `scoring.model.Signal`. It stores nothing and raises nothing that bad input
    could cause: what cannot be looked up is a signal with the status `unknown`.
    """

    code: str
    stages: frozenset
    method: object


class RiskCheck(models.AbstractModel):
    """All checks that run here, without HTTP. Later rooms add theirs by overriding `_get_checks`."""

    _name = "risk.check"
    _description = "Risk Check"

    @api.model
    def _get_checks(self):
        """Return the checks in the order in which they run.

        :rtype: list[Check]
        """
        return []

    @api.model
    def _run(self, subject):
        """Run all checks of the subject's stage.

        :param scoring.subject.Subject subject: what is asked about.
        :return: {code: Signal}
        :rtype: dict[str, scoring.model.Signal]
        """
        known = {}
        for check in self._get_checks():
            if subject.stage in check.stages:
                for signal in check.method(self, subject, known):
                    known[signal.code] = signal
        return known
