"""The figures of the *Collections* dashboard, each from one query, each with the list behind it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils, format_date

#: Days after the due date at which money in transit changes its class, and how it is painted.
AGE_CLASSES = ((0, "success"), (2, "info"), (5, "warning"), (None, "danger"))
#: Days of expected money that are shown.
FORECAST_DAYS = 10
#: Reasons that are shown; the list behind has all of them.
TOP_REASONS = 8


class SddDashboard(models.AbstractModel):
    """Says at a glance what is open, under way, settled, and what came back at what cost."""

    _name = "sdd.dashboard"
    _description = "Collections Dashboard"

    @api.model
    @api.readonly
    def get_figures(self, period="month"):
        """Return everything that the dashboard shows, for the companies that are chosen.

        :param str period: `month`, `last_month`, `quarter`, `year`, `days_30` or `all`.
        :return: {currency_id, now, period, todo: cards; reasons, ages, forecast: bars}. A card is
            {key, title, count, amount, rate, tone, action}, a bar {title, count, amount, share,
            tone, action}; what a figure does not have is missing.
        :rtype: dict
        """
        self.env["sdd.debit"].check_access("read")
        start, end = self._get_period(period)
        return {
            "currency_id": self.env.company.currency_id.id,
            "now": self._get_now_cards(),
            "period": self._get_period_cards(start, end),
            "todo": self._get_todo_cards(),
            "reasons": self._get_reason_bars(start, end),
            "ages": self._get_age_bars(),
            "forecast": self._get_forecast_bars(),
        }

    # === PERIOD === #

    @api.model
    def _get_period(self, period):
        """Return the first and the last day of a period, both False for all days."""
        today = fields.Date.context_today(self)
        if period == "all":
            return False, False
        if period == "days_30":
            return today - timedelta(days=29), today
        if period == "last_month":
            today = date_utils.start_of(today, "month") - timedelta(days=1)
            period = "month"
        if period not in ("month", "quarter", "year"):
            period = "month"
        return date_utils.start_of(today, period), date_utils.end_of(today, period)

    @api.model
    def _in_period(self, name, start, end):
        """Return the domain of the records whose day lies in a period."""
        return [(name, ">=", start), (name, "<=", end)] if start else []

    # === CARDS === #

    @api.model
    def _card(self, key, title, model, domain, **values):
        """Return a card that opens a list."""
        return {"key": key, "title": title, "action": self._open(title, model, domain), **values}

    @api.model
    def _open(self, title, model, domain, **values):
        """Return the action that opens the records behind a figure."""
        return {
            "type": "ir.actions.act_window",
            "name": title,
            "res_model": model,
            "domain": list(Domain(domain)),
            "views": [[False, "list"], [False, "form"]],
            **values,
        }

    @api.model
    def _get_now_cards(self):
        """Return what is open and under way."""
        cards = {
            "queued": (self.env._("Queued"), "secondary"),
            "held": (self.env._("Held"), "warning"),
            "batched": (self.env._("In files"), "info"),
            "submitted": (self.env._("In transit"), "primary"),
        }
        sums = {
            state: {"count": count, "amount": amount}
            for state, count, amount in self.env["sdd.debit"]._read_group(
                [("state", "in", list(cards))], ["state"], ["__count", "amount:sum"]
            )
        }
        return [
            self._card(
                state,
                title,
                "sdd.debit",
                [("state", "=", state)],
                tone=tone if state in sums else "secondary",
                **sums.get(state, {"count": 0, "amount": 0.0}),
            )
            for state, (title, tone) in cards.items()
        ]

    @api.model
    def _get_period_cards(self, start, end):
        """Return what was settled, what came back and what that cost in a period."""
        settled = [("state", "=", "settled"), *self._in_period("settlement_date", start, end)]
        back = self._in_period("booking_date", start, end)
        presented = self._in_period("collection_date", start, end)
        count, amount = self.env["sdd.debit"]._read_group(settled, [], ["__count", "amount:sum"])[0]
        back_count, back_amount, fee = self.env["sdd.return"]._read_group(
            back, [], ["__count", "amount:sum", "fee:sum"]
        )[0]
        first, net = self.env["sdd.collection.report"]._read_group(
            presented, [], ["return_rate:avg", "net_rate:avg"]
        )[0]
        pivot = {"views": [[False, "pivot"], [False, "graph"], [False, "list"]]}
        title = self.env._("First returns")
        rates = self._open(title, "sdd.collection.report", presented, **pivot)
        return [
            self._card(
                "settled",
                self.env._("Settled"),
                "sdd.debit",
                settled,
                count=count,
                amount=amount,
                tone="success",
            ),
            self._card(
                "returned",
                self.env._("Came back"),
                "sdd.return",
                back,
                count=back_count,
                amount=back_amount,
                tone="danger" if back_count else "secondary",
            ),
            self._card(
                "fees",
                self.env._("Bank fees for returns"),
                "sdd.return",
                [*back, ("fee", ">", 0)],
                amount=fee or 0.0,
                tone="secondary",
            ),
            {
                "key": "return_rate",
                "title": title,
                "rate": first,
                "action": rates,
                "tone": "secondary",
            },
            {
                "key": "net_rate",
                "title": self.env._("Lost after retries"),
                "rate": net,
                "action": rates,
                "tone": "secondary",
            },
        ]

    @api.model
    def _get_todo_cards(self):
        """Return what waits for a person; what the user may not open is left out."""
        todo = {
            "findings": (
                self.env._("Findings to look at"),
                "sdd.bank.finding",
                [("state", "=", "open")],
            ),
            "files": (
                self.env._("Bank files to look at"),
                "sdd.bank.message",
                [("state", "in", ("attention", "failed"))],
            ),
            "batches": (
                self.env._("Files to submit"),
                "sdd.batch",
                [("state", "in", ("draft", "generated"))],
            ),
            "undelivered": (
                self.env._("Files not delivered"),
                "sdd.batch",
                [("handover_state", "not in", (False, "delivered"))],
            ),
            "transit": (
                self.env._("Account in transit"),
                "sdd.transit.check",
                [("is_red", "=", True)],
            ),
        }
        cards = []
        for key, (title, model, domain) in todo.items():
            if not self.env[model].has_access("read"):
                continue
            count = self.env[model].search_count(domain)
            cards.append(
                self._card(
                    key, title, model, domain, count=count, tone="danger" if count else "success"
                )
            )
        return cards

    # === BARS === #

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
            members = [
                (count, amount)
                for day, count, amount in groups
                if (oldest is None or day >= oldest) and (newer is None or day < newer)
            ]
            domain = [("state", "=", "submitted")]
            domain += [("collection_date", ">=", oldest)] if oldest else []
            domain += [("collection_date", "<", newer)] if newer else []
            bars.append(
                {
                    "title": title,
                    "count": sum(count for count, _amount in members),
                    "amount": sum(amount for _count, amount in members),
                    "tone": tone,
                    "action": self._open(title, "sdd.debit", domain),
                }
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
