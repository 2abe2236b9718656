import hashlib
import hmac

from odoo import api, fields, models

from ... import const
from ...sepa import iban as sepa_iban
from .const import BANK_DETAILS_GROUP, ERASED_PREFIX


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    sdd_mandate_ids = fields.One2many("sdd.mandate", "bank_account_id", string="Mandates")
    sdd_protected = fields.Boolean(
        string="Account of a Mandate",
        compute="_compute_sdd_protected",
        store=True,
        help="A mandate names or named this account: its number is masked for everybody without"
        " the right to see full bank details.",
    )
    iban_hash = fields.Char(
        compute="_compute_iban_hash",
        store=True,
        index=True,
        help="Keyed hash of the number, to find an account by its full IBAN.",
    )

    # === COMPUTE METHODS === #

    @api.depends("sdd_mandate_ids", "partner_id.ref_company_ids")
    def _compute_sdd_protected(self):
        """An account stays protected when its mandate has moved to another one.

        The company's own accounts are no secret: they stand on every invoice.
        """
        for account in self:
            own = account.partner_id.ref_company_ids
            account.sdd_protected = account.sdd_protected or bool(
                account.sdd_mandate_ids and not own
            )

    @api.depends("sanitized_acc_number")
    def _compute_iban_hash(self):
        for account in self:
            number = account.sanitized_acc_number
            account.iban_hash = number and self._sdd_hash(number)

    # === BUSINESS METHODS === #

    @api.model
    def _sdd_hash(self, iban):
        """Return the keyed hash under which an account is found by its full IBAN.

        The key is this database's own, so nobody can try out numbers on a copy of the column.

        :param str iban: the IBAN in any notation.
        :rtype: str, 64 hexadecimal digits (HMAC-SHA256)
        """
        key = self.env["ir.config_parameter"]._sdd_get_key("iban")
        return hmac.new(key, sepa_iban.normalize(iban).encode(), hashlib.sha256).hexdigest()

    @api.model
    def _sdd_find_by_iban(self, text):
        """Return the accounts with this IBAN, archived ones too; a part of it finds nothing.

        :param str text: what somebody typed, in any notation.
        :rtype: `res.partner.bank` recordset (sudo)
        """
        # In sudo mode: the caller decides what of the accounts may be seen.
        accounts = self.sudo().with_context(active_test=False)
        try:
            iban = sepa_iban.validate(text)
        except sepa_iban.IbanError:
            return accounts.browse()
        return accounts.search([("iban_hash", "=", self._sdd_hash(iban))])

    def _sdd_may_see_numbers(self):
        """Return whether this environment may see account numbers of mandates in full."""
        return self.env.su or self.env.user.has_group(BANK_DETAILS_GROUP)

    def _sdd_get_mask(self):
        """Return this account's number as everybody may see it.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        number = self.sanitized_acc_number or ""
        if number.startswith(ERASED_PREFIX):
            return self.env._("erased")
        return sepa_iban.mask(number)

    @api.model
    def _sdd_error_message(self, error):
        """Return what to tell a person about an IBAN that was refused.

        :param error: a `sepa.iban.IbanError`.
        :rtype: str, in the language of the environment.
        """
        params = dict(error.params)
        if country := params.get("country"):
            params["country"] = self.env["res.country"]._sdd_get_names().get(country, country)
        return const.say(self.env, const.IBAN_ERRORS[error.code], params)

    @api.model
    def _sdd_find_or_create(self, iban, holder, partner):
        """Return the customer's account with this IBAN, made if it is new.

        :param str iban: a checked IBAN in any notation.
        :param str holder: the account holder's name.
        :param partner: the customer; the account belongs to his company if he has one.
        :rtype: `res.partner.bank` record
        """
        facts = sepa_iban.check(iban)
        owner = partner.commercial_partner_id
        account = self.with_context(active_test=False).search(
            [("iban_hash", "=", self._sdd_hash(facts.iban)), ("partner_id", "=", owner.id)], limit=1
        )
        if account:
            account.active = True
            return account
        return self.create(
            {
                "acc_number": sepa_iban.group(facts.iban),
                "acc_holder_name": holder,
                "partner_id": owner.id,
                "bank_id": self._sdd_find_or_create_bank(facts).id,
            }
        )

    @api.model
    def _sdd_find_or_create_bank(self, facts):
        """Return the bank of an IBAN as far as it is known.

        :param facts: `sepa.iban.IbanFacts`.
        :rtype: `res.bank` record, empty when the bank is unknown.
        """
        banks = self.env["res.bank"]
        if not facts.bic:
            return banks
        bank = banks.search([("bic", "=", facts.bic)], limit=1)
        return bank or banks.create({"name": facts.bank_name or facts.bic, "bic": facts.bic})
