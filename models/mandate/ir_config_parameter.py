import secrets

from odoo import api, models


class IrConfigParameter(models.Model):
    _inherit = "ir.config_parameter"

    @api.model
    def _sdd_get_key(self, purpose):
        """Return the secret key of this database for one purpose, made on first use.

        Not derived from `database.secret`: Odoo renews that one when a database is duplicated, and
        everything hashed with it would no longer be recognised.

        :param str purpose: what is hashed with it: `evidence`, `iban`, `risk`, `bureau`.
        :rtype: bytes
        """
        # In sudo mode: nobody reads the key but the program.
        parameters = self.sudo()
        name = f"support_debit.key_{purpose}"
        key = parameters.get_param(name)
        if not key:
            key = secrets.token_hex(32)
            parameters.set_param(name, key)
        return bytes.fromhex(key)

    @api.model
    def _sdd_make_keys(self):
        """Make all keys at installation, so that two workers never make one at the same time."""
        for purpose in ("evidence", "iban", "risk", "bureau"):
            self._sdd_get_key(purpose)
