"""What a company assumes about debits that will come back."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError


class ResCompany(models.Model):
    _inherit = "res.company"

    sdd_return_assumption_kind = fields.Selection(
        [("own", "Our own rate of the last six months"), ("fixed", "A rate of my own choice")],
        string="Expected returns",
        default="own",
        required=True,
    )
    sdd_return_assumption = fields.Float(
        string="Assumed rate (%)", help="Of 100 euro presented, so many come back."
    )

    @api.constrains("sdd_return_assumption")
    def _check_sdd_return_assumption(self):
        if any(not 0 <= company.sdd_return_assumption <= 100 for company in self):
            raise ValidationError(self.env._("A rate lies between 0 and 100 %."))

    def _sdd_get_own_return_rates(self):
        """Return the share of the sums presented in the last six months that came back.

        :return: {company: 0.0 to 1.0}; 0 where nothing has come to an end yet.
        :rtype: dict
        """
        sums = {
            (company, state): amount
            for company, state, amount in self.env["sdd.debit"]._read_group(
                [
                    ("company_id", "in", self.ids),
                    ("state", "in", ("settled", "returned", "rejected")),
                    ("collection_date", ">=", "-6m"),
                ],
                ["company_id", "state"],
                ["amount:sum"],
            )
        }
        rates = {}
        for company in self:
            back = sums.get((company, "returned"), 0.0) + sums.get((company, "rejected"), 0.0)
            total = back + sums.get((company, "settled"), 0.0)
            rates[company] = back / total if total else 0.0
        return rates
