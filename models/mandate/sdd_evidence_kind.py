from odoo import api, fields, models, tools
from odoo.exceptions import UserError

from .const import GRADES


class SddEvidenceKind(models.Model):
    """A way in which a customer gives or confirms a mandate, and how far it carries in a dispute."""

    _name = "sdd.evidence.kind"
    _description = "Kind of Evidence"
    _order = "grade, sequence, id"

    name = fields.Char(required=True, translate=True)
    code = fields.Char(required=True, help="Name of the kind in the history; never changes.")
    grade = fields.Selection(
        [(grade, grade) for grade in GRADES],
        required=True,
        help="A: stands in court and at the bank. D: the customer's word against ours.",
    )
    description = fields.Text(
        translate=True, help="In plain words: what it proves, and what it does not."
    )
    sequence = fields.Integer(default=10)
    active = fields.Boolean(default=True)
    mandate_count = fields.Integer(compute="_compute_mandate_count")

    _code_unique = models.Constraint("UNIQUE(code)", "There is a kind of evidence with this code.")

    def _compute_mandate_count(self):
        counts = dict(
            self.env["sdd.mandate.event"]
            .sudo()  # In sudo mode: a count of mandates, whose history not everybody may read.
            ._read_group(
                [("evidence_code", "in", self.mapped("code"))],
                ["evidence_code"],
                ["mandate_id:count_distinct"],
            )
        )
        for kind in self:
            kind.mandate_count = counts.get(kind.code, 0)

    def write(self, vals):
        """Override to grade the mandates anew, and to keep the codes that histories name."""
        if "code" in vals and self.filtered(lambda k: k.code != vals["code"] and k.mandate_count):
            raise UserError(
                self.env._("The history of mandates names this code, so it cannot be changed.")
            )
        res = super().write(vals)
        if "grade" in vals:
            self.env.registry.clear_cache()
            self._regrade()
        return res

    @api.model_create_multi
    def create(self, vals_list):
        kinds = super().create(vals_list)
        self.env.registry.clear_cache()
        return kinds

    def unlink(self):
        self.env.registry.clear_cache()
        return super().unlink()

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        if used := self.filtered("mandate_count"):
            raise UserError(
                self.env._(
                    "Mandates were given this way: %s. Archive it instead of deleting it.",
                    ", ".join(used.mapped("name")),
                )
            )

    def _regrade(self):
        """Compute the grade of every mandate that has evidence of these kinds anew."""
        # In sudo mode: the grades of all companies follow the table.
        events = (
            self.env["sdd.mandate.event"]
            .sudo()
            .search([("evidence_code", "in", self.mapped("code"))])
        )
        mandates = events.mandate_id
        self.env.add_to_compute(mandates._fields["evidence_grade"], mandates)

    def action_view_mandates(self):
        """Open the mandates with evidence of these kinds."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_mandate")
        action["domain"] = [("event_ids.evidence_code", "in", self.mapped("code"))]
        action["context"] = {}
        return action

    @api.model
    @tools.ormcache()
    def _get_grades(self):
        """Return `{code: grade}` of all kinds, archived ones too."""
        # In sudo mode: a customer's mandate is graded too.
        kinds = self.sudo().with_context(active_test=False).search([])
        return {kind.code: kind.grade for kind in kinds}
