from odoo import fields, models
from odoo.tools import SQL

from ..debit.const import LIVE_STATES


class SddCollectionReport(models.Model):
    """What became of every debit that was presented: rates and fees, to be counted by anything."""

    _name = "sdd.collection.report"
    _description = "Collections"
    _auto = False
    _rec_name = "debit_id"
    _order = "collection_date desc, id desc"
    _depends = {
        "sdd.debit": [
            "amount",
            "attempt",
            "batch_id",
            "collection_date",
            "company_id",
            "journal_id",
            "partner_id",
            "previous_debit_id",
            "scheme",
            "sequence_type",
            "state",
        ],
        "sdd.return": ["booking_date", "debit_id", "fee", "kind", "reason_class", "reason_id"],
    }

    debit_id = fields.Many2one("sdd.debit", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one("account.journal", string="Bank", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    batch_id = fields.Many2one("sdd.batch", readonly=True)
    collection_date = fields.Date(string="Due Date", readonly=True)
    attempt = fields.Integer(readonly=True, aggregator=None)
    scheme = fields.Selection([("CORE", "SEPA Core"), ("B2B", "SEPA B2B")], readonly=True)
    sequence_type = fields.Selection(
        [("FRST", "First"), ("RCUR", "Recurrent"), ("FNAL", "Final"), ("OOFF", "One-off")],
        readonly=True,
    )
    state = fields.Selection(
        [
            ("submitted", "At the bank"),
            ("settled", "Settled"),
            ("rejected", "Rejected"),
            ("returned", "Returned"),
        ],
        string="Status",
        readonly=True,
    )
    reason_id = fields.Many2one("sdd.reason", readonly=True)
    reason_class = fields.Selection(
        selection=lambda self: self.env["sdd.reason"]._fields["reason_class"].selection,
        string="Class of Reason",
        readonly=True,
    )
    amount = fields.Monetary(string="Presented", readonly=True)
    settled_amount = fields.Monetary(string="Settled", readonly=True)
    returned_amount = fields.Monetary(string="Came back", readonly=True)
    fee = fields.Monetary(string="Bank's fees", readonly=True)
    return_rate = fields.Float(
        string="First returns (%)",
        readonly=True,
        aggregator="avg",
        help="Of 100 debits presented for the first time, so many came back.",
    )
    net_rate = fields.Float(
        string="Lost after retries (%)",
        readonly=True,
        aggregator="avg",
        help="Of 100 debits presented for the first time, so many were not collected by a later"
        " attempt either. Those with an attempt under way are not counted yet.",
    )

    @property
    def _table_query(self):
        return SQL(
            """
            WITH RECURSIVE chain AS (
                SELECT id AS debit_id, id AS root_id, state FROM sdd_debit
                 WHERE previous_debit_id IS NULL
                 UNION ALL
                SELECT d.id, chain.root_id, d.state FROM sdd_debit d
                  JOIN chain ON d.previous_debit_id = chain.debit_id
            ), outcome AS (
                SELECT root_id, BOOL_OR(state = 'settled') AS is_settled,
                       BOOL_OR(state IN %(live)s) AS is_live
                  FROM chain GROUP BY root_id
            )
            SELECT d.id, d.id AS debit_id, d.company_id, d.journal_id, d.partner_id, d.batch_id,
                   d.collection_date, d.attempt, d.scheme, d.sequence_type, d.state, d.amount,
                   r.reason_id, r.reason_class, COALESCE(r.fee, 0) AS fee,
                   CASE WHEN d.state = 'settled' THEN d.amount ELSE 0 END AS settled_amount,
                   CASE WHEN d.state IN ('rejected', 'returned') THEN d.amount ELSE 0 END
                       AS returned_amount,
                   CASE WHEN d.previous_debit_id IS NULL AND d.state <> 'submitted'
                       THEN CASE d.state WHEN 'settled' THEN 0 ELSE 100 END END AS return_rate,
                   CASE WHEN o.is_settled THEN 0 WHEN NOT o.is_live THEN 100 END AS net_rate
              FROM sdd_debit d
              LEFT JOIN sdd_return r ON r.debit_id = d.id
              LEFT JOIN outcome o ON o.root_id = d.id
             WHERE d.state IN ('submitted', 'settled', 'rejected', 'returned')
            """,
            live=LIVE_STATES,
        )

    def action_open_debit(self):
        """Open the debit behind a line."""
        return self.debit_id._action_open_debit()
