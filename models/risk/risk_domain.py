"""Domains of e-mail addresses, and postcodes of towns: what "please look again" rests on."""

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...scoring import plausibility


class RiskDomain(models.Model):
    """A domain of e-mail addresses that most people have, or that forgets its users in an hour."""

    _name = "risk.domain"
    _description = "E-Mail Domain"
    _order = "kind, name"

    name = fields.Char(string="Domain", required=True)
    kind = fields.Selection(
        [("disposable", "Throw-away addresses"), ("common", "Well known, for typing slips")],
        required=True,
        default="disposable",
        help="Throw-away: such an address is a signal for rules and cards. Well known: a domain that"
        " differs from it in one character only is asked about.",
    )
    active = fields.Boolean(default=True)

    _name_unique = models.Constraint("UNIQUE(name)", "This domain is in the list already.")

    @api.constrains("name")
    def _check_name(self):
        for domain in self:
            if plausibility.split_email(f"a@{domain.name}")[1] != domain.name:
                raise ValidationError(
                    self.env._(
                        "“%s” is no domain. Write it like example.com, without @ and in small letters.",
                        domain.name,
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._clean(vals)
        self.env.registry.clear_cache()
        return super().create(vals_list)

    def write(self, vals):
        self.env.registry.clear_cache()
        return super().write(self._clean(vals))

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @staticmethod
    def _clean(vals):
        """Write a domain as it is compared: pasted addresses and capitals are no mistake."""
        if isinstance(vals.get("name"), str):
            vals["name"] = vals["name"].strip().lower().rpartition("@")[2].strip(". ")
        return vals

    @api.model
    @tools.ormcache("kind")
    def _get_domains(self, kind):
        """Return the domains of a kind.

        :param str kind: `disposable` or `common`.
        :rtype: frozenset[str]
        """
        # In sudo mode: asked on behalf of visitors of the shop.
        return frozenset(self.sudo().search([("kind", "=", kind)]).mapped("name"))
