"""The figures of the *Collections* dashboard, each from one query, each with the list behind it."""

from datetime import timedelta

from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import date_utils


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
        count, amount = self.env["sdd.debit"]._read_group(settled, [], ["__count", "amount:sum"])[0]
        values = {"count": count, "amount": amount, "tone": "success"}
        card = self._card("settled", self.env._("Settled"), "sdd.debit", settled, **values)
        return [card, *self._get_return_cards(start, end), *self._get_rate_cards(start, end)]

    @api.model
    def _get_return_cards(self, start, end):
        """Return what came back in a period, and what the banks took for it."""
        domain = self._in_period("booking_date", start, end)
        count, amount, fee = self.env["sdd.return"]._read_group(
            domain, [], ["__count", "amount:sum", "fee:sum"]
        )[0]
        tone = "danger" if count else "secondary"
        back = {"count": count, "amount": amount, "tone": tone}
        fees = {"amount": fee or 0.0, "tone": "secondary"}
        charged = [*domain, ("fee", ">", 0)]
        return [
            self._card("returned", self.env._("Came back"), "sdd.return", domain, **back),
            self._card("fees", self.env._("Bank fees for returns"), "sdd.return", charged, **fees),
        ]

    @api.model
    def _get_rate_cards(self, start, end):
        """Return how much of what was due in a period came back, and how much was lost for good."""
        domain = self._in_period("collection_date", start, end)
        model = "sdd.collection.report"
        rates = self.env[model]._read_group(domain, [], ["return_rate:avg", "net_rate:avg"])[0]
        titles = {
            "return_rate": self.env._("First returns"),
            "net_rate": self.env._("Lost after retries"),
        }
        views = [[False, "pivot"], [False, "graph"], [False, "list"]]
        return [
            {
                "key": key,
                "title": title,
                "rate": rate,
                "tone": "secondary",
                "action": self._open(title, model, domain, views=views),
            }
            for (key, title), rate in zip(titles.items(), rates, strict=True)
        ]

    @api.model
    def _get_todo_cards(self):
        """Return what waits for a person; what the user may not open is left out."""
        cards = []
        for key, (title, model, domain) in self._get_todo().items():
            if self.env[model].has_access("read"):
                count = self.env[model].search_count(domain)
                tone = "danger" if count else "success"
                cards.append(self._card(key, title, model, domain, count=count, tone=tone))
        return cards

    @api.model
    def _get_todo(self):
        """Return what may wait for a person, as {key: (title, model, domain)}."""
        at_hand = [("state", "in", ("draft", "generated"))]
        unread = [("state", "in", ("attention", "failed"))]
        on_its_way = [("handover_state", "not in", (False, "delivered"))]
        return {
            "findings": (
                self.env._("Findings to look at"),
                "sdd.bank.finding",
                [("state", "=", "open")],
            ),
            "files": (self.env._("Bank files to look at"), "sdd.bank.message", unread),
            "batches": (self.env._("Files to submit"), "sdd.batch", at_hand),
            "undelivered": (self.env._("Files not delivered"), "sdd.batch", on_its_way),
            "transit": (
                self.env._("Account in transit"),
                "sdd.transit.check",
                [("is_red", "=", True)],
            ),
        }
