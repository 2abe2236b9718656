"""How long a mandate is kept: as long as its debits can be disputed and the books need it."""

from datetime import date

from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.tools import format_date

from .const import EVIDENCE_MONTHS, LONGEST_BOOKS_YEARS, RUNNING_STATES


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    evidence_until = fields.Date(
        string="Evidence kept until",
        compute="_compute_hold_until",
        compute_sudo=True,
        help="Who cannot show a mandate pays its debits back, for 13 months after each of them.",
    )
    hold_until = fields.Date(
        string="Kept until",
        compute="_compute_hold_until",
        compute_sudo=True,
        help="Until then the law or the bank wants the mandate kept; empty while it is running.",
    )
    evidence_erased_date = fields.Datetime(
        string="Evidence erased on", readonly=True, copy=False, help="UTC"
    )
    account_erased_date = fields.Datetime(
        string="Account erased on", readonly=True, copy=False, help="UTC"
    )

    # === COMPUTE METHODS === #

    @api.depends("state", "last_collection_date", "signature_date", "end_date")
    def _compute_hold_until(self):
        vouchers = self._get_last_voucher_dates()
        years = self._get_books_years()
        for mandate in self:
            if mandate.state in RUNNING_STATES:
                mandate.evidence_until = mandate.hold_until = False
                continue
            known = [mandate.signature_date, mandate.end_date]
            # A mandate that was never used for a debit is kept from its own dates on.
            start = mandate.last_collection_date or max(
                filter(None, known), default=fields.Date.to_date(mandate.create_date)
            )
            mandate.evidence_until = start + relativedelta(months=EVIDENCE_MONTHS)
            voucher = vouchers.get(mandate.id)
            books = voucher and date(voucher.year + years[mandate.company_id], 12, 31)
            mandate.hold_until = max(filter(None, [mandate.evidence_until, books]))

    # === BUSINESS METHODS === #

    def _get_last_voucher_dates(self):
        """Return the date of the last voucher in the books that each of these mandates belongs to.

        Extended by the room that collects.

        :return: {mandate id: date}; mandates without any are left out.
        :rtype: dict[int, date]
        """
        return {}

    def _get_books_years(self):
        """Return for how many years the companies of these mandates keep their vouchers.

        :return: {`res.company` record: years after the end of the year}
        :rtype: dict
        """
        # In sudo mode: the law is no secret.
        rules = self.env["support.country.rule"].sudo()
        years = {}
        for company in self.company_id:
            rule = rules._get_for_country(company.country_id)
            years[company] = rule.books_years if rule else LONGEST_BOOKS_YEARS
        return years

    def _get_hold_reasons(self):
        """Return why nothing, or not everything, of this mandate may be erased yet.

        Note: self.ensure_one()

        :return: a sentence for `evidence` (addresses, devices, texts, files) and one for `account`
            (account holder and number); "" for what may go now.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        if obstacle := self._get_erasure_obstacle():
            return {"evidence": obstacle, "account": obstacle}
        today = fields.Date.context_today(self)
        reasons = {"evidence": "", "account": ""}
        if self.evidence_until >= today:
            reasons["evidence"] = reasons["account"] = self.env._(
                "Kept until %(date)s: debits can be disputed for 13 months, and the mandate is the"
                " only proof.",
                date=format_date(self.env, self.evidence_until),
            )
        if self.hold_until >= today and self.hold_until > self.evidence_until:
            reasons["account"] = self.env._(
                "Kept until %(date)s: invoices were collected with it, and %(company)s keeps its"
                " vouchers for %(years)s years.",
                date=format_date(self.env, self.hold_until),
                company=self.company_id.name,
                years=self._get_books_years()[self.company_id],
            )
        return reasons

    def _get_erasure_obstacle(self):
        """Return why this mandate cannot be erased at all now, "" if nothing stands in the way.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        if self.state in RUNNING_STATES:
            return self.env._("The mandate is running. Revoke it first.")
        return ""
