"""Cards that want to become champions: they score every order silently, and decide some of them."""

import hashlib
from dataclasses import replace

from odoo import api, fields, models, tools
from odoo.exceptions import ValidationError

from ...scoring.card import score


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    challenger_rate = fields.Float(
        string="Decided by challengers",
        digits=(6, 4),
        help="This share of the orders is judged with challenger cards instead of the policy's own,"
        " to compare what becomes of them. 0: challengers score silently only.",
    )

    @api.constrains("challenger_rate")
    def _check_challenger_rate(self):
        for policy in self:
            if not 0 <= policy.challenger_rate <= 0.5:
                raise ValidationError(
                    self.env._("Challengers decide between 0 % and 50 % of the orders.")
                )

    @api.model
    @tools.ormcache("company_id")
    def _get_challenger_ids(self, company_id):
        """Return the newest challenger of each target.

        :param int company_id: id of a company; cards of all companies count too.
        :return: {target: id of a card}
        :rtype: dict[str, int]
        """
        domain = [("state", "=", "challenger"), ("company_id", "in", [company_id, False])]
        cards = self.env["risk.card"].sudo().search(domain, order="version, id")
        return {card.target: card.id for card in cards}

    @api.model
    @tools.ormcache("policy_id")
    def _get_head_by_id(self, policy_id):
        """Return what an assessment notes of a policy, without a query for each order."""
        policy = self.sudo().browse(policy_id)
        return {
            "policy_id": policy.id,
            "policy_version": policy.version,
            "bank_card_id": policy.bank_card_id.id,
            "customer_card_id": policy.customer_card_id.id,
            "reuse_days": policy.reuse_days,
            "challenger_rate": policy.challenger_rate,
        }

    def _get_head(self):
        """Return the values of an assessment that name this policy, its version and its cards.

        Note: self.ensure_one()

        :return: with `reuse_days` and `challenger_rate`.
        :rtype: dict
        """
        self.ensure_one()
        return dict(self._get_head_by_id(self.id))

    def _pick_cards(self, context, company_id):
        """Return what decides one order: the policy's cards, or challengers for some of the orders.

        Note: self.ensure_one()

        :param scoring.model.Context context: of the order; its seed draws the lot.
        :param int company_id: id of a company.
        :return: policy as plain values, and the head of the assessment (see `_get_head`).
        :rtype: tuple[scoring.model.PolicyData, dict]
        """
        data, head = self._get_data(), self._get_head()
        rate = head.pop("challenger_rate")
        if not rate or not self._is_drawn(rate, context.seed):
            return data, head
        for target, card_id in self._get_challenger_ids(company_id).items():
            # A policy without such a card does not get one by the way.
            if head[f"{target}_card_id"]:
                head[f"{target}_card_id"] = card_id
                data = replace(data, **{f"{target}_card": self._get_card_data(card_id)})
        return data, head

    @api.model
    def _is_drawn(self, rate, seed):
        """Return whether a seed falls into a share; another lot than that of the random sample.

        :param float rate: 0.0 to 1.0.
        :param str seed: of `scoring.model.Context`.
        :rtype: bool
        """
        digest = hashlib.blake2b(f"challenger:{seed}".encode(), digest_size=8).digest()
        return int.from_bytes(digest, "big") < rate * 2**64

    @api.model
    def _get_card_data(self, card_id):
        """Return the `scoring.model.Card` of an id."""
        return self.env["risk.card"].browse(card_id)._get_data()

    def _score_all(self, signals, company_id):
        """Return what the policy's own cards and all challengers say, whoever decides.

        Note: self.ensure_one()

        :param dict signals: {code: Signal}.
        :param int company_id: id of a company.
        :return: {id of a card as text: {"points": rounded, "pd": 0.0 to 1.0}}
        :rtype: dict[str, dict]
        """
        challengers = self._get_challenger_ids(company_id)
        if not challengers:
            return {}
        head = self._get_head()
        card_ids = {head["bank_card_id"], head["customer_card_id"], *challengers.values()} - {False}
        scores = {card_id: score(self._get_card_data(card_id), signals) for card_id in card_ids}
        return {
            str(card_id): {"points": one.points, "pd": one.pd} for card_id, one in scores.items()
        }
