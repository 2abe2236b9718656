"""The registry of checks: small questions about an order, each answered by one or more signals."""

import logging
from typing import NamedTuple

import psycopg2
from odoo import api, models

from ...scoring.model import Signal
from ...scoring.subject import STAGES

_logger = logging.getLogger(__name__)

#: Stages in which a whole order is known, and those in which its payment is at hand.
ORDER_STAGES = frozenset({"basket", "submit", "collection"})
PAYMENT_STAGES = frozenset({"submit", "collection"})
ALL_STAGES = frozenset(STAGES)


class Check(NamedTuple):
    """One check.

    `code` names it, `stages` are those of `scoring.subject.STAGES` in which it runs, `method` is
    called as `method(risk_check, subject, known)` with the :class:`Known` signals so far
    and returns a list of `scoring.model.Signal`. It stores nothing and raises nothing that bad input
    could cause: what cannot be looked up is a signal with the status `unknown`.
    """

    code: str
    stages: frozenset
    method: object


class Known(dict):
    """`{code: Signal}` of the checks that ran; in `facts` they pass on what is no signal.

    Keys of `facts`: `accounts` (`res.partner.bank` records (sudo) with this IBAN), `duplicates` (ids of
    customers that seem to be the same), `iban` (`sepa.iban.IbanFacts`), `marks`.
    """

    def __init__(self):
        super().__init__()
        self.facts = {}


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

        A check that fails by a mistake of the program says `unknown`: nobody's order stops for it.

        :param scoring.subject.Subject subject: what is asked about.
        :return: {code: Signal}
        :rtype: Known
        """
        known = Known()
        for check in self._get_checks():
            if subject.stage not in check.stages:
                continue
            try:
                signals = check.method(self, subject, known)
            except psycopg2.Error:
                raise  # The transaction is broken, nothing can go on in it.
            except Exception:
                _logger.exception("The check %s failed", check.code)
                signals = [Signal(check.code, status="unknown")]
            for signal in signals:
                known[signal.code] = signal
        return known

    @staticmethod
    def _say(code, value, severity="info", **params):
        """Return a signal: a `hit` when there is a value that says something.

        :param str code: of the signal.
        :param value: bool, number, text or None.
        :param str severity: `info`, `soft` or `hard`, when it is a hit.
        :param params: texts for its sentence, without an IBAN.
        :rtype: scoring.model.Signal
        """
        hit = bool(value)
        return Signal(
            code, value, "hit" if hit else "ok", severity if hit else "info", params=params
        )
