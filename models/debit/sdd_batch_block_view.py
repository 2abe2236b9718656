from odoo import fields, models
from odoo.tools import SQL


class SddBatchBlock(models.Model):
    """A payment block of a batch, as its debits say: what is due together and what became of it."""

    _name = "sdd.batch.block"
    _description = "Block of a Direct Debit File"
    _auto = False
    _order = "batch_id desc, collection_date, id"
    _rec_name = "payment_information_id"
    _depends = {
        "sdd.debit": [
            "amount",
            "batch_id",
            "collection_date",
            "company_id",
            "payment_information_id",
            "sequence_type",
            "state",
        ]
    }

    batch_id = fields.Many2one("sdd.batch", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    payment_information_id = fields.Char(string="Block", readonly=True)
    collection_date = fields.Date(string="Due Date", readonly=True)
    sequence_type = fields.Selection(
        [("FRST", "First"), ("RCUR", "Recurrent"), ("FNAL", "Final"), ("OOFF", "One-off")],
        readonly=True,
    )
    debit_count = fields.Integer(string="Debits", readonly=True)
    amount_total = fields.Monetary(string="Total", readonly=True)
    amount_settled = fields.Monetary(string="Settled", readonly=True)
    amount_failed = fields.Monetary(string="Came back", readonly=True)

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT MIN(id) AS id, batch_id, company_id, payment_information_id, collection_date,
                   sequence_type, COUNT(*) AS debit_count, SUM(amount) AS amount_total,
                   COALESCE(SUM(amount) FILTER (WHERE state = 'settled'), 0) AS amount_settled,
                   COALESCE(SUM(amount) FILTER (WHERE state IN ('rejected', 'returned')), 0)
                       AS amount_failed
              FROM sdd_debit
             WHERE batch_id IS NOT NULL
          GROUP BY batch_id, company_id, payment_information_id, collection_date, sequence_type
            """
        )

    def action_view_debits(self):
        """Open the debits of this block."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [
            ("batch_id", "=", self.batch_id.id),
            ("payment_information_id", "=", self.payment_information_id),
        ]
        action["context"] = {}
        return action


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    block_ids = fields.One2many("sdd.batch.block", "batch_id", string="Blocks", readonly=True)
    predicted_return_rate = fields.Float(
        string="Expected to come back", compute="_compute_predicted_return_rate"
    )
    has_prediction = fields.Boolean(compute="_compute_predicted_return_rate")

    def _compute_predicted_return_rate(self):
        for batch in self:
            rate = batch.debit_ids._get_predicted_return_rate()
            batch.has_prediction = rate is not None
            batch.predicted_return_rate = rate or 0.0


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_predicted_return_rate(self):
        """Return which part of the sum of these debits is expected to come back.

        Overridden where risks are scored; without scores there is no figure, and none is shown.

        :return: 0.0 to 1.0, or None when nothing is known.
        :rtype: float | None
        """
        return
