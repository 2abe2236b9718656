from odoo import api, fields, models
from odoo.exceptions import UserError


class SddMandateExport(models.TransientModel):
    """Asks which mandates are exported, as what kind of file, with or without account numbers."""

    _name = "sdd.mandate.export"
    _description = "Export Mandates"

    mandate_ids = fields.Many2many("sdd.mandate", string="Mandates")
    scope = fields.Selection(
        [("chosen", "The chosen ones"), ("in_use", "All in use"), ("all", "All, also ended ones")],
        string="Which",
        required=True,
        default=lambda self: "chosen" if self.env.context.get("default_mandate_ids") else "in_use",
    )
    file_type = fields.Selection(
        [("xlsx", "Excel (XLSX)"), ("csv", "CSV")],
        string="Kind of File",
        required=True,
        default="xlsx",
    )
    with_iban = fields.Boolean(
        string="Full account numbers",
        groups="support_debit.group_bank_details",
        help="Needed to import the file elsewhere. It is noted down who exported them.",
    )
    mandate_count = fields.Integer(string="Mandates in the File", compute="_compute_mandate_count")

    @api.depends("scope", "mandate_ids")
    def _compute_mandate_count(self):
        for wizard in self:
            wizard.mandate_count = len(wizard._get_mandates())

    def action_export(self):
        """Download the file."""
        self.ensure_one()
        if not self._get_mandates():
            raise UserError(self.env._("There are no such mandates."))
        return {
            "type": "ir.actions.act_url",
            "url": f"/support_debit/mandates/export/{self.id}",
            "target": "download",
        }

    def _get_mandates(self):
        """Return the mandates that are exported, as far as the user may see them.

        Note: self.ensure_one()
        """
        if self.scope == "chosen":
            return self.mandate_ids
        domain = [("company_id", "in", self.env.companies.ids)]
        if self.scope == "in_use":
            domain.append(("state", "in", ("draft", "pending", "active", "suspended")))
        return self.env["sdd.mandate"].search(domain)

    def _make_file(self):
        """Return name and content of the file.

        Note: self.ensure_one()

        :rtype: tuple[str, bytes]
        """
        self.ensure_one()
        # In sudo mode: the field belongs to a group; the export itself checks the right.
        with_iban = self.sudo().with_iban
        return self._get_mandates()._export_file(self.file_type, with_iban)
