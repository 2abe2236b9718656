"""Ten months of orders and bank files, from the tables in stories.py."""

from datetime import timedelta

from odoo import fields

from ..sepa import target
from . import stories
from .dates import at, backdate


class History:
    """Plays the rounds of the past in their order.

    :param desk: `OrderDesk`.
    :param bank: `BankDesk`.
    """

    def __init__(self, desk, bank):
        self.desk = desk
        self.bank = bank
        self.env = desk.env
        self.today = fields.Date.context_today(desk.company)
        self.again = []
        self.pending = []

    def play(self):
        """Play all rounds, then what the bank has sent since.

        The stories say what is collected again, so nothing is planned beside them meanwhile.
        """
        policies = self.env["sdd.retry.policy"].search([("is_automatic", "=", True)])
        policies.is_automatic = False
        first = self._day(stories.HISTORY[0].days_ago)
        self.bank.open_books(first - timedelta(days=20))
        for turn in stories.HISTORY:
            self._play_round(turn)
        self._take_statements(target.add_target_days(self.today, -1))
        policies.is_automatic = True
        self._plan_recent()
        told = self.env["sdd.return"].sudo().search([("message_state", "=", "queued")])
        told._note_message_sent()
        for item in told:
            # Nobody is written to today about what came back months ago.
            item.message_date = at(item.booking_date, 16)

    def _plan_recent(self):
        """Plan another attempt for what came back in the last weeks and is still open."""
        recent = self.env["sdd.return"].search(
            [("booking_date", ">=", self.today - timedelta(days=40))]
        )
        recent.filtered(
            lambda r: any(r.debit_id.invoice_ids.mapped("amount_residual"))
        )._plan_retries()

    def collect(self, sales, due, lag=0):
        """Sell, invoice and queue for a due date.

        :param sales: `Sale` tuples.
        :param date due: the due date, a TARGET day.
        :param int lag: days between the newest order and the file.
        :return: the queued debits, in the order of the sales.
        :rtype: `sdd.debit` recordset
        """
        sent = target.add_target_days(due, -1)
        newest = min(sent, self.today) - timedelta(days=lag)
        days = [newest - timedelta(days=index * 2 % 7) for index in range(len(sales))]
        orders = self.desk.sell(sales, days)
        invoices = self.desk.invoice(orders)
        self._put_right(invoices, newest)
        debits = self._queue(invoices)
        for debit, day in zip(debits, days, strict=True):
            backdate(debit, at(day))
            debit._note_prenotification(at(day, 9, 45))
        orders.write({"sdd_mail_state": "sent"})
        return debits

    def _put_right(self, invoices, day):
        """Use mandates again whose customers have settled with their banks what came back.

        :param invoices: what these customers buy now.
        :param date day: when they called.
        """
        returns = self.env["sdd.return"].search(
            [("partner_id", "in", invoices.commercial_partner_id.ids)]
        )
        stopped = returns.filtered("can_be_lifted")
        if stopped:
            stopped.action_lift()
        for mandate in stopped.mandate_id:
            self.desk.clerk.date(mandate, day)

    def _play_round(self, turn):
        """Play one file: sell, collect, hear the bank, settle, take back."""
        due = self._day(turn.days_ago)
        self._take_statements(target.add_target_days(due, -2))
        debits = self.collect(turn.sales, due)
        repeated = self._collect_again()
        repeated._note_prenotification(at(target.add_target_days(due, -3), 9, 45))
        batch = self.bank.submit(debits | repeated, due)
        outcomes = dict(zip(debits, (sale.outcome for sale in turn.sales), strict=True))
        refused = {d: o for d, o in outcomes.items() if isinstance(o, stories.Refusal)}
        self.bank.answer(batch, {d: o.code for d, o in refused.items()}, turn.refused)
        if turn.refused:
            self.again += list(batch.debit_ids)
            return
        self.bank.expect_credit(batch)
        for debit, refusal in refused.items():
            self._follow(debit, refusal.then, due)
        self._take_statements(due)
        for debit, fate in outcomes.items():
            if isinstance(fate, stories.Fate):
                self._give_back(debit, fate, due)

    def _give_back(self, debit, fate, due):
        """Let the bank return a settled debit, and remember what happens next."""
        day = target.next_target_day(due + timedelta(days=fate.days))
        self.bank.expect_return(debit, day, fate.code, fate.notice)
        self._take_statements(day - timedelta(days=1))
        self.pending.append((day, debit, fate.then))

    def _take_statements(self, until):
        """Import statements, then do what they lead to."""
        self.bank.take_statements(until)
        due = [item for item in self.pending if item[0] <= until]
        self.pending = [item for item in self.pending if item[0] > until]
        for day, debit, then in due:
            self._follow(debit, then, day)

    def _follow(self, debit, then, day):
        """Do what the story says after a debit failed; `then` may be a transfer's reference."""
        mandate = debit.mandate_id
        if mandate.state in ("suspended", "revoked") and debit.return_ids.mandate_outcome:
            # What followed from the return happened on its day, not on that of the demo.
            self.desk.clerk.date(mandate, day)
        if then == "retry":
            self.again.append(debit)
        elif then == "transfer":
            paid = target.next_target_day(day + timedelta(days=9))
            reference = self.bank.expect_transfer(debit.invoice_ids, paid)
            self.pending.append((paid, debit, reference))
        elif then == "ended":
            if mandate.state == "revoked":
                mandate.end_date = day
            else:
                self.desk.clerk.end(mandate, day, stories.END_REASON, told_by=stories.END_TOLD_BY)
            # An end date lies in the past: the daily job ends the support.
            debit.invoice_ids._get_support_subscriptions().cancel_date = day
        elif then:
            self.bank.match_transfer(then, debit.invoice_ids)

    def _collect_again(self):
        """Queue what failed before once more; each new debit points at the old one."""
        old = [debit for debit in self.again if debit.state in ("rejected", "returned")]
        self.again = []
        if not old:
            return self.env["sdd.debit"]
        invoices = self.env["account.move"].concat(*(debit.invoice_ids for debit in old))
        debits = self._queue(invoices)
        for debit, previous in zip(debits, old, strict=True):
            debit.write({"previous_debit_id": previous.id, "attempt": previous.attempt + 1})
        return debits

    def _queue(self, invoices):
        """Queue a debit for each invoice, in their order."""
        return invoices._queue_sdd_debit()

    def due_in(self, days):
        """Return the due date some TARGET days from today."""
        return target.add_target_days(target.next_target_day(self.today), days)

    def _day(self, days_ago):
        """Return the TARGET day nearest before a number of days ago."""
        return target.previous_target_day(self.today - timedelta(days=days_ago))
