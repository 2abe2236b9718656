"""The way from an order to an assessment."""

import hashlib
import hmac
import time

from odoo import api, models
from odoo.exceptions import ConcurrencyError
from psycopg2 import errors

from ...scoring import decision
from ...scoring.model import RED, Context

#: Bureaus are asked when an order is placed or a debit is due, never while somebody types.
ASKING_STAGES = frozenset({"submit", "collection"})


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    @api.private
    @api.model
    def assess(self, order_or_values, stage="submit"):
        """Judge whether something may be paid by direct debit.

        For Python only, never over RPC: it reads any record that the values name. Call it before any
        row is locked: bureaus may be asked over HTTP. The same question asked
        again within the policy's days gets the same answer, an overridden one too.

        :param order_or_values: a `sale.order`, an `account.move`, or a dict with values of
            `scoring.subject.Subject`.
        :param str stage: one of `scoring.subject.STAGES`.
        :return: what was found and decided; empty when the company has no active policy, which
            stops nothing.
        :rtype: `risk.assessment` record (sudo)
        :raise ConcurrencyError: when another tab is judging the same at this moment; the server
            repeats the request.
        """
        start = time.perf_counter()
        subject = self.env["risk.check"]._make_subject(order_or_values, stage)
        company = self.env["res.company"].browse(subject.company_id)
        policy = self._get_active(company)
        # In sudo mode: customers and salespeople may not write assessments.
        assessments = self.env["risk.assessment"].sudo()
        if not policy:
            return assessments
        last = assessments._find_last(policy, subject)
        if last._is_still_valid(subject.now):
            return last
        signals, decided, head = policy._decide(subject)
        vals = assessments._prepare_values(head, subject, signals, decided)
        vals["decision"]["scores"] = policy._score_all(signals, subject.company_id)
        vals.update(attempt=last.attempt + 1, latency_ms=(time.perf_counter() - start) * 1000)
        silent = policy._prepare_shadow_values(subject, signals, vals)
        return self._record([vals, *silent], subject)

    def _decide(self, subject):
        """Run the checks, ask bureaus where the policy is not clear without them, and decide.

        Note: self.ensure_one()

        :param scoring.subject.Subject subject: what is asked about.
        :return: the signals by code, the decision, and which policy and cards made it.
        :rtype: tuple[dict[str, scoring.model.Signal], scoring.model.Decision, dict]
        """
        context = self._make_context(subject)
        data, head = self._pick_cards(context, subject.company_id)
        signals = self.env["risk.check"]._run(subject)
        decided = decision.decide(data, signals, context)
        if subject.stage in ASKING_STAGES and decided.own_colour != RED:
            # In sudo mode: salespeople may not read the access data of bureaus.
            answers = self.env["risk.provider"].sudo()._ask(subject, signals)
            if answers:
                signals = {**signals, **{signal.code: signal for signal in answers}}
                decided = decision.decide(data, signals, context)
        return signals, decided, head

    @api.model
    def _make_context(self, subject):
        """Return what a decision needs beside signals.

        The seed belongs to the order, so that trying again does not draw another lot; nobody can
        guess it without the database's key.

        :param scoring.subject.Subject subject: what is asked about.
        :rtype: scoring.model.Context
        """
        key = self.env["ir.config_parameter"]._sdd_get_key("risk")
        what = (subject.order_id, subject.invoice_id, subject.debit_id)
        text = repr(
            what if any(what) else (subject.partner_id, subject.session, subject.now.date())
        )
        return Context(
            channel=subject.channel,
            product_kind=subject.product_kind,
            customer_kind=subject.customer_kind,
            seed=hmac.new(key, text.encode(), hashlib.sha256).hexdigest(),
        )

    def _prepare_shadow_values(self, subject, signals, vals):
        """Return the values of the silent assessments of the company's shadow policies.

        Note: self.ensure_one()

        :param scoring.subject.Subject subject: what was asked about.
        :param dict signals: {code: Signal}.
        :param dict vals: those of the assessment that counts.
        :rtype: list[dict]
        """
        shadows = self.browse(self._get_shadow_ids(subject.company_id))
        if not shadows:
            return []
        silent = []
        attempts = self.env["risk.assessment"].sudo()._count_silent(shadows, vals["input_hash"])
        for policy in shadows:
            decided = decision.decide(policy._get_data(), signals, self._make_context(subject))
            own = self.env["risk.assessment"]._prepare_values(
                policy._get_head(), subject, signals, decided
            )
            own.update(
                is_shadow=True,
                # Counted by itself: the policy that counts may be a newer one than this.
                attempt=attempts.get(policy.id, 0) + 1,
                latency_ms=vals["latency_ms"],
                valid_until=False,
            )
            silent.append(own)
        return silent

    @api.model
    def _record(self, vals_list, subject):
        """Store an assessment with its silent companions and its marks.

        :param list[dict] vals_list: the one that counts first.
        :param scoring.subject.Subject subject: what was asked about.
        :return: the one that counts.
        :rtype: `risk.assessment` record (sudo)
        """
        assessments = self.env["risk.assessment"].sudo()
        if subject.stage == "field":
            return assessments.new(vals_list[0])
        marks = self.env["risk.mark"].sudo()
        found = marks._get_marks(subject)
        for vals in vals_list:
            vals["inputs"]["marks"] = found
        try:
            assessment = assessments.create(vals_list)[:1]
        except errors.UniqueViolation as error:
            raise ConcurrencyError("The same is being checked in another window") from error
        marks._note(assessment, found)
        assessment._review_if_needed()
        return assessment
