from odoo import fields, models


class SddMandateAmendReference(models.TransientModel):
    """Gives a mandate another reference, such as that of the system it comes from."""

    _name = "sdd.mandate.amend.reference"
    _description = "Change the Reference of a Mandate"

    mandate_id = fields.Many2one("sdd.mandate", required=True, readonly=True)
    current_reference = fields.Char(related="mandate_id.name", string="Reference now")
    reference = fields.Char(string="New Reference", required=True)

    def action_amend(self):
        """Collect under the new reference from now on; the bank is told with the next debit."""
        self.ensure_one()
        self.mandate_id._amend_reference(self.reference)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("The reference is %s now.", self.mandate_id.name),
                "message": self.mandate_id._get_notice_text(),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
