from odoo import fields, models
from odoo.exceptions import UserError

#: So many assessments at most stand in a customer's report.
REPORTED = 20


class ResPartner(models.Model):
    _inherit = "res.partner"

    risk_assessment_count = fields.Integer(
        compute="_compute_risk_assessment_count",
        compute_sudo=True,
        groups="support_debit.group_support_user,sales_team.group_sale_salesman",
    )

    def _compute_risk_assessment_count(self):
        for partner in self:
            partner.risk_assessment_count = self.env["risk.assessment"].search_count(
                partner._get_risk_domain()
            )

    # === ACTION METHODS === #

    def action_view_risk_assessments(self):
        """Open how this customer's orders were assessed."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_risk_assessment"
        )
        action["domain"] = self._get_risk_domain()
        action["context"] = {}
        return action

    def action_print_risk_report(self):
        """Print what was assessed of this customer, how it counted and what would change it.

        :raise UserError: when nothing was assessed.
        """
        self.ensure_one()
        self.check_access("read")
        assessments = self.env["risk.assessment"].search(self._get_risk_domain(), limit=REPORTED)
        if not assessments:
            raise UserError(
                self.env._(
                    "Nothing was assessed about %s, or it has been deleted: its time is over.",
                    self.display_name,
                )
            )
        return assessments.action_print_report()

    # === BUSINESS METHODS === #

    def _get_risk_domain(self):
        """Return which assessments concern this customer; silent ones decided nothing.

        Note: self.ensure_one()

        :rtype: list
        """
        owner = self.commercial_partner_id
        return [("partner_id", "child_of", owner.ids), ("is_shadow", "=", False)]

    def _sdd_get_personal_data(self, mandates):
        """Override to tell what was assessed."""
        data = super()._sdd_get_personal_data(mandates)
        # In sudo mode: it is the person's own data, and the caller may read the customer.
        assessments = self.env["risk.assessment"].sudo().search(self._get_risk_domain())
        data["risk_assessments"] = [item._get_personal_data() for item in assessments]
        return data


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _get_personal_data(self):
        """Return what a person gets of an assessment about himself, as JSON values.

        Note: self.ensure_one()

        :rtype: dict
        """
        report = self._get_report_data()
        report.pop("company")
        report.pop("hidden")  # Nothing is: staff hands it out.
        report["currency"] = report["currency"].name
        return {**report, "outcome": self.outcome, "colour": self.effective_colour}
