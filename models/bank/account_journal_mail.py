"""An e-mail address of a journal: what is attached to a mail to it is taken in as bank files."""

from odoo import api, fields, models
from odoo.exceptions import ValidationError
from odoo.tools import email_normalize


class AccountJournal(models.Model):
    _inherit = "account.journal"

    sdd_alias_id = fields.Many2one(
        "mail.alias",
        string="Address for Bank Files",
        readonly=True,
        copy=False,
        ondelete="set null",
    )
    sdd_alias_name = fields.Char(
        string="E-mail for Bank Files",
        compute="_compute_sdd_alias_name",
        inverse="_inverse_sdd_alias_name",
        groups="account.group_account_manager",
        help="What stands before the @. Files attached to a mail to this address are imported.",
    )
    sdd_alias_email = fields.Char(related="sdd_alias_id.alias_full_name", string="Full Address")
    sdd_alias_senders = fields.Text(
        string="Who may send bank files",
        groups="account.group_account_manager",
        help="Addresses (bank@example.com) or whole domains (@example.com), one a line or with"
        " commas between. Mail from others is refused.",
    )

    @api.depends("sdd_alias_id.alias_name")
    def _compute_sdd_alias_name(self):
        for journal in self:
            journal.sdd_alias_name = journal.sdd_alias_id.alias_name

    def _inverse_sdd_alias_name(self):
        """Make, rename or remove the address."""
        for journal in self:
            # In sudo mode: accountants set journals up without rights on aliases.
            alias = journal.sudo().sdd_alias_id
            if not journal.sdd_alias_name:
                alias.unlink()
            elif alias:
                alias.alias_name = journal.sdd_alias_name
            else:
                journal.sudo().sdd_alias_id = alias.create(journal._prepare_sdd_alias())

    def _prepare_sdd_alias(self):
        """Return the values of the address. Who may write to it is checked by the bank message.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return {
            "alias_name": self.sdd_alias_name,
            "alias_model_id": self.env["ir.model"]._get_id("sdd.bank.message"),
            "alias_defaults": {"journal_id": self.id},
            "alias_contact": "everyone",
            "alias_domain_id": self.company_id.alias_domain_id.id,
        }

    @api.constrains("sdd_alias_senders")
    def _check_sdd_alias_senders(self):
        for journal in self:
            for sender in journal._get_sdd_senders():
                if not email_normalize(f"name{sender}" if sender.startswith("@") else sender):
                    raise ValidationError(
                        self.env._("“%s” is neither an e-mail address nor a domain.", sender)
                    )

    def _get_sdd_senders(self):
        """Return the addresses and domains that may send bank files, in small letters."""
        # In sudo mode: the mail gateway asks, whoever it runs as.
        text = (self.sudo().sdd_alias_senders or "").replace(",", " ").replace(";", " ")
        return set(text.lower().split())

    def _sdd_may_send(self, email_from):
        """Return whether bank files from this sender are taken.

        Note: self.ensure_one()

        :param str email_from: the From of the mail.
        """
        self.ensure_one()
        address = email_normalize(email_from or "") or ""
        senders = self._get_sdd_senders()
        return bool(address) and (address in senders or f"@{address.split('@')[-1]}" in senders)
