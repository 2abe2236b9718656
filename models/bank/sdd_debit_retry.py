"""Repeated debits as the company's rules want them."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...sepa import retry
from ..debit import retry_texts

#: States that say how a debit went.
DECIDED = ("settled", "returned", "rejected")


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    retry_text = fields.Char(related="return_ids.retry_text", string="What comes next")
    can_retry_now = fields.Boolean(compute="_compute_can_retry_now", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("state", "return_ids.reason_id", "next_debit_ids.state")
    def _compute_can_retry_now(self):
        back = self.filtered(lambda d: d.state in ("returned", "rejected") and d.return_ids)
        self.can_retry_now = False
        for debit in back:
            stop = debit.return_ids._find_rule_stop(self.env["sdd.retry.policy"], by_person=True)
            again = debit.next_debit_ids.filtered(lambda d: d.state != "cancelled")
            debit.can_retry_now = not stop and not again and bool(debit._get_retry_lines())

    # === ACTION METHODS === #

    def action_retry_now(self):
        """Try a debit again that came back, on the first possible day: the cause is put right."""
        self.check_access("write")
        plans = {}
        for item in self._get_last_returns():
            plans.update(item._get_retry_plans(by_person=True))
        if stops := [item for item, plan in plans.items() if isinstance(plan, retry.Stop)]:
            raise UserError("\n".join(item._refuse_retry(plans[item]) for item in stops))
        good = {item.debit_id: item._prepare_person_plan(plan) for item, plan in plans.items()}
        new = self.browse(debit.id for debit in good)._retry(good)
        return new.with_env(self.env)[:1]._action_open_debit()

    # === BUSINESS METHODS === #

    def _get_last_returns(self):
        """Return the returns of debits that came back and whose next attempt nobody has made.

        :raise UserError: when one of these debits has not come back.
        """
        for debit in self:
            if debit.state not in ("returned", "rejected") or not debit.return_ids:
                raise UserError(self.env._("%s has not come back.", debit.display_name))
        return self.return_ids

    def _plan_again(self):
        """Override to choose the day by the rules once more, as if the debit before came back now."""
        plans = super()._plan_again()
        items = self.previous_debit_id.return_ids
        policies = self.env["sdd.retry.policy"]._get_for_companies(self.company_id)
        chosen = items._choose_retries(policies)
        for debit in self:
            for item in debit.previous_debit_id.return_ids:
                plans[debit] = chosen[item]
        return plans

    def _describe_retry(self):
        """Return what is planned in one sentence and why, for the list of returns.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        text = self.env._(
            "Attempt %(attempt)s on %(date)s.",
            attempt=self.attempt,
            date=format_date(self.env, self.collection_date),
        )
        if self.state == "cancelled":
            text = self.env._("Attempt %(attempt)s was given up.", attempt=self.attempt)
            return " ".join(filter(None, [text, self.state_reason]))
        return " ".join(filter(None, [text, self.retry_explanation]))

    def _get_payment_histories(self):
        """Return how the customers' debits went by day of the month, in two queries.

        Only what says something about their accounts counts: paid, or no funds.

        :rtype: dict[`res.partner`, `sepa.retry.History`]
        """
        partners = self.partner_id
        # In sudo mode: the history counts whatever the user may see of it.
        paid = self.sudo()._read_group(
            [("partner_id", "in", partners.ids), ("state", "=", "settled")],
            ["partner_id", "collection_date:day_of_month"],
            ["__count"],
        )
        failed = (
            self.env["sdd.return"]
            .sudo()
            ._read_group(
                [("partner_id", "in", partners.ids), ("reason_class", "=", "funds")],
                ["partner_id", "debit_id.collection_date:day_of_month"],
                ["__count"],
            )
        )
        counts = {partner.id: ({}, {}) for partner in partners}
        for position, groups in enumerate((paid, failed)):
            for partner, day, count in groups:
                counts[partner.id][position][int(day)] = count
        return {partner: retry.History(*counts[partner.id]) for partner in partners}


class SddReturn(models.Model):
    _inherit = "sdd.return"

    def _refuse_retry(self, stop):
        """Return why a person cannot try this debit again.

        Note: self.ensure_one()
        """
        debit = self.debit_id
        text = debit._say_retry(retry_texts.STOPS, stop.code, stop.params)
        return f"{debit.display_name}: {text}"

    def _prepare_person_plan(self, plan):
        """Return a plan that says who wanted it.

        Note: self.ensure_one()
        """
        return retry.Plan(
            plan.date, "person", {"user": self.env.user.name}, plan.chance, plan.last_date
        )
