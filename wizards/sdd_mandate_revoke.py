from markupsafe import Markup
from odoo import Command, api, fields, models


class SddMandateRevoke(models.TransientModel):
    """Revokes mandates for staff: says before the click what will still happen."""

    _name = "sdd.mandate.revoke"
    _description = "Revoke Mandates"

    mandate_ids = fields.Many2many("sdd.mandate", string="Mandates", required=True)
    reason = fields.Selection(
        [
            ("customer", "The customer does not want it any more"),
            ("account", "The account is closed or belongs to somebody else"),
            ("replaced", "There is a newer mandate"),
            ("never", "The customer says he never gave it"),
            ("deceased", "The account holder has died"),
            ("other", "Something else"),
        ],
        required=True,
        default="customer",
    )
    told_by = fields.Selection(
        [
            ("phone", "On the telephone"),
            ("email", "By e-mail"),
            ("letter", "By letter"),
            ("person", "In person"),
            ("bank", "Through the bank"),
            ("nobody", "Nobody told us, we decided it"),
        ],
        string="How we were told",
        required=True,
        default="phone",
    )
    told_date = fields.Date(
        string="When we were told", required=True, default=fields.Date.context_today
    )
    note = fields.Text(help="Goes into the history of the mandate, where nobody can change it.")
    notice = fields.Html(string="What will happen", compute="_compute_notice", sanitize=False)

    @api.model
    def default_get(self, fields):
        """Override to take the mandates that the user chose, without those that have ended."""
        values = super().default_get(fields)
        if "mandate_ids" in fields and self.env.context.get("active_model") == "sdd.mandate":
            chosen = self.env["sdd.mandate"].browse(self.env.context.get("active_ids", []))
            open_ones = chosen.filtered(lambda m: m.state not in ("revoked", "expired"))
            values["mandate_ids"] = [Command.set(open_ones.ids)]
        return values

    @api.depends("mandate_ids")
    def _compute_notice(self):
        for wizard in self:
            parts = Markup()
            for mandate in wizard.mandate_ids._origin:
                if len(wizard.mandate_ids) > 1:
                    parts += Markup("<p class='mb-0 mt-2 fw-bold'>%s</p>") % mandate.display_name
                lines = Markup().join(
                    Markup("<li>%s</li>") % line for line in mandate._get_revocation_notice()
                )
                parts += Markup("<ul class='mb-0'>%s</ul>") % lines
            wizard.notice = parts

    def action_revoke(self):
        """Revoke the mandates and say so."""
        self.ensure_one()
        mandates = self.mandate_ids
        labels = dict(self._fields["reason"]._description_selection(self.env))
        channels = dict(self._fields["told_by"]._description_selection(self.env))
        data = {
            "told_by": channels[self.told_by],
            "told_date": fields.Date.to_string(self.told_date),
            "note": self.note or "",
        }
        # The browser holds a copy of the form: what counts is decided now.
        notices = [line for mandate in mandates for line in mandate._get_revocation_notice()]
        mandates._revoke(labels[self.reason], data)
        if len(mandates) == 1:
            message = self.env._("Mandate %s is revoked.", mandates.name)
        else:
            message = self.env._("%s mandates are revoked.", len(mandates))
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "title": message,
                "message": " ".join(notices) if len(mandates) == 1 else "",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }
