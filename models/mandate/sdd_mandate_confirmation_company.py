from odoo import api, fields, models
from odoo.exceptions import ValidationError

#: A month: whoever has not confirmed by then is asked again.
MAX_LINK_HOURS = 24 * 31


class ResCompany(models.Model):
    _inherit = "res.company"

    sdd_link_hours = fields.Integer(
        string="Confirmation links are valid for",
        default=72,
        help="Hours. The agent on the phone can choose less.",
    )

    @api.constrains("sdd_link_hours")
    def _check_sdd_link_hours(self):
        for company in self:
            if not 1 <= company.sdd_link_hours <= MAX_LINK_HOURS:
                raise ValidationError(
                    self.env._(
                        "Confirmation links can be valid for 1 to %(hours)s hours.",
                        hours=MAX_LINK_HOURS,
                    )
                )

    def _sdd_get_link_minutes(self):
        """Return for how long a confirmation link of this company is valid.

        Note: self.ensure_one()

        :rtype: int, minutes
        """
        self.ensure_one()
        return self.sdd_link_hours * 60


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    sdd_link_hours = fields.Integer(related="company_id.sdd_link_hours", readonly=False)
