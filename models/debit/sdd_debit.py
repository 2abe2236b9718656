import secrets

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import format_amount

from ...sepa import references, target
from .const import DEBIT_TRANSITIONS, MAX_AMOUNT


class SddDebit(models.Model):
    """One attempt to collect one amount from one account. A retry is another debit."""

    _name = "sdd.debit"
    _description = "SEPA Direct Debit"
    _inherit = ["support.guarded", "mail.thread", "mail.activity.mixin"]
    _order = "collection_date desc, id desc"
    _rec_names_search = ["end_to_end_id", "partner_id.name", "invoice_ids.name"]
    _check_company_auto = True
    _mail_post_access = "read"
    _transitions = DEBIT_TRANSITIONS
    _guarded_fields = frozenset(
        "state batch_id end_to_end_id settlement_date claimed_line_id previous_debit_id"
        " hold_code waiting_code waiting_reason amendment_event_ids file_iban_masked file_reference file_digest"
        " file_is_amended payment_information_id is_no_duplicate retry_code retry_params retry_log"
        " retry_chance retry_first_date retry_last_date".split()
    )
    _fixed_fields = frozenset(
        "company_id partner_id mandate_id journal_id amount collection_date sequence_type remittance"
        " move_line_ids invoice_ids".split()
    )
    _open_states = frozenset({"queued", "held"})

    end_to_end_id = fields.Char(
        string="Reference", required=True, readonly=True, copy=False, default="/"
    )
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    partner_id = fields.Many2one(
        "res.partner", string="Customer", required=True, index=True, check_company=True
    )
    mandate_id = fields.Many2one(
        "sdd.mandate", required=True, index=True, check_company=True, ondelete="restrict"
    )
    scheme = fields.Selection(related="mandate_id.scheme", store=True)
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank",
        required=True,
        index=True,
        check_company=True,
        domain="[('type', '=', 'bank')]",
    )
    amount = fields.Monetary(required=True)
    collection_date = fields.Date(
        string="Due Date",
        required=True,
        index=True,
        help="Requested collection date, a TARGET day.",
    )
    sequence_type = fields.Selection(
        [("FRST", "First"), ("RCUR", "Recurrent"), ("FNAL", "Final"), ("OOFF", "One-off")],
        required=True,
        default="RCUR",
    )
    attempt = fields.Integer(default=1, readonly=True)
    previous_debit_id = fields.Many2one(
        "sdd.debit", string="Repeats", readonly=True, copy=False, index="btree_not_null"
    )
    next_debit_ids = fields.One2many("sdd.debit", "previous_debit_id", string="Repeated by")
    remittance = fields.Char(string="Text on the statement")
    state = fields.Selection(
        [
            ("queued", "Queued"),
            ("held", "Held"),
            ("batched", "In a batch"),
            ("submitted", "At the bank"),
            ("settled", "Settled"),
            ("rejected", "Rejected"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
        ],
        string="Status",
        group_expand=True,
        default="queued",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
    )
    state_reason = fields.Char(string="Because", readonly=True, copy=False, tracking=True)
    claimed_line_id = fields.Many2one(
        "account.move.line", readonly=True, copy=False, index="btree_not_null"
    )
    move_line_ids = fields.Many2many(
        "account.move.line",
        "sdd_debit_move_line_rel",
        "debit_id",
        "line_id",
        string="Invoice Lines",
        copy=False,
    )
    invoice_ids = fields.Many2many(
        "account.move",
        "sdd_debit_invoice_rel",
        "debit_id",
        "move_id",
        string="Invoices",
        copy=False,
    )
    invoice_count = fields.Integer(compute="_compute_invoice_count", compute_sudo=True)
    invoice_names = fields.Char(
        string="Invoice", compute="_compute_invoice_count", compute_sudo=True
    )
    batch_id = fields.Many2one(
        "sdd.batch", readonly=True, copy=False, index=True, check_company=True
    )
    settlement_date = fields.Date(readonly=True, copy=False)
    prenotification_date = fields.Datetime(string="Customer notified", readonly=True, copy=False)

    _end_to_end_unique = models.Constraint(
        "UNIQUE(end_to_end_id)",
        "This debit reference is in use already. References are never used twice.",
    )
    _claim_unique = models.UniqueIndex(
        "(claimed_line_id) WHERE claimed_line_id IS NOT NULL AND state IN ('queued', 'held', 'batched', 'submitted')",
        "This invoice is being debited already.",
    )
    _due_index = models.Index("(journal_id, collection_date) WHERE state = 'queued'")

    # === COMPUTE METHODS === #

    @api.depends("invoice_ids.name")
    def _compute_invoice_count(self):
        for debit in self:
            debit.invoice_count = len(debit.invoice_ids)
            debit.invoice_names = ", ".join(
                name for name in debit.invoice_ids.mapped("name") if name
            )

    @api.depends("partner_id.name", "amount")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Name debits as people speak of them; the reference is for banks."""
        # In sudo mode: a customer sees his debits, but perhaps not the contact they belong to.
        for debit in self.sudo():
            name = debit.partner_id.name or debit.end_to_end_id
            amount = format_amount(self.env, debit.amount, debit.currency_id)
            debit.display_name = f"{name} · {amount}"

    # === CONSTRAINT METHODS === #

    @api.constrains("amount", "company_id")
    def _check_amount(self):
        for debit in self:
            if debit.currency_id.name != "EUR":
                raise ValidationError(self.env._("Direct debits are in euro only."))
            if not 0 < debit.amount <= MAX_AMOUNT:
                raise ValidationError(
                    self.env._("A direct debit collects between 0.01 and 999,999,999.99 EUR.")
                )

    @api.constrains("collection_date")
    def _check_collection_date(self):
        for debit in self:
            if not target.is_target_day(debit.collection_date):
                raise ValidationError(
                    self.env._(
                        "Banks do not settle on %(date)s. The next possible due date is %(next)s.",
                        date=debit.collection_date,
                        next=target.next_target_day(debit.collection_date),
                    )
                )

    @api.constrains("mandate_id", "partner_id")
    def _check_mandate(self):
        for debit in self:
            if debit.mandate_id.state != "active":
                raise ValidationError(
                    self.env._(
                        "Mandate %s is not active, nothing can be collected with it.",
                        debit.mandate_id.name,
                    )
                )
            if (
                debit.mandate_id.partner_id.commercial_partner_id
                != debit.partner_id.commercial_partner_id
            ):
                raise ValidationError(
                    self.env._(
                        "Mandate %s was given by somebody else than the debtor of the invoice.",
                        debit.mandate_id.name,
                    )
                )

    # === CRUD METHODS === #

    @api.model_create_multi
    def create(self, vals_list):
        to_number = [vals for vals in vals_list if vals.get("end_to_end_id", "/") == "/"]
        for position, vals in enumerate(to_number):
            if not position:
                first = self._next_number(vals)
            number = f"{first}-{position}" if position else first
            vals["end_to_end_id"] = self._make_end_to_end_id(vals, number)
        # A debit given up just now must not stand in the way of its successor in the unique index.
        self.flush_model(["state"])
        return super().create(vals_list)

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(
            self.env._(
                "Debits are kept for the record. Cancel the ones that must not be collected."
            )
        )

    # === BUSINESS METHODS === #

    @api.model
    def _next_number(self, vals):
        """Draw one number for all debits that are created together."""
        company = vals.get("company_id") or self.env.company.id
        # In sudo mode: a customer who orders in the shop draws a number, too.
        return self.env["ir.sequence"].sudo().with_company(company).next_by_code("sdd.debit")

    @api.model
    def _make_end_to_end_id(self, vals, number):
        """Return a reference that no debit ever had: a number and eight random characters.

        The random part keeps references apart when a database is restored from a backup and goes
        on counting from an old number.
        """
        company = self.env["res.company"].browse(vals.get("company_id") or self.env.company.id)
        prefix = f"{company.sdd_reference_prefix or 'D'}{secrets.token_hex(4).upper()}"
        # A prefix has 12 characters at most; see `sepa.references.check_prefix`.
        return references.end_to_end_id(prefix[-12:], number, vals.get("attempt", 1))

    def _cancel(self, reason):
        """Give up debits that have not left the house.

        :param str reason: why, for those who read the list.
        """
        self._move_to("cancelled", state_reason=reason)

    def _note_prenotification(self, date=None):
        """Remember that the customer was told amount, date, mandate and creditor in time.

        :param datetime date: when the message was handed to the mail server (UTC), now if omitted.
        """
        self.filtered(lambda d: not d.prenotification_date).prenotification_date = (
            date or fields.Datetime.now()
        )
