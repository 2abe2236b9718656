from odoo import api, fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    def _sdd_get_transfer_provider(self):
        """Return this company's provider for bank transfers (sudo), empty when there is none.

        Note: self.ensure_one()

        :rtype: `payment.provider` record
        """
        self.ensure_one()
        # In sudo mode: salespeople look at the settings, too.
        providers = self.env["payment.provider"].sudo()
        domain = [("custom_mode", "=", "wire_transfer"), ("company_id", "=", self.id)]
        return providers.search(domain, limit=1)

    def _sdd_offer_transfer(self, is_on=True):
        """Offer bank transfer with a code for banking apps in the shop, or no longer.

        Note: self.ensure_one()

        :param bool is_on: whether it is offered from now on.
        """
        provider = self._sdd_get_transfer_provider()
        if not is_on:
            provider.write({"state": "disabled", "is_published": False})
            return
        provider.write({"state": "enabled", "is_published": True, "qr_code": True})
        provider.payment_method_ids.active = True
        provider._transfer_ensure_pending_msg_is_set()


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sdd_transfer = fields.Boolean(
        string="Bank transfer in the shop",
        compute="_compute_sdd_transfer",
        inverse="_inverse_sdd_transfer",
    )

    @api.depends("company_id")
    def _compute_sdd_transfer(self):
        for settings in self:
            provider = settings.company_id._sdd_get_transfer_provider()
            settings.sdd_transfer = provider.state == "enabled" and provider.is_published

    def _inverse_sdd_transfer(self):
        for settings in self:
            provider = settings.company_id._sdd_get_transfer_provider()
            is_on = provider.state == "enabled" and provider.is_published
            if settings.sdd_transfer != is_on:
                settings.company_id._sdd_offer_transfer(settings.sdd_transfer)
