"""What a bank takes, at most, and in which form."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError

from .const import PAIN_VERSIONS


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sdd_currency_id = fields.Many2one(
        related="company_id.currency_id", string="Currency of Direct Debits"
    )
    sdd_limit_debit = fields.Monetary(
        string="Limit per Debit",
        currency_field="sdd_currency_id",
        help="The largest single debit that the bank takes from you. Zero: no limit.",
    )
    sdd_limit_batch = fields.Monetary(
        string="Limit per File",
        currency_field="sdd_currency_id",
        help="The largest sum of one file. What does not fit goes into another file. Zero: no limit.",
    )
    sdd_limit_day = fields.Monetary(
        string="Limit per Day",
        currency_field="sdd_currency_id",
        help="The largest sum of all files of a day. What does not fit waits for the next day, the"
        " latest due date first. Zero: no limit.",
    )
    sdd_pain_version = fields.Selection(
        PAIN_VERSIONS,
        string="File Version",
        required=True,
        default=PAIN_VERSIONS[0][0],
        help="Banks take pain.008.001.08. Choose the older version only if yours still asks for it.",
    )
    sdd_repeat_days = fields.Integer(
        string="Same Amount within (days)",
        default=7,
        help="Before files are made you are asked about customers who are debited the same amount"
        " twice within so many days. Zero: never.",
    )
    sdd_directory_months = fields.Integer(
        string="Bank Directory Counts (months)",
        default=6,
        help="A directory of reachable banks that is older keeps no debit back any more; it only warns.",
    )

    @api.constrains(
        "sdd_limit_debit",
        "sdd_limit_batch",
        "sdd_limit_day",
        "sdd_repeat_days",
        "sdd_directory_months",
    )
    def _check_sdd_limits(self):
        for journal in self:
            limits = journal.sdd_limit_debit, journal.sdd_limit_batch, journal.sdd_limit_day
            if min(*limits, journal.sdd_repeat_days, journal.sdd_directory_months) < 0:
                raise ValidationError(
                    self.env._("Limits, days and months cannot be negative; zero means no limit.")
                )

    def _sdd_get_debit_limit(self):
        """Return the largest debit that can ever go into a file of this bank; 0.0 without a limit.

        Note: self.ensure_one()

        :rtype: float
        """
        self.ensure_one()
        limits = self.sdd_limit_debit, self.sdd_limit_batch, self.sdd_limit_day
        return min((limit for limit in limits if limit), default=0.0)
