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

    def action_add_account(self):
        """Add the account to the customer; what was typed comes with the button.

        :raise UserError: when something is missing.
        """
        typed = self.env.context
        partner = self.env["res.partner"].browse(typed.get("calculator_partner_id") or [])
        result = self._get_result(*(typed.get(f"calculator_{name}") for name in self._get_names()))
        if not partner.exists() or not result["iban"]:
            raise UserError(
                result["error"] or self.env._("Choose the customer and enter his account first.")
            )
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            result["iban"], partner.name, partner
        )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "%(customer)s has the account %(account)s now.",
                    customer=partner.display_name,
                    account=account._sdd_get_mask(),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    @staticmethod
    def _get_names():
        """Return the names of the fields that make an IBAN, in the order of `_get_result`."""
        return ("country", "bank_code", "account")

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
