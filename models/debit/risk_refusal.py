"""A held debit that a person does not want collected: it is given up, and paid another way."""

from odoo import models
from odoo.exceptions import UserError
from odoo.tools import plaintext2html


class RiskCase(models.Model):
    _inherit = "risk.case"

    # === ACTION METHODS === #

    def action_close(self):
        """Override: a debit that waits for a decision must get one.

        :raise UserError: names the debit and says what a decision does.
        """
        for case in self:
            if debit := case._get_waiting_debits()[:1]:
                raise UserError(
                    self.env._(
                        "The debit %(debit)s waits for the decision in %(case)s. Press “Decide”: with"
                        " green or yellow it is collected, with red it is given up and the customer"
                        " is asked to pay another way.",
                        debit=debit.display_name,
                        case=case.name,
                    )
                )
        return super().action_close()

    # === BUSINESS METHODS === #

    def _on_decided(self):
        """Override to give up the debits that must not be collected."""
        super()._on_decided()
        if self.decided_colour == "red":
            self._refuse_debits()

    def _get_waiting_debits(self):
        """Return the debits that wait for this decision, and not for one about a newer assessment.

        Note: self.ensure_one()

        :rtype: `sdd.debit` recordset (sudo)
        """
        held = self._get_held_debits()
        deciding = held._get_deciding_assessments()
        # In sudo mode: salespeople see cases, but not each assessment.
        own = self.sudo().assessment_id
        return held.filtered(lambda debit: deciding.get(debit, own) == own)

    def _refuse_debits(self):
        """Give up the debits that waited for this decision; their invoices are paid another way.

        Note: self.ensure_one() (sudo)
        """
        self.ensure_one()
        debits = self._get_waiting_debits()
        debits._cancel(
            self.env._(
                "%(user)s does not want it collected (%(case)s): %(reason)s",
                user=self.decided_by_id.name,
                case=self.name,
                reason=self.decided_reason,
            )
        )
        for debit in debits:
            try:
                with self.env.cr.savepoint():
                    debit._send_payment_link()
            except UserError as error:
                self._ask_for_other_payment(debit, error)

    def _ask_for_other_payment(self, debit, error):
        """Put on somebody's list that a customer cannot be sent a link and has to be asked otherwise.

        Note: self.ensure_one() (sudo)

        :param debit: the `sdd.debit` that was given up.
        :param error: the UserError that says why there is no link.
        """
        note = self.env._(
            "The debit was given up. Please agree with the customer how the invoice is paid."
        )
        debit.activity_schedule(
            "mail.mail_activity_data_todo",
            summary=self.env._("Ask for another way to pay %s", debit.invoice_names or ""),
            note=plaintext2html(f"{note}\n{error}"),
            user_id=(self.user_id or self.decided_by_id).id,
        )


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_payment_link_template(self):
        """Override: a debit that never went to the bank did not fail either."""
        template = self.env.ref(
            "support_debit.mail_template_risk_payment_link", raise_if_not_found=False
        )
        return template if self.attempt == 1 and template else super()._get_payment_link_template()
