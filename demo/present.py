"""What is under way in the demo on the day it is loaded: a record for each state of waiting."""

from datetime import timedelta
from decimal import Decimal

from odoo import fields

from ..sepa import target
from . import bank_answers, stories
from .bank_desk import OPENING
from .dates import at, backdate
from .mandates import IP_ADDRESS, USER_AGENT
from .waiting_mandates import WaitingMandates


class Present:
    """Makes files, debits, mandates and support in every state that waits for something.

    :param history: `History` that has been played.
    """

    def __init__(self, history):
        self.history = history
        self.desk = history.desk
        self.bank = history.bank
        self.env = history.env
        self.today = history.today
        self.paid_otherwise = self.env["account.move"]
        self.lag = 10

    def play(self):
        """Make everything."""
        self._queue_later()
        self._hold_and_cancel()
        self._send_files()
        self._prepare_files()
        self._add_support()
        self._receive_odd_files()
        self._buy_in_shop()
        # Notes on changes of the customers' orders are in their languages, the later ones are not.
        self.env.cr.flush()
        self._set_jobs()
        WaitingMandates(self.history).play()
        self.env["support.subscription"]._cron_expire()

    def _due(self, days):
        """Return the due date some TARGET days from today."""
        return self.history.due_in(days)

    # === FILES === #

    def _send_files(self):
        """Leave one file partly rejected, one accepted, one without an answer."""
        for number, sales in enumerate((stories.PARTLY_REJECTED, stories.ACCEPTED)):
            due = self._due(number)
            debits = self.history.collect(sales, due)
            batch = self._submit_before_today(debits, due)
            refused = {
                debit: sale.outcome.code
                for debit, sale in zip(debits, sales, strict=True)
                if sale.outcome
            }
            self.bank.answer(batch, refused)
            if batch._submits_by_itself():
                # A demo bank that runs gets the file too, and goes on from here.
                batch._hand_over()
        due = self._due(2)
        self._submit_before_today(self.history.collect(stories.SUBMITTED, due), due)

    def _submit_before_today(self, debits, due):
        """Submit a file for a day to come on the last TARGET day before today."""
        sent = target.add_target_days(self.today, -1)
        batch = self.bank.make_batch(debits, due, sent)
        batch.action_generate()
        batch._move_to("submitted", submitted_date=at(sent, 8, 20), handover_state="delivered")
        debits._submit(batch, date=sent)
        return batch

    def _prepare_files(self):
        """Leave one file ready for the bank and one batch without its file."""
        due = self._due(4)
        debits = self.history.collect(stories.GENERATED, due)
        self.bank.make_batch(debits, due, self.today).action_generate()
        due = self._due(5)
        debits = self.history.collect(stories.DRAFT, due)
        self.bank.make_batch(debits, due, self.today)

    # === DEBITS === #

    def _queue_later(self):
        """Queue debits for which the customer asked for a later day."""
        for days, sale in stories.LATER.items():
            due = target.next_target_day(self.today + timedelta(days=days))
            self._queue_one(sale).collection_date = due

    def _hold_and_cancel(self):
        """Hold and give up debits in each of the ways in which that happens."""
        accountant = self.env["res.users"].search([("login", "=", "accountant")], limit=1)
        # In sudo mode, but under his name: the list says who held or cancelled a debit.
        self._queue_one(stories.HELD).with_user(accountant).sudo().action_hold()
        held = self._queue_one(stories.HELD_BY_MANDATE)
        held.mandate_id.action_suspend()
        held._set_uncollectable_aside()
        self._queue_one(stories.HELD_BY_GRADE)
        self._queue_one(stories.CANCELLED).with_user(accountant).sudo().action_cancel()
        self._queue_one(stories.CANCELLED_BY_MANDATE).mandate_id.action_revoke()
        self.paid_otherwise = self._queue_one(stories.CANCELLED_BY_TRANSFER).invoice_ids

    def _queue_one(self, sale):
        """Sell one package and queue its debit, each a day after the one before."""
        self.lag -= 1
        return self.history.collect((sale,), self._due(1), self.lag)

    # === SUPPORT === #

    def _add_support(self):
        """Add support that has not started, is cancelled or only offered."""
        for key, package in stories.NOT_STARTED:
            product = self.desk.packages[package]
            self.env["support.subscription"].create(
                {
                    "partner_id": self.desk.partners[key].id,
                    "company_id": self.desk.company.id,
                    "plan_id": product.support_plan_id.id,
                    "product_id": product.id,
                    "price_total": product.lst_price,
                }
            )
        for key in stories.NOT_RENEWED:
            partner = self.desk.partners[key]
            running = self.env["support.subscription"].search(
                [("partner_id", "=", partner.id), ("state", "=", "active")], limit=1
            )
            running.action_cancel()
        days = [self.today - timedelta(days=3), self.today - timedelta(days=1)]
        self.desk.offer(stories.QUOTED, days)
        order = self.desk.sell((stories.TAKEN_BACK,), [self.today - timedelta(days=12)])
        order._action_cancel()

    # === BANK FILES === #

    def _receive_odd_files(self):
        """Import what banks send beside the expected: nothing of it is lost, a person looks."""
        day = target.add_target_days(self.today, -1)
        last = target.add_target_days(day, -2)
        transfer = self.bank.expect_transfer(self.paid_otherwise, day)
        self.bank.expect(
            day,
            amount=-Decimal("29.90"),
            original=Decimal("29.90"),
            text="RUECKLASTSCHRIFT UNBEKANNT",
            code=bank_answers.RETURN,
            end_to_end_id="ALT-000017-1",
            mandate_id="ALT-17",
            name="Erika Mustermann",
            reason="MD06",
        )
        self.bank.expect(
            day,
            amount=-Decimal("12.90"),
            text="Entgelt Kontofuehrung",
            code=bank_answers.CHARGES,
        )
        foreign = bank_answers.Account("DE02120300000000202051", OPENING)
        files = (
            ("camt.053-other-account.xml", foreign.statement(last, [])),
            ("Kontoauszug.pdf", b"%PDF-1.4\n%demo: a statement on paper, no XML\n"),
            ("camt.053-broken.xml", b'<?xml version="1.0" encoding="UTF-8"?>\n<Docu'),
        )
        for number, (name, content) in enumerate(files):
            self.bank.take_file(name, content, at(last, 12 + number))
        self.bank.take_statements(day)
        self.bank.match_transfer(transfer, self.paid_otherwise)

    # === SHOP === #

    def _buy_in_shop(self):
        """Pay orders of today in the shop: transaction, mandate, order, invoice, debit, e-mail."""
        orders = self.desk.offer(stories.TODAY, [self.today] * len(stories.TODAY))
        for sale, order in zip(stories.TODAY, orders, strict=True):
            self.desk.risk.judge(order, sale, self.today)
            self._pay(order, self.desk.ibans[sale.customer])

    def _pay(self, order, iban):
        """Pay an order as the customer does in the checkout."""
        order = order.with_context(lang=order.partner_id.lang)
        provider = order.env["payment.provider"].search(
            [("code", "=", "sdd"), ("company_id", "=", self.desk.company.id)], limit=1
        )
        values = provider._sdd_get_inline_form_values(
            order.amount_total, order.currency_id, order.partner_id.id, sale_order_id=order.id
        )
        transaction = order.env["payment.transaction"].create(
            {
                "provider_id": provider.id,
                "payment_method_id": order.env.ref("support_debit.payment_method_sdd").id,
                "reference": order.name,
                "amount": order.amount_total,
                "currency_id": order.currency_id.id,
                "partner_id": order.partner_id.id,
                "operation": "online_direct",
                "sale_order_ids": [(6, 0, order.ids)],
            }
        )
        transaction._sdd_accept(
            order.partner_id.name,
            iban,
            provider._sdd_read_form(values["token"]),
            {
                "ip_address": IP_ADDRESS.format(number=order.partner_id.id % 254 + 1),
                "user_agent": USER_AGENT,
            },
        )
        transaction._post_process()
        backdate(transaction, fields.Datetime.now())

    # === JOBS === #

    def _set_jobs(self):
        """Send files once a day, so that a visitor can do it himself; look for answers often."""
        tomorrow = at(self.today + timedelta(days=1), 5, 0)
        self.env.ref("support_debit.cron_collect").write(
            {"interval_number": 1, "interval_type": "days", "nextcall": tomorrow}
        )
        self.env.ref("support_debit.cron_fetch").write(
            {"interval_number": 1, "interval_type": "minutes"}
        )
