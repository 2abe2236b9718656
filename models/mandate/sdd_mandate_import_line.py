from odoo import api, fields, models
from odoo.exceptions import UserError

from .sdd_mandate_import_texts import LINE_FINDINGS


class SddMandateImportLine(models.Model):
    """One line of a file of mandates: what was found in it, and the mandate it became."""

    _name = "sdd.mandate.import.line"
    _description = "Line of an Import of Mandates"
    # The wrong ones first: "error" stands before "hint" and "ok" in the alphabet.
    _order = "import_id desc, severity, number"
    _log_access = False
    _rec_name = "number"

    import_id = fields.Many2one(
        "sdd.mandate.import", required=True, readonly=True, index=True, ondelete="cascade"
    )
    import_state = fields.Selection(related="import_id.state")
    number = fields.Integer(string="Line", required=True, readonly=True)
    chosen = fields.Boolean(default=True, help="Unticked lines are left out.")
    severity = fields.Selection(
        [("error", "Wrong"), ("hint", "Hint"), ("ok", "Right")],
        string="Check",
        required=True,
        readonly=True,
        default="ok",
    )
    reference = fields.Char(readonly=True)
    holder = fields.Char(string="Account Holder", readonly=True)
    iban_masked = fields.Char(string="IBAN", readonly=True)
    customer = fields.Char(readonly=True, help="Who gets the mandate.")
    partner_id = fields.Many2one(
        "res.partner", string="Found Customer", readonly=True, ondelete="set null"
    )
    customer_key = fields.Char(readonly=True, help="Lines of one new customer have the same key.")
    findings = fields.Json(string="Findings (codes)", readonly=True)
    findings_text = fields.Text(string="Findings", compute="_compute_findings_text")
    mandate_id = fields.Many2one(
        "sdd.mandate", readonly=True, index="btree_not_null", ondelete="restrict"
    )

    _number_unique = models.Constraint(
        "UNIQUE(import_id, number)", "Somebody else is checking this file just now."
    )

    # === COMPUTE METHODS === #

    @api.depends("findings", "import_id.columns")
    @api.depends_context("lang")
    def _compute_findings_text(self):
        for line in self:
            line.findings_text = "\n".join(
                line.import_id._describe_finding(finding, LINE_FINDINGS)
                # The errors first.
                for finding in sorted(line.findings or [], key=lambda found: found["severity"])
            )

    # === CRUD METHODS === #

    def _has_onchange(self, field, other_fields):
        """Override: what is ticked is counted when the form is saved, which every button does."""
        return False

    def write(self, vals):
        """Override: people tick and untick lines, as long as nothing is imported; no more."""
        if not self.env.su:
            if vals.keys() - {"chosen"}:
                raise UserError(
                    self.env._(
                        "Correct this in the file and upload it again; here you choose lines."
                    )
                )
            if self.filtered(lambda line: line.import_state != "checked" or line.mandate_id):
                raise UserError(self.env._("These lines are imported or being imported already."))
        return super().write(vals)

    @api.model_create_multi
    def create(self, vals_list):
        """Override: lines come out of files only."""
        if not self.env.su:
            raise UserError(self.env._("Lines come out of files. Upload one."))
        return super().create(vals_list)

    # === ACTION METHODS === #

    def action_untick(self):
        """Leave these lines out."""
        self.chosen = False

    def action_tick(self):
        """Choose these lines."""
        self.chosen = True
