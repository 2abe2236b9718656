import base64
import hashlib

from odoo import api, fields, models
from odoo.exceptions import UserError

from .const import BANK_DETAILS_GROUP
from .sdd_mandate_import_texts import FILE_FINDINGS

#: So many mandates are imported while the user waits; more by a job.
AT_ONCE = 200
#: Uploaded files are deleted after so many days if nobody imports them.
KEEP_DAYS = 30


class SddMandateImport(models.Model):
    """A file of existing mandates: what is in it, what is wrong, how far its import has got.

    Nothing is created before everything that is chosen is right. The file is deleted as soon as its
    mandates are there; its name and SHA-256 stay.
    """

    _name = "sdd.mandate.import"
    _description = "Import of Mandates"
    _inherit = ["support.guarded", "sdd.noted.file"]
    _order = "id desc"
    _check_company_auto = True
    _transitions = {
        "draft": {"checked"},
        "checked": {"draft", "running", "done"},
        "running": {"checked", "done"},
        "done": set(),
    }
    _guarded_fields = frozenset("state sha256 file_kind columns findings user_id done_date".split())
    _fixed_fields = frozenset("name company_id create_state dormant evidence_kind_id".split())
    _open_states = frozenset({"draft", "checked"})

    name = fields.Char(string="File", default="mandates", required=True)
    upload = fields.Binary(
        string="File (CSV or Excel)", compute="_compute_upload", inverse="_inverse_upload"
    )
    file_data = fields.Binary(
        string="Content", attachment=True, readonly=True, copy=False, groups=BANK_DETAILS_GROUP
    )
    sha256 = fields.Char(string="SHA-256", readonly=True, copy=False, index=True)
    file_kind = fields.Char(string="Kind of File", readonly=True, copy=False)
    columns = fields.Json(readonly=True, copy=False, help="Headers by the key of their column.")
    company_id = fields.Many2one(
        "res.company", required=True, index=True, default=lambda self: self.env.company
    )
    user_id = fields.Many2one(
        "res.users", string="Imported by", readonly=True, default=lambda self: self.env.user
    )
    state = fields.Selection(
        [
            ("draft", "To be checked"),
            ("checked", "Checked"),
            ("running", "Being imported"),
            ("done", "Imported"),
        ],
        string="Status",
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
    )
    create_state = fields.Selection(
        [
            ("active", "Active, unless the file says otherwise"),
            ("draft", "Draft, somebody activates them later"),
        ],
        string="New Mandates are",
        default="active",
        required=True,
    )
    dormant = fields.Selection(
        [("refuse", "Mark as wrong"), ("expire", "Import as expired")],
        string="36 Months without a Collection",
        default="refuse",
        required=True,
    )
    evidence_kind_id = fields.Many2one(
        "sdd.evidence.kind",
        string="Proven by",
        required=True,
        default=lambda self: self.env["sdd.evidence.kind"].search(
            [("code", "=", "imported")], limit=1
        ),
        help="How the mandates of this file are proven, where no column says it.",
    )
    findings = fields.Json(string="Findings (codes)", readonly=True, copy=False)
    error_text = fields.Text(string="Wrong with the File", compute="_compute_findings_text")
    hint_text = fields.Text(string="About the File", compute="_compute_findings_text")
    line_ids = fields.One2many("sdd.mandate.import.line", "import_id", string="Lines")
    line_count = fields.Integer(string="Lines in the File", compute="_compute_counts")
    wrong_count = fields.Integer(string="Wrong", compute="_compute_counts")
    hint_count = fields.Integer(string="With Hints", compute="_compute_counts")
    chosen_count = fields.Integer(string="Chosen", compute="_compute_counts")
    chosen_wrong_count = fields.Integer(string="Wrong and Chosen", compute="_compute_counts")
    done_count = fields.Integer(string="Mandates", compute="_compute_counts")
    progress = fields.Float(compute="_compute_counts", help="Percent of the chosen lines.")
    done_date = fields.Datetime(string="Imported on", readonly=True, copy=False)

    # === COMPUTE METHODS === #

    def _compute_upload(self):
        """Nobody reads the file back: it holds account numbers."""
        self.upload = False

    def _inverse_upload(self):
        for record in self.filtered("upload"):
            if record.state not in ("draft", "checked") or record.line_ids.mandate_id:
                raise UserError(
                    self.env._(
                        "This file is imported already, at least in part. Make a new import."
                    )
                )
            content = base64.b64decode(record.upload)
            # In sudo mode: the user may hand in a file that he may not read again.
            record.sudo().write(
                {
                    "file_data": record.upload,
                    "sha256": hashlib.sha256(content).hexdigest(),
                    "state": "draft",
                    "findings": [],
                }
            )
            record._delete_lines()
        self.invalidate_recordset(["upload"])

    @api.depends("findings", "columns")
    @api.depends_context("lang")
    def _compute_findings_text(self):
        for record in self:
            for severity, field in (("error", "error_text"), ("hint", "hint_text")):
                record[field] = "\n".join(
                    record._describe_finding(finding, FILE_FINDINGS)
                    for finding in record.findings or []
                    if finding["severity"] == severity
                )

    @api.depends("line_ids.chosen", "line_ids.severity", "line_ids.mandate_id")
    def _compute_counts(self):
        groups = self._group_lines()
        for record in self:
            found = groups.get(record._origin.id, [])
            record.line_count = sum(count for *_what, count, _done in found)
            record.wrong_count = sum(count for kind, _c, count, _d in found if kind == "error")
            record.hint_count = sum(count for kind, _c, count, _d in found if kind == "hint")
            record.chosen_count = sum(count for _kind, chosen, count, _d in found if chosen)
            record.chosen_wrong_count = sum(
                count for kind, chosen, count, _d in found if chosen and kind == "error"
            )
            record.done_count = sum(done for *_what, done in found)
            chosen = record.chosen_count
            record.progress = record.done_count * 100 / chosen if chosen else 0

    def _group_lines(self):
        """Return how many lines there are of each kind.

        :return: (severity, chosen, lines, mandates) by the import's id.
        :rtype: dict[int, list[tuple]]
        """
        groups = {}
        lines = self.env["sdd.mandate.import.line"]
        lines.flush_model()
        for record, *facts in lines._read_group(
            [("import_id", "in", self._origin.ids)],
            ["import_id", "severity", "chosen"],
            ["__count", "mandate_id:count"],
        ):
            groups.setdefault(record.id, []).append(tuple(facts))
        return groups

    # === CRUD METHODS === #

    def _has_onchange(self, field, other_fields):
        """Override: with each tick, a form would send thousands of lines to count them anew."""
        return field.name != "line_ids" and super()._has_onchange(field, other_fields)

    def write(self, vals):
        """Override: what decides what is wrong makes another check necessary."""
        res = super().write(vals)
        if {"dormant", "company_id"} & vals.keys() and not self.env.su:
            self.filtered(lambda r: r.state == "checked")._move_to("draft")
        return res

    @api.ondelete(at_uninstall=False)
    def _unlink_except_imported(self):
        if self.filtered(lambda r: r.state == "running" or r.line_ids.mandate_id):
            raise UserError(
                self.env._(
                    "What was imported stays on record. It says where the mandates come from."
                )
            )

    @api.autovacuum
    def _gc_files(self):
        """Delete uploaded files that nobody imports for a month, and lines that were left out."""
        limit = fields.Datetime.subtract(fields.Datetime.now(), days=KEEP_DAYS)
        # In sudo mode: a rule of the house, for the files of all companies.
        old = self.sudo().search(
            [
                ("state", "!=", "running"),
                ("write_date", "<", limit),
                "|",
                ("state", "!=", "done"),
                ("line_ids", "any", [("mandate_id", "=", False)]),
            ]
        )
        old.filtered(lambda r: r.state != "done" and not r.line_ids.mandate_id).unlink()
        for record in old.exists():
            record.file_data = False
            record.line_ids.filtered(lambda line: not line.mandate_id).unlink()

    # === ACTION METHODS === #

    def action_untick_wrong(self):
        """Leave out the lines that are wrong."""
        self._check_state("checked")
        self.line_ids.filtered(lambda line: line.severity == "error").chosen = False

    def action_tick_all(self):
        """Choose all lines that are not imported yet."""
        self._check_state("checked")
        self.line_ids.filtered(lambda line: not line.mandate_id).chosen = True

    def action_view_lines(self):
        """Open the lines of the file, the wrong ones first."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_mandate_import_line"
        )
        action["domain"] = [("import_id", "=", self.id)]
        action["context"] = {"search_default_wrong": bool(self.wrong_count)}
        return action

    def action_view_mandates(self):
        """Open the mandates that were imported."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_mandate")
        action["domain"] = [("id", "in", self.line_ids.mandate_id.ids)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS === #

    def _check_state(self, *states):
        """Raise a UserError unless this import is in one of the states.

        Note: self.ensure_one()
        """
        self.ensure_one()
        self.check_access("write")
        if self.state not in states:
            labels = dict(self._fields["state"]._description_selection(self.env))
            raise UserError(
                self.env._("This is not possible while the import is “%s”.", labels[self.state])
            )

    def _delete_lines(self):
        """Forget what was found in the file; what is imported stays."""
        # In sudo mode: users only tick lines.
        self.sudo().line_ids.filtered(lambda line: not line.mandate_id).unlink()
