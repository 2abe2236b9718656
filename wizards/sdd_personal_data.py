import base64

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SddPersonalData(models.TransientModel):
    """What is stored about a customer: hand it out, or erase what need not be kept."""

    _name = "sdd.personal.data"
    _description = "Personal Data of a Customer"

    partner_id = fields.Many2one("res.partner", string="Customer", required=True, readonly=True)
    line_ids = fields.One2many("sdd.personal.data.line", "wizard_id", readonly=True)
    can_erase = fields.Boolean(compute="_compute_can_erase")
    file_name = fields.Char(readonly=True)
    file_data = fields.Binary(readonly=True, attachment=True)

    @api.depends("line_ids.evidence_state", "line_ids.account_state")
    def _compute_can_erase(self):
        for wizard in self:
            wizard.can_erase = any(
                "now" in (line.evidence_state, line.account_state) for line in wizard.line_ids
            )

    @api.model
    def default_get(self, fields):
        """Show the mandates of the customer from whom the dialog is opened."""
        values = super().default_get(fields)
        if self.env.context.get("active_model") == "res.partner":
            values.setdefault("partner_id", self.env.context.get("active_id"))
        if values.get("partner_id") and "line_ids" in fields:
            mandates = self.env["sdd.mandate"].search(
                [("partner_id", "child_of", values["partner_id"])]
            )
            values["line_ids"] = [
                Command.create({"mandate_id": mandate.id}) for mandate in mandates
            ]
        return values

    def action_export(self):
        """Download what is stored about the customer.

        Note: self.ensure_one()
        """
        self.ensure_one()
        self.file_name, content = self.partner_id._sdd_export_personal_data()
        self.file_data = base64.b64encode(content)
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/{self._name}/{self.id}/file_data/{self.file_name}?download=true",
            "target": "download",
        }

    def action_erase(self):
        """Erase what need not be kept and show what is left.

        Note: self.ensure_one()

        :raise UserError: when everything has to be kept.
        """
        self.ensure_one()
        mandates = self.line_ids.mandate_id
        mandates.check_access("write")
        reason = self.env._("The customer's personal data was erased on request.")
        erased = mandates._erase_personal_data(reason)
        if not erased:
            raise UserError(self.env._("Nothing can be erased now. The list says why."))
        self.line_ids.invalidate_recordset()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "target": "new",
        }


class SddPersonalDataLine(models.TransientModel):
    """One mandate of the customer: what of it can be erased, and why not the rest."""

    _name = "sdd.personal.data.line"
    _description = "Personal Data in a Mandate"

    wizard_id = fields.Many2one("sdd.personal.data", required=True, ondelete="cascade")
    mandate_id = fields.Many2one("sdd.mandate", required=True, readonly=True)
    state = fields.Selection(related="mandate_id.state")
    hold_until = fields.Date(related="mandate_id.hold_until")
    evidence_state = fields.Selection(
        [("now", "Can be erased"), ("held", "Kept"), ("done", "Erased")],
        string="Texts, addresses, files",
        compute="_compute_parts",
    )
    account_state = fields.Selection(
        [("now", "Can be erased"), ("held", "Kept"), ("done", "Erased")],
        string="Holder and account",
        compute="_compute_parts",
    )
    reason = fields.Char(string="Why it is kept", compute="_compute_parts")

    @api.depends("mandate_id")
    def _compute_parts(self):
        for line in self:
            mandate = line.mandate_id
            held = mandate._get_hold_reasons()
            for part in ("evidence", "account"):
                done = mandate[f"{part}_erased_date"]
                line[f"{part}_state"] = "done" if done else "held" if held[part] else "now"
            open_reasons = {
                held[part]: None for part in held if held[part] and line[f"{part}_state"] == "held"
            }
            line.reason = " ".join(open_reasons) or False
