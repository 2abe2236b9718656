from odoo import api, models, tools


class ResCountry(models.Model):
    _inherit = "res.country"

    def write(self, vals):
        """Override to forget the names that the payment form keeps at hand."""
        res = super().write(vals)
        if {"name", "code"} & vals.keys():
            self.env.registry.clear_cache()
        return res

    @api.model
    @tools.ormcache("self.env.lang")
    def _sdd_get_names(self):
        """Return `{code: name}` of all countries in the language of the environment.

        Kept in memory: the payment form asks with every few characters that are typed.

        :rtype: dict[str, str]
        """
        # In sudo mode: the result is shared by everybody.
        return {country.code: country.name for country in self.sudo().search([])}
