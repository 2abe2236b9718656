"""Connections over FinTS: what the bank gave, who logs in, and how TANs come. Never a PIN."""

import base64
from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ...const import say
from ...sepa import fints_adapter
from . import const


class SddBankConnection(models.Model):
    _inherit = "sdd.bank.connection"

    fints_bank_code = fields.Char(
        string="Bank Code", help="The eight digits of the “Bankleitzahl”."
    )
    fints_url = fields.Char(string="FinTS Address", help="The bank's own address, with https.")
    fints_user = fields.Char(string="User ID", help="The name with which you log in at the bank.")
    fints_customer = fields.Char(string="Customer ID", help="Only where it differs from the user.")
    fints_product = fields.Char(
        string="Product Registration",
        help="The number that the German banking industry gives you for your use of FinTS."
        " Registration is free: www.fints.org.",
    )
    fints_mechanism = fields.Char(string="TAN Mechanism (code)", readonly=True)
    fints_mechanism_name = fields.Char(string="TAN Mechanism", readonly=True)
    fints_medium = fields.Char(string="TAN Medium", readonly=True)
    fints_state = fields.Binary(
        string="What the bank told",
        groups="base.group_system",
        attachment=False,
        copy=False,
        help="Parameters of the bank and the number of this system. Holds no PIN.",
    )
    fints_fetched_until = fields.Date(string="Entries fetched until", readonly=True, copy=False)
    fints_missing = fields.Boolean(compute="_compute_fints_missing")

    @api.depends("kind")
    def _compute_fints_missing(self):
        for connection in self:
            connection.fints_missing = (
                connection.kind == "fints" and not fints_adapter.is_installed()
            )

    @api.constrains("kind", "fints_bank_code", "fints_url")
    def _check_fints(self):
        for connection in self.filtered(lambda c: c.kind == "fints"):
            code = connection.fints_bank_code or ""
            if code and not (len(code) == 8 and code.isascii() and code.isdigit()):
                raise ValidationError(self.env._("A German bank code has eight digits."))
            if connection.fints_url and not connection.fints_url.startswith("https://"):
                raise ValidationError(
                    self.env._("The FinTS address starts with https://. Nothing else is safe.")
                )

    # === ACTION METHODS === #

    def action_fints_setup(self):
        """Ask the bank which TAN mechanisms and media there are."""
        self.ensure_one()
        self._check_fints_ready(chosen=False)
        return self.env["sdd.fints.wizard"]._action_open(self, "setup")

    def action_fints_fetch(self):
        """Fetch the entries of the account since the last time."""
        self.ensure_one()
        self._check_fints_ready()
        return self.env["sdd.fints.wizard"]._action_open(self, "fetch")

    # === BUSINESS METHODS === #

    def _check_fints_ready(self, chosen=True):
        """Raise a UserError that says what is missing before the bank can be called.

        :param bool chosen: whether the TAN mechanism must be known.
        """
        self.ensure_one()
        if not fints_adapter.is_installed():
            raise UserError(say(self.env, const.FINTS_FAILURES["missing"], {}))
        needed = ("fints_bank_code", "fints_url", "fints_user", "fints_product")
        if missing := [
            self._fields[name]._description_string(self.env) for name in needed if not self[name]
        ]:
            raise UserError(
                self.env._(
                    "Connection “%(name)s” still needs: %(fields)s.",
                    name=self.name,
                    fields=", ".join(missing),
                )
            )
        if chosen and not self.fints_mechanism:
            raise UserError(
                self.env._(
                    "Choose once how TANs come: open the connection “%s” and press “Set up FinTS”.",
                    self.name,
                )
            )

    def _get_fints_session(self, pin):
        """Return a dialog with the bank that is not open yet.

        Note: self.ensure_one()

        :param str pin: used for this request, never stored.
        :rtype: sepa.fints_adapter.Session
        :raise FinTSFailure: when the library is missing.
        """
        self.ensure_one()
        # In sudo mode: accountants use a connection that somebody else has set up.
        connection = self.sudo()
        access = fints_adapter.Access(
            bank_code=connection.fints_bank_code,
            user_id=connection.fints_user,
            url=connection.fints_url,
            product_id=connection.fints_product,
            customer_id=connection.fints_customer or None,
            mechanism=connection.fints_mechanism or None,
            medium=connection.fints_medium or None,
        )
        state = base64.b64decode(connection.fints_state or b"") or None
        return fints_adapter.Session(access, pin, state)

    def _get_fints_start(self):
        """Return the first day to fetch: since the last time, with some days' overlap.

        What comes twice is recognised, what never came is lost.

        :rtype: date
        """
        self.ensure_one()
        today = fields.Date.context_today(self)
        if not self.fints_fetched_until:
            return today - timedelta(days=const.FIRST_FETCH_DAYS)
        return self.fints_fetched_until - timedelta(days=const.FETCH_OVERLAP_DAYS)
