import ast

from odoo import models


class MailAlias(models.Model):
    _inherit = "mail.alias"

    def _sdd_get_journal(self):
        """Return the journal whose address for bank files this is."""
        values = ast.literal_eval(self.alias_defaults or "{}")
        return self.env["account.journal"].sudo().browse(values.get("journal_id")).exists()

    def _get_alias_bounced_body_fallback(self, message_dict):
        """Override of `mail` to say what was wrong with a mail that should bring bank files."""
        if self.alias_model_id.model != "sdd.bank.message":
            return super()._get_alias_bounced_body_fallback(message_dict)
        journal = self._sdd_get_journal()
        if journal and journal._sdd_may_send(message_dict.get("email_from")):
            return self.env._(
                "Your mail to %s had no file attached. Please attach the bank's files and send it again.",
                self.display_name,
            )
        return self.env._(
            "The address %s takes files of a bank from certain senders only.", self.display_name
        )
