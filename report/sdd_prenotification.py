from odoo import api, models

TEMPLATE = "support_debit.mail_template_prenotification"


class ReportSddPrenotification(models.AbstractModel):
    """The letter that tells a customer of his coming debits, in the words of the e-mail."""

    _name = "report.support_debit.report_sdd_prenotification"
    _description = "Notice of Direct Debits as a Letter"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return one letter for each recipient.

        :param list docids: ids of `sdd.debit`.
        :param dict data: not used.
        :rtype: dict
        """
        debits = self.env["sdd.debit"].browse(docids)
        debits.check_access("read")
        # In sudo mode: whoever sends letters need not see contacts of every kind.
        groups = debits.sudo()._group_by_letter()
        groups = [group.with_context(lang=group[0]._get_notice_lang()) for group in groups]
        messages = debits.sudo()._render_notices(groups)
        return {
            "doc_ids": docids,
            "doc_model": "sdd.debit",
            "docs": debits,
            "letters": [
                {
                    "company": group.company_id,
                    "lang": group[0]._get_notice_lang(),
                    "sender": self._get_lines(group.company_id.partner_id),
                    "address": self._get_lines(group[0]._get_letter_partner()),
                    "name": group[0]._get_letter_partner().name or group.partner_id.name,
                    "subject": message["subject"],
                    "text": message["text"],
                }
                for group, message in zip(groups, messages, strict=True)
            ],
        }

    @api.model
    def _get_lines(self, partner):
        """Return the address of a partner as lines without empty ones."""
        address = partner._display_address(without_company=True)
        return [line.strip() for line in address.splitlines() if line.strip()]
