"""How customers are told of debits of which no other message tells them."""

from odoo import models


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _notify_in_advance(self):
        """Write the notices that these debits lack, several of one customer in one e-mail.

        :return: the debits for which a notice was written.
        :rtype: `sdd.debit` recordset
        """
        return self.browse()
