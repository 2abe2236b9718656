from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sepa import references, target
from .const import BATCH_TRANSITIONS


class SddBatch(models.Model):
    """One bank file: debits of one journal and scheme, in a block for each due date and sequence."""

    _name = "sdd.batch"
    _description = "Direct Debit Batch"
    _inherit = ["support.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "id desc"
    _check_company_auto = True
    _transitions = BATCH_TRANSITIONS
    _guarded_fields = frozenset({"state", "submitted_date", "file_data", "replaced_message_ids"})
    _fixed_fields = frozenset(
        "name journal_id scheme sequence_type creditor_identifier collection_date debit_ids".split()
    )
    _open_states = frozenset({"draft", "generated"})

    name = fields.Char(string="Message ID", required=True, readonly=True, copy=False, default="/")
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        readonly=True,
        index=True,
        domain="[('type', '=', 'bank')]",
    )
    creditor_identifier = fields.Char(readonly=True)
    scheme = fields.Selection(
        [("CORE", "SEPA Core"), ("B2B", "SEPA B2B")], required=True, readonly=True
    )
    sequence_type = fields.Selection(
        [("FRST", "First"), ("RCUR", "Recurrent"), ("FNAL", "Final"), ("OOFF", "One-off")],
        readonly=True,
        help="Empty when the file holds several.",
    )
    # The earliest one in the file.
    collection_date = fields.Date(string="Due Date", required=True, readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("generated", "File ready"),
            ("submitted", "At the bank"),
            ("accepted", "Accepted"),
            ("partly_rejected", "Partly rejected"),
            ("rejected", "Rejected"),
            ("settled", "Settled"),
        ],
        string="Status",
        group_expand=True,
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    debit_ids = fields.One2many("sdd.debit", "batch_id", string="Debits")
    debit_count = fields.Integer(compute="_compute_totals", store=True)
    amount_total = fields.Monetary(string="Total", compute="_compute_totals", store=True)
    amount_settled = fields.Monetary(string="Settled", compute="_compute_progress")
    amount_failed = fields.Monetary(string="Came back", compute="_compute_progress")
    submitted_date = fields.Datetime(string="Submitted", readonly=True, copy=False)
    move_ids = fields.One2many("account.move", "sdd_batch_id", string="Journal Entries")
    entry_count = fields.Integer(compute="_compute_entry_count", compute_sudo=True)
    is_late = fields.Boolean(
        compute="_compute_is_late", help="The file is ready, but its deadline has passed."
    )
    deadline = fields.Datetime(
        string="To the bank by",
        compute="_compute_deadline",
        compute_sudo=True,
        help="The last moment at which the bank takes the file for this due date.",
    )

    _name_unique = models.Constraint("UNIQUE(name)", "This message id is in use already.")

    # === COMPUTE METHODS === #

    @api.depends("debit_ids.amount")
    def _compute_totals(self):
        totals = {
            batch: (count, total)
            for batch, count, total in self.env["sdd.debit"]._read_group(
                [("batch_id", "in", self.ids)], ["batch_id"], ["__count", "amount:sum"]
            )
        }
        for batch in self:
            batch.debit_count, batch.amount_total = totals.get(batch, (0, 0.0))

    @api.depends("debit_ids.state")
    def _compute_progress(self):
        sums = {
            (batch, state): total
            for batch, state, total in self.env["sdd.debit"]._read_group(
                [("batch_id", "in", self.ids)], ["batch_id", "state"], ["amount:sum"]
            )
        }
        for batch in self:
            batch.amount_settled = sums.get((batch, "settled"), 0.0)
            batch.amount_failed = sums.get((batch, "rejected"), 0.0) + sums.get(
                (batch, "returned"), 0.0
            )

    @api.depends("journal_id", "collection_date")
    def _compute_deadline(self):
        for batch in self:
            journal = batch.journal_id
            deadline = journal and target.submission_deadline(
                batch.collection_date,
                journal._sdd_cut_off_time(),
                journal.sdd_lead_days,
                journal._sdd_zone(),
            )
            batch.deadline = deadline and deadline.astimezone(UTC).replace(tzinfo=None)

    def _compute_entry_count(self):
        counts = dict(
            self.env["account.move.line"]._read_group(
                [("sdd_batch_id", "in", self.ids)], ["sdd_batch_id"], ["move_id:count_distinct"]
            )
        )
        for batch in self:
            batch.entry_count = counts.get(batch, 0)

    @api.depends("state", "deadline")
    def _compute_is_late(self):
        now = fields.Datetime.now()
        for batch in self:
            batch.is_late = (
                batch.state == "generated" and bool(batch.deadline) and batch.deadline < now
            )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("name", "/") == "/":
                company = self.env["account.journal"].browse(vals["journal_id"]).company_id
                vals["name"] = self._next_message_id(company)
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_except_sent(self):
        if self.filtered(lambda b: b.state not in ("draft", "generated")):
            raise UserError(self.env._("A batch that went to the bank is kept for the record."))

    def unlink(self):
        """Override to queue the debits of batches that never went to the bank again."""
        unsent = self.filtered(lambda b: b.state in ("draft", "generated"))
        unsent.debit_ids._move_to("queued", batch_id=False)
        return super().unlink()

    # === ACTION METHODS === #

    def action_create_batches(self):
        """Make the files that are due now and show them; works on any recordset, also an empty one."""
        batches = self._create_due_batches()
        if not batches:
            raise UserError(
                self.env._(
                    "No debit is due for a file now. Debits go into a file some days before their due date."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_batch")
        action["domain"] = [("id", "in", batches.ids)]
        action["context"] = {}
        if len(batches) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=batches.id)
        return action

    def action_dissolve(self):
        """Delete batches that never went to the bank; their debits are queued again."""
        self.unlink()
        return self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_batch")

    def action_submit(self):
        """Hand the files to the bank and book them. Each batch can be submitted once only."""
        for batch in self:
            batch._check_can_be_submitted()
            batch._submit()

    def action_view_debits(self):
        """Open the debits of these batches."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [("batch_id", "in", self.ids)]
        action["context"] = {}
        return action

    def action_view_entries(self):
        """Open the journal entries that these batches made."""
        action = self.env["ir.actions.act_window"]._for_xml_id("account.action_move_journal_line")
        action["domain"] = [("line_ids.sdd_batch_id", "in", self.ids)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    @api.model
    def _next_message_id(self, company):
        """Return a message id that no file ever had."""
        number = self.env["ir.sequence"].sudo().with_company(company).next_by_code("sdd.batch")
        return references.message_id(company.sdd_reference_prefix or "B", datetime.now(UTC), number)

    def _check_can_be_submitted(self):
        """Raise a UserError when this batch must not go to the bank (any more).

        Note: self.ensure_one()
        """
        self.ensure_one()
        self.lock_for_update()
        self.invalidate_recordset(["state"])
        if self.state != "generated":
            raise UserError(
                self.env._("Batch %s has been submitted already or has no file yet.", self.name)
            )
        if fields.Datetime.now() > self.deadline:
            raise UserError(
                self.env._(
                    "The bank does not take batch %(name)s any more: its deadline was %(deadline)s."
                    " Delete the batch, its debits are queued again with a new due date.",
                    name=self.name,
                    deadline=fields.Datetime.context_timestamp(self, self.deadline).strftime(
                        "%Y-%m-%d %H:%M"
                    ),
                )
            )
        self._lock_mandates()
        self._check_collectable()

    def _submit(self):
        """Book the batch and let the hand-over happen after the commit.

        Note: self.ensure_one()
        """
        self.ensure_one()
        self._move_to("submitted", submitted_date=fields.Datetime.now())
        self.debit_ids._submit(self)
        self._hand_over()

    def _hand_over(self):
        """Bring the file to the bank. Overridden where a journal has a connection to its bank.

        Without one a person downloads the file and uploads it at the bank.

        Note: self.ensure_one()
        """

    def _submits_by_itself(self):
        """Return whether the file goes to the bank without a person. See `_hand_over`."""
        return False

    def _prepare_transit_line(self, amount):
        """Return the values of the line that holds this batch's money in transit."""
        self.ensure_one()
        return {
            "name": self.name,
            "account_id": self.journal_id.sdd_transit_account_id.id,
            "sdd_batch_id": self.id,
            "balance": amount,
        }

    def _reconcile_transit(self):
        """Match what is open on the account in transit, batch by batch."""
        lines = (
            self.env["account.move.line"]
            .sudo()
            .search(
                [
                    ("sdd_batch_id", "in", self.ids),
                    ("reconciled", "=", False),
                    ("parent_state", "=", "posted"),
                    ("account_id", "in", self.journal_id.sdd_transit_account_id.ids),
                ]
            )
        )
        plan = [
            items
            for items in lines.grouped("sdd_batch_id").values()
            if any(item.balance > 0 for item in items) and any(item.balance < 0 for item in items)
        ]
        self.env["sdd.debit"]._match(plan)

    def _update_settled(self):
        """Mark batches whose debits have all come to their end."""
        open_batches = self.env["sdd.debit"]._read_group(
            [("batch_id", "in", self.ids), ("state", "=", "submitted")], ["batch_id"]
        )
        waiting = self.browse(batch.id for (batch,) in open_batches)
        done = (self - waiting).filtered(lambda b: "settled" in BATCH_TRANSITIONS[b.state])
        done._move_to("settled")
