from odoo import api, fields, models


class SupportCountryRule(models.Model):
    """A country's law as far as the add-on must follow it. Data, so that a lawyer can change it."""

    _name = "support.country.rule"
    _description = "Country Rules for Support Sales"
    _order = "sequence, id"
    _rec_name = "name"

    name = fields.Char(required=True, translate=True)
    sequence = fields.Integer(default=10)
    country_id = fields.Many2one(
        "res.country", index=True, help="Empty: the rule for every country without its own."
    )
    order_button_label = fields.Char(
        required=True,
        translate=True,
        help="The wording on the button with which a consumer orders (Directive 2011/83/EU, Art. 8(2)).",
    )
    books_years = fields.Integer(
        string="Years to keep vouchers",
        required=True,
        default=10,
        help="How many years after the end of the year a company in this country keeps invoices and"
        " what belongs to them. Personal data in them is erased afterwards, not before.",
    )
    return_fee_passed = fields.Selection(
        [
            ("no", "To nobody"),
            ("companies", "To companies only"),
            ("all", "To everybody"),
        ],
        string="Bank's return fees are passed on",
        required=True,
        default="no",
        help="To whom the law of this country lets a creditor pass on what his bank took for a"
        " returned debit.",
    )
    return_fee_cap = fields.Float(
        string="At most (EUR)",
        digits=(16, 2),
        help="Never more than this, and never more than the bank really took. 0: no other limit than"
        " the real cost.",
    )
    source = fields.Text(help="Where the rule is written: law, directive, judgment.")

    _books_years = models.Constraint(
        "CHECK(books_years >= 0)", "Vouchers cannot be kept for less than no time."
    )
    _return_fee_cap = models.Constraint(
        "CHECK(return_fee_cap >= 0)", "A fee cannot be limited to less than nothing."
    )
    _country_unique = models.UniqueIndex(
        "(COALESCE(country_id, 0))", "There is already a rule for this country."
    )

    @api.model
    def _get_for_country(self, country):
        """Return the rule for a customer's country.

        :param country: `res.country` record, may be empty.
        :return: the country's own rule, else the general one, else an empty recordset.
        """
        rules = self.search([("country_id", "in", [country.id, False])])
        return rules.filtered("country_id")[:1] or rules[:1]
