from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from . import const


class AccountMove(models.Model):
    _inherit = "account.move"

    sdd_debit_ids = fields.Many2many(
        "sdd.debit",
        "sdd_debit_invoice_rel",
        "move_id",
        "debit_id",
        string="Direct Debits",
        readonly=True,
        copy=False,
    )
    sdd_debit_count = fields.Integer(compute="_compute_sdd_debit_count", compute_sudo=True)
    sdd_batch_id = fields.Many2one(
        "sdd.batch", string="Debit Batch", readonly=True, copy=False, index="btree_not_null"
    )

    sdd_can_be_debited = fields.Boolean(compute="_compute_sdd_can_be_debited", compute_sudo=True)
    sdd_live_date = fields.Date(
        compute="_compute_sdd_can_be_debited",
        compute_sudo=True,
        help="Due date of the debit that is under way for this invoice.",
    )

    # === COMPUTE METHODS === #

    @api.depends("sdd_debit_ids")
    def _compute_sdd_debit_count(self):
        for move in self:
            move.sdd_debit_count = len(move.sdd_debit_ids)

    @api.depends("move_type", "state", "currency_id", "amount_residual", "sdd_debit_ids.state")
    def _compute_sdd_can_be_debited(self):
        for move in self:
            live = move.sdd_debit_ids.filtered(lambda d: d.state in const.LIVE_STATES)
            move.sdd_live_date = live[:1].collection_date
            move.sdd_can_be_debited = (
                move.move_type == "out_invoice"
                and move.state == "posted"
                and move.currency_id.name == "EUR"
                and move.currency_id.compare_amounts(move.amount_residual, 0) > 0
                and not live
            )

    @api.depends("sdd_debit_ids.state")
    def _compute_payment_state(self):
        """Override of `account`: what the bank has not settled yet is in payment, never paid."""
        super()._compute_payment_state()
        for move in self:
            if move.payment_state == "paid" and "submitted" in move.sudo().sdd_debit_ids.mapped(
                "state"
            ):
                move.payment_state = "in_payment"

    # === ACTION METHODS === #

    def action_view_sdd_debits(self):
        """Open the debits of these invoices."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [("invoice_ids", "in", self.ids)]
        action["context"] = {}
        return action

    def action_queue_sdd_debit(self):
        """Queue debits for these invoices with the customers' active mandates and say when they are due."""
        # Customers may read their invoices, and the debit is made in sudo mode.
        self.check_access("write")
        debits = self._queue_sdd_debit()
        dates = sorted(set(debits.mapped("collection_date")))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Direct debit queued, due on %(dates)s.",
                    dates=", ".join(format_date(self.env, date) for date in dates),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def action_view_sdd_batch(self):
        """Open the batch that this entry books."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "res_model": "sdd.batch",
            "view_mode": "form",
            "res_id": self.sdd_batch_id.id,
        }

    # === BUSINESS METHODS === #

    def _queue_sdd_debit(self, mandate=None, due_date=None):
        """Queue one debit for each of these posted customer invoices.

        :param mandate: the mandate to collect with; each customer's newest active one if omitted.
        :param date due_date: the due date wanted; it is moved to the first TARGET day that the
            bank can make and of which the customer is told in time. If omitted, the day that the
            customer chose and the bank's policy decide (`account.journal._sdd_choose_due_date`).
        :return: the new debits.
        :rtype: `sdd.debit` recordset
        :raise UserError: when an invoice cannot be debited; nothing is queued then.
        """
        values = []
        for company, moves in self.grouped("company_id").items():
            company._sdd_check_ready()
            mandates = moves._get_sdd_mandates(mandate)
            patience = moves._get_payday_patience(due_date)
            for move in moves:
                move._check_can_be_debited()
                vals = move._prepare_sdd_debit_values(mandates[move], due_date)
                vals.update(move._prepare_payday(vals, mandates[move], patience.get(move, 0)))
                values.append(vals)
        # A debit that was cancelled just now must not hold its claim on the invoice.
        self.env["sdd.debit"].flush_model(["state"])
        debits = self.env["sdd.debit"].sudo().create(values)
        debits._hold_what_waits()
        # In sudo mode: whoever queues debits need not have rights on jobs.
        self.env.ref("support_debit.cron_prenotify").sudo()._trigger()
        return debits.with_env(self.env)

    def _get_sdd_mandates(self, mandate=None):
        """Return `{invoice: mandate}`, the newest active mandate of each customer if none is given."""
        if mandate:
            return dict.fromkeys(self, mandate)
        partners = self.commercial_partner_id
        newest = {}
        # In sudo mode: accountants queue debits without the right to write mandates.
        found = (
            self.env["sdd.mandate"]
            .sudo()
            .search(
                [
                    ("partner_id", "child_of", partners.ids),
                    ("company_id", "in", self.company_id.ids),
                    ("state", "=", "active"),
                ],
                order="id",
            )
        )
        for candidate in found:
            newest[candidate.partner_id.commercial_partner_id, candidate.company_id] = candidate
        return {
            move: newest.get((move.commercial_partner_id, move.company_id), found.browse())
            for move in self
        }

    def _check_can_be_debited(self):
        """Raise a UserError that says why this invoice cannot be debited.

        Note: self.ensure_one()
        """
        self.ensure_one()
        name = self.name or self.env._("The invoice")
        if self.move_type != "out_invoice" or self.state != "posted":
            raise UserError(self.env._("%s is not a posted customer invoice.", name))
        if self.currency_id.name != "EUR":
            raise UserError(
                self.env._(
                    "%(name)s is in %(currency)s. Direct debits are in euro only.",
                    name=name,
                    currency=self.currency_id.name,
                )
            )
        if self.currency_id.compare_amounts(self.amount_residual, 0) <= 0:
            raise UserError(self.env._("%s is not open any more.", name))
        if self.amount_residual > const.MAX_AMOUNT:
            raise UserError(self.env._("%s is more than one direct debit can collect.", name))
        if self.sudo().sdd_debit_ids.filtered(lambda d: d.state in const.LIVE_STATES):
            raise UserError(self.env._("%s is being debited already.", name))

    def _prepare_sdd_debit_values(self, mandate, due_date=None):
        """Return the values of the debit that collects what is open on this invoice.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record, may be empty.
        :param date due_date: the due date wanted, see `_queue_sdd_debit`.
        :raise UserError: without a mandate that may be used.
        """
        self.ensure_one()
        if not mandate:
            raise UserError(
                self.env._(
                    "%(customer)s has given no mandate yet, so %(invoice)s cannot be debited.",
                    customer=self.partner_id.display_name,
                    invoice=self.name,
                )
            )
        lines = self._get_sdd_open_lines()
        journal = self.company_id._sdd_find_journal(mandate)
        collection_date = journal._sdd_choose_due_date(mandate, self.invoice_date_due, due_date)
        return {
            "company_id": self.company_id.id,
            "partner_id": self.commercial_partner_id.id,
            "mandate_id": mandate.id,
            "journal_id": journal.id,
            "amount": self.amount_residual,
            "collection_date": collection_date,
            "claimed_line_id": lines[:1].id,
            "move_line_ids": [(6, 0, lines.ids)],
            "invoice_ids": [(6, 0, self.ids)],
            "remittance": self._get_sdd_remittance(),
        }

    def _get_sdd_open_lines(self):
        """Return the receivable lines that are still open."""
        return self.line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and not line.reconciled
        )

    def _get_sdd_remittance(self):
        """Return what the customer reads on his statement: company and invoice number."""
        self.ensure_one()
        return f"{self.company_id.name} {self.name}"

    def _invoice_paid_hook(self):
        """Override of `account`: support goes on when an invoice is paid.

        A file that has left pays nothing yet: the hook runs for those invoices on settlement.
        """
        # In sudo mode: whoever registers a payment need not have rights on debits.
        paid = self.filtered(lambda m: "submitted" not in m.sudo().sdd_debit_ids.mapped("state"))
        res = super(AccountMove, paid)._invoice_paid_hook()
        paid.filtered(lambda m: m.payment_state == "paid")._get_support_subscriptions()._note_paid()
        return res

    def _cancel_needless_sdd_debits(self):
        """Give up the debits that wait for invoices of which nothing is open any more."""
        # In sudo mode: whoever registers a payment need not have rights on debits.
        debits = self.sudo().sdd_debit_ids.filtered(lambda d: d.state in ("queued", "held"))
        debits.filtered(lambda d: not any(d.move_line_ids.mapped("amount_residual")))._cancel(
            self.env._("The invoice was paid another way.")
        )

    def _check_draftable(self):
        """Override of `account`: an invoice in a bank file and what books that file stay as they are."""
        super()._check_draftable()
        for move in self.sudo():
            if not move.statement_line_id and (move.sdd_batch_id or move.line_ids.sdd_debit_id):
                raise UserError(
                    self.env._(
                        "%s books direct debits that were sent to the bank, so it cannot be taken back.",
                        move.name,
                    )
                )
        for debit in self.sudo().sdd_debit_ids.filtered(lambda d: d.state in const.FILE_STATES):
            raise UserError(
                self.env._(
                    "%(invoice)s is being collected with batch %(batch)s and cannot be changed now.",
                    invoice=debit.invoice_ids[:1].name,
                    batch=debit.batch_id.name,
                )
            )

    def button_draft(self):
        """Override of `account` to give up the debits that wait for an invoice taken back."""
        res = super().button_draft()
        # In sudo mode: whoever corrects an invoice need not have rights on debits.
        debits = self.sudo().sdd_debit_ids.filtered(lambda d: d.state in ("queued", "held"))
        debits._cancel(self.env._("The invoice was taken back."))
        return res

    def _has_to_be_paid(self):
        """Override of `account_payment`: no payment link while a debit is under way."""
        return not self._get_exclusive_sdd_debits() and super()._has_to_be_paid()

    def _get_online_payment_error(self):
        """Override of `account_payment` to say that a debit is under way."""
        if self._get_exclusive_sdd_debits():
            return self.env._("This invoice is being collected by direct debit.")
        return super()._get_online_payment_error()

    def _get_exclusive_sdd_debits(self):
        """Return the debits beside which these invoices cannot be paid online (sudo)."""
        # In sudo mode: the customer need not have rights on debits.
        return self.sudo().sdd_debit_ids.filtered(lambda d: d.state in const.LIVE_STATES)
