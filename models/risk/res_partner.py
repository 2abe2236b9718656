"""Customers that may be there twice, found when somebody looks at one of them."""

from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    risk_duplicate_count = fields.Integer(compute="_compute_risk_duplicate_count")

    # By these, a customer who is there already is found while he orders.
    _risk_email = models.Index("(email_normalized) WHERE email_normalized IS NOT NULL")
    _risk_phone = models.Index("(phone_sanitized) WHERE phone_sanitized IS NOT NULL")
    _risk_name = models.Index("(zip, lower(name)) WHERE zip IS NOT NULL")

    def _compute_risk_duplicate_count(self):
        # A list shows no such number: it costs a query a customer.
        single = len(self) == 1 and self._origin.id and not self.parent_id
        for partner in self:
            partner.risk_duplicate_count = len(partner._risk_find_duplicates()) if single else 0

    @api.onchange("email", "phone", "zip", "city", "country_id")
    def _onchange_risk_contact(self):
        """Tell at once what looks mistyped, while the customer is still on the telephone."""
        values = self.env["risk.check"]._get_partner_values(self)
        values = {name: value or "" for name, value in values.items() if name != "partner_id"}
        warnings = self.env["risk.check"]._get_contact_warnings(values)
        if not warnings:
            return None
        message = " ".join(warning["message"] for warning in warnings)
        title = self.env._("Please look again")
        return {"warning": {"title": title, "message": message, "type": "notification"}}

    def action_view_risk_duplicates(self):
        """Open this customer beside those that seem to be the same, to compare or merge them."""
        self.ensure_one()
        self.check_access("read")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Perhaps the Same Customer"),
            "res_model": "res.partner",
            "view_mode": "list,form",
            "domain": [("id", "in", (self | self._risk_find_duplicates()).ids)],
            "context": {"active_test": False},
        }

    def _risk_find_duplicates(self):
        """Return other customers that seem to be the same person or company.

        Note: self.ensure_one()

        :rtype: `res.partner` recordset
        """
        self.ensure_one()
        checks = self.env["risk.check"]
        found = checks._find_duplicates(checks._make_subject(self, "field"))
        return found._filtered_access("read")
