"""What a person does about a debit that waits for something in its mandate."""

from odoo import models


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def action_repair(self):
        """Open the mandate, where the button is that lets this debit go."""
        self.ensure_one()
        return self.mandate_id._action_open()

    def action_ask_confirmation(self):
        """Ask the customer to confirm the mandate of this debit in a better way."""
        self.ensure_one()
        return self.mandate_id.action_ask_confirmation()

    def action_confirm_bank(self):
        """Note that the customers' banks know the B2B mandates of these debits."""
        self.mandate_id.action_note_bank_confirmation()
