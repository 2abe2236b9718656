"""The B2B scheme: the debtor tells his own bank of the mandate before the first debit.

A bank that does not know a B2B mandate sends the debit back (EPC222-07 4.1).
"""

from odoo import api, fields, models
from odoo.exceptions import UserError


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    bank_confirmed_date = fields.Date(
        string="Bank told on",
        readonly=True,
        copy=False,
        help="When the customer confirmed that his bank knows the B2B mandate.",
    )
    waits_for_bank = fields.Boolean(
        compute="_compute_waits_for_bank", search="_search_waits_for_bank"
    )

    @api.depends("scheme", "state", "bank_confirmed_date")
    def _compute_waits_for_bank(self):
        for mandate in self:
            mandate.waits_for_bank = (
                mandate.scheme == "B2B"
                and mandate.state == "active"
                and not mandate.bank_confirmed_date
            )

    def _search_waits_for_bank(self, operator, value):
        if operator != "in":
            return NotImplemented
        domain = fields.Domain(
            [
                ("scheme", "=", "B2B"),
                ("state", "=", "active"),
                ("bank_confirmed_date", "=", False),
            ]
        )
        return domain if True in value else ~domain

    def action_note_bank_confirmation(self):
        """Note that the customers' banks know these B2B mandates; their debits may go."""
        for mandate in self:
            if mandate.scheme != "B2B":
                raise UserError(
                    self.env._("%s is a Core mandate; the bank need not know it.", mandate.name)
                )
            if mandate.state != "active":
                raise UserError(self.env._("Mandate %s is not active yet.", mandate.name))
            if mandate.bank_confirmed_date:
                continue
            today = fields.Date.context_today(self)
            mandate._write_state({"bank_confirmed_date": today})
            mandate._log_event("bank_confirmed", {"date": fields.Date.to_string(today)})
            mandate._on_better_evidence()

    def action_remind_of_bank(self):
        """Write to the customers again that their banks must know the mandate."""
        for mandate in self.filtered("waits_for_bank"):
            mandate._remind_of_bank()

    def _get_bank_obstacle(self):
        """Return why nothing can be collected before the debtor's bank knows the mandate, or "".

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        if not self.waits_for_bank:
            return ""
        return self.env._(
            "B2B mandate %s: the customer has not told his bank yet. His bank would send the debit back.",
            self.name,
        )

    def _on_activated(self):
        """Override to ask the debtor to tell his bank."""
        super()._on_activated()
        if self.waits_for_bank and self.partner_id.email:
            self._remind_of_bank()

    def _remind_of_bank(self):
        """Send the debtor the mandate with the request to confirm it to his bank.

        Note: self.ensure_one()
        """
        self.ensure_one()
        template = self.env.ref(
            "support_debit.mail_template_mandate_b2b_reminder", raise_if_not_found=False
        )
        if not template:
            return
        # In sudo mode: the template is the program's own.
        template.sudo().send_mail(self.id)
        self._log_event("reminded", {"about": "bank", "to": self.partner_id.email})
