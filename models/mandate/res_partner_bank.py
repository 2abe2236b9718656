from odoo import api, models

from ... import const
from ...sepa import iban as sepa_iban


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

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
            [("sanitized_acc_number", "=", facts.iban), ("partner_id", "=", owner.id)], limit=1
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
