"""What a person finds out is booked as the importer would have booked it."""

from decimal import Decimal

from odoo import Command
from odoo.exceptions import UserError

from ...sepa.camt import Detail, Entry, Reason
from . import const, transfers
from .counterparts import Counterparts
from .statement_import import StatementImport
from .transfers import cents


class HandAssignment(StatementImport):
    """Books one finding on the debit or invoice that a person has chosen.

    :param finding: `sdd.bank.finding` record (sudo).
    :param records: what was chosen: `sdd.debit` or receivable `account.move.line` recordset.
    """

    def __init__(self, finding, records):
        super().__init__(finding.message_id, b"")
        self.finding = finding
        self.records = records
        self.line = finding.statement_line_id
        self.journal = self.line.journal_id or finding.journal_id

    def run(self):
        """Override: no file is read, a person has chosen.

        :raise UserError: when the amount does not fit.
        """
        if self.records._name == "sdd.debit":
            self.book(self.records)
        else:
            self.pay(self.records)

    # === DEBITS === #

    def book(self, debits):
        """Settle debits with the money that came, or take the one back that left.

        :param debits: `sdd.debit` recordset; several only when money came for all of them.
        :raise UserError: when the amount does not fit.
        """
        if unsent := debits.filtered(lambda d: d.state not in const.STATES_AT_BANK):
            raise UserError(
                self.env._("%s was never at the bank.", unsent[0].display_name),
            )
        if self.finding.direction == "return":
            if len(debits) != 1 and self.finding.code != "collective_return":
                raise UserError(self.env._("Please choose one debit: one debit came back."))
            if self.line:
                self._take_back_on_statement(debits)
            else:
                self._take_back_announced(debits)
        else:
            self._settle_on_statement(debits)
        self._refuse_findings()
        self._note_outcome()

    def _make_counterparts_of_sum(self, amount):
        """Return the decision about several debits that came back in one sum."""
        entry = Entry(amount=amount, booking_date=self.line.date, is_return=True)
        return Counterparts(self, self.journal, entry)

    def _make_counterparts(self, debit, amount):
        """Return the decision about one debit as if the bank had named it."""
        finding = self.finding
        reason = None
        if finding.reason_code or finding.reason_text:
            reason = Reason(finding.reason_code or None, None, finding.reason_text or "")
        detail = Detail(
            end_to_end_id=debit.end_to_end_id,
            amount=amount,
            is_return=finding.direction == "return",
            reason=reason,
        )
        entry = Entry(amount=amount, booking_date=self.line.date, details=(detail,))
        return Counterparts(self, self.journal, entry)

    def _take_back_on_statement(self, debits):
        amount = cents(self.finding.amount)
        if self.finding.code == "collective_return":
            counterparts = self._make_counterparts_of_sum(amount)
            items = counterparts.build_for_sum(debits)
        else:
            counterparts = self._make_counterparts(debits, amount)
            items = counterparts.build_for(debits)
        self._replace_suspense(items)
        self.reopen(counterparts.direct_returns, against_transit=False)
        debits.batch_id._reconcile_transit()

    def _take_back_announced(self, debit):
        """Take back what no statement line has shown yet; the line will clear the transit."""
        if debit.state not in ("submitted", "settled"):
            raise UserError(self.env._("%s came back already.", debit.display_name))
        amount = abs(cents(self.finding.amount))
        if not 0 <= amount - cents(debit.amount) <= const.MAX_RETURN_FEE:
            raise self._impossible(debit.display_name)
        rejected = self.message.family == "status" and debit.state == "submitted"
        entry = Entry(booking_date=self.finding.booking_date)
        detail = self._make_counterparts(debit, -amount).entry.details[0]
        item = self.note_return(debit, entry, detail)
        item["kind"] = "reject" if rejected else "return"
        text = self.describe_reason(item["reason"])
        state = "rejected" if rejected else "returned"
        debit._reopen(state, text, item["booking_date"], self.message.name)
        self.record_returns({debit: item})

    def _settle_on_statement(self, debits):
        if not self.line:
            raise UserError(
                self.env._("The money is not on a statement yet. Import the statement first.")
            )
        amount = cents(self.finding.amount)
        if cents(sum(debits.mapped("amount"))) != amount:
            raise self._impossible(", ".join(debits.mapped("display_name")))
        items = []
        for debit in debits:
            items += self._make_counterparts(debit, cents(debit.amount)).build_for(debit)
        self._refuse_findings()
        self._replace_suspense(items)
        self.settle()
        debits.batch_id._reconcile_transit()

    # === INVOICES === #

    def pay(self, invoice_lines):
        """Pay open invoices with the money that came.

        :param invoice_lines: open receivable `account.move.line` recordset.
        :raise UserError: when more came than is open.
        """
        if not self.line or self.finding.direction != "credit":
            raise UserError(self.env._("Only money on a statement can pay an invoice."))
        left = cents(self.finding.amount)
        if left > sum(cents(line.amount_residual) for line in invoice_lines):
            raise self._impossible(", ".join(invoice_lines.mapped("move_name")))
        items, paid = [], invoice_lines.browse()
        for line in invoice_lines:
            share = min(left, cents(line.amount_residual))
            left -= share
            if share > 0:
                items.append(transfers.prepare_payment(line, share))
                paid += line
        booked = self._replace_suspense(items)
        self.transfers.match(list(zip(booked, paid, strict=False)))

    # === THE STATEMENT LINE === #

    def _replace_suspense(self, items):
        """Put these items in the place of the money that waits, or of a part of it.

        :param list[dict] items: values of journal items.
        :return: the new journal items, in the same order.
        :rtype: `account.move.line` recordset
        :raise UserError: when less waits than the items need.
        """
        self._refuse_findings()
        waiting = self.line._seek_for_lines()[1]
        old = cents(sum(waiting.mapped("balance")))
        new = old - sum((cents(item["balance"]) for item in items), Decimal(0))
        if old * new < 0 or abs(new) > abs(old) or not old:
            raise UserError(
                self.env._(
                    "Only %(amount)s of this statement line still waits. It was assigned another way meanwhile.",
                    amount=abs(old),
                )
            )
        commands = [Command.delete(line.id) for line in waiting]
        if new:
            rest = {"account_id": self.journal.suspense_account_id.id, "balance": float(new)}
            items = [*items, {**rest, "amount_currency": float(new)}]
        before = self.line.line_ids
        commands += [Command.create({"name": self.line.payment_ref, **item}) for item in items]
        line = self.line.with_context(
            force_delete=True, skip_readonly_check=True, skip_invoice_sync=True
        )
        line.write({"line_ids": commands})
        return (line.line_ids - before).sorted("id").with_env(self.env)

    def _impossible(self, name):
        """Return the error that says that an amount does not fit."""
        return UserError(
            self.env._(
                "%(amount)s does not fit %(name)s.",
                amount=abs(cents(self.finding.amount)),
                name=name,
            )
        )

    def _refuse_findings(self):
        """Raise what the importer would have left to a person."""
        if self.findings:
            texts = [self.message._describe_finding(finding) for finding in self.findings]
            raise UserError("\n".join(texts))

    def _note_outcome(self):
        """Let the file say what became of it."""
        self.message.write(
            {
                "debit_ids": [Command.link(debit.id) for debit in self.debits],
                "settled_count": self._count("settled"),
                "returned_count": self._count("returned"),
            }
        )
