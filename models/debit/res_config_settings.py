from markupsafe import Markup
from odoo import api, fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sdd_creditor_identifier = fields.Char(
        related="company_id.sdd_creditor_identifier", readonly=False
    )
    sdd_journal_creditor_identifier = fields.Char(
        related="sdd_journal_id.sdd_creditor_identifier",
        readonly=False,
        string="Creditor Identifier of this Bank",
    )
    sdd_outdated_mandate_count = fields.Integer(related="company_id.sdd_outdated_mandate_count")
    sdd_reference_prefix = fields.Char(related="company_id.sdd_reference_prefix", readonly=False)
    sdd_lapse_mail = fields.Boolean(related="company_id.sdd_lapse_mail", readonly=False)
    sdd_journal_id = fields.Many2one(related="company_id.sdd_journal_id", readonly=False)
    sdd_cut_off = fields.Float(related="sdd_journal_id.sdd_cut_off", readonly=False)
    sdd_lead_days = fields.Integer(related="sdd_journal_id.sdd_lead_days", readonly=False)
    sdd_notice_days = fields.Integer(related="sdd_journal_id.sdd_notice_days", readonly=False)
    sdd_bank_account_id = fields.Many2one(
        related="sdd_journal_id.bank_account_id", string="IBAN", readonly=False
    )
    sdd_company_partner_id = fields.Many2one(related="sdd_journal_id.company_id.partner_id")
    sdd_setup_missing = fields.Json(related="company_id.sdd_setup_missing")
    sdd_setup_hint = fields.Html(compute="_compute_sdd_setup_hint")
    sdd_provider_state = fields.Selection(
        [("disabled", "Off"), ("test", "Test mode"), ("enabled", "On")],
        string="Direct debit in the shop",
        compute="_compute_sdd_provider_state",
        inverse="_inverse_sdd_provider_state",
    )

    @api.depends("sdd_setup_missing")
    def _compute_sdd_setup_hint(self):
        for settings in self:
            settings.sdd_setup_hint = (
                Markup("<ul class='mb-0'>%s</ul>")
                % Markup().join(
                    Markup("<li>%s</li>") % text for text in settings.sdd_setup_missing or []
                )
                if settings.sdd_setup_missing
                else False
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
