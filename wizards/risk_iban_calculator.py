from odoo import api, fields, models
from odoo.exceptions import UserError

from .. import const
from ..sepa import iban as sepa_iban
from ..sepa import national_account


class RiskIbanCalculator(models.TransientModel):
    """Turns account number and bank code into an IBAN while the customer is on the telephone.

    Nothing that is typed here is stored: the fields live in the form only.
    """

    _name = "risk.iban.calculator"
    _description = "IBAN Calculator"

    country = fields.Selection(
        [("DE", "Germany"), ("AT", "Austria")], default="DE", required=True, store=False
    )
    bank_code = fields.Char(store=False)
    account = fields.Char(string="Account Number", store=False)
    iban = fields.Char(string="IBAN", compute="_compute_iban")
    other_iban = fields.Char(string="Or this one", compute="_compute_iban")
    bank_name = fields.Char(string="Bank", compute="_compute_iban")
    bic = fields.Char(string="BIC", compute="_compute_iban")
    warning = fields.Char(compute="_compute_iban")
    error = fields.Char(compute="_compute_iban")
    partner_id = fields.Many2one("res.partner", string="Customer", store=False)

    @api.depends("country", "bank_code", "account")
    def _compute_iban(self):
        for calculator in self:
            calculator.update(
                self._get_result(calculator.country, calculator.bank_code, calculator.account)
            )

    @api.model_create_multi
    def create(self, vals_list):
        """Override: saving means adding the account to the customer, the only thing that is kept."""
        for vals in vals_list:
            self._add_account(vals)
        return super().create(vals_list)

    @api.model
    def _add_account(self, vals):
        """Add an account to a customer and say so.

        :param dict vals: what was typed.
        :raise UserError: when something is missing.
        """
        partner = self.env["res.partner"].browse(vals.get("partner_id") or []).exists()
        result = self._get_result(vals.get("country"), vals.get("bank_code"), vals.get("account"))
        if not partner or not result["iban"]:
            raise UserError(
                result["error"] or self.env._("Choose the customer and enter his account first.")
            )
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            result["iban"], partner.name, partner
        )
        message = self.env._(
            "%(customer)s has the account %(account)s now.",
            customer=partner.display_name,
            account=account._sdd_get_mask(),
        )
        self.env.user._bus_send("simple_notification", {"type": "success", "message": message})

    @api.model
    def _get_result(self, country, bank_code, account):
        """Return the values of the computed fields; an empty form has no mistake yet.

        :rtype: dict
        """
        result = dict.fromkeys(
            ("iban", "other_iban", "bank_name", "bic", "warning", "error"), False
        )
        if not (bank_code or "").strip() or not (account or "").strip():
            return result
        try:
            found = national_account.calculate(country or "DE", bank_code, account)
        except national_account.AccountError as error:
            result["error"] = const.say(
                self.env, const.NATIONAL_ACCOUNT_ERRORS[error.code], error.params
            )
            return result
        facts = found.facts
        warnings = [self.env._(const.IBAN_WARNINGS[code]) for code in facts.warnings]
        return {
            **result,
            "iban": sepa_iban.group(found.iban),
            "other_iban": found.other and sepa_iban.group(found.other),
            "bank_name": facts.bank_name,
            "bic": facts.bic,
            "warning": " ".join(warnings),
        }
