"""By which mandates and banks the return rate is looked at: those that were debited afterwards."""

from odoo import models
from odoo.tools import SQL


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _get_governor_mandates(self):
        """Override: who orders for the first time gives his mandate only after he was assessed.

        Of several debits of an order the first one counts: a retry follows from what became of it.
        """
        mandates = super()._get_governor_mandates()
        # In sudo mode: only how many came back by mandate and bank is shown.
        debits = self.env["sdd.debit"].sudo()
        without = [number for number in self.ids if not mandates[number]]
        pairs = debits._get_risk_pairs(SQL("a.id = ANY(%s)", without)) if without else []
        debits = debits.browse({debit_id for debit_id, _id in pairs})
        by_debit = {debit.id: debit.mandate_id for debit in debits}
        # The pairs are in the order of the debits.
        for debit_id, assessment_id in reversed(pairs):
            mandates[assessment_id] = by_debit[debit_id]
        return mandates
