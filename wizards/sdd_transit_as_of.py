from odoo import fields, models


class SddTransitAsOf(models.TransientModel):
    """Asks for the day for which the account in transit is looked at."""

    _name = "sdd.transit.as.of"
    _description = "Account in Transit as of a Day"

    date = fields.Date(string="As of", required=True, default=fields.Date.context_today)

    def action_open(self):
        """Open the report for that day."""
        self.ensure_one()
        action = self.env["sdd.transit.check"].action_open()
        day = fields.Date.to_string(self.date)
        action["context"] = {"sdd_as_of": day}
        action["name"] = self.env._("Account in transit as of %s", day)
        action["target"] = "main"
        return action
