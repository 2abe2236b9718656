"""Repeated debits: how they come about and what is said of them."""

from odoo import api, fields, models

from ...sepa import retry
from . import const, retry_texts
from .timeline import TimelineEvent

#: States of a repeated debit that can still be moved, paused or given up.
WAITING_STATES = ("queued", "held")


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    retry_code = fields.Char(readonly=True, copy=False)
    retry_params = fields.Json(readonly=True, copy=False)
    retry_log = fields.Json(readonly=True, copy=False)
    retry_chance = fields.Float(
        string="Chance", readonly=True, copy=False, help="How likely it is that it is paid."
    )
    retry_first_date = fields.Date(
        string="First attempt", readonly=True, copy=False, help="When the first attempt was due."
    )
    retry_last_date = fields.Date(
        string="Try until", readonly=True, copy=False, help="The last usual day of an attempt."
    )
    retry_explanation = fields.Char(
        string="Why this day", compute="_compute_retry_explanation", compute_sudo=True
    )
    is_waiting_retry = fields.Boolean(
        string="Planned retry",
        compute="_compute_is_waiting_retry",
        search="_search_is_waiting_retry",
    )

    # === COMPUTE METHODS === #

    @api.depends("retry_code", "retry_params")
    @api.depends_context("lang")
    def _compute_retry_explanation(self):
        for debit in self:
            debit.retry_explanation = debit._say_retry(
                retry_texts.REASONS, debit.retry_code, debit.retry_params
            )

    @api.depends("attempt", "state")
    def _compute_is_waiting_retry(self):
        for debit in self:
            debit.is_waiting_retry = debit.attempt > 1 and debit.state in WAITING_STATES

    def _search_is_waiting_retry(self, operator, value):
        if operator != "in":
            return NotImplemented
        waiting = [("attempt", ">", 1), ("state", "in", WAITING_STATES)]
        return waiting if True in value else ["!", "&", *waiting]

    # === ACTION METHODS === #

    def action_view_previous_debit(self):
        """Open the attempt before this one."""
        return self.previous_debit_id._action_open_debit()

    def action_view_next_debit(self):
        """Open the attempt after this one."""
        return self.next_debit_ids[:1]._action_open_debit()

    # === BUSINESS METHODS - CREATION === #

    def _retry(self, plans):
        """Queue the next attempt of debits that came back, all at once.

        An attempt has a reference of its own, the mandate of the debit before, and claims what is
        still open of the same invoice lines. The customer is told of it like of any other debit.

        :param dict plans: {debit: `sepa.retry.Plan`}; nothing may stand against these debits, see
            `_find_retry_stops`.
        :return: the new debits (sudo).
        :rtype: `sdd.debit` recordset
        """
        # In sudo mode: debits are made by the program only.
        debits = self.sudo()
        new = debits.create([debit._prepare_retry_values(plans[debit]) for debit in debits])
        new._hold_what_waits()
        return new

    def _prepare_retry_values(self, plan):
        """Return the values of the next attempt of a debit that came back.

        Note: self.ensure_one() (sudo)

        :param plan: `sepa.retry.Plan`.
        :rtype: dict
        """
        self.ensure_one()
        lines = self._get_retry_lines()
        attempt = self.attempt + 1
        return {
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "mandate_id": self.mandate_id.id,
            "journal_id": self.journal_id.id,
            "amount": min(self.amount, sum(lines.mapped("amount_residual"))),
            "collection_date": plan.date,
            # A debit that never settled is presented once more as what it was; after a return the
            # mandate has been used: EPC016-06, annex on sequence types.
            "sequence_type": self.sequence_type if self.state == "rejected" else "RCUR",
            "attempt": attempt,
            "previous_debit_id": self.id,
            "claimed_line_id": lines[:1].id,
            "move_line_ids": [(6, 0, lines.ids)],
            "invoice_ids": [(6, 0, lines.move_id.ids)],
            "remittance": self.remittance,
            "retry_first_date": self.retry_first_date or self.collection_date,
            "retry_log": [
                self._make_retry_event(
                    "planned",
                    date=plan.date,
                    attempt=attempt,
                    why=plan.code,
                    why_params=dict(plan.params),
                )
            ],
            **self._prepare_retry_plan(plan),
        }

    @api.model
    def _prepare_retry_plan(self, plan):
        """Return the values that say why an attempt is due on its day.

        :param plan: `sepa.retry.Plan`.
        :rtype: dict
        """
        return {
            "retry_code": plan.code,
            "retry_params": dict(plan.params),
            "retry_chance": float(plan.chance),
            "retry_last_date": plan.last_date,
        }

    def _get_retry_lines(self):
        """Return the invoice lines of this debit that are still open.

        Note: self.ensure_one()

        :rtype: `account.move.line` recordset
        """
        self.ensure_one()
        return self.move_line_ids.filtered(
            lambda line: (
                line.parent_state == "posted"
                and line.company_currency_id.compare_amounts(line.amount_residual, 0) > 0
            )
        )

    def _find_retry_stops(self):
        """Return which of these debits that came back cannot be tried again, and why.

        The rules of the creditor and of the return's reason are not asked here.

        :rtype: dict[`sdd.debit`, `sepa.retry.Stop`]
        """
        claims = self._get_live_claims()
        stops = {}
        for debit in self:
            lines = debit._get_retry_lines()
            mandate = debit.mandate_id
            if not lines:
                stops[debit] = retry.Stop("nothing_open")
            elif debit.sequence_type in ("OOFF", "FNAL") and debit.state == "returned":
                stops[debit] = retry.Stop("spent", {"mandate": mandate.name})
            elif mandate.state != "active":
                stops[debit] = retry.Stop("mandate", {"mandate": mandate.name})
            elif claims & set(lines.ids):
                stops[debit] = retry.Stop("other_debit")
            else:
                claims |= set(lines.ids)
        return stops

    def _get_live_claims(self):
        """Return the ids of these debits' invoice lines that a debit under way collects.

        :rtype: set[int]
        """
        live = self.search(
            [
                ("move_line_ids", "in", self.move_line_ids.ids),
                ("state", "in", const.LIVE_STATES),
            ]
        )
        return set(live.move_line_ids.ids)

    # === BUSINESS METHODS - WORDS === #

    def _say_retry(self, texts, code, params):
        """Return a sentence about an attempt in the user's language.

        :param dict texts: a table of `retry_texts`.
        :param str code: its key.
        :param dict params: what the sentence names.
        :rtype: str
        """
        return retry_texts.say(self.env, texts, code, params, self.currency_id)

    def _make_retry_event(self, code, **params):
        """Return what was done with an attempt, as it is kept in the log.

        :param str code: a key of `retry_texts.EVENTS`.
        :param params: what its sentence names; dates are stored as text.
        :rtype: dict
        """
        if code not in ("planned", "moved_customer", "reduced"):
            params["user"] = self.env.user.name
        plain = {
            key: fields.Date.to_string(value) if key in ("date", "old") else value
            for key, value in params.items()
        }
        return {
            "time": fields.Datetime.to_string(fields.Datetime.now()),
            "code": code,
            "params": plain,
        }

    def _prepare_retry_log(self, code, **params):
        """Return the log of this attempt with one more event.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return [*(self.retry_log or []), self._make_retry_event(code, **params)]

    def _get_timeline_events(self):
        """Override to tell of planned, moved and paused attempts."""
        events = super()._get_timeline_events()
        for debit in self.filtered("retry_log"):
            for entry in debit.retry_log:
                if text := debit._describe_retry_event(entry):
                    date = fields.Datetime.to_datetime(entry["time"])
                    events.append(TimelineEvent(date, "retry", text, debit))
        return events

    def _describe_retry_event(self, entry):
        """Return a sentence about one entry of the log, with the reason of a planned day."""
        params = entry["params"]
        text = self._say_retry(retry_texts.EVENTS, entry["code"], params)
        why = self._say_retry(retry_texts.REASONS, params.get("why"), params.get("why_params"))
        return " ".join(filter(None, [text, why]))
