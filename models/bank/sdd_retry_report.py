"""How attempts went, by day of the month and number of the attempt."""

from odoo import fields, models
from odoo.tools import SQL

from ...sepa import retry


class SddRetryReport(models.Model):
    """One row for each debit of which the bank has decided."""

    _name = "sdd.retry.report"
    _description = "Success of Debits"
    _auto = False
    _order = "collection_date desc, id desc"
    _rec_name = "debit_id"

    debit_id = fields.Many2one("sdd.debit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one("res.currency", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    country_id = fields.Many2one("res.country", readonly=True)
    attempt = fields.Integer(readonly=True, aggregator=False)
    collection_date = fields.Date(string="Due Date", readonly=True)
    day_of_month = fields.Integer(string="Day of the month", readonly=True, aggregator=False)
    days = fields.Selection(
        [(f"{first:02}", f"{first}–{last}") for first, last in retry.BUCKETS],
        string="Days of the month",
        readonly=True,
    )
    reason_class = fields.Selection(
        selection=lambda self: self.env["sdd.reason"]._fields["reason_class"].selection,
        string="Came back for",
        readonly=True,
    )
    state = fields.Selection(
        [("settled", "Paid"), ("failed", "Came back")], string="Outcome", readonly=True
    )
    amount = fields.Monetary(readonly=True)
    success = fields.Float(
        string="Success (%)",
        readonly=True,
        aggregator="avg",
        help="Share of attempts that were paid.",
    )
    recovered = fields.Monetary(readonly=True, help="What repeated attempts brought.")

    @property
    def _table_query(self):
        """Return a row for each debit that was settled or came back."""
        buckets = SQL(" ").join(
            SQL("WHEN EXTRACT(DAY FROM d.collection_date) <= %s THEN %s", last, f"{first:02}")
            for first, last in retry.BUCKETS
        )
        return SQL(
            """
            SELECT d.id, d.id AS debit_id, d.company_id, c.currency_id, d.partner_id, p.country_id,
                   d.attempt, d.collection_date, d.amount, r.reason_class,
                   EXTRACT(DAY FROM d.collection_date)::int AS day_of_month,
                   CASE %(buckets)s END AS days,
                   CASE WHEN d.state = 'settled' THEN 'settled' ELSE 'failed' END AS state,
                   CASE WHEN d.state = 'settled' THEN 100.0 ELSE 0.0 END AS success,
                   CASE WHEN d.state = 'settled' AND d.attempt > 1 THEN d.amount ELSE 0 END AS recovered
              FROM sdd_debit d
              JOIN res_company c ON c.id = d.company_id
              JOIN res_partner p ON p.id = d.partner_id
         LEFT JOIN sdd_return r ON r.debit_id = d.id
             WHERE d.state IN ('settled', 'returned', 'rejected')
            """,
            buckets=buckets,
        )
