from odoo import api, fields, models
from odoo.exceptions import UserError

from ..sepa import iban as sepa_iban


class SddMandateAmendAccount(models.TransientModel):
    """Lets staff note that a customer wants to be debited from another account of his."""

    _name = "sdd.mandate.amend.account"
    _inherit = "sdd.mandate.evidence.add"
    _description = "Change the Account of a Mandate"

    kind_id = fields.Many2one(
        default=lambda self: self.env["sdd.evidence.kind"].search(
            [("code", "=", "staff_entry")], limit=1
        )
    )
    given_date = fields.Date(string="Told us on", help="The day of the letter, mail or call.")
    current_iban = fields.Char(related="mandate_id.iban_masked", string="Account now")
    partner_id = fields.Many2one(related="mandate_id.partner_id")
    commercial_partner_id = fields.Many2one(related="mandate_id.commercial_partner_id")
    current_account_id = fields.Many2one(related="mandate_id.bank_account_id")
    account_id = fields.Many2one(
        "res.partner.bank",
        string="Account on file",
        domain="[('partner_id', 'in', [partner_id, commercial_partner_id]),"
        " ('id', '!=', current_account_id)]",
    )
    iban = fields.Char(string="New IBAN", help="Emptied as soon as the account is changed.")
    holder = fields.Char(
        string="Account Holder", compute="_compute_holder", readonly=False, store=True
    )
    check_code = fields.Char(compute="_compute_check")
    check_text = fields.Char(compute="_compute_check")
    bank_text = fields.Char(compute="_compute_check")

    # === COMPUTE METHODS === #

    @api.depends("mandate_id", "account_id")
    def _compute_holder(self):
        for wizard in self:
            # In sudo mode: the name of the account holder is no secret of the account.
            account = wizard.account_id.sudo()
            wizard.holder = account.acc_holder_name or wizard.mandate_id.holder

    @api.depends("mandate_id", "account_id", "iban", "holder")
    @api.depends_context("lang")
    def _compute_check(self):
        for wizard in self:
            wizard.check_code = wizard.check_text = wizard.bank_text = False
            number = wizard._get_number()
            if not number:
                continue
            if obstacle := wizard._find_obstacle(number):
                wizard.check_code, wizard.check_text = obstacle
            wizard.bank_text = wizard._describe_bank(number)

    # === ACTION METHODS === #

    def action_amend(self):
        """Collect from the new account from now on; the bank is told with the next debit."""
        self.ensure_one()
        mandate = self.mandate_id
        mandate.check_access("write")
        number = self._get_number()
        if not number:
            raise UserError(self.env._("Enter the new IBAN, or choose an account on file."))
        if obstacle := self._find_obstacle(number):
            raise UserError(obstacle.reason)
        evidence = {**self._prepare_data(), "evidence": self.code}
        old = mandate.iban_masked
        mandate.amend_bank_account(self._get_account(), evidence=evidence)
        # In sudo mode: where the customer was reached last is written by the program.
        mandate.sudo()._tell_account_changed(old)
        # The number has no business in a table of forms.
        self.iban = False
        return self._notify(
            self.env._("From now on %s is debited.", mandate.iban_masked),
            mandate._get_notice_text(),
        )

    def action_prepare_new_mandate(self):
        """Prepare a mandate for another account holder; it takes the old one's place once given."""
        self.ensure_one()
        self.mandate_id.check_access("write")
        if not (self.holder or "").strip():
            raise UserError(self.env._("Enter the new account holder's name."))
        account = self._get_account() if self._get_number() else self.account_id
        new = self.mandate_id._create_replacement(
            holder=self.holder.strip(), bank_account_id=account.id
        )
        self.iban = False
        return new._action_open()

    # === BUSINESS METHODS === #

    def _get_number(self):
        """Return the IBAN that is to be debited, as typed or as on file.

        Note: self.ensure_one()
        """
        # In sudo mode: the number is compared with others and not shown.
        return self.account_id.sudo().sanitized_acc_number or (self.iban or "").strip()

    def _find_obstacle(self, number):
        """Return why this account cannot be debited with the mandate.

        Note: self.ensure_one()

        :rtype: Obstacle | None
        """
        owner = self.account_id.sudo().partner_id  # In sudo mode: as above.
        return self.mandate_id.sudo()._find_account_obstacle(number, self.holder, owner)

    def _describe_bank(self, number):
        """Return what is known about an IBAN: bank, and what looks odd about it.

        :param str number: an IBAN as typed.
        :rtype: str | bool
        """
        facts = sepa_iban.partial(number).facts
        return facts and ", ".join(
            filter(None, [facts.bank_name, facts.country, facts.bic and f"BIC {facts.bic}"])
        )

    def _get_account(self):
        """Return the account that was chosen, or typed and noted now.

        Note: self.ensure_one()

        :rtype: `res.partner.bank` record
        :raise UserError: for an IBAN that cannot be debited.
        """
        if self.account_id:
            return self.account_id
        accounts = self.env["res.partner.bank"]
        try:
            # In sudo mode: who may change the mandate may note the account that it names.
            account = accounts.sudo()._sdd_find_or_create(
                self.iban, self.holder, self.mandate_id.partner_id
            )
        except sepa_iban.IbanError as error:
            raise UserError(accounts._sdd_error_message(error)) from error
        return account.with_env(self.env)

    def _notify(self, title, message):
        """Return the action that closes the dialog and says what was done."""
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": title,
                "message": message,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
