from odoo import api, fields, models


class ResPartner(models.Model):
    _inherit = "res.partner"

    sdd_iban = fields.Char(
        string="Account Number",
        compute="_compute_sdd_iban",
        search="_search_sdd_iban",
        help="Finds customers by a full IBAN. Shows nothing.",
    )

    def _compute_sdd_iban(self):
        self.sdd_iban = False

    @api.model
    def _search_sdd_iban(self, operator, value):
        """Find customers by the full IBAN of an account of theirs, in any notation.

        A part of an IBAN finds nobody: who may not see the numbers must not find them out.
        """
        if operator not in ("in", "like", "ilike", "=like", "=ilike"):
            return NotImplemented
        # In sudo mode: the customers found are those that the user may read anyway.
        accounts = self.env["res.partner.bank"].sudo()
        for text in [value] if isinstance(value, str) else value:
            if isinstance(text, str):
                accounts |= accounts._sdd_find_by_iban(text.strip("%"))
        return [("id", "in", accounts.partner_id.ids)]
