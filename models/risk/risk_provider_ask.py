"""Asking bureaus: whether it is worth it, one question at a time, and never while rows are locked."""

import hashlib
import hmac
import json
import logging
import time
from contextlib import contextmanager

import psycopg2
from odoo import api, fields, models
from odoo.tools import SQL, ormcache

from ...scoring import bureau
from . import bureau_http
from .bureau_facts import IDENTIFYING_FACTS, get_facts

_logger = logging.getLogger(__name__)

#: How long writing the log may wait for somebody else's lock on a customer or a bureau.
LOCK_TIMEOUT_MS = 300
#: HTTP statuses that say something of whoever asks, not of the customer: key, contract, frequency.
REFUSALS = (401, 402, 403, 429)


class RiskProvider(models.Model):
    _inherit = "risk.provider"

    @api.model
    def _ask(self, subject, known):
        """Ask all active bureaus of a company that are worth their price. Holds no locks.

        What is noted about the questions is committed at once, by a cursor of its own: a request that
        is tried again, or rolled back, does not pay twice.

        :param scoring.subject.Subject subject: what is asked about.
        :param dict known: {code: Signal} of the local checks.
        :return: one Signal for each code; `unknown` where a bureau was wanted and said nothing. Never
            raises.
        :rtype: list[scoring.model.Signal]
        """
        found = []
        # In sudo mode: a visitor of the shop has no rights on bureaus.
        for provider in self.sudo().browse(self._get_ids(subject.company_id, subject.stage)):
            if bureau.is_decided(found):
                break
            if not provider._is_worth(subject, known):
                continue
            signals = provider._ask_safely(subject, known)
            if provider.mode == "live":
                found += signals
        return bureau.merge(found)

    @api.model
    @ormcache("company_id", "stage")
    def _get_ids(self, company_id, stage):
        """Return the ids of the bureaus that are asked in a company at a stage, in their order."""
        domain = [
            ("company_id", "=", company_id),
            ("stage", "=", stage),
            ("mode", "in", ("test", "live")),
        ]
        return tuple(self.sudo().search(domain).ids)  # In sudo mode: the same for everybody.

    def _is_worth(self, subject, known):
        """Return whether asking may change the decision, and is worth its price.

        Note: self.ensure_one()

        :param scoring.subject.Subject subject: what is asked about.
        :param dict known: {code: Signal} of the local checks.
        :rtype: bool
        """
        self.ensure_one()
        if any(signal.severity == "hard" and signal.status == "hit" for signal in known.values()):
            return False
        if self.customer_kind not in ("all", subject.customer_kind):
            return False
        paid = known["debits_paid"].value if "debits_paid" in known else 0
        if self.max_paid and (paid or 0) >= self.max_paid:
            return False
        return bureau.is_worth(float(subject.amount), self.price, self.hit_rate, self.min_amount)

    def _ask_safely(self, subject, known):
        """Return the signals of one bureau, whatever happens.

        Note: self.ensure_one()
        """
        started = time.monotonic()
        try:
            return self._ask_one(subject, known)
        except psycopg2.Error as error:
            # Only the log's own transaction is broken by it.
            _logger.warning("A question to a bureau was not noted: %s", type(error).__name__)
        except Exception:
            _logger.exception("Bureau %s failed after %.1f s", self.id, time.monotonic() - started)
        return self._get_unknown()

    def _ask_one(self, subject, known):
        """Return the signals of one bureau.

        Note: self.ensure_one()
        """
        deadline = time.monotonic() + self.timeout_ms / 1000.0
        facts = get_facts(subject, known, self._make_reference(), self.legal_basis)
        pairs = self._get_pairs(facts)
        if pairs is None:
            return []
        ticket = self._reserve(subject, self._hash_question(pairs), facts["reference"])
        if ticket.waits_for:
            ticket = self._wait(ticket, deadline)
        if not ticket.call_id:
            return bureau.to_signals(ticket.values or dict.fromkeys(self._get_codes()))
        reply = bureau_http.send(self._make_question(facts, pairs), deadline - time.monotonic())
        answer, outcome = self._read_reply(reply)
        self._note(ticket.call_id, reply, answer, outcome)
        return bureau.to_signals(bureau.complete(answer, self._get_codes()))

    @api.model
    def _make_reference(self):
        """Return a number for a question that says nothing about the customer."""
        return hashlib.blake2b(
            f"{self.env.cr.dbname}:{time.time_ns()}".encode(), digest_size=8
        ).hexdigest()

    def _hash_question(self, pairs):
        """Return a keyed hash of what is asked and how its answer is read.

        Note: self.ensure_one()
        """
        readings = [(line.path, line.signal, line.table, line.factor) for line in self.result_ids]
        asked = [pair for pair in pairs if not pair[2]]
        text = json.dumps([self.id, self.kind, self.url, asked, readings], sort_keys=True)
        return self._keyed_hash(text)

    @api.model
    def _keyed_hash(self, text):
        key = self.env["ir.config_parameter"]._sdd_get_key("risk")
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    def _read_reply(self, reply):
        """Return what a reply says, and how it is noted.

        Note: self.ensure_one()

        :param bureau_http.Reply reply: what came back.
        :rtype: tuple[scoring.bureau.Answer, str]
        """
        if reply.outcome != "answered":
            return bureau.Answer("error"), reply.outcome
        if reply.status in REFUSALS:
            return bureau.Answer("error"), "refused"
        if 400 <= reply.status < 500:
            # What is wrong is one customer's data, not the bureau: others are asked about.
            return bureau.Answer("error"), "rejected"
        if not 200 <= reply.status < 300:
            return bureau.Answer("error"), "error"
        try:
            answer = self._read_answer(reply.body)
        except bureau.BureauError:
            return bureau.Answer("error"), "malformed"
        return answer, {"error": "refused"}.get(answer.status, answer.status)

    @contextmanager
    def _open_log(self):
        """Give this record in a transaction of its own, in sudo mode; what is in it is committed."""
        with self.env.registry.cursor() as cr:
            provider = self.with_env(self.env(cr=cr, su=True))
            provider._limit_waiting()
            yield provider
            provider.env.flush_all()

    @api.model
    def _limit_waiting(self, milliseconds=LOCK_TIMEOUT_MS):
        """Let this transaction wait for a lock no longer than that: a customer waits for it."""
        self.env.cr.execute(SQL("SET LOCAL lock_timeout = %s", f"{milliseconds}ms"))

    def _note(self, call_id, reply, answer, outcome):
        """Note down what came back.

        Note: self.ensure_one()
        """
        with self._open_log() as provider:
            call = provider.env["risk.provider.call"].browse(call_id)
            call.write(provider._prepare_outcome(reply, answer, outcome))

    # === HOOKS OF THE INTERFACES === #

    def _get_pairs(self, facts):
        """Return what is asked, None when something that is needed is not known.

        Note: self.ensure_one()

        :param dict facts: of `bureau_facts.get_facts`.
        :return: (field, value, whether it differs from question to question)
        :rtype: list[tuple[str, object, bool]] | None
        """
        return getattr(self, f"_get_pairs_{self.kind}")(facts)

    def _make_question(self, facts, pairs):
        """Return the request.

        Note: self.ensure_one()

        :rtype: scoring.bureau.Question
        """
        return getattr(self, f"_make_question_{self.kind}")(facts, pairs)

    def _read_answer(self, body):
        """Return what an answer with the status 2xx says.

        Note: self.ensure_one()

        :param bytes body: as it came.
        :rtype: scoring.bureau.Answer
        :raise BureauError: when it makes no sense.
        """
        return getattr(self, f"_read_answer_{self.kind}")(body)

    @api.model
    def _names_somebody(self, facts, names):
        """Return whether these facts say who is meant."""
        return any(facts.get(name) for name in names if name in IDENTIFYING_FACTS)

    @api.model
    def _now(self):
        """Return the time by which caches, limits and pauses go (naive UTC)."""
        return fields.Datetime.now()
