from odoo import api, fields, models

from . import const


class SddBankFinding(models.Model):
    """One thing in a file of the bank that a person must look at."""

    _name = "sdd.bank.finding"
    _description = "Bank Finding"
    _inherit = ["support.guarded"]
    _order = "id desc"
    _check_company_auto = True
    _transitions = const.FINDING_TRANSITIONS
    _open_states = frozenset()
    _fixed_fields = frozenset(
        "message_id code params where statement_line_id amount booking_date direction end_to_end_id"
        " mandate_reference counterparty remittance reason_code reason_text debit_id move_line_id"
        " closing_note closed_by_id closed_date bank_statement_id".split()
    )

    message_id = fields.Many2one(
        "sdd.bank.message",
        string="Bank File",
        required=True,
        readonly=True,
        index=True,
        ondelete="cascade",
        check_company=True,
    )
    company_id = fields.Many2one(related="message_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(related="message_id.journal_id", store=True, index=True)
    family = fields.Selection(related="message_id.family")
    state = fields.Selection(
        [("open", "To look at"), ("assigned", "Assigned"), ("dismissed", "Dismissed")],
        string="Status",
        default="open",
        required=True,
        readonly=True,
        index=True,
    )
    code = fields.Char(required=True, readonly=True, index=True)
    params = fields.Json(readonly=True)
    where = fields.Char(string="Place in the File", readonly=True)
    text = fields.Text(string="What is wrong", compute="_compute_text")
    direction = fields.Selection(
        [("credit", "Money came"), ("return", "Debit came back"), ("other", "Other")],
        required=True,
        readonly=True,
        default="other",
    )
    amount = fields.Monetary(readonly=True, help="As booked: plus came in, minus went out.")
    booking_date = fields.Date(readonly=True)
    end_to_end_id = fields.Char(string="Reference", readonly=True)
    mandate_reference = fields.Char(readonly=True)
    counterparty = fields.Char(readonly=True)
    remittance = fields.Char(string="Purpose", readonly=True, help="Account numbers are masked.")
    reason_code = fields.Char(string="Reason", readonly=True)
    reason_text = fields.Char(string="The bank says", readonly=True)
    statement_line_id = fields.Many2one(
        "account.bank.statement.line",
        readonly=True,
        index="btree_not_null",
        help="The line of the statement whose money waits for a person.",
    )
    bank_statement_id = fields.Many2one(
        "sdd.bank.statement", readonly=True, index="btree_not_null", ondelete="cascade"
    )
    debit_id = fields.Many2one(
        "sdd.debit",
        string="Assigned to",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    move_line_id = fields.Many2one(
        "account.move.line",
        string="Assigned to Invoice Item",
        readonly=True,
        index="btree_not_null",
        check_company=True,
    )
    invoice_id = fields.Many2one(related="move_line_id.move_id", string="Assigned to Invoice")
    can_be_assigned = fields.Boolean(compute="_compute_can_be_assigned")
    closing_note = fields.Char(string="Because", readonly=True)
    closed_by_id = fields.Many2one("res.users", string="Closed by", readonly=True)
    closed_date = fields.Datetime(string="Closed on", readonly=True)

    _open_index = models.Index("(company_id, booking_date) WHERE state = 'open'")

    # === COMPUTE METHODS === #

    @api.depends("code", "params")
    @api.depends_context("lang")
    def _compute_text(self):
        for finding in self:
            finding.text = finding.message_id._describe_finding(
                {"code": finding.code, "params": finding.params}
            )

    @api.depends("text")
    @api.depends_context("lang")
    def _compute_display_name(self):
        for finding in self:
            finding.display_name = finding.text

    @api.depends("state", "direction", "statement_line_id", "amount")
    def _compute_can_be_assigned(self):
        for finding in self:
            finding.can_be_assigned = (
                finding.state == "open"
                and bool(finding.amount)
                and (
                    finding.direction == "return"
                    or (finding.direction == "credit" and bool(finding.statement_line_id))
                )
            )

    # === ACTION METHODS === #

    def action_dismiss(self, reason=None):
        """Note that nothing is to be done about these findings.

        :param str reason: why, for those who read it later.
        """
        self._close("dismissed", reason or self.env._("Looked at, nothing to be done."))

    def action_view_message(self):
        """Open the file in which this was found."""
        self.ensure_one()
        return self.message_id._get_records_action()

    def action_view_statement_line(self):
        """Open the journal entry of the statement line whose money waits."""
        self.ensure_one()
        return self.statement_line_id.action_view_sdd_entry()

    # === BUSINESS METHODS === #

    def _close(self, state, note, **values):
        """Close open findings and their files when these have no others.

        :param str state: `assigned` or `dismissed`.
        :param str note: what was done or why nothing was.
        :param values: more to write.
        """
        self.filtered(lambda f: f.state == "open")._move_to(
            state,
            closing_note=note,
            closed_by_id=self.env.uid,
            closed_date=fields.Datetime.now(),
            **values,
        )
        # In sudo mode: the file's state follows from its findings.
        self.message_id.sudo()._update_finding_state()
