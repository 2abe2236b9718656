from odoo import api, fields, models


class SddForecastAssumption(models.TransientModel):
    """Lets the accountant say how much of what is presented will come back."""

    _name = "sdd.forecast.assumption"
    _description = "Assumption of the Forecast"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    own_rate = fields.Float(string="Our own rate (%)", compute="_compute_own_rate")
    kind = fields.Selection(
        selection=lambda self: (
            self.env["res.company"]
            ._fields["sdd_return_assumption_kind"]
            ._description_selection(self.env)
        ),
        string="Assume",
        required=True,
        default=lambda self: self.env.company.sdd_return_assumption_kind,
    )
    rate = fields.Float(
        string="Rate (%)", default=lambda self: self.env.company.sdd_return_assumption
    )

    @api.depends("company_id")
    def _compute_own_rate(self):
        rates = self.company_id._sdd_get_own_return_rates()
        for wizard in self:
            wizard.own_rate = 100 * rates.get(wizard.company_id, 0.0)

    def action_apply(self):
        """Keep the assumption and show the forecast with it."""
        self.ensure_one()
        # In sudo mode: accountants set this, though not what else makes a company.
        self.company_id.sudo().write(
            {"sdd_return_assumption_kind": self.kind, "sdd_return_assumption": self.rate}
        )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_cash_forecast"
        )
        action["target"] = "main"
        return action
