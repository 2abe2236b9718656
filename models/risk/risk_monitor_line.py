from odoo import api, fields, models

from .signals import get_label


class RiskMonitorLine(models.Model):
    """How much one fact told about returns."""

    _name = "risk.monitor.line"
    _description = "Fact in a Look at a Scorecard"
    _order = "information desc, id"

    monitor_id = fields.Many2one("risk.monitor", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="monitor_id.company_id", store=True, index=True)
    signal = fields.Char(required=True)
    name = fields.Char(string="Fact", compute="_compute_name")
    hit_rate = fields.Float(string="Applied to", digits=(6, 4), aggregator="avg")
    bad_rate = fields.Float(string="Came back then", digits=(6, 4), aggregator="avg")
    lift = fields.Float(
        string="Times the average", digits=(6, 2), aggregator="avg", help="1: it tells nothing."
    )
    information = fields.Float(digits=(6, 4), aggregator="avg")

    @api.depends("signal")
    @api.depends_context("lang")
    def _compute_name(self):
        for line in self:
            line.name = get_label(self.env, line.signal)
