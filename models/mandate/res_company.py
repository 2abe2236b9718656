from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from ... import const
from ...sepa import creditor_id


class ResCompany(models.Model):
    _inherit = "res.company"

    sdd_creditor_identifier = fields.Char(
        string="Creditor Identifier", help="The identifier that the central bank gave the company."
    )
    sdd_reference_prefix = fields.Char(
        string="Mandate Reference Prefix",
        default="SD",
        help="Every mandate reference starts with it.",
    )
    sdd_lapse_mail = fields.Boolean(
        string="Ask for a new Mandate",
        help="Customers are asked by e-mail for a new mandate three months before theirs lapses.",
    )
    sdd_evidence_limit_ids = fields.One2many("sdd.evidence.limit", "company_id")

    @api.constrains("sdd_creditor_identifier")
    def _check_sdd_creditor_identifier(self):
        for company in self.filtered("sdd_creditor_identifier"):
            company._sdd_check_creditor_identifier(company.sdd_creditor_identifier)

    @api.constrains("sdd_reference_prefix")
    def _check_sdd_reference_prefix(self):
        for company in self:
            prefix = company.sdd_reference_prefix or ""
            if len(prefix) > 10 or not all(
                c.isascii() and (c.isdigit() or c.isupper()) for c in prefix
            ):
                raise ValidationError(
                    self.env._(
                        "The prefix of mandate references has up to 10 capital letters and digits."
                    )
                )

    @api.model_create_multi
    def create(self, vals_list):
        companies = super().create([self._sdd_normalise(vals) for vals in vals_list])
        self.env["sdd.evidence.limit"]._ensure_limits(companies)
        return companies

    def write(self, vals):
        return super().write(self._sdd_normalise(vals))

    @api.model
    def _sdd_normalise(self, vals):
        """Take the blanks out of a creditor identifier that a person typed."""
        typed = vals.get("sdd_creditor_identifier")
        return (
            {**vals, "sdd_creditor_identifier": "".join(typed.split()).upper()} if typed else vals
        )

    @api.model
    def _sdd_check_creditor_identifier(self, text):
        """Check a creditor identifier's length, country and check digits.

        :param str text: the identifier.
        :raise ValidationError: says what is wrong with it.
        """
        try:
            creditor_id.check(text)
        except creditor_id.CreditorIdError as error:
            raise ValidationError(
                const.say(self.env, const.CREDITOR_ID_ERRORS[error.code], error.params)
            ) from error

    def _sdd_get_creditor_identifier(self):
        """Return the identifier under which this company collects.

        :rtype: str
        :raise UserError: when there is none yet.
        """
        self.ensure_one()
        if not self.sdd_creditor_identifier:
            raise UserError(
                self.env._(
                    "%(company)s has no creditor identifier yet. Enter it under Support Debit → Configuration → Settings.",
                    company=self.name,
                )
            )
        return self.sdd_creditor_identifier

    def _sdd_charset(self):
        """Return how names are written in bank files: `de` keeps umlauts readable, else `epc`."""
        self.ensure_one()
        return "de" if self.country_id.code in const.GERMAN_CHARSET_COUNTRIES else "epc"
