"""What debits do to the ledger: one collective entry for a whole file, never one per customer."""

from odoo import api, fields, models


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    entry_line_ids = fields.One2many(
        "account.move.line", "sdd_debit_id", string="Journal Items", readonly=True
    )

    def _submit(self, batch, date=None):
        """Book a submitted batch and mark its debits: Dr in transit (sum), Cr receivable (each).

        :param batch: `sdd.batch` record that holds these debits.
        :param date date: booking date of the entry; today if omitted.
        :return: the collective entry.
        :rtype: `account.move` record
        """
        self._move_to("submitted")
        for collection_date, debits in self.grouped("collection_date").items():
            debits.mandate_id._note_collection(collection_date)
        entry = self._create_entry(
            batch.journal_id,
            batch.name,
            [
                batch._prepare_transit_line(sum(self.mapped("amount"))),
                *self._prepare_receivable_lines(-1),
            ],
        )
        entry.sdd_batch_id = batch
        plan = []
        booked = entry.line_ids.grouped("sdd_debit_id")
        for debit in self:
            for line in booked[debit]:
                claimed = debit.move_line_ids.filtered(
                    lambda item, line=line: (
                        item.account_id == line.account_id and not item.reconciled
                    )
                )
                plan.append(line + claimed)
        self._match(plan)
        return entry

    def _settle(self, settlement_date):
        """Mark debits whose money the statement has shown; their invoices are paid.

        :param date settlement_date: booking date of the statement line.
        """
        settled = self.filtered(lambda d: d.state == "submitted")
        settled._move_to("settled", settlement_date=settlement_date)
        # Announced as returned before the statement showed that it had come.
        (self - settled).settlement_date = settlement_date
        settled.batch_id._update_settled()
        invoices = settled.invoice_ids
        invoices.filtered(
            lambda m: m.payment_state == "paid"
        )._get_support_subscriptions()._note_paid()
        # The engine's transaction is done when the money is there, not when the file left.
        settled._get_transactions()._sdd_note_settled()

    def _reopen(self, state, reason, booking_date, ref, against_transit=True):
        """Take debits back: the invoices are open again with their own due dates.

        Money that had not settled, or that the statement has not shown going yet, is booked against
        the account in transit; the statement line then clears that account.

        :param str state: `rejected` or `returned`.
        :param reason: what the list says about it: a text for all of them, or `{debit: text}`.
        :param date booking_date: the date of the entry.
        :param str ref: what the entry refers to: the bank's file.
        :param bool against_transit: book the collective entry Dr receivable, Cr in transit; False
            when the lines on the receivable come from a statement line that exists already.
        """
        originals = self._get_collected_lines()
        groups = self.grouped(reason.get) if isinstance(reason, dict) else {reason: self}
        for text, debits in groups.items():
            debits._move_to(state, state_reason=text)
        if against_transit:
            for journal, debits in self.grouped("journal_id").items():
                debits._create_entry(
                    journal,
                    ref,
                    debits._prepare_receivable_lines(1)
                    + [debit._prepare_transit_credit() for debit in debits],
                    booking_date,
                )
        originals.remove_move_reconcile()
        self._match_what_went_back()
        self.batch_id._reconcile_transit()
        if state == "rejected":
            for text, debits in groups.items():
                debits._get_transactions()._sdd_note_rejected(text)

    def _match_what_went_back(self):
        """Match what was collected with these debits with what went back, debit by debit."""
        plan = []
        for debit in self:
            lines = debit.entry_line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "asset_receivable" and not line.reconciled
                )
            )
            plan += list(lines.grouped("account_id").values())
        self._match(plan)

    @api.model
    def _match(self, plan):
        """Match journal items group by group, in a few queries for all of them.

        :param list plan: `account.move.line` recordsets.
        """
        # No invoice line changes here, so the lines need not be synchronised with their invoices.
        lines = self.env["account.move.line"].sudo().with_context(skip_invoice_sync=True)
        lines._reconcile_plan([group.with_env(lines.env) for group in plan])

    def _get_collected_lines(self):
        """Return the receivable lines of the collective entries that are matched with invoices."""
        return self.entry_line_ids.filtered(
            lambda line: line.account_id.account_type == "asset_receivable" and line.reconciled
        )

    def _suspend_support(self, always=False):
        """Stop the support that came with invoices whose debits came back.

        :param bool always: whatever the plan says about it.
        :return: what was stopped, by debit (sudo).
        :rtype: dict[`sdd.debit`, `support.subscription`]
        """
        to_suspend = self.invoice_ids._get_support_subscriptions().filtered(
            lambda s: s.state == "active" and (always or s.plan_id.unpaid_action == "suspend")
        )
        suspended = {}
        for debit in self:
            if found := debit.invoice_ids._get_support_subscriptions() & to_suspend:
                suspended[debit] = found
        for reason, debits in self.grouped("state_reason").items():
            found = [suspended[debit] for debit in debits if debit in suspended]
            self.env["support.subscription"].sudo().union(*found)._suspend(reason)
        return suspended

    def _get_transactions(self):
        """Return the payment transactions that these debits carry out (sudo)."""
        # In sudo mode: a bank file may be imported by somebody without rights on payments.
        return self.env["payment.transaction"].sudo().search([("sdd_debit_ids", "in", self.ids)])

    def _prepare_receivable_lines(self, sign):
        """Return the values of a line per debit and receivable account.

        :param int sign: 1 books on the debit side (a return), -1 on the credit side (a collection).
        :rtype: list[dict]
        """
        values = []
        for debit in self:
            for account, amount in debit._split_by_account().items():
                values.append(
                    {
                        "name": f"{debit.mandate_id.name} {debit.end_to_end_id}",
                        "account_id": account.id,
                        "partner_id": debit.partner_id.id,
                        "sdd_debit_id": debit.id,
                        "balance": sign * amount,
                        "date_maturity": debit.collection_date,
                        "analytic_distribution": False,
                    }
                )
        return values

    def _split_by_account(self):
        """Return how the amount spreads over the receivable accounts of the claimed lines.

        Note: self.ensure_one()

        :rtype: dict[`account.account`, float]
        """
        self.ensure_one()
        rest = self.amount
        shares = {}
        for account, lines in self.move_line_ids.grouped("account_id").items():
            claimed = sum(lines.mapped("amount_residual")) or sum(lines.mapped("balance"))
            share = (
                min(rest, claimed) if len(shares) + 1 < len(self.move_line_ids.account_id) else rest
            )
            shares[account] = self.currency_id.round(share)
            rest -= shares[account]
        return shares

    def _prepare_statement_receivable(self):
        """Return the journal items with which a statement line gives this debit back."""
        self.ensure_one()
        return [
            {**values, "amount_currency": values["balance"]}
            for values in self._prepare_receivable_lines(1)
        ]

    def _prepare_transit_credit(self):
        """Return the values of the line that takes this debit out of the account in transit."""
        self.ensure_one()
        return {
            "name": f"{self.mandate_id.name} {self.end_to_end_id}",
            "account_id": self.journal_id.sdd_transit_account_id.id,
            "partner_id": self.partner_id.id,
            "sdd_batch_id": self.batch_id.id,
            "sdd_debit_id": self.id,
            "balance": -self.amount,
        }

    def _create_entry(self, journal, ref, line_values, date=None):
        """Create and post one entry without anything that a person would want per line.

        :param journal: the bank journal.
        :param str ref: the entry's reference.
        :param list[dict] line_values: values of the journal items.
        :param date date: booking date; today if omitted. A locked period moves it on.
        :rtype: `account.move` record
        """
        # In sudo mode: a file is booked by whoever runs the job; the rules were checked before.
        moves = self.env["account.move"].sudo().with_company(journal.company_id)
        entry = moves.with_context(tracking_disable=True, skip_invoice_sync=True).create(
            {
                "move_type": "entry",
                "journal_id": journal.id,
                "date": date or fields.Date.context_today(self),
                "ref": ref,
                "line_ids": [(0, 0, values) for values in line_values],
            }
        )
        entry.with_context(tracking_disable=True).action_post()
        return entry.with_context(tracking_disable=False)
