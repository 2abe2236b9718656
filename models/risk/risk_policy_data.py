"""A policy as plain values: what `scoring.decision` works with, kept in memory of each worker."""

from odoo import api, models, tools

from ...scoring.model import PolicyData


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    @api.model
    def _get_active(self, company):
        """Return the policy that decides in a company.

        :param company: `res.company` record.
        :return: the active policy (sudo), empty when there is none.
        :rtype: `risk.policy` record
        """
        # In sudo mode: orders are judged for whoever places them.
        return self.sudo().browse(self._get_active_id(company.id))

    @api.model
    @tools.ormcache("company_id")
    def _get_active_id(self, company_id):
        """Return the id of a company's active policy, None without one."""
        domain = [("company_id", "=", company_id), ("state", "=", "active")]
        return self.sudo().search(domain, limit=1).id or None

    @api.model
    @tools.ormcache("company_id")
    def _get_shadow_ids(self, company_id):
        """Return the ids of the policies that judge silently in a company, as a tuple."""
        domain = [("company_id", "=", company_id), ("is_shadow", "=", True)]
        return tuple(self.sudo().search([*domain, ("state", "in", ("draft", "rehearsed"))]).ids)

    @api.model
    @tools.ormcache("company_id")
    def _get_all_ids(self, company_id):
        """Return the ids of all policies of a company, those of the past too, as a tuple."""
        return tuple(self.sudo().search([("company_id", "=", company_id)]).ids)

    def _get_data(self):
        """Return this version with its cards as plain values, whatever its state.

        Texts are those of the source language (`risk.assessment` translates them when it shows them).

        Note: self.ensure_one()

        :rtype: scoring.model.PolicyData
        """
        self.ensure_one()
        return self._get_data_by_id(self.id)

    @api.model
    @tools.ormcache("policy_id")
    def _get_data_by_id(self, policy_id):
        """Return the `PolicyData` of a policy; every change of a policy or card empties the cache."""
        return self.sudo().with_context(lang="en_US").browse(policy_id)._prepare_data()

    def _prepare_data(self):
        """Return the values of this policy and its tables.

        Note: self.ensure_one()

        :rtype: scoring.model.PolicyData
        """
        offers = {}
        for line in self.offer_ids.sorted():
            offers.setdefault(line.colour, []).append(line.offer)
        return PolicyData(
            id=self.id,
            rules=tuple(rule._prepare_data() for rule in self.rule_ids.sorted() if rule.active),
            bank_card=self.bank_card_id._get_data() if self.bank_card_id else None,
            customer_card=self.customer_card_id._get_data() if self.customer_card_id else None,
            cutoffs=tuple(line._prepare_data() for line in self.cutoff_ids.sorted()),
            unknown={line.signal or "": line.colour for line in self.unknown_ids},
            sample_rate=self.sample_rate,
            offers={colour: tuple(codes) for colour, codes in offers.items()},
        )
