from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sepa import iban as sepa_iban


class SddIbanAccess(models.Model):
    """Who saw an account number of a mandate in full, when and how. Written once."""

    _name = "sdd.iban.access"
    _description = "Reading of Bank Details"
    _order = "id desc"
    _log_access = False
    _rec_name = "date"

    date = fields.Datetime(
        string="When", required=True, readonly=True, default=fields.Datetime.now, index=True
    )
    # The record of what somebody did stays when he leaves: users are archived, not deleted.
    user_id = fields.Many2one(
        "res.users", string="Who", required=True, readonly=True, index=True, ondelete="restrict"
    )
    way = fields.Selection(
        [
            ("read", "On a page or by a program"),
            ("export", "Export of a list"),
            ("reveal", "Button on the mandate"),
            ("file", "File with account numbers"),
            ("data", "Personal data handed out"),
        ],
        string="How",
        required=True,
        readonly=True,
    )
    bank_account_id = fields.Many2one(
        "res.partner.bank", string="Account", readonly=True, index="btree_not_null"
    )
    partner_id = fields.Many2one(related="bank_account_id.partner_id", string="Customer")
    mandate_id = fields.Many2one(
        "sdd.mandate", readonly=True, index="btree_not_null", ondelete="restrict"
    )
    file_name = fields.Char(string="File", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)

    # === CRUD METHODS === #

    def write(self, vals):
        raise UserError(self.env._("What was noted about the reading of bank details stays."))

    @api.ondelete(at_uninstall=False)
    def _unlink_never(self):
        raise UserError(self.env._("What was noted about the reading of bank details stays."))

    # === BUSINESS METHODS === #

    @api.model
    def _note(self, accounts, way, mandate=None):
        """Note down that the user of this environment sees the numbers of these accounts.

        :param accounts: `res.partner.bank` records.
        :param str way: a value of `way`.
        :param mandate: the mandate on which he looks, if it is known; else the account's latest.
        """
        if not accounts:
            return
        # In sudo mode: nobody writes this by hand, and a mandate may be another company's.
        entries = self.sudo()
        mandates = {}
        if mandate is None:
            groups = entries.env["sdd.mandate"]._read_group(
                [("bank_account_id", "in", accounts.ids)], ["bank_account_id"], ["id:max"]
            )
            mandates = {account.id: mandate_id for account, mandate_id in groups}
        entries.create(
            [
                {
                    "user_id": self.env.uid,
                    "way": way,
                    "bank_account_id": account.id,
                    "mandate_id": mandate.id if mandate else mandates.get(account.id),
                    "company_id": self.env.company.id,
                }
                for account in accounts
            ]
        )

    @api.model
    def _note_file(self, record, name):
        """Note down that the user of this environment downloads a file with account numbers.

        :param record: the record that holds the file; has a `company_id`.
        :param str name: the file's name.
        """
        # In sudo mode: nobody writes this by hand.
        self.sudo().create(
            {
                "user_id": self.env.uid,
                "way": "file",
                "file_name": sepa_iban.mask_in_text(name),
                "company_id": record.sudo().company_id.id,
            }
        )
