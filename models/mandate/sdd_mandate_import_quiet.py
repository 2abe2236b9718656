from odoo import models

#: Marks the context in which accounts are made by the thousand. No client can send this object.
QUIET = object()


class ResPartner(models.Model):
    _inherit = "res.partner"

    def _message_log(self, **kwargs):
        """Override: Odoo notes every new account in its customer's chatter, one by one.

        An import notes in each mandate's history where it comes from; these notes would take more
        time than everything else together.
        """
        if self.env.context.get("sdd_quiet_accounts") is QUIET:
            return self.env["mail.message"]
        return super()._message_log(**kwargs)
