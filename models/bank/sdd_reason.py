from odoo import api, fields, models


class SddReason(models.Model):
    """Why banks send debits back: the R-transaction codes as data (EPC173-14)."""

    _name = "sdd.reason"
    _description = "Return Reason"
    _order = "code"
    _rec_names_search = ["code", "name"]

    code = fields.Char(required=True)
    name = fields.Char(string="Meaning", required=True, translate=True)
    reason_class = fields.Selection(
        [
            ("funds", "No funds"),
            ("account", "Account"),
            ("mandate", "Mandate"),
            ("dispute", "Dispute"),
            ("own_fault", "Our own fault"),
            ("technical", "Technical"),
            ("unknown", "Unknown"),
        ],
        string="Class",
        required=True,
        default="unknown",
    )
    return_count = fields.Integer(compute="_compute_return_count")

    _code_unique = models.Constraint("UNIQUE(code)", "This reason code exists already.")

    def _compute_return_count(self):
        counts = dict(
            self.env["sdd.return"]._read_group(
                [("reason_id", "in", self.ids)], ["reason_id"], ["__count"]
            )
        )
        for reason in self:
            reason.return_count = counts.get(reason, 0)

    def action_view_returns(self):
        """Open the debits that came back for these reasons."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_return")
        action["domain"] = [("reason_id", "in", self.ids)]
        action["context"] = {}
        return action

    @api.depends("code", "name")
    def _compute_display_name(self):
        for reason in self:
            reason.display_name = f"{reason.code}: {reason.name}"

    @api.model
    def _find(self, code):
        """Return the reason with this code; a code that is not in the table finds nothing."""
        return self.search([("code", "=", code)], limit=1) if code else self.browse()
