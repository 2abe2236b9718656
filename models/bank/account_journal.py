from odoo import api, fields, models

from ...sepa import account_match
from ...sepa import iban as sepa_iban


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sdd_connection_id = fields.Many2one(
        "sdd.bank.connection",
        string="Bank Connection",
        index="btree_not_null",
        check_company=True,
        help="Empty: files are downloaded and uploaded by hand.",
    )
    sdd_cancellation_way = fields.Selection(
        [("camt055", "File (camt.055)"), ("phone", "Telephone")],
        string="Cancellations",
        default="phone",
        help="How your bank takes requests to call debits back before they settle.",
    )
    sdd_responsible_id = fields.Many2one(
        "res.users",
        string="Looks at Bank Files",
        help="Gets an activity for every file of the bank in which something needs a person.",
    )

    sdd_credit_days = fields.Integer(
        string="Credits after (banking days)",
        help="Banking days between the due date and the day on which the bank credits the money.",
    )
    sdd_statement_lines = fields.Selection(
        [
            ("all", "All entries of the statement"),
            ("debits", "Only entries of direct debits; another import brings the rest"),
        ],
        string="Statement Lines",
        required=True,
        default="all",
        help="What a statement from the bank becomes in Odoo.",
    )

    def _sdd_get_responsible(self):
        """Return who gets the activities of this bank: its own person, else the administrator.

        :rtype: `res.users` record
        """
        return self.sdd_responsible_id or self.env.ref("base.user_admin")

    @api.model
    def _sdd_find_by_iban(self, iban, companies):
        """Return the bank journal of one of the companies that keeps this account.

        :param str iban: the account's IBAN in any notation.
        :param companies: `res.company` recordset.
        :rtype: `account.journal` record, empty when the account belongs to nobody here.
        """
        if not iban:
            return self.browse()
        return self.search(
            [
                ("type", "=", "bank"),
                ("company_id", "in", companies.ids),
                ("bank_account_id.sanitized_acc_number", "=", sepa_iban.normalize(iban)),
            ],
            limit=1,
        )

    @api.model
    def _sdd_find_by_account_number(self, number, companies, preferred):
        """Return the bank journal that keeps an account which the bank names without its IBAN.

        :param str number: bank code and account number, or one of them, in the bank's notation.
        :param companies: `res.company` recordset.
        :param preferred: `account.journal` record that is taken where several journals fit.
        :rtype: `account.journal` record, empty unless exactly one can be meant.
        """
        if not number:
            return self.browse()
        journals = self.search([("type", "=", "bank"), ("company_id", "in", companies.ids)])
        found = journals.filtered(
            # In sudo mode: the account number of a bank account is masked for most users.
            lambda j: account_match.fits(
                j.bank_account_id.sudo().sanitized_acc_number or "", number
            )
        )
        if preferred in found:
            return preferred
        return found if len(found) == 1 else self.browse()
