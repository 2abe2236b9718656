"""The life of a policy: made from another version, tried on the past, active, retired."""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    # === ACTION METHODS === #

    def action_new_version(self):
        """Open a draft that says the same as this policy and can be changed.

        :rtype: dict
        """
        return self._make_version()._get_form_action()

    def action_activate(self):
        """Let this version decide from now on, instead of the one that does so today.

        Note: self.ensure_one()

        :raise UserError: when something in it is missing, or when it has not been rehearsed.
        """
        self.ensure_one()
        self.check_access("write")
        self._refuse_problems()
        self._activate()

    def action_retire(self):
        """Take policies out of use. Without an active policy every order may be debited."""
        self.check_access("write")
        for policy in self:
            policy._move_to("retired", active_until=fields.Datetime.now(), is_shadow=False)

    # === BUSINESS METHODS === #

    def _make_version(self, company=None, **values):
        """Return a draft with the contents of this policy.

        Note: self.ensure_one()

        :param company: `res.company` record, the same one by default.
        :param values: what is different.
        :rtype: `risk.policy` record
        """
        self.ensure_one()
        company = company or self.company_id
        # In sudo mode: versions are counted over what the user may see or not.
        newest = self.sudo().search(
            [("company_id", "=", company.id)], order="version desc", limit=1
        )
        draft = self.copy({"company_id": company.id, "name": self.name, **values})
        draft.sudo().write({"version": newest.version + 1, "previous_id": self.id})
        return draft

    def _get_form_action(self):
        """Return the action that shows this policy.

        Note: self.ensure_one()

        :rtype: dict
        """
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": self.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _activate(self):
        """Make this version the active one of its company, and its cards the champions.

        Note: self.ensure_one()
        """
        now = fields.Datetime.now()
        domain = [("company_id", "=", self.company_id.id), ("state", "=", "active")]
        self.search(domain)._move_to("retired", active_until=now)
        self.flush_model(["state"])
        self._move_to("active", active_from=now, active_until=False, is_shadow=False)
        # In sudo mode: whoever may activate a policy puts its cards in use.
        (self.bank_card_id | self.customer_card_id).sudo()._crown()

    def _refuse_problems(self):
        """Refuse policies that could not decide.

        :raise UserError: with all that is to be mended.
        """
        for policy in self:
            if problems := policy._get_problems():
                raise UserError(
                    self.env._(
                        "“%(name)s” cannot be used yet:\n%(problems)s",
                        name=policy.display_name,
                        problems="\n".join(f"- {problem}" for problem in problems),
                    )
                )

    @api.model
    def _activate_default(self):
        """Activate the policy that comes with the module where no policy was ever active."""
        policy = self.env.ref("support_debit.risk_policy_default", raise_if_not_found=False)
        if not policy or policy.state != "draft":
            return
        domain = [("company_id", "=", policy.company_id.id), ("active_from", "!=", False)]
        if not self.search_count(domain, limit=1):
            policy._refuse_problems()
            policy._move_to("rehearsed")
            policy._activate()


class RiskCard(models.Model):
    _inherit = "risk.card"

    def action_new_version(self):
        """Open a draft with the same points.

        Note: self.ensure_one()

        :rtype: dict
        """
        draft = self._make_version()
        return {
            "type": "ir.actions.act_window",
            "res_model": self._name,
            "res_id": draft.id,
            "view_mode": "form",
            "views": [(False, "form")],
        }

    def _make_version(self, data=None, **values):
        """Return a draft made from this card.

        Note: self.ensure_one()

        :param scoring.model.Card data: points table to take instead of this card's.
        :param values: what is different, e.g. `source`.
        :rtype: `risk.card` record
        """
        self.ensure_one()
        domain = [("code", "=", self.code), ("company_id", "=", self.company_id.id)]
        newest = self.sudo().search(domain, order="version desc", limit=1)
        if data:
            values = {**self._prepare_values(data), **values, "code": self.code}
            values["line_ids"] = [Command.clear(), *values["line_ids"]]
        draft = self.copy({"name": self.name, "code": self.code})
        # In sudo mode: nobody numbers versions by hand.
        draft.sudo().write({**values, "version": newest.version + 1})
        return draft

    def _crown(self):
        """Make cards champions; those of the same target that no active policy uses retire."""
        self.filtered(lambda card: card.state != "champion")._move_to("champion")
        policies = self.env["risk.policy"].sudo().search([("state", "=", "active")])
        used = policies.bank_card_id | policies.customer_card_id | self
        self.search([("state", "=", "champion"), ("id", "not in", used.ids)])._move_to("retired")
