from odoo import api, fields, models
from odoo.tools import format_date

from ..sepa import retry, target


class SddDebitMove(models.TransientModel):
    """Moves a planned attempt to another day."""

    _name = "sdd.debit.move"
    _description = "Move a Planned Debit"

    debit_id = fields.Many2one("sdd.debit", required=True, readonly=True)
    old_date = fields.Date(string="Planned for", related="debit_id.collection_date")
    date = fields.Date(
        string="New date", required=True, compute="_compute_date", store=True, readonly=False
    )
    earliest = fields.Date(string="First possible day", compute="_compute_earliest")
    hint = fields.Char(compute="_compute_hint")
    warning = fields.Char(compute="_compute_hint")

    @api.depends("debit_id")
    def _compute_earliest(self):
        for wizard in self:
            wizard.earliest = wizard.debit_id and wizard.debit_id._get_earliest_retry()

    @api.depends("debit_id")
    def _compute_date(self):
        for wizard in self:
            wizard.date = max(wizard.debit_id.collection_date, wizard.earliest)

    @api.depends("debit_id", "date", "earliest")
    @api.depends_context("lang")
    def _compute_hint(self):
        self.hint = self.warning = False
        for wizard in self.filtered(lambda w: w.debit_id and w.date):
            last = wizard.debit_id.retry_last_date
            objection = retry.find_objection(wizard.date, wizard.earliest, last)
            if objection == "closed":
                wizard.warning = self.env._(
                    "Banks do not settle on this day. The next possible one is %s.",
                    format_date(
                        self.env, target.next_target_day(max(wizard.date, wizard.earliest))
                    ),
                )
            elif objection == "early":
                wizard.warning = self.env._(
                    "Too early: the first possible day is %s.",
                    format_date(self.env, wizard.earliest),
                )
            elif objection == "late":
                wizard.warning = self.env._(
                    "That is after %s, the last usual day for this amount. You can do it if the"
                    " customer agrees.",
                    format_date(self.env, last),
                )
            elif wizard.date != wizard.old_date:
                wizard.hint = self.env._("The customer is told of the new date before it is due.")

    def action_move(self):
        """Set the new date."""
        self.ensure_one()
        self.debit_id._move_retry(self.date)
        return {"type": "ir.actions.act_window_close"}
