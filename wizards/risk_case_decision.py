from odoo import api, fields, models


class RiskCaseDecision(models.TransientModel):
    """What a person says about how an order may be paid."""

    _name = "risk.case.decision"
    _description = "Decide a Risk Case"

    case_id = fields.Many2one("risk.case", required=True, readonly=True)
    current_colour = fields.Selection(related="case_id.effective_colour", string="Counts now")
    colour = fields.Selection(
        [
            ("green", "Direct debit, support starts now"),
            ("yellow", "Direct debit, support starts when the money has arrived"),
            ("red", "Another way to pay"),
        ],
        string="The customer pays by",
        required=True,
    )
    reason = fields.Text(string="Why", required=True)
    needs_second = fields.Boolean(compute="_compute_needs_second")

    @api.depends("colour")
    def _compute_needs_second(self):
        for wizard in self:
            wizard.needs_second = bool(wizard.colour) and wizard.case_id._needs_second(
                wizard.colour
            )

    def action_confirm(self):
        """Propose or decide."""
        self.ensure_one()
        self.case_id._propose(self.colour, self.reason)
        return {"type": "ir.actions.act_window_close"}
