from datetime import UTC, datetime, timedelta

from odoo import fields, models

from ...sepa import due_date, payday, retry


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sdd_due_policy = fields.Selection(
        [("invoice", "When the invoice is due"), ("asap", "As early as possible")],
        string="Collect invoices",
        default="invoice",
        required=True,
        help="A day that the customer has chosen comes before it. What is ordered to be charged at"
        " once is charged at once.",
    )
    sdd_notice_policy = fields.Selection(
        [("wait", "Waits until he is"), ("go", "Is collected all the same")],
        string="A debit whose customer is not notified",
        default="wait",
        required=True,
        help="A customer who was not told in time can ask for his money back with better reason.",
    )

    def _sdd_today(self):
        """Return today's date where the bank is."""
        return datetime.now(UTC).astimezone(self._sdd_zone()).date()

    def _sdd_local_day(self, moment):
        """Return the date where the bank is.

        :param datetime moment: UTC, naive.
        :rtype: date
        """
        return moment.replace(tzinfo=UTC).astimezone(self._sdd_zone()).date()

    def _sdd_choose_due_date(self, mandate, invoice_due=None, due_date_wanted=None):
        """Return when a new debit of a mandate is due.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record.
        :param date invoice_due: when the invoice is due, if it is one.
        :param date due_date_wanted: a day that somebody asks for; it comes before everything but
            what bank and notice allow.
        :return: a TARGET day.
        :rtype: date
        """
        self.ensure_one()
        mandate = mandate.sudo()  # In sudo mode: whoever queues debits need not see the mandate.
        earliest = max(
            self._sdd_earliest_collection(notice=False),
            due_date.earliest_notified(self._sdd_today(), mandate.notice_days),
        )
        if due_date_wanted:
            return due_date.choose(earliest, due_date_wanted)
        wanted = invoice_due if self.sdd_due_policy == "invoice" else None
        return due_date.choose(earliest, wanted, mandate.debit_day)

    def _sdd_find_better_day(self, mandate, due, days):
        """Return a day soon after a due date on which the account is more likely covered.

        The day that the customer chose comes before the pay-days of his country.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record.
        :param date due: the first day that is possible, a TARGET day.
        :param int days: how many days later it may be.
        :return: (day, code, params) as in `sepa.retry.Plan`; None when there is no such day in time.
        :rtype: tuple[date, str, dict] | None
        """
        self.ensure_one()
        mandate = mandate.sudo()  # In sudo mode: whoever queues debits need not see the mandate.
        last = due + timedelta(days=days)
        if mandate.debit_day:
            day = due_date.choose(due, None, mandate.debit_day)
            return (day, "chosen_day", {"day": mandate.debit_day}) if day <= last else None
        windows = self.company_id._sdd_get_paydays(mandate.partner_id.country_id)
        found = payday.find_payday(windows, due, last)
        return (found.day, "payday", retry.describe_payday(found)) if found else None
