from odoo import models

#: Banks that name no reason mostly mean an account without money, but nobody is told so on that.
NO_REASON = "MS03"


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_portal_return_text(self):
        """Override to say what the bank's answer means for the customer."""
        texts = {
            "funds": self.env._("There was not enough money on the account."),
            "account": self.env._(
                "This account cannot be debited. Please change the account of your mandate."
            ),
            "mandate": self.env._(
                "Your bank did not accept the mandate. Please give us a new one, or ask your bank."
            ),
            "dispute": self.env._("You or your bank took the amount back."),
            "own_fault": self.env._("Something went wrong on our side; we are sorry."),
            "technical": self.env._("The banks could not process it; that was not your fault."),
        }
        reason = self.reason_id[:1]
        text = texts.get(reason.reason_class) if reason.code != NO_REASON else ""
        return text or super()._get_portal_return_text()

    def _get_portal_hold_text(self):
        """Override to say what a debit waits for after another one came back."""
        if self.hold_code == "return":
            return self.env._(
                "Another debit of this mandate came back. We collect this one as soon as that is"
                " settled."
            )
        return super()._get_portal_hold_text()
