from datetime import UTC, datetime, time
from zoneinfo import ZoneInfo

from odoo import api, fields, models
from odoo.addons.base.models.res_partner import _tz_get
from odoo.exceptions import ValidationError

from ... import const
from ...sepa import iban as sepa_iban
from ...sepa import target
from .const import SDD_ACCOUNTS


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sdd_cut_off = fields.Float(
        string="Cut-off", default=11.0, help="Until when the bank takes a file on the same day."
    )
    sdd_tz = fields.Selection(_tz_get, string="Bank's Time Zone", default=const.DEFAULT_TIME_ZONE)
    sdd_lead_days = fields.Integer(
        string="Lead Days",
        default=1,
        help="TARGET days between the day the bank takes the file and the due date. The scheme asks for one.",
    )
    sdd_notice_days = fields.Integer(
        string="Notice Days",
        default=1,
        help="Calendar days between the pre-notification and the due date, as agreed in the mandate.",
    )
    sdd_horizon_days = fields.Integer(
        string="Submit ahead (days)",
        default=7,
        help="A debit goes into a file when its due date is at most so many calendar days away.",
    )
    sdd_batch_booking = fields.Boolean(
        string="Batch Booking", default=True, help="One line on the statement for a whole file."
    )
    sdd_max_lines = fields.Integer(string="Debits per File", default=10000)
    sdd_transit_account_id = fields.Many2one(
        "account.account",
        string="Debits in Transit",
        check_company=True,
        help="Holds what was sent to the bank until the statement shows it.",
    )
    sdd_fee_account_id = fields.Many2one(
        "account.account", string="Bank Return Fees", check_company=True
    )
    sdd_batch_ids = fields.One2many("sdd.batch", "journal_id")

    @api.constrains(
        "sdd_cut_off", "sdd_lead_days", "sdd_notice_days", "sdd_horizon_days", "sdd_max_lines"
    )
    def _check_sdd_dates(self):
        for journal in self:
            if not 0 <= journal.sdd_cut_off < 24:
                raise ValidationError(self.env._("The cut-off is a time between 0:00 and 23:59."))
            if journal.sdd_lead_days < 1:
                raise ValidationError(
                    self.env._("The bank needs at least one TARGET day between file and due date.")
                )
            if (
                min(journal.sdd_notice_days, journal.sdd_horizon_days) < 0
                or journal.sdd_max_lines < 1
            ):
                raise ValidationError(
                    self.env._(
                        "Notice and horizon cannot be negative; a file holds at least one debit."
                    )
                )

    @api.constrains("sdd_transit_account_id")
    def _check_sdd_transit_account(self):
        for journal in self.filtered("sdd_transit_account_id"):
            if not journal.sdd_transit_account_id.reconcile:
                raise ValidationError(
                    self.env._(
                        "“%(account)s” must allow reconciliation to hold debits in transit.",
                        account=journal.sdd_transit_account_id.display_name,
                    )
                )

    def _sdd_inherit_accounts(self):
        """Give banks the accounts that they lack of the company's bank for new debits."""
        # In sudo mode: whoever makes a file or reads one need not be allowed to change journals.
        for journal in self.sudo():
            main = journal.company_id.sdd_journal_id
            values = {
                name: main[name].id for name in SDD_ACCOUNTS if main[name] and not journal[name]
            }
            if values:
                journal.write(values)

    def _sdd_prepare_accounts(self):
        """Give these banks accounts for debits in transit and for bank return fees.

        They are those of the company's bank for new debits, and made when it has none.
        """
        self._sdd_inherit_accounts()
        # In sudo mode: whoever sets the journal need not be allowed to create accounts.
        for journal in self.sudo():
            company = journal.company_id
            if not journal.sdd_transit_account_id:
                journal.sdd_transit_account_id = company._sdd_create_account(
                    self.env._("SEPA direct debits in transit"), "asset_current", reconcile=True
                )
            if not journal.sdd_fee_account_id:
                journal.sdd_fee_account_id = company._sdd_find_fee_account()

    def _sdd_has_iban(self):
        """Return whether the journal's own bank account has an IBAN that can be credited."""
        self.ensure_one()
        try:
            sepa_iban.check(self.bank_account_id.sanitized_acc_number or "")
        except sepa_iban.IbanError:
            return False
        return True

    def _sdd_check_ready(self):
        """Raise a UserError that says what is missing before this journal can collect.

        Note: self.ensure_one()
        """
        self.ensure_one()
        self.company_id._sdd_check_ready(self)

    def _sdd_cut_off_time(self):
        """Return the cut-off as a time of day in the bank's zone."""
        minutes = min(round(self.sdd_cut_off * 60), 24 * 60 - 1)
        return time(minutes // 60, minutes % 60)

    def _sdd_zone(self):
        """Return the zone in which the bank's cut-off is meant."""
        return ZoneInfo(self.sdd_tz or const.DEFAULT_TIME_ZONE)

    def _sdd_earliest_collection(self, not_before=None, notice=True):
        """Return the first due date that this bank can still make.

        Note: self.ensure_one()

        :param date not_before: the due date is not earlier than this.
        :param bool notice: whether the customer still has to be notified in time.
        :return: a TARGET day.
        :rtype: date
        """
        self.ensure_one()
        return target.earliest_collection(
            now=datetime.now(UTC),
            cut_off=self._sdd_cut_off_time(),
            lead_days=self.sdd_lead_days,
            tz=self._sdd_zone(),
            not_before=not_before,
            notice_days=self.sdd_notice_days if notice else 0,
        )
