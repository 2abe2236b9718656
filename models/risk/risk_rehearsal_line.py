"""The tables of a rehearsal: its figures, and how orders move from colour to colour."""

from odoo import api, fields, models

from ...scoring import rehearsal
from .const import DECIDED_COLOURS, REHEARSAL_MEASURES


class RiskRehearsalMeasure(models.Model):
    """One figure, as it was and as it would have been."""

    _name = "risk.rehearsal.measure"
    _description = "Figure of a Rehearsal"
    _order = "id"

    rehearsal_id = fields.Many2one("risk.rehearsal", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rehearsal_id.company_id", store=True, index=True)
    code = fields.Selection(REHEARSAL_MEASURES, string="Figure", required=True)
    before = fields.Float()
    after = fields.Float()
    difference = fields.Float(compute="_compute_difference", string="Difference in figures")
    before_text = fields.Char(compute="_compute_difference", string="As it was")
    after_text = fields.Char(compute="_compute_difference", string="With this policy")
    difference_text = fields.Char(compute="_compute_difference", string="Difference")
    verdict = fields.Selection(
        [("better", "Better"), ("worse", "Worse"), ("same", "Same")], compute="_compute_difference"
    )

    @api.depends("before", "after", "code")
    def _compute_difference(self):
        for measure in self:
            difference = measure.after - measure.before
            measure.difference = difference
            measure.before_text = measure._format(measure.before)
            measure.after_text = measure._format(measure.after)
            text = measure._format(difference)
            measure.difference_text = f"+{text}" if difference > 0 else text
            is_more = measure.code in rehearsal.MORE_IS_BETTER
            good = difference if is_more else -difference
            measure.verdict = (
                "same" if abs(difference) < 1e-6 or measure.code == "orders" else None
            ) or ("better" if good > 0 else "worse")

    def _format(self, value):
        """Return a figure as it is read: euro, percent, or a number.

        :param float value: the figure.
        :rtype: str
        """
        if self.code in ("debit_share", "return_rate"):
            return f"{value * 100:.2f} %"
        if self.code in ("lost_sales", "check_cost", "profit"):
            return f"{value:.2f} EUR"
        return f"{value:.1f}" if self.code in ("returns", "lost_orders") else f"{value:.0f}"


class RiskRehearsalChange(models.Model):
    """How many orders would have changed from one colour to another."""

    _name = "risk.rehearsal.change"
    _description = "Change of Colour in a Rehearsal"
    _order = "id"

    rehearsal_id = fields.Many2one("risk.rehearsal", required=True, index=True, ondelete="cascade")
    company_id = fields.Many2one(related="rehearsal_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    old_colour = fields.Selection(DECIDED_COLOURS, string="As it was", required=True)
    new_colour = fields.Selection(DECIDED_COLOURS, string="With this policy", required=True)
    is_change = fields.Boolean(compute="_compute_is_change")
    order_count = fields.Integer(string="Orders")
    amount = fields.Monetary()
    returned_count = fields.Integer(string="Came back")
    assessment_ids = fields.Many2many("risk.assessment", string="Assessments")

    @api.depends("old_colour", "new_colour")
    def _compute_is_change(self):
        for change in self:
            change.is_change = change.old_colour != change.new_colour

    def action_view_assessments(self):
        """Open the orders whose colour would have changed."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Orders with another colour"),
            "res_model": "risk.assessment",
            "view_mode": "list,form",
            "domain": [("id", "in", self.assessment_ids.ids)],
        }
