"""How a mandate pauses or ends because of what a bank says, and how it goes on."""

from odoo import fields, models
from odoo.exceptions import UserError


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    suspend_code = fields.Selection(
        [("person", "Somebody to look at it"), ("account", "Another account")],
        string="Suspended until",
        readonly=True,
        copy=False,
        help="What must happen before debits are collected with the mandate again.",
    )
    suspend_reason = fields.Char(string="Suspended because", readonly=True, copy=False)

    def action_activate(self):
        """Override to refuse accounts that cannot be debited."""
        blocked = self.bank_account_id._sdd_get_blocked()
        for mandate in self if blocked else ():
            # In sudo mode: the keyed hash of a number is compared, none is shown.
            if reason := blocked.get(mandate.bank_account_id.sudo().iban_hash):
                raise UserError(
                    self.env._(
                        "Account %(account)s cannot be debited: %(reason)s Enter another one.",
                        account=mandate.iban_masked,
                        reason=reason,
                    )
                )
        return super().action_activate()

    def _move_to(self, state, *, event_data=None, **values):
        """Override to forget why a mandate was suspended as soon as it is not any more."""
        if state != "suspended":
            values.update(suspend_code=False, suspend_reason=False)
        return super()._move_to(state, event_data=event_data, **values)

    def _suspend(self, reason, until="person", data=None):
        """Collect nothing with these mandates for now. What is not active stays as it is.

        :param str reason: why, for those who read the mandate.
        :param str until: a value of `suspend_code`; with `account`, another account lifts it.
        :param dict data: what else is known about it, for the history; JSON values.
        :return: the mandates that were suspended.
        :rtype: `sdd.mandate` recordset
        """
        active = self.filtered(lambda mandate: mandate.state == "active")
        if active:
            active._move_to(
                "suspended",
                suspend_code=until,
                suspend_reason=reason,
                event_data={**(data or {}), "reason": reason},
            )
        return active

    def _resume(self, reason):
        """Let suspended mandates be used again. Others stay as they are.

        :param str reason: why, for the history.
        :return: the mandates that can be used again.
        :rtype: `sdd.mandate` recordset
        """
        suspended = self.filtered(lambda mandate: mandate.state == "suspended")
        if suspended:
            suspended._move_to("active", event_data={"reason": reason})
        for mandate in suspended:
            mandate._on_activated()
        return suspended

    def _end(self, reason, data=None):
        """End these mandates for good. What has ended already stays as it is.

        :param str reason: why, for those who read the mandate.
        :param dict data: what else is known about it, for the history; JSON values.
        :return: the mandates that ended.
        :rtype: `sdd.mandate` recordset
        """
        running = self.filtered(lambda mandate: mandate.state not in ("revoked", "expired"))
        if running:
            running._move_to(
                "revoked", end_reason=reason, event_data={**(data or {}), "reason": reason}
            )
        return running

    def _on_account_changed(self):
        """Override to use a mandate again that waited for another account."""
        super()._on_account_changed()
        if self.suspend_code == "account":
            self._resume(self.env._("The customer gave another account."))
