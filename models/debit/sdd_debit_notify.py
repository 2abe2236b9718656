"""Who is still to be told of which debits, and when these are due then."""

from odoo import models
from odoo.tools import SQL, split_every

from ...sepa import due_date

#: Customers whose e-mails are written together.
CUSTOMERS_AT_ONCE = 200


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    # === WHO IS TO BE TOLD === #

    def _notify_in_advance(self, again=False):
        """Write the notices that these debits lack, several of one customer in one e-mail.

        Due dates that would come too soon after the notice move on. Debits of which the confirmation
        of an order is going to tell are left to it.

        :param bool again: also where a notice failed and nothing was put right since.
        :return: the debits for which a notice was written.
        :rtype: `sdd.debit` recordset
        """
        # In sudo mode: whoever makes a bank file need not have rights on e-mails.
        debits = self.sudo().filtered(lambda d: d.state in ("queued", "held"))
        lacking = debits._filter_to_notify(again)
        (
            debits.filtered(lambda d: d.notice_state in ("outgoing", "sent")) | lacking
        )._allow_notice()
        told = self.browse()
        for groups in split_every(CUSTOMERS_AT_ONCE, lacking._group_by_reader(), list):
            told |= self._try_to_write(groups).with_env(self.env)
        if told:
            self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()
            told._forget_waiting_for_notice()
        return told

    def _filter_to_notify(self, again):
        """Return those of these debits that need an e-mail of their own and can get it (sudo).

        :param bool again: see `_notify_in_advance`.
        :rtype: `sdd.debit` recordset
        """
        lacking = self.browse()
        for debit in self.filtered(lambda d: d.notice_state not in ("outgoing", "sent")):
            address = debit._get_notice_partner().email_normalized
            failed = debit.notice_state == "failed" and not again
            if address and not (failed and debit._get_last_notice().address == address):
                lacking |= debit
        return lacking - lacking._filter_awaiting_order_mail()

    def _filter_awaiting_order_mail(self):
        """Return those of these debits of which an order's confirmation is going to tell.

        :rtype: `sdd.debit` recordset
        """
        if not self:
            return self
        self.env["sale.order"].flush_model(["sdd_mail_state"])
        self.env["sale.order.line"].flush_model(["order_id", "invoice_lines"])
        self.env["account.move.line"].flush_model(["move_id"])
        self.flush_model(["invoice_ids"])
        # From the debits to their orders. The same as a domain on order lines let the database begin
        # with all order lines where it had no statistics yet, and took minutes.
        rows = self.env.execute_query(
            SQL(
                "SELECT DISTINCT i.debit_id FROM sdd_debit_invoice_rel i"
                " JOIN account_move_line l ON l.move_id = i.move_id"
                " JOIN sale_order_line_invoice_rel r ON r.invoice_line_id = l.id"
                " JOIN sale_order_line s ON s.id = r.order_line_id"
                " JOIN sale_order o ON o.id = s.order_id"
                " WHERE i.debit_id = ANY(%s) AND o.sdd_mail_state = 'queued'",
                self.ids,
            )
        )
        found = {debit_id for (debit_id,) in rows}
        return self.filtered(lambda debit: debit.id in found)

    def _allow_notice(self):
        """Move due dates on that come too soon after the notice (sudo).

        A customer who has not been told yet, or whose message is still in the outbox, is told today.
        """
        for journal, debits in self.grouped("journal_id").items():
            if journal.sdd_notice_policy == "go":
                continue
            bank = journal._sdd_earliest_collection(notice=False)
            for debit in debits.filtered(lambda d: d.state == "queued"):
                told = debit._get_notice_day()
                first = max(bank, due_date.earliest_notified(told, debit.mandate_id.notice_days))
                if debit.collection_date < first:
                    debit.collection_date = first

    def _get_notice_day(self):
        """Return the day on which the customer was told, or today while he has not been.

        Note: self.ensure_one() (sudo)

        :rtype: date
        """
        self.ensure_one()
        journal = self.journal_id
        if self.notice_state != "sent":
            return journal._sdd_today()
        return journal._sdd_local_day(
            self._get_last_notice().sent_date or self.prenotification_date
        )

    def _group_by_reader(self):
        """Return these debits in sets that one message tells of (sudo).

        :rtype: list[`sdd.debit` recordset]
        """
        groups = self.grouped(
            lambda d: (d.company_id, d._get_notice_partner(), d._get_notice_lang())
        )
        return list(groups.values())

    def _group_by_letter(self):
        """Return these debits in sets that one letter tells of (sudo).

        :rtype: list[`sdd.debit` recordset]
        """
        groups = self.grouped(
            lambda d: (d.company_id, d._get_letter_partner(), d._get_notice_lang())
        )
        return list(groups.values())

    def _get_notice_lang(self):
        """Return the language in which the customer is told, one that is installed.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (
            self._get_notice_partner().lang,
            self.mandate_id.lang,
            self.company_id.partner_id.lang,
        )
        return next((code for code in wanted if code in installed), "en_US")
