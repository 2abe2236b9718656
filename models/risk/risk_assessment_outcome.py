"""What becomes of an assessment: its outcome, a person's other decision, its end."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

from .const import BAD_OUTCOMES, MATURE_DAYS, OUTCOMES, OVERRIDE_DAYS

#: A later event replaces an earlier one of lower rank: a return after a settlement counts.
OUTCOME_RANK = {"open": 0, "good": 1, "bad_bank": 2, "bad_customer": 3, "void": 4}


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _set_outcome(self, outcome, code=None, date=None, collected=None):
        """Label assessments with what became of the debit. A better outcome never replaces a worse.

        :param str outcome: one of `OUTCOMES`.
        :param str code: reason of a return, e.g. "AM04".
        :param date date: when it happened; today by default.
        :param date collected: when the debit was due; the day on which it happened by default.
        :raise ValueError: for an unknown outcome.
        """
        if outcome not in OUTCOME_RANK:
            raise ValueError(f"{outcome!r} is none of {[name for name, _label in OUTCOMES]}")
        rank = OUTCOME_RANK[outcome]
        later = self.filtered(lambda one: OUTCOME_RANK[one.outcome] < rank)
        later._write_label(
            {
                "outcome": outcome,
                "outcome_code": code or False,
                "outcome_date": date or fields.Date.context_today(self),
            }
        )
        later._let_mature(collected or date or fields.Date.context_today(self))

    def _let_mature(self, collected):
        """Say from when on bad ones count whose debit came back before the bank had credited it.

        They count from the day on which the debits of the same file count that were paid. Counted at
        once, the returns of the last eight weeks would stand beside none of the payments of these
        weeks; never counted, every rejected debit would be missing. Either way the rate would be wrong.

        :param date collected: when the debit was due.
        """
        waiting = self.filtered(lambda one: one.outcome in BAD_OUTCOMES and not one.matures_on)
        waiting._write_label({"matures_on": collected + timedelta(days=MATURE_DAYS)})

    def _override(self, colour, reason):
        """Put a person's decision above the policy's.

        The rights of the person, and that there are two of them, are checked by `risk.case`.

        :param str colour: `green`, `yellow` or `red`.
        :param str reason: why, as staff will read it.
        :raise UserError: without a reason, or for an unknown colour.
        """
        if colour not in ("green", "yellow", "red"):
            raise UserError(self.env._("Choose green, yellow or red."))
        if not (reason or "").strip():
            raise UserError(self.env._("Say why: the next person who looks at it wants to know."))
        now = fields.Datetime.now()
        self._write_label(
            {
                "override_colour": colour,
                "override_reason": reason.strip(),
                "override_user_id": self.env.uid,
                "override_date": now,
                "valid_until": now + timedelta(days=OVERRIDE_DAYS),
            }
        )

    @api.model
    def _expire(self, partners=None, orders=None):
        """Let no earlier answer count again: something that no field of an order shows has changed.

        A block, a return and a lifted block call it. Decisions of a person stay.

        :param partners: `res.partner` recordset.
        :param orders: `sale.order` recordset.
        """
        domain = [
            ("valid_until", ">", fields.Datetime.now()),
            ("override_colour", "=", False),
            "|",
            ("partner_id", "in", partners.ids if partners else []),
            ("order_id", "in", orders.ids if orders else []),
        ]
        # In sudo mode: whoever notes a return need not have rights on assessments.
        self.sudo().search(domain)._write_label({"valid_until": False})
