from odoo import models


class SddBatch(models.Model):
    """A bank file holds account numbers in clear: its downloads are noted down."""

    _name = "sdd.batch"
    _inherit = ["sdd.batch", "sdd.noted.file"]
