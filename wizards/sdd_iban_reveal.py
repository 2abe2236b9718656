from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError

#: How long an opened dialog shows the number.
OPEN_FOR = timedelta(minutes=2)


class SddIbanReveal(models.TransientModel):
    """The dialog that shows the account number of a mandate. The number is never stored."""

    _name = "sdd.iban.reveal"
    _description = "Account Number of a Mandate"

    mandate_id = fields.Many2one("sdd.mandate", required=True, readonly=True)
    holder = fields.Char(related="mandate_id.holder")
    bank_name = fields.Char(related="mandate_id.bank_name")
    number = fields.Char(string="IBAN", compute="_compute_number")

    @api.depends("mandate_id")
    @api.depends_context("uid")
    def _compute_number(self):
        """Show the number to the person who opened the dialog, for a short time."""
        now = fields.Datetime.now()
        for wizard in self:
            may_see = (
                self.env["res.partner.bank"]._sdd_may_see_numbers()
                and wizard.create_uid == self.env.user
                and wizard.create_date > now - OPEN_FOR
            )
            # In sudo mode: the group is asked above, the mandate's rules when it was opened.
            account = wizard.mandate_id.sudo().bank_account_id
            wizard.number = may_see and account.acc_number

    @api.model_create_multi
    def create(self, vals_list):
        """Note down every dialog, whoever opens it and how."""
        wizards = super().create(vals_list)
        for wizard in wizards:
            mandate = wizard.mandate_id
            mandate.check_access("read")
            self.env["sdd.iban.access"]._note(
                mandate.sudo().bank_account_id, "reveal", mandate=mandate
            )
        return wizards

    def write(self, vals):
        raise UserError(self.env._("Open the account number from the mandate."))
