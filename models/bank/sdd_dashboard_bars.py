"""What the *Collections* dashboard shows as bars: reasons, ages, money to come."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.tools import format_date

#: Days after the due date at which money in transit changes its class, and how it is painted.
AGE_CLASSES = ((0, "success"), (2, "info"), (5, "warning"), (None, "danger"))
#: Days of expected money that are shown.
FORECAST_DAYS = 10
#: Reasons that are shown; the list behind has all of them.
TOP_REASONS = 8


class SddDashboard(models.AbstractModel):
    _inherit = "sdd.dashboard"

    @api.model
    def _get_reason_bars(self, start, end):
        """Return why debits came back in a period, the most frequent reasons first."""
        domain = self._in_period("booking_date", start, end)
        groups = self.env["sdd.return"]._read_group(
            domain,
            ["reason_id"],
            ["__count", "amount:sum"],
            order="__count desc",
            limit=TOP_REASONS,
        )
        most = max((count for _reason, count, _amount in groups), default=0)
        bars = []
        for reason, count, amount in groups:
            title = reason.display_name or self.env._("No reason given")
            action = self._open(title, "sdd.return", [*domain, ("reason_id", "=", reason.id)])
            bars.append(
                {
                    "title": title,
                    "count": count,
                    "amount": amount,
                    "share": count / most,
                    "tone": "danger",
                    "action": action,
                }
            )
        return bars

    @api.model
    def _get_age_bars(self):
        """Return how long the money in transit is overdue, by days after its due date."""
        groups = self.env["sdd.debit"]._read_group(
            [("state", "=", "submitted")], ["collection_date:day"], ["__count", "amount:sum"]
        )
        today = fields.Date.context_today(self)
        titles = (
            self.env._("Not due yet"),
            self.env._("1 to 2 days after the due date"),
            self.env._("3 to 5 days after the due date"),
            self.env._("More than 5 days after the due date"),
        )
        bars, newer = [], None
        for title, (limit, tone) in zip(titles, AGE_CLASSES, strict=True):
            oldest = today - timedelta(days=limit) if limit is not None else None
            domain = [("state", "=", "submitted")]
            domain += [("collection_date", ">=", oldest)] if oldest else []
            domain += [("collection_date", "<", newer)] if newer else []
            members = [
                (count, amount)
                for day, count, amount in groups
                if (not oldest or day >= oldest) and (not newer or day < newer)
            ]
            count, amount = (sum(column) for column in zip((0, 0), *members, strict=True))
            action = self._open(title, "sdd.debit", domain)
            bars.append(
                {"title": title, "count": count, "amount": amount, "tone": tone, "action": action}
            )
            newer = oldest
        return self._with_shares(bars)

    @api.model
    def _get_forecast_bars(self):
        """Return the money expected on the next days."""
        forecast = self.env["sdd.cash.forecast"]
        if not forecast.has_access("read"):
            return []
        groups = forecast._read_group(
            [("is_waiting", "=", False)],
            ["expected_date:day"],
            ["__count", "expected_amount:sum"],
            limit=FORECAST_DAYS,
        )
        bars = []
        for day, count, amount in groups:
            title = format_date(self.env, day, date_format="EEEE, d MMMM")
            domain = [("is_waiting", "=", False), ("expected_date", "=", day)]
            bars.append(
                {
                    "title": title,
                    "count": count,
                    "amount": amount,
                    "tone": "primary",
                    "action": self._open(title, "sdd.cash.forecast", domain),
                }
            )
        return self._with_shares(bars)

    @api.model
    def _with_shares(self, bars):
        """Return the bars with their lengths, from 0 to 1."""
        most = max((bar["amount"] for bar in bars), default=0) or 1
        return [{**bar, "share": bar["amount"] / most} for bar in bars]
