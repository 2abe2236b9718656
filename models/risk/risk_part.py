"""The lines of policies and cards: fixed as soon as the whole is in use."""

from odoo import api, models
from odoo.exceptions import UserError


class RiskPart(models.AbstractModel):
    """A line of a versioned whole (policy or card). Changes empty the cache of the plain values."""

    _name = "risk.part"
    _description = "Part of a Policy or Card"

    #: The many2one field to the whole.
    _whole = None

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines[lines._whole]._touch()
        return lines

    def write(self, vals):
        # Both the whole that loses a line and the one that gets it.
        self[self._whole]._touch()
        res = super().write(vals)
        self[self._whole]._touch()
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_fixed(self):
        self[self._whole]._touch()


class RiskWhole(models.AbstractModel):
    """A version of a policy or card: its contents can be changed only before it is used."""

    _name = "risk.whole"
    _description = "Version of a Policy or Card"
    _inherit = ["support.guarded"]

    def _touch(self):
        """Note that something of these versions is about to change.

        :raise UserError: when one of them is in use or was; in sudo mode too, because assessments
            refer to what it said.
        """
        self.env.registry.clear_cache()
        if self.env.su and self.env.context.get("install_mode"):
            # An upgrade of the module completes what the module itself has brought.
            return
        if fixed := self.filtered(lambda whole: whole.state not in whole._open_states):
            raise UserError(
                self.env._(
                    "“%(name)s” has been used for decisions and stays as it is. Make a new version"
                    " of it and change that one.",
                    name=fixed[0].display_name,
                )
            )
        self._reopen()

    def _reopen(self):
        """Make drafts again of what was tried on the past: it is no longer what stands there."""
        # In sudo mode: the right to change it was checked, nobody writes a state by hand.
        self.sudo().filtered(lambda whole: whole.state != "draft").write({"state": "draft"})

    def write(self, vals):
        self.env.registry.clear_cache()
        if self._fixed_fields & vals.keys():
            self._touch()
        return super().write(vals)

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        self._touch()
