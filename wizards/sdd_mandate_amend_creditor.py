from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class SddMandateAmendCreditor(models.TransientModel):
    """Lets mandates name the company as it is now: another name, another creditor identifier."""

    _name = "sdd.mandate.amend.creditor"
    _description = "Change the Creditor of Mandates"

    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    scope = fields.Selection(
        [
            ("all", "All mandates that say something else"),
            ("chosen", "The mandates that I have chosen"),
        ],
        string="Which Mandates",
        required=True,
        default="all",
    )
    chosen_ids = fields.Many2many("sdd.mandate", string="Chosen Mandates")
    mandate_ids = fields.Many2many(
        "sdd.mandate", compute="_compute_mandate_ids", string="What changes"
    )
    mandate_count = fields.Integer(compute="_compute_mandate_ids")
    identifier = fields.Char(
        string="Creditor Identifier", compute="_compute_creditor", readonly=False, store=True
    )
    name = fields.Char(
        string="Creditor Name", compute="_compute_creditor", readonly=False, store=True
    )

    @api.model
    def default_get(self, fields):
        """Override to begin with the mandates that were chosen in the list."""
        values = super().default_get(fields)
        ids = self.env.context.get("active_ids")
        if ids and self.env.context.get("active_model") == "sdd.mandate":
            mandates = self.env["sdd.mandate"].browse(ids).exists()
            values |= {
                "scope": "chosen",
                "chosen_ids": [Command.set(mandates.ids)],
                "company_id": mandates.company_id[:1].id or self.env.company.id,
            }
        return values

    @api.depends("company_id")
    def _compute_creditor(self):
        for wizard in self:
            wizard.name = wizard.company_id.name
            wizard.identifier = wizard.company_id._sdd_get_creditor_identifier()

    @api.depends("scope", "chosen_ids", "company_id", "identifier", "name")
    def _compute_mandate_ids(self):
        for wizard in self:
            candidates = (
                wizard.chosen_ids.filtered(lambda m, w=wizard: m.company_id == w.company_id)
                if wizard.scope == "chosen"
                else wizard.company_id._sdd_get_outdated_mandates()
            )
            wizard.mandate_ids = candidates.filtered(
                lambda m, w=wizard: (
                    m._is_amendable()
                    and (m.creditor_identifier, m.creditor_name) != (w.identifier, w.name)
                )
            )
            wizard.mandate_count = len(wizard.mandate_ids)

    def action_amend(self):
        """Change the mandates; each one's bank is told with its next debit."""
        self.ensure_one()
        if not self.mandate_ids:
            raise UserError(self.env._("None of these mandates says anything else."))
        identifier = "".join((self.identifier or "").split()).upper()
        events = self.mandate_ids._amend_creditor(identifier=identifier, name=self.name)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": self.env._("Mandates changed: %s", len(events.mandate_id)),
                "message": self.env._(
                    "The bank of each customer is told with the next debit."
                    " Tell your customers as well: they know the old name or identifier."
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
