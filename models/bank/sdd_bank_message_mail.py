"""Bank files that come by e-mail, and by dropping them on the list."""

from odoo import api, models
from odoo.addons.mail.tools.alias_error import AliasError
from odoo.exceptions import UserError


class SddBankMessage(models.Model):
    _inherit = "sdd.bank.message"

    # === E-MAIL === #

    def _alias_get_error(self, message, message_dict, alias):
        """Override of `mail`: only known senders, and only with files attached."""
        if alias.alias_model_id.model != self._name:
            return super()._alias_get_error(message, message_dict, alias)
        if not alias._sdd_get_journal()._sdd_may_send(message_dict.get("email_from")):
            return AliasError("error_sdd_sender", self.env._("sender may not send bank files"))
        if not self._get_mailed_files(message_dict):
            return AliasError("error_sdd_no_files", self.env._("no file attached"))
        return False

    @api.model
    def _get_mailed_files(self, message_dict):
        """Return the attachments of a mail as (name, bytes), without pictures of its text."""
        files = []
        for attachment in message_dict.get("attachments") or []:
            name, content, info = (*attachment, {})[:3]
            if not (info or {}).get("cid"):
                data = content.encode() if isinstance(content, str) else content
                files.append((name or "file", data))
        return files

    @api.model
    def message_new(self, msg_dict, custom_values=None):
        """Override of `mail` to take in the files of a mail; its text is of no interest.

        The attachments are taken off the mail, or they would stand beside it in clear.
        """
        journal = self.env["account.journal"].browse((custom_values or {}).get("journal_id"))
        messages = self.browse()
        for name, content in self._get_mailed_files(msg_dict):
            messages |= messages.with_company(journal.company_id).import_file(
                journal, name, content
            )
        msg_dict["attachments"] = []
        msg_dict["body"] = self.env._("Received by e-mail.")
        return messages[:1]

    # === DROPPED ON THE LIST === #

    def create_document_from_attachment(self, attachment_ids):
        """Import files that were dropped on the list or chosen there, all of them at once.

        What was uploaded is deleted afterwards: the bank message keeps the file, guarded.

        :param list[int] attachment_ids: of the user's new attachments.
        :return: action that shows what came of them.
        :rtype: dict
        """
        self.browse().check_access("write")
        attachments = self.env["ir.attachment"].browse(attachment_ids)
        attachments.check_access("read")
        journal = self._get_upload_journal()
        messages = self.browse()
        for attachment in attachments:
            messages |= messages.import_file(journal, attachment.name, attachment.raw or b"")
        # In sudo mode: an accountant may have no right to delete attachments.
        attachments.sudo().filtered(lambda a: not a.res_model).unlink()
        return messages._get_imported_action()

    def _get_upload_journal(self):
        """Return the journal for files that do not name an account: answers to batches."""
        journal = self.env.company.sdd_journal_id or self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.env.company.id)], limit=1
        )
        if not journal:
            raise UserError(self.env._("Please set a bank journal up first."))
        return journal

    def _get_imported_action(self):
        """Return the action that shows these messages."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_bank_message"
        )
        action["domain"] = [("id", "in", self.ids)]
        if len(self) == 1:
            action.update(view_mode="form", views=[(False, "form")], res_id=self.id)
        return action
