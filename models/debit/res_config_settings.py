from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sdd_creditor_identifier = fields.Char(
        related="company_id.sdd_creditor_identifier", readonly=False
    )
    sdd_reference_prefix = fields.Char(related="company_id.sdd_reference_prefix", readonly=False)
    sdd_journal_id = fields.Many2one(related="company_id.sdd_journal_id", readonly=False)
    sdd_cut_off = fields.Float(related="sdd_journal_id.sdd_cut_off", readonly=False)
    sdd_lead_days = fields.Integer(related="sdd_journal_id.sdd_lead_days", readonly=False)
    sdd_notice_days = fields.Integer(related="sdd_journal_id.sdd_notice_days", readonly=False)
    sdd_setup_missing = fields.Json(related="company_id.sdd_setup_missing")
    sdd_provider_state = fields.Selection(
        [("disabled", "Off"), ("test", "Test mode"), ("enabled", "On")],
        string="Direct debit in the shop",
        compute="_compute_sdd_provider_state",
        inverse="_inverse_sdd_provider_state",
    )

    def _get_sdd_provider(self):
        """Return the company's direct debit provider (sudo: salespeople may look at it)."""
        return (
            self.env["payment.provider"]
            .sudo()
            .search([("code", "=", "sdd"), ("company_id", "=", self.company_id.id)], limit=1)
        )

    def _compute_sdd_provider_state(self):
        for settings in self:
            settings.sdd_provider_state = settings._get_sdd_provider().state or "disabled"

    def _inverse_sdd_provider_state(self):
        for settings in self:
            provider = settings._get_sdd_provider()
            if provider.state != settings.sdd_provider_state:
                provider.write(
                    {
                        "state": settings.sdd_provider_state,
                        "is_published": settings.sdd_provider_state == "enabled",
                    }
                )
