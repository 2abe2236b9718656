from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sepa import pain007
from . import const


class SddReversal(models.Model):
    """Money of settled debits that we give back by ourselves."""

    _name = "sdd.reversal"
    _description = "Reversal of Debits"
    _inherit = "sdd.request"
    _handover_field = "reversal_id"
    _transitions = const.REVERSAL_TRANSITIONS
    _fixed_fields = frozenset("name batch_id debit_ids reason note".split())
    _guarded_fields = frozenset({"state", "file_data", "submitted_date"})
    _states_to_take = ("settled",)
    _prefix = "R"

    debit_ids = fields.Many2many("sdd.debit", string="Debits", required=True)
    handover_ids = fields.One2many("sdd.handover", "reversal_id", readonly=True)
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("generated", "File ready"),
            ("submitted", "At the bank"),
            ("settled", "Settled"),
            ("rejected", "Rejected"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    reason = fields.Selection(
        [("AM05", "Collected twice"), ("MS02", "Not specified")], default="MS02", required=True
    )
    last_day = fields.Date(
        string="Possible until",
        compute="_compute_last_day",
        help="Five TARGET days after the due date. Later only a credit transfer helps.",
    )
    submitted_date = fields.Datetime(string="Submitted", readonly=True, copy=False)

    @api.depends("debit_ids.amount")
    def _compute_totals(self):
        """Override: the debits are stored here."""
        return super()._compute_totals()

    @api.depends("debit_ids.collection_date")
    def _compute_last_day(self):
        for reversal in self:
            days = reversal.debit_ids.mapped("collection_date")
            reversal.last_day = days and pain007.last_day(min(days))

    @api.depends("name")
    def _compute_file_name(self):
        for reversal in self:
            reversal.file_name = f"pain.007-{reversal.name}.xml"

    # === ACTION METHODS === #

    def action_generate(self):
        """Make the file."""
        for reversal in self:
            reversal.check_access("write")
            reversal._check_debits(reversal.debit_ids)
            reversal._ensure_file()
            reversal._move_to("generated")

    def action_submit(self):
        """Hand the file to the bank and book it. Each reversal can be submitted once only."""
        for reversal in self:
            reversal.check_access("write")
            reversal.lock_for_update()
            reversal.invalidate_recordset(["state"])
            reversal.debit_ids.invalidate_recordset(["state"])
            reversal._check_debits(reversal.debit_ids)
            reversal._move_to("submitted", submitted_date=fields.Datetime.now())
            reversal._book()
            reversal._start_handover()

    # === BUSINESS METHODS === #

    @api.model
    def _check_debits(self, debits):
        """Override: the scheme gives five TARGET days."""
        super()._check_debits(debits)
        today = fields.Date.context_today(self)
        if late := debits.filtered(lambda d: pain007.last_day(d.collection_date) < today):
            raise UserError(
                self.env._(
                    "%(debit)s could be reversed until %(day)s. Give the money back by a credit"
                    " transfer instead.",
                    debit=late[0].display_name,
                    day=pain007.last_day(late[0].collection_date),
                )
            )

    def _build_file(self, sent):
        """Return the pain.007.

        :param list sent: `sepa.pain008_read.SentDebit` of the debits.
        """
        booking = self.journal_id.sdd_batch_booking
        values = self._prepare_file()
        return pain007.write(
            pain007.Reversal(message_id=self.name, debits=sent, batch_booking=booking, **values)
        )

    def _book(self):
        """Open the invoices again: Dr receivable, Cr in transit, until the statement shows it.

        Note: self.ensure_one()
        """
        self.ensure_one()
        labels = dict(self._fields["reason"]._description_selection(self.env))
        text = self.env._("Given back by us: %s", labels[self.reason])
        today = fields.Date.context_today(self)
        self.debit_ids._reopen("returned", text, today, self.name)
        self.debit_ids._record_own_return("reversal", self.reason)

    @api.model
    def _find_by_reference(self, journal, references):
        """Return the reversal that the bank names, for whoever matches statement lines.

        :param journal: the bank journal.
        :param references: iterable of message ids and block ids as the bank gives them.
        :rtype: `sdd.reversal` record, possibly empty
        """
        names = {name for text in references if text for name in (text, text.rpartition("-")[0])}
        return self.search(
            [
                ("name", "in", list(names)),
                ("journal_id", "=", journal.id),
                ("state", "in", ("submitted", "settled")),
            ],
            limit=1,
        )

    def _update_settled(self):
        """Mark reversals all of whose debits the statement has shown going back."""
        done = self.filtered(
            lambda r: r.state == "submitted" and all(r.debit_ids.mapped("return_on_statement"))
        )
        done._note_answered()
        done._move_to("settled")

    def _note_rejected(self, text):
        """The bank has refused: the money stays here, and the invoices are paid again.

        Note: self.ensure_one()

        :param str text: why.
        """
        self.ensure_one()
        debits = self.debit_ids.filtered(lambda d: d.state == "returned")
        debits._undo_reversal(self)
        self._move_to("rejected")
        self.message_post(body=self.env._("The bank refused the reversal: %s", text))
        user = self.journal_id._sdd_get_responsible()
        self.activity_schedule(
            "mail.mail_activity_data_todo",
            user_id=user.id,
            summary=self.env._("Give the money of %s back by credit transfer", self.name),
        )
