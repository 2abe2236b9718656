from odoo import api, fields, models


class SddReturn(models.Model):
    """One R-transaction: a debit that was rejected, returned or refunded."""

    _name = "sdd.return"
    _description = "Returned Debit"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "booking_date desc, id desc"
    _rec_name = "debit_id"
    _check_company_auto = True
    _mail_post_access = "read"

    debit_id = fields.Many2one(
        "sdd.debit", required=True, index=True, ondelete="restrict", check_company=True
    )
    company_id = fields.Many2one(related="debit_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(related="debit_id.partner_id", store=True, index=True)
    mandate_id = fields.Many2one(related="debit_id.mandate_id", store=True, index=True)
    journal_id = fields.Many2one(related="debit_id.journal_id", store=True, string="Bank")
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
    reason_id = fields.Many2one("sdd.reason", readonly=True, index="btree_not_null")
    reason_class = fields.Selection(related="reason_id.reason_class", store=True)
    reason_text = fields.Char(string="The bank says", readonly=True)
    booking_date = fields.Date(required=True, readonly=True)
    amount = fields.Monetary(string="Collected", readonly=True)
    fee = fields.Monetary(string="Bank's fee", readonly=True)

    _debit_unique = models.Constraint("UNIQUE(debit_id)", "This debit was returned already.")

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        # The bank's file is the history of a return; a line per return in a chatter is none.
        returns = super(
            SddReturn, self.with_context(mail_create_nolog=True, mail_create_nosubscribe=True)
        ).create(vals_list)
        return returns.with_env(self.env)

    # === BUSINESS METHODS === #

    def _react(self):
        """Do everything that follows from debits that came back, in the transaction that books them.

        Called once for each new return, after its invoice is open again.
        """
        self._apply_consequences()
        self._plan_retries()
        self._tell_customers()
        self._plan_fees()

    def _get_reason(self):
        """Return the reason whose consequences this return has: its own or the unknown one.

        Note: self.ensure_one()

        :rtype: `sdd.reason` record
        """
        self.ensure_one()
        return self.reason_id or self.env["sdd.reason"]._get_unknown()

    def _is_customers(self):
        """Return whether the customer or his bank sent this debit back, and not we ourselves.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.kind in ("reject", "return")

    def _plan_retries(self):
        """Queue another attempt where the reason allows it."""
