"""How a mandate becomes a saved payment method, and when it can be used as one."""

import psycopg2
from odoo import api, fields, models

from ... import const
from ...sepa import iban as sepa_iban

#: Kinds of evidence that the customer gives on his own device.
OWN_DEVICE_CODES = frozenset({"own_device_code", "own_device_tick", "signature_drawn"})


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _sdd_get_usable_mandates(self):
        """Return the active mandates with which this signed-in customer may pay by one click.

        His own, his company's and those of his own addresses; not those of his colleagues.

        Note: self.ensure_one() (sudo)

        :rtype: `sdd.mandate` recordset
        """
        self.ensure_one()
        return self.env["sdd.mandate"].search(
            [
                ("state", "=", "active"),
                ("mandate_type", "=", "recurrent"),
                "|",
                ("partner_id", "in", (self | self.commercial_partner_id).ids),
                "&",
                ("partner_id.parent_id", "=", self.id),
                ("partner_id.user_ids", "=", False),
            ]
        )


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    token_ids = fields.One2many(
        "payment.token",
        "sdd_mandate_id",
        string="Saved Payment Method",
        context={"active_test": False},
    )

    # === BUSINESS METHODS === #

    def _sdd_ensure_tokens(self):
        """Save these mandates as payment methods, as far as they are not and the company wants it.

        One that the customer has deleted from his list is not saved again.
        """
        # In sudo mode: tokens are the payment engine's; the mandates were chosen by the caller.
        mandates = self.sudo()
        values = []
        for company, members in mandates.grouped("company_id").items():
            missing = members.filtered(lambda m: not m.token_ids and not m.partner_id.is_public)
            provider = company._sdd_get_token_provider() if missing else None
            method = provider and provider.payment_method_ids.filtered(
                lambda method: method.code == const.PAYMENT_METHOD_CODE
            )
            if method:
                values += [mandate._prepare_token_values(provider, method) for mandate in missing]
        try:
            with self.env.cr.savepoint():
                return mandates.env["payment.token"].create(values)
        except psycopg2.IntegrityError:
            # Another page that the customer has opened at the same moment was faster.
            return mandates.env["payment.token"]

    def _prepare_token_values(self, provider, method):
        """Return the values of the token that stands for this mandate.

        Note: self.ensure_one() (sudo)

        :param provider: `payment.provider` record of code sdd.
        :param method: its `payment.method` record.
        :rtype: dict
        """
        self.ensure_one()
        return {
            "provider_id": provider.id,
            "payment_method_id": method.id,
            "partner_id": self.partner_id.id,
            "provider_ref": self.name,
            "payment_details": self._get_token_details(),
            "sdd_mandate_id": self.id,
        }

    def _get_token_details(self):
        """Return the account as the customer recognises it: `DE•• … 3000 · Commerzbank`.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        mask = sepa_iban.normalize(self.iban_masked)
        return " · ".join(filter(None, [f"{mask[:4]} … {mask[-4:]}", self.bank_name]))

    def _is_token_of(self, user):
        """Return whether this is a saved mandate of a signed-in customer: not that of a colleague.

        One that has ended is his, too: he is told that it has.

        Note: self.ensure_one() (sudo)

        :param user: `res.users` record.
        :rtype: bool
        """
        self.ensure_one()
        if user._is_public():
            return False
        own = user.partner_id | user.partner_id.commercial_partner_id
        return self.partner_id in own or (
            self.partner_id.parent_id == user.partner_id and not self.partner_id.user_ids
        )

    def _get_token_obstacle(self, amount):
        """Return why the customer cannot pay an amount with this saved mandate now, "" if he can.

        Note: self.ensure_one() (sudo)

        :param float amount: euro.
        :rtype: str, in the staff's words
        """
        self.ensure_one()
        if reason := self._get_obstacle(amount):
            return reason
        if not self.company_id._sdd_search_journal(self):
            return self.company_id._sdd_describe_misfit(self)
        return ""

    def _move_to(self, state, **values):
        """Override to put away the saved payment methods of mandates that have ended."""
        res = super()._move_to(state, **values)
        if state in ("revoked", "expired"):
            # In sudo mode: whoever ends a mandate need not have rights on payment methods.
            self.sudo().token_ids.filtered("active").active = False
        return res

    def _on_activated(self):
        """Override to save a mandate that the customer gave himself as his payment method."""
        super()._on_activated()
        if self.mandate_type == "recurrent" and self._is_given_by_customer():
            self._sdd_ensure_tokens()

    def _is_given_by_customer(self):
        """Return whether the customer gave this mandate himself: in the shop, the portal, by a link.

        Others are saved as soon as he opens a page on which he can pay.

        Note: self.ensure_one()

        :rtype: bool
        """
        # In sudo mode: the customer has no right to the history.
        codes = set(self.sudo()._get_evidence_codes())
        return self.channel in ("web", "portal") or bool(codes & OWN_DEVICE_CODES)

    def _on_account_changed(self):
        """Override: the saved payment method names the new account."""
        super()._on_account_changed()
        # In sudo mode: whoever amends a mandate need not have rights on payment methods.
        for token in self.sudo().token_ids:
            token.payment_details = self._get_token_details()

    def _amend_reference(self, new):
        """Override: the saved payment method has the reference as well."""
        event = super()._amend_reference(new)
        self.sudo().token_ids.provider_ref = self.name  # In sudo mode: as above.
        return event


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _sdd_prepare_tokens(self):
        """Let direct debit be saved as a payment method, once, also where it was set up before."""
        # In sudo mode: called when the add-on is installed or updated.
        parameters = self.env["ir.config_parameter"].sudo()
        if parameters.get_param("support_debit.saved_methods"):
            return
        parameters.set_param("support_debit.saved_methods", "1")
        methods = self.env["payment.method"].sudo().with_context(active_test=False)
        methods.search([("code", "=", const.PAYMENT_METHOD_CODE)]).support_tokenization = True
        providers = self.env["payment.provider"].sudo().with_context(active_test=False)
        providers.search([("code", "=", const.PROVIDER_CODE)]).write(
            {
                "allow_tokenization": True,
                "token_inline_form_view_id": self.env.ref("support_debit.token_inline_form").id,
            }
        )

    def _sdd_get_token_provider(self):
        """Return the provider whose saved payment methods are this company's mandates.

        Note: self.ensure_one() (sudo)

        :rtype: `payment.provider` record, empty when customers cannot save their mandates
        """
        self.ensure_one()
        return self.env["payment.provider"].search(
            [
                ("code", "=", const.PROVIDER_CODE),
                ("company_id", "=", self.id),
                ("state", "!=", "disabled"),
                ("allow_tokenization", "=", True),
            ],
            limit=1,
        )
