from odoo import models


class SddBankMessage(models.Model):
    """A file of the bank holds account numbers in clear: its downloads are noted down."""

    _name = "sdd.bank.message"
    _inherit = ["sdd.bank.message", "sdd.noted.file"]
