import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

#: What the program itself writes down when the customer does it; nobody enters it by hand.
MACHINE_CODES = ("signature_drawn", "own_device_code", "own_device_tick", "phone_code", "imported")
#: Kinds that are worth nothing without the paper or the e-mail itself.
FILE_CODES = ("signature_scan", "email_reply")


class SddMandateEvidenceAdd(models.TransientModel):
    """Adds to a mandate what staff hold in their hands: a signed form, an e-mail, a recording."""

    _name = "sdd.mandate.evidence.add"
    _description = "Add Evidence to a Mandate"

    mandate_id = fields.Many2one("sdd.mandate", required=True, readonly=True)
    mandate_state = fields.Selection(related="mandate_id.state")
    kind_id = fields.Many2one(
        "sdd.evidence.kind",
        string="What proves it",
        required=True,
        domain=[("code", "not in", MACHINE_CODES)],
        default=lambda self: self.env["sdd.evidence.kind"].search(
            [("code", "=", "signature_scan")], limit=1
        ),
    )
    code = fields.Char(related="kind_id.code")
    grade = fields.Selection(related="kind_id.grade")
    description = fields.Text(related="kind_id.description")
    needs_file = fields.Boolean(compute="_compute_needs_file")
    given_date = fields.Date(
        string="Given on",
        required=True,
        default=fields.Date.context_today,
        help="The day on the form, of the e-mail or of the call.",
    )
    file = fields.Binary(attachment=False)
    file_name = fields.Char()
    recording = fields.Char(help="Where the recording of the call is found, e.g. its number.")
    note = fields.Text(help="Goes into the history of the mandate, where nobody can change it.")

    @api.depends("kind_id")
    def _compute_needs_file(self):
        for wizard in self:
            wizard.needs_file = wizard.code in FILE_CODES

    def action_add(self):
        """Add the evidence; a mandate that was not active yet can be used from now on."""
        self.ensure_one()
        mandate = self.mandate_id
        mandate.check_access("write")
        data = self._prepare_data()
        if mandate.state in ("draft", "pending"):
            mandate._write_state({"signature_date": self.given_date})
        mandate._confirm(self.code, data)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Grade %s", mandate.evidence_grade),
                "message": mandate.collect_hint,
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _prepare_data(self):
        """Return what the event says.

        Note: self.ensure_one()

        :rtype: dict
        :raise UserError: when something is missing without which it proves nothing.
        """
        if self.code in MACHINE_CODES:
            raise UserError(
                self.env._("“%s” is written down by the program itself.", self.kind_id.name)
            )
        if self.needs_file and not self.file:
            raise UserError(self.env._("Choose the file: without it nothing can be shown later."))
        if self.code == "verbal_recording" and not (self.recording or "").strip():
            raise UserError(self.env._("Enter where the recording of the call is found."))
        if self.given_date > fields.Date.context_today(self):
            raise UserError(self.env._("A mandate cannot be given on a day still to come."))
        data = {"date": fields.Date.to_string(self.given_date)}
        if self.recording:
            data["recording"] = self.recording.strip()
        if self.note:
            data["note"] = self.note
        if self.file:
            content = base64.b64decode(self.file)
            data |= self.mandate_id._store_evidence_file(self.file_name or "scan", content)
        return data
