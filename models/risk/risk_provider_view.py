"""What people see of a bureau, and the buttons of its form."""

from datetime import timedelta

from odoo import api, fields, models

from .risk_provider_call import FAILED, SENT, TELLING

#: Average answers that take longer than this share of the time allowed are called slow.
SLOW_SHARE = 0.75


class RiskProvider(models.Model):
    _inherit = "risk.provider"

    health = fields.Selection(
        [
            ("idle", "Not asked lately"),
            ("good", "Answers"),
            ("slow", "Slow"),
            ("paused", "Left alone"),
            ("cap", "Cost limit reached"),
        ],
        string="How it is",
        compute="_compute_health",
    )
    month_calls = fields.Integer(string="Asked in 30 days", compute="_compute_month")
    month_cost = fields.Monetary(string="Cost in 30 days", compute="_compute_month")
    month_latency = fields.Integer(string="Milliseconds on average", compute="_compute_month")

    # === COMPUTE METHODS === #

    @api.depends_context("uid")
    def _compute_month(self):
        since = fields.Datetime.now() - timedelta(days=30)
        # In sudo mode: sums only, for whoever sees the bureau.
        groups = (
            self.env["risk.provider.call"]
            .sudo()
            ._read_group(
                [("provider_id", "in", self.ids), ("date", ">", since), ("outcome", "in", SENT)],
                ["provider_id"],
                ["__count", "cost:sum", "latency_ms:avg"],
            )
        )
        found = {provider.id: values for provider, *values in groups}
        for provider in self:
            count, cost, latency = found.get(provider._origin.id, (0, 0.0, 0.0))
            provider.month_calls, provider.month_cost = count, cost
            provider.month_latency = round(latency or 0)

    @api.depends("mode", "failures", "pause_minutes", "retry_date", "daily_cap", "price")
    def _compute_health(self):
        now = fields.Datetime.now()
        for provider in self.sudo():  # In sudo mode: the log is the managers'.
            provider.health = provider._get_health(now) if provider._origin else "idle"

    def _get_health(self, now):
        """Return how a bureau is: the worst first.

        Note: self.ensure_one()
        """
        provider = self._origin
        if provider.mode == "off":
            return "idle"
        if provider._is_paused(now):
            return "paused"
        day = now - timedelta(hours=24)
        if provider.daily_cap and provider._sum_costs(day) + provider.price > provider.daily_cap:
            return "cap"
        latest = provider._search_calls(("outcome", "in", TELLING), ("date", ">", day), limit=20)
        if not latest:
            return "idle"
        average = sum(latest.mapped("latency_ms")) / len(latest)
        failed = len(latest.filtered(lambda call: call.outcome in FAILED))
        is_slow = average > SLOW_SHARE * provider.timeout_ms or failed * 4 > len(latest)
        return "slow" if is_slow else "good"

    # === ACTION METHODS === #

    def action_try(self):
        """Open the dialog that asks the bureau once."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Try It"),
            "res_model": "risk.provider.try",
            "view_mode": "form",
            "target": "new",
            "context": {"default_provider_id": self.id},
        }

    def action_trial(self):
        """Ask the bureau from now on, without letting its answers count."""
        self.mode = "test"

    def action_use(self):
        """Let the bureau's answers count."""
        self.mode = "live"

    def action_switch_off(self):
        """Ask the bureau no more."""
        self.mode = "off"

    def action_retry(self):
        """End the pause after failures."""
        self.retry_date = fields.Datetime.now()

    def action_view_calls(self):
        """Show the questions to this bureau."""
        self.ensure_one()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_risk_provider_call"
        )
        return {**action, "domain": [("provider_id", "=", self.id)], "context": {}}
