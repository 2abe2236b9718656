from odoo import fields, models


class MailMessage(models.Model):
    _inherit = "mail.message"

    sdd_prenotification_ids = fields.One2many(
        "sdd.prenotification",
        "mail_message_id",
        string="Notices of Debits",
        groups="support_debit.group_support_user",
    )
