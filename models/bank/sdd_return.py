from odoo import fields, models


class SddReturn(models.Model):
    """One R-transaction: a debit that was rejected, returned or refunded."""

    _name = "sdd.return"
    _description = "Returned Debit"
    _order = "booking_date desc, id desc"
    _rec_name = "debit_id"
    _check_company_auto = True

    debit_id = fields.Many2one(
        "sdd.debit", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="debit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="debit_id.partner_id", store=True, index=True)
    kind = fields.Selection(
        [
            ("reject", "Rejected before settlement"),
            ("return", "Returned after settlement"),
            ("cancellation", "Cancelled on our request"),
            ("reversal", "Given back by us"),
        ],
        required=True,
    )
    message_id = fields.Many2one("sdd.bank.message", string="Bank File", index=True, readonly=True)
    reason_code = fields.Char(string="Code", readonly=True)
    reason_id = fields.Many2one("sdd.reason", readonly=True)
    reason_class = fields.Selection(related="reason_id.reason_class", store=True)
    reason_text = fields.Char(string="The bank says", readonly=True)
    booking_date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(string="Collected", readonly=True)
    fee = fields.Monetary(string="Bank's fee", readonly=True)

    _debit_unique = models.Constraint("UNIQUE(debit_id)", "This debit was returned already.")

    # === BUSINESS METHODS === #

    def _react(self):
        """Do everything that follows from debits that came back, in the transaction that books them.

        Called once for each new return, after its invoice is open again.
        """
        self._apply_consequences()
        self._plan_retries()
        self._tell_customers()

    def _apply_consequences(self):
        """Do to mandates, support and other debits what the reason says."""

    def _plan_retries(self):
        """Queue another attempt where the reason allows it."""

    def _tell_customers(self):
        """Write to the customers; a planned attempt is named in the message."""
