"""Whether and when a debit that came back is tried again."""

from decimal import Decimal

from odoo import api, fields, models

from ...sepa import retry
from ..debit import retry_texts

#: Kinds of returns that can lead to a new attempt; the others are our own doing.
RETRY_KINDS = ("reject", "return")
#: After a dispute nothing is collected again without the customer, whatever the table says.
NEVER_CLASSES = ("dispute",)
#: The account holder has died: a person speaks with the heirs.
NEVER_CODES = ("MD07",)


class SddReturn(models.Model):
    _inherit = "sdd.return"

    retry_stop_code = fields.Char(readonly=True)
    retry_stop_params = fields.Json(readonly=True)
    retry_debit_ids = fields.One2many(related="debit_id.next_debit_ids", string="Next attempt")
    retry_text = fields.Char(
        string="What comes next", compute="_compute_retry_text", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("retry_stop_code", "retry_stop_params", "debit_id.next_debit_ids")
    @api.depends_context("lang")
    def _compute_retry_text(self):
        for item in self:
            again = item.debit_id.next_debit_ids[:1]
            if again:
                item.retry_text = again._describe_retry()
            else:
                item.retry_text = item.debit_id._say_retry(
                    retry_texts.STOPS, item.retry_stop_code, item.retry_stop_params
                )

    # === BUSINESS METHODS === #

    def _plan_retries(self):
        """Override to queue another attempt where reason, rules and mandate allow it.

        Where they do not, the return remembers why.
        """
        super()._plan_retries()
        candidates = self.filtered(lambda item: item.kind in RETRY_KINDS)
        plans = candidates._get_retry_plans()
        self._remember_stops({k: v for k, v in plans.items() if isinstance(v, retry.Stop)})
        good = {k.debit_id: v for k, v in plans.items() if isinstance(v, retry.Plan)}
        self.env["sdd.debit"].browse(debit.id for debit in good)._retry(good)

    def _get_retry_plans(self, by_person=False):
        """Return what comes next for each of these returns; nothing is written.

        :param bool by_person: somebody has put right what was wrong and wants it tried again.
        :rtype: dict[`sdd.return`, `sepa.retry.Plan` | `sepa.retry.Stop`]
        """
        stops = self.debit_id._find_retry_stops()
        policies = self.env["sdd.retry.policy"]._get_for_companies(self.company_id)
        plans = {}
        for item in self:
            stop = item._find_rule_stop(policies[item.company_id], by_person)
            if stop := stop or stops.get(item.debit_id):
                plans[item] = stop
        plans.update(
            (self - self.browse(item.id for item in plans))._choose_retries(policies, by_person)
        )
        return plans

    def _find_rule_stop(self, policy, by_person):
        """Return what in the reason or in the company's rules forbids another attempt.

        Note: self.ensure_one()

        :param policy: `sdd.retry.policy` record.
        :param bool by_person: somebody has put right what was wrong.
        :rtype: `sepa.retry.Stop` | None
        """
        reason = self.reason_id
        is_final = reason.reason_class in NEVER_CLASSES or reason.code in NEVER_CODES
        if is_final or not reason.retry_allowed:
            return retry.Stop("reason")
        if reason.retry_needs_fix and not by_person:
            return retry.Stop("fix")
        if not policy.is_automatic and not by_person:
            return retry.Stop("manual")
        return None

    def _choose_retries(self, policies, by_person=False):
        """Return plan or stop of returns that nothing forbids, by the companies' rules.

        :param dict policies: {company: `sdd.retry.policy`}.
        :param bool by_person: the attempt is wanted on the first possible day.
        :rtype: dict
        """
        histories = self.debit_id._get_payment_histories()
        rules, earliest = {}, {}
        plans = {}
        for item in self:
            debit = item.debit_id
            bank = (debit.journal_id, debit.mandate_id.notice_days)
            key = (item.company_id, debit.partner_id.country_id)
            if key not in rules:
                rules[key] = policies[item.company_id]._prepare(key[1])
            if bank not in earliest:
                earliest[bank] = debit._get_earliest_retry()
            plans[item] = retry.plan_retry(
                rules[key],
                item._prepare_failure(policies[item.company_id], by_person),
                earliest[bank],
                debit.mandate_id.debit_day,
                histories.get(debit.partner_id),
                item._get_retry_limit(),
            )
        return plans

    def _prepare_failure(self, policy, by_person=False):
        """Return this return as plain values.

        Note: self.ensure_one()

        :rtype: `sepa.retry.Failure`
        """
        debit = self.debit_id
        amount = min(debit.amount, sum(debit._get_retry_lines().mapped("amount_residual")))
        return retry.Failure(
            attempt=debit.attempt,
            collection=debit.collection_date,
            first_collection=debit.retry_first_date or debit.collection_date,
            amount=Decimal(str(amount)),
            fee=Decimal(str(self.fee or policy.expected_fee)),
            is_technical=by_person or self.reason_class in ("technical", "own_fault"),
        )

    def _get_retry_limit(self):
        """Return how many repetitions the reason allows, None when it says nothing.

        Note: self.ensure_one()
        """
        return self.reason_id.retry_max or None

    @api.model
    def _remember_stops(self, stops):
        """Keep why there is no further attempt, in one write for each sentence.

        :param dict stops: {`sdd.return`: `sepa.retry.Stop`}.
        """
        groups = {}
        for item, stop in stops.items():
            key = (stop.code, tuple(sorted(stop.params.items())))
            groups[key] = groups.get(key, self.browse()) | item
        for (code, params), items in groups.items():
            # In sudo mode: returns are written by the program only.
            items.sudo().write(
                {"retry_stop_code": code, "retry_stop_params": dict(params) or False}
            )
