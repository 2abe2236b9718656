"""The renewal mail: invoice and notice of its debit in one message.

Printing is slow and asks our own web server, so only the job does it, with no row locked meanwhile.
"""

import logging

from odoo import api, models
from psycopg2 import OperationalError

_logger = logging.getLogger(__name__)

RENEWAL_TEMPLATE = "support_debit.mail_template_renewal"


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    @api.model
    def _tell_of_renewals(self, domain):
        """Write the renewal mails, each in a transaction of its own; the outbox sends them.

        Where the invoice cannot be printed, the plain notice tells of the debit.

        :param list domain: the debits of which customers are to be told.
        """
        cron = self.env["ir.cron"]
        renewed = ("invoice_ids.line_ids.support_subscription_id", "!=", False)
        found = self.search([*domain, renewed, ("invoice_ids.is_move_sent", "=", False)])
        # In sudo mode: see `_notify_in_advance`.
        groups = [group.ids for group in found.sudo()._filter_to_notify(False)._group_by_reader()]
        for ids in groups:
            debits = self.sudo().browse(ids)
            try:
                debits._send_renewal(domain)
            except OperationalError:
                # Another transaction was faster; the next run looks again.
                self.env.cr.rollback()
            except Exception as error:  # noqa: BLE001 - one invoice must not stop the others
                self.env.cr.rollback()
                _logger.info("The renewal mail of debits %s failed: %s", ids, error)
            if not cron._commit_progress(len(ids)):
                break

    def _send_renewal(self, domain):
        """Put one e-mail with the invoices of these debits into the outbox (sudo).

        :param list domain: what must still be true of them when the invoices are printed.
        """
        files = [
            file
            for invoice in self.invoice_ids
            for file in self.env["sale.order"]._sdd_print_invoice(invoice)
        ]
        debits = self.try_lock_for_update().filtered_domain(domain)
        if debits != self:
            return
        debits._allow_notice()
        attachments = self.env["ir.attachment"].create(
            [
                {
                    "name": name,
                    "raw": content,
                    "mimetype": mimetype,
                    "res_model": self._name,
                    "res_id": debits[0].id,
                }
                for name, content, mimetype in files
            ]
        )
        debits._write_notices([debits], "invoice", RENEWAL_TEMPLATE, attachments)
        self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        debits._forget_waiting_for_notice()
