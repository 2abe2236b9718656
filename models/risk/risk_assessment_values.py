"""What an assessment keeps of an order and of a decision."""

import hashlib
import hmac
from dataclasses import fields as dataclass_fields
from dataclasses import is_dataclass
from datetime import timedelta

from odoo import api, models

from .const import UNSURE_MINUTES

#: What, of a subject, makes another question of it. Browser, session and time do not.
ASKED = (
    "stage company_id partner_id order_id invoice_id debit_id mandate_id channel product_kind amount"
    " is_company name holder iban street zip_code city country_code email phone vat birth_date"
).split()
#: What a customer may have given; the report tells which of it was there.
GIVEN = "name holder iban street zip_code city email phone vat birth_date".split()
#: How far a clock may be set back before an assessment from the future no longer counts.
CLOCK_TOLERANCE = timedelta(minutes=10)


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    @api.model
    def _hash_subject(self, subject):
        """Return the keyed hash of a question: the same for the same order with the same data.

        :param scoring.subject.Subject subject: what is asked about.
        :rtype: str
        """
        key = self.env["ir.config_parameter"]._sdd_get_key("risk")
        asked = [getattr(subject, name) for name in ASKED]
        text = "\x1f".join(
            f"{value:f}" if name == "amount" else str(value)
            for name, value in zip(ASKED, asked, strict=True)
        )
        return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()

    @api.model
    def _find_last(self, policy, subject):
        """Return the last answer to the same question: a person's as long as it holds, else the policy's.

        A person's decision was about the order: it stays when another policy has become active.

        :param policy: `risk.policy` record.
        :param scoring.subject.Subject subject: what is asked about.
        :rtype: `risk.assessment` record
        """
        policy_ids = {*policy._get_all_ids(subject.company_id), policy.id}
        domain = [
            ("policy_id", "in", sorted(policy_ids)),
            ("input_hash", "=", self._hash_subject(subject)),
            ("is_shadow", "=", False),
        ]
        names = ["policy_id", "attempt", "date", "valid_until", "override_colour", "override_date"]
        found = self.search_fetch(domain, names, order="attempt desc, id desc")
        decided = found.filtered(
            lambda item: item.override_colour and item._is_still_valid(subject.now)
        )
        last = found.filtered(lambda item: item.policy_id == policy)[:1]
        return decided.sorted("override_date")[-1:] or last

    @api.model
    def _count_silent(self, policies, input_hash):
        """Return how often policies were silently asked the same.

        :param policies: `risk.policy` recordset.
        :param str input_hash: of the question, see `_hash_subject`.
        :return: {id of a policy: number of the last attempt}
        :rtype: dict[int, int]
        """
        domain = [
            ("policy_id", "in", policies.ids),
            ("input_hash", "=", input_hash),
            ("is_shadow", "=", True),
        ]
        rows = self._read_group(domain, ["policy_id"], ["attempt:max"])
        return {policy.id: attempt for policy, attempt in rows}

    def _has_seen_account(self):
        """Return whether the account was known when this was assessed.

        Note: self.ensure_one() (sudo)

        :rtype: bool
        """
        self.ensure_one()
        return bool(self.mandate_id) or "iban" in ((self.inputs or {}).get("given") or ())

    def _is_still_valid(self, now):
        """Return whether this answer counts again.

        :param datetime now: naive UTC.
        :rtype: bool
        """
        if not self or not self.valid_until:
            return False
        return self.date - CLOCK_TOLERANCE <= now < self.valid_until

    @api.model
    def _prepare_values(self, head, subject, signals, decided):
        """Return the values of a new assessment.

        :param dict head: policy and cards that decided, see `risk.policy._get_head`.
        :param scoring.subject.Subject subject: what was asked about.
        :param dict signals: {code: Signal}.
        :param scoring.model.Decision decided: the answer.
        :rtype: dict
        """
        return {
            **self._prepare_subject_values(subject),
            "policy_id": head["policy_id"],
            "policy_version": head["policy_version"],
            "bank_card_id": head["bank_card_id"],
            "customer_card_id": head["customer_card_id"],
            "state": decided.colour,
            "own_colour": decided.own_colour,
            "is_sampled": decided.is_sampled,
            # Said here: the unique index takes no empty value for one.
            "is_shadow": False,
            "bank_points": decided.bank.points if decided.bank else 0,
            "customer_points": decided.customer.points if decided.customer else 0,
            "pd": decided.pd or 0.0,
            "has_pd": decided.pd is not None,
            "signals": {code: self._prepare_signal(signals[code]) for code in sorted(signals)},
            "decision": self._to_json(decided),
            "valid_until": self._get_validity(subject, head, signals, decided),
        }

    @api.model
    def _get_validity(self, subject, head, signals, decided):
        """Return until when an answer counts again. See `_prepare_values` for the parameters.

        A bureau that was down for some seconds must not keep a customer yellow for a day.

        :rtype: datetime, naive UTC
        """
        period = timedelta(days=head["reuse_days"])
        if decided.colour != "green" and any(
            signal.status == "unknown" for signal in signals.values()
        ):
            period = min(period, timedelta(minutes=UNSURE_MINUTES))
        return subject.now + period

    @api.model
    def _prepare_subject_values(self, subject):
        """Return what is kept of a question: links, figures, and which data were there.

        :param scoring.subject.Subject subject: what was asked about.
        :rtype: dict
        """
        return {
            "date": subject.now,
            "company_id": subject.company_id,
            "partner_id": subject.partner_id or False,
            "order_id": subject.order_id or False,
            "invoice_id": subject.invoice_id or False,
            "mandate_id": subject.mandate_id or False,
            "stage": subject.stage,
            "channel": subject.channel,
            "product_kind": subject.product_kind,
            "customer_kind": subject.customer_kind,
            "amount": float(subject.amount),
            "input_hash": self._hash_subject(subject),
            "inputs": {"given": [name for name in GIVEN if getattr(subject, name)]},
        }

    @api.model
    def _prepare_signal(self, signal):
        """Return a signal as JSON.

        :param scoring.model.Signal signal: what a check found.
        :rtype: dict
        """
        return {
            "value": signal.value,
            "status": signal.status,
            "severity": signal.severity,
            "params": dict(signal.params),
        }

    @api.model
    def _to_json(self, value):
        """Return a frozen dataclass as JSON; `dataclasses.asdict` takes five times as long.

        :param value: dataclass, tuple of such, or a plain value.
        :rtype: dict | list | bool | int | float | str | None
        """
        if isinstance(value, tuple):
            return [self._to_json(one) for one in value]
        if is_dataclass(value):
            return {
                field.name: self._to_json(getattr(value, field.name))
                for field in dataclass_fields(value)
            }
        return value
