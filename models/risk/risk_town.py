from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...scoring import plausibility


class RiskTown(models.Model):
    """A town and the postcodes it has: an address with another postcode is asked about."""

    _name = "risk.town"
    _description = "Town with its Postcodes"
    _order = "country_id, name, first"

    name = fields.Char(string="Town", required=True)
    country_id = fields.Many2one("res.country", required=True, index=True)
    first = fields.Char(string="Postcodes from", required=True)
    last = fields.Char(string="to", required=True, help="A town may have several lines.")
    active = fields.Boolean(default=True)

    @api.constrains("first", "last")
    def _check_range(self):
        for town in self:
            if len(town.first) != len(town.last) or town.first > town.last:
                raise ValidationError(
                    self.env._(
                        "%(town)s: write the first and the last postcode with the same number of"
                        " characters, the smaller one first.",
                        town=town.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.model
    @tools.ormcache()
    def _get_towns(self):
        """Return the table as `scoring.plausibility.is_town_mismatch` reads it.

        :rtype: dict[tuple[str, str], tuple[tuple[str, str], ...]]
        """
        found = {}
        for town in self.sudo().search([]):  # In sudo mode: asked on behalf of visitors.
            key = (town.country_id.code, plausibility.fold(town.name))
            found.setdefault(key, []).append((town.first, town.last))
        return {key: tuple(ranges) for key, ranges in found.items()}
