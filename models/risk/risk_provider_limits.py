"""What holds a bureau back: earlier answers, pauses after failures, cost limits, missing consent."""

import time
from contextlib import contextmanager
from datetime import timedelta
from typing import NamedTuple

from odoo import models
from odoo.fields import Domain

from ...scoring import bureau
from . import vault
from .const import NETWORK_VISITORS
from .risk_provider_call import ANSWERED, FAILED, SENT, TELLING

#: First key of the database's advisory locks on bureaus; the second one is the bureau's id.
LOCK_SPACE = 0x7264
#: Clocks of two machines differ: answers from so near a future count.
CLOCK = timedelta(minutes=5)
DAY = timedelta(hours=24)
#: Questions that no bureau can charge.
FREE = ("error", "refused", "rejected", "busy")
#: How long a question that waits for its answer is waited for by another one about the same.
WAIT_STEP = 0.03


class Ticket(NamedTuple):
    """What to do about a question: send it (`call_id`), use `values`, or wait for another one's."""

    call_id: int = 0
    values: dict | None = None
    waits_for: int = 0


class RiskProvider(models.Model):
    _inherit = "risk.provider"

    def _reserve(self, subject, digest, reference):
        """Decide what becomes of a question, and note it down. Two workers decide one after another.

        Note: self.ensure_one()

        :param scoring.subject.Subject subject: what is asked about.
        :param str digest: keyed hash of the question.
        :param str reference: number of the question.
        :rtype: Ticket
        """
        with self._open_locked() as provider:
            return provider._decide(subject, digest, reference)

    @contextmanager
    def _open_locked(self):
        """Give this record in a transaction of its own, in which no other worker is at the same time.

        Note: self.ensure_one()
        """
        with self._open_log() as provider:
            cr = provider.env.cr
            # Each worker needs some milliseconds only; together they take no longer than an answer.
            provider._limit_waiting(provider.timeout_ms)
            cr.execute("SELECT pg_advisory_lock(%s, %s)", [LOCK_SPACE, provider.id])
            try:
                # Only a new transaction sees what the one before has written.
                cr.commit()  # pylint: disable=invalid-commit  # of a cursor of its own
                provider._limit_waiting()
                yield provider
                provider.env.flush_all()
                cr.commit()  # pylint: disable=invalid-commit  # of a cursor of its own
            finally:
                cr.rollback()
                cr.execute("SELECT pg_advisory_unlock(%s, %s)", [LOCK_SPACE, provider.id])

    def _decide(self, subject, digest, reference):
        """Return the ticket of a question, with its line in the log.

        Note: self.ensure_one()
        """
        now = self._now()
        calls = self.env["risk.provider.call"]
        values = self._prepare_call(subject, digest, reference, now)
        if known := self._find_answer(digest, now):
            saved = {"outcome": "cached", "values": known.values, "saved": self.price}
            calls.create({**values, **saved, "valid_until": known.valid_until})
            return Ticket(values=known.values)
        if waiting := self._find_waiting(digest, now):
            return Ticket(waits_for=waiting.id)
        if obstacle := self._get_obstacle(subject, values, now):
            calls.create({**values, "outcome": obstacle})
            return Ticket()
        text = self._get_text()
        asked = {"outcome": "asked", "cost": self.price, "text_id": text.id}
        return Ticket(call_id=calls.create({**values, **asked}).id)

    def _prepare_call(self, subject, digest, reference, now):
        """Return what the log says of every question; nothing of it names the customer but his record.

        Note: self.ensure_one()
        """
        partner = self.env["res.partner"].browse(subject.partner_id).exists()
        network = self.env["risk.mark"]._get_network(subject.ip_address)
        asker = subject.session or subject.ip_address or f"partner:{subject.partner_id}"
        return {
            "provider_id": self.id,
            "company_id": self.company_id.id,
            "date": now,
            "partner_id": partner.commercial_partner_id.id,
            "stage": subject.stage,
            "channel": subject.channel,
            "input_hash": digest,
            "asker_hash": self._keyed_hash(f"asker:{asker}"),
            "network_hash": network and self._keyed_hash(f"network:{network}"),
            "reference": reference,
            "legal_basis": self.legal_basis,
            "is_trial": self.mode == "test",
        }

    def _find_answer(self, digest, now):
        """Return the last answer to this question that still counts."""
        return self._search_calls(
            ("input_hash", "=", digest),
            ("outcome", "in", ANSWERED),
            ("valid_until", ">", now),
            ("date", "<=", now + CLOCK),
            limit=1,
        )

    def _find_waiting(self, digest, now):
        """Return the same question, asked a moment ago by somebody else: a double click, a second tab."""
        return self._search_calls(
            ("input_hash", "=", digest), *self._get_waiting_domain(now), limit=1
        )

    def _get_waiting_domain(self, now):
        """Return the domain of the questions whose answer is still waited for; lost ones are older.

        Note: self.ensure_one()
        """
        since = now - timedelta(milliseconds=2 * self.timeout_ms, seconds=1)
        return [("outcome", "=", "asked"), ("date", ">=", since), ("date", "<=", now + CLOCK)]

    def _search_calls(self, *domain, limit=None):
        calls = self.env["risk.provider.call"]
        return calls.search([("provider_id", "=", self.id), *domain], limit=limit)

    def _get_obstacle(self, subject, values, now):
        """Return why nothing is asked, as an outcome of the log; "" when nothing stands in the way.

        Note: self.ensure_one()

        :param scoring.subject.Subject subject: what is asked about.
        :param dict values: of the question, see `_prepare_call`.
        :param datetime now: naive UTC.
        :rtype: str
        """
        if self.legal_basis == "consent":
            partner = self.env["res.partner"].browse(subject.partner_id).commercial_partner_id
            if not self._find_consent(partner):
                return "consent"
        if self._is_paused(now):
            return "paused"
        since = now - DAY
        if self._is_asked_too_often(values, since):
            return "limit"
        if self.daily_cap and self._sum_costs(since) + self.price > self.daily_cap:
            self._tell_limit()
            return "cap"
        return ""

    def _is_paused(self, now):
        """Return whether the bureau is left alone after failures.

        Note: self.ensure_one()
        """
        domain = [("outcome", "in", TELLING)]
        if self.retry_date:
            domain.append(("date", ">", self.retry_date))
        latest = self._search_calls(*domain, limit=self.failures or 1)
        calls = [(call.date, call.outcome in FAILED) for call in latest]
        if not calls or not all(failed for _date, failed in calls):
            return False
        waiting = self._search_calls(*self._get_waiting_domain(now)).mapped("date")
        return bureau.is_paused(calls, now, self.failures, self.pause_minutes, waiting)

    def _is_asked_too_often(self, values, since):
        """Return whether a visitor, a customer or a connection has caused as many questions as it may.

        The session alone is dropped with a cookie.

        Note: self.ensure_one()

        :param dict values: of the question, see `_prepare_call`.
        :param datetime since: naive UTC.
        :rtype: bool
        """
        limits = {
            "asker_hash": self.asker_limit,
            "partner_id": self.asker_limit,
            "network_hash": self.asker_limit * NETWORK_VISITORS,
        }
        return any(
            limit and values[name] and self._count_asked(since, name, values[name], limit) >= limit
            for name, limit in limits.items()
        )

    def _count_asked(self, since, name, value, limit):
        """Return how many questions with the same mark went out, counted up to a limit.

        Note: self.ensure_one()
        """
        return self.env["risk.provider.call"].search_count(
            [
                ("provider_id", "=", self.id),
                (name, "=", value),
                ("date", ">", since),
                ("outcome", "in", SENT),
            ],
            limit=limit,
        )

    def _sum_costs(self, since):
        """Return what the bureau has cost since then; a clock that was set back forgets nothing.

        Note: self.ensure_one()
        """
        domain = Domain("provider_id", "=", self.id) & Domain("date", ">", since)
        [(total,)] = self.env["risk.provider.call"]._read_group(domain, [], ["cost:sum"])
        return total or 0.0

    def _tell_limit(self):
        """Ask a manager to look at the cost limit, once until he has done so.

        Note: self.ensure_one()
        """
        summary = self.env._("The cost limit of this bureau is reached")
        managers = self.env.ref("support_debit.group_manager").user_ids.filtered(
            lambda user: user.active and self.company_id in user.company_ids
        )
        if not managers or self.activity_ids.filtered(lambda item: item.summary == summary):
            return
        # Without a mail: its server would be waited for.
        self.with_context(mail_activity_quick_update=True).activity_schedule(
            "mail.mail_activity_data_warning",
            summary=summary,
            note=self.env._(
                "Orders are decided without it until the oldest questions are 24 hours old."
            ),
            user_id=managers[:1].id,
        )

    def _wait(self, ticket, deadline):
        """Return the answer to the same question that somebody else has asked.

        Note: self.ensure_one()

        :param Ticket ticket: that names the other question.
        :param float deadline: of the monotonic clock.
        :rtype: Ticket
        """
        while time.monotonic() < deadline:
            time.sleep(WAIT_STEP)
            with self._open_log() as provider:
                call = provider.env["risk.provider.call"].browse(ticket.waits_for)
                if call.exists().outcome != "asked":
                    return Ticket(values=call.values)
        return Ticket()

    def _prepare_outcome(self, reply, answer, outcome):
        """Return what is noted about an answer.

        Note: self.ensure_one()

        :param bureau_http.Reply reply: what came back.
        :param scoring.bureau.Answer answer: what it says.
        :param str outcome: one of the log.
        """
        now = self._now()
        answered = outcome in ANSWERED
        return {
            "outcome": outcome,
            "http_status": reply.status,
            "latency_ms": reply.milliseconds,
            # Whoever was not reached, or refused, has no claim; who was too slow may have.
            "cost": 0.0 if outcome in FREE else self.price,
            "values": bureau.complete(answer, self._get_codes()) if answered else False,
            "valid_until": now + timedelta(days=self.validity_days) if answered else False,
            "raw_token": vault.encrypt(self.env, reply.body),
        }
