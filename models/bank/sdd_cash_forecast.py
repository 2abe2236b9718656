from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import SQL

from ...sepa import target

#: How far the banking days are worked out; nothing is queued for later than that.
HORIZON = timedelta(days=800)


class SddCashForecast(models.Model):
    """When the money of the debits under way is on the account, and what of it will come back."""

    _name = "sdd.cash.forecast"
    _description = "Forecast of Incoming Money"
    _auto = False
    _rec_name = "debit_id"
    _order = "expected_date, id"
    _depends = {
        "sdd.debit": [
            "amount",
            "batch_id",
            "collection_date",
            "company_id",
            "journal_id",
            "partner_id",
            "state",
            "waiting_code",
        ],
        "account.journal": ["sdd_credit_days"],
    }

    debit_id = fields.Many2one("sdd.debit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one("account.journal", string="Bank", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    batch_id = fields.Many2one("sdd.batch", readonly=True)
    collection_date = fields.Date(string="Due Date", readonly=True)
    expected_date = fields.Date(
        string="Expected",
        readonly=True,
        help="The banking day on which the money is on the account: the due date, or today when it"
        " has passed, and what the bank takes to credit it.",
    )
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("held", "Held"),
            ("batched", "In a batch"),
            ("submitted", "At the bank"),
        ],
        string="Status",
        readonly=True,
    )
    is_waiting = fields.Boolean(
        string="Waits", readonly=True, help="Something stands in the way of this debit just now."
    )
    amount = fields.Monetary(readonly=True)
    expected_return = fields.Monetary(
        string="Expected returns", readonly=True, help="What usually comes back, as a negative sum."
    )
    expected_amount = fields.Monetary(string="Expected money", readonly=True)

    @property
    def _table_query(self):
        today = fields.Date.context_today(self)
        last = today + HORIZON
        days = (today + timedelta(days=number) for number in range((last - today).days))
        rates = self._get_rates()
        return SQL(
            """
            WITH target AS (SELECT UNNEST(%(days)s::date[]) AS day),
            rates AS (SELECT UNNEST(%(companies)s::int[]) AS company_id,
                             UNNEST(%(rates)s::numeric[]) AS rate),
            credit AS (
                SELECT due.journal_id, due.day,
                       (SELECT t.day FROM target t WHERE t.day >= due.day
                         ORDER BY t.day OFFSET due.delay LIMIT 1) AS expected_date
                  FROM (SELECT DISTINCT d.journal_id, GREATEST(d.collection_date, %(today)s) AS day,
                               GREATEST(COALESCE(j.sdd_credit_days, 0), 0) AS delay
                          FROM sdd_debit d JOIN account_journal j ON j.id = d.journal_id
                         WHERE d.state IN ('queued', 'held', 'batched', 'submitted')) due
            )
            SELECT d.id, d.id AS debit_id, d.company_id, d.journal_id, d.partner_id, d.batch_id,
                   d.collection_date, d.state, d.amount,
                   (d.state = 'held' OR d.waiting_code IS NOT NULL) AS is_waiting,
                   COALESCE(credit.expected_date, d.collection_date) AS expected_date,
                   -ROUND(d.amount * COALESCE(rates.rate, 0), 2) AS expected_return,
                   d.amount - ROUND(d.amount * COALESCE(rates.rate, 0), 2) AS expected_amount
              FROM sdd_debit d
              LEFT JOIN credit ON credit.journal_id = d.journal_id
                    AND credit.day = GREATEST(d.collection_date, %(today)s)
              LEFT JOIN rates ON rates.company_id = d.company_id
             WHERE d.state IN ('queued', 'held', 'batched', 'submitted')
            """,
            today=today,
            days=[day for day in days if target.is_target_day(day)],
            companies=[company.id for company in rates],
            rates=list(rates.values()),
        )

    @api.model
    def _get_rates(self):
        """Return the share that is assumed to come back, by company: {company: 0.0 to 1.0}."""
        companies = self.env.companies.sudo()
        own = companies._sdd_get_own_return_rates()
        return {
            company: company.sdd_return_assumption / 100
            if company.sdd_return_assumption_kind == "fixed"
            else own[company]
            for company in companies
        }

    def action_open_debit(self):
        """Open the debit behind a line."""
        return self.debit_id._action_open_debit()
