"""Which assessments a person looks at, and what links lead to them."""

from odoo import fields, models
from odoo.tools import hmac
from odoo.tools.misc import consteq

from .risk_case import PENDING


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    case_ids = fields.One2many("risk.case", "assessment_id", string="Cases")

    # === ACTION METHODS === #

    def action_review(self):
        """Ask that a person looks at how this may be paid, and open the case."""
        self.ensure_one()
        self.check_access("read")
        return self.env["risk.case"]._open_for(self, "staff").with_env(self.env)._action_open()

    def action_view_order(self):
        """Open the order that was assessed."""
        self.ensure_one()
        return self.order_id._get_records_action()

    # === BUSINESS METHODS === #

    def _review_if_needed(self):
        """Put those of these assessments into the queue at which a person shall look.

        Called once for each new assessment. A silent one (`is_shadow`) decides nothing and is not
        looked at, nor is what a customer looks at before he orders.

        :return: the open cases (sudo).
        :rtype: `risk.case` recordset
        """
        cases = self.env["risk.case"].sudo()
        for assessment in self.sudo():
            if reason := assessment._get_review_reason():
                cases |= cases._open_for(assessment, reason)
        return cases

    def _get_review_reason(self):
        """Return why a person shall look at this assessment. Overridden to add reasons.

        Note: self.ensure_one()

        :return: a value of `const.CASE_REASONS`, None when nobody needs to look.
        :rtype: str | None
        """
        self.ensure_one()
        if self.is_shadow or self.stage not in ("submit", "collection"):
            return None
        if (self.decision or {}).get("needs_review"):
            return "policy"
        limit = self.company_id.risk_review_amount
        is_much = limit and self.currency_id.compare_amounts(self.amount, limit) >= 0
        return "amount" if is_much and self.effective_colour != "green" else None

    def _get_pending_case(self):
        """Return the case in which somebody looks at one of these assessments.

        :rtype: `risk.case` recordset, empty or one
        """
        return self.case_ids.filtered(lambda case: case.state in PENDING)[:1]

    # === THE SAME, ASKED AGAIN === #

    def _get_same_domain(self):
        """Return which assessments are about the same as this one. Overridden where more is known.

        Note: self.ensure_one()

        :return: a domain, None when nothing else is about the same.
        :rtype: list | None
        """
        self.ensure_one()
        for name in ("order_id", "invoice_id"):
            if self[name]:
                return [(name, "=", self[name].id)]
        return None

    def _search_same(self, domain=(), limit=None):
        """Return the assessments of the same stage that are about the same, the newest first.

        Silent ones (`is_shadow`) are left out.

        Note: self.ensure_one() (sudo)

        :param domain: a further condition.
        :rtype: `risk.assessment` recordset, without this one when `domain` says so
        """
        self.ensure_one()
        same = self._get_same_domain()
        if same is None:
            return self.filtered_domain(list(domain))
        return self.search(
            [*same, ("stage", "=", self.stage), ("is_shadow", "=", False), *domain],
            order="date desc, id desc",
            limit=limit,
        )

    # === LINKS === #

    def _get_link_token(self):
        """Return what a customer without an account needs beside the id to see this assessment.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        # In sudo mode: the secret of the database is read by administrators only.
        return hmac(self.env(su=True), "risk-assessment", self.id)

    def _check_link_token(self, token):
        """Return whether a link to this assessment is genuine.

        Note: self.ensure_one()

        :param str token: as it came in.
        """
        return consteq(self._get_link_token(), token or "")

    def _get_link(self):
        """Return the address of the page that tells the customer why, and lets him ask for a person.

        Note: self.ensure_one()

        :rtype: str, without host
        """
        self.ensure_one()
        return f"/my/risk/{self.id}?access_token={self._get_link_token()}"
