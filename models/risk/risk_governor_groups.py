"""By what the return rate is looked at, and how the governor changes cut-offs."""

from odoo import fields, models

from .const import CHANNELS


class RiskAssessment(models.Model):
    _inherit = "risk.assessment"

    def _get_governor_mandates(self):
        """Return the mandates of these orders. Overridden where more is known of them.

        :return: {id of an assessment: `sdd.mandate` record, empty when none is known}
        :rtype: dict
        """
        return {one.id: one.mandate_id for one in self}

    def _get_governor_groups(self, mandate):
        """Return the groups to which this order belongs.

        Note: self.ensure_one()

        :param mandate: `sdd.mandate` record of `_get_governor_mandates`.
        :return: (dimension, key, label) each; see `const.GOVERNOR_DIMENSIONS`.
        :rtype: list[tuple[str, str, str]]
        """
        env = self.env
        country = self.partner_id.country_id
        seller = self.order_id.user_id
        kinds = dict(env["support.plan"]._fields["kind"]._description_selection(env))
        channels = dict(env["risk.assessment"]._fields["channel"]._description_selection(env))
        groups = [("all", "", env._("All debits"))]
        if self.channel in dict(CHANNELS):
            groups.append(("channel", self.channel, channels[self.channel]))
        if self.product_kind in kinds:
            groups.append(("product_kind", self.product_kind, kinds[self.product_kind]))
        if seller:
            groups.append(("salesperson", str(seller.id), seller.name))
        if country:
            groups.append(("country", country.code, country.name))
        grade = (self.signals or {}).get("mandate_grade", {}).get("value")
        if mandate and not grade:
            grade = mandate.evidence_grade or "none"
        if grade:
            groups.append(("grade", str(grade), str(grade)))
        bank = mandate.bank_account_id.bank_id
        if bank:
            groups.append(("bank", str(bank.id), bank.name))
        return groups


class RiskPolicyCutoff(models.Model):
    _inherit = "risk.policy.cutoff"

    factor = fields.Float(
        string="Tightened to",
        default=1.0,
        digits=(6, 4),
        readonly=True,
        help="By the governor, because too many debits came back. 100 %: as entered.",
    )

    def _get_group(self):
        """Return for which orders these cut-offs hold. Note: self.ensure_one()"""
        return self.channel or "", self.product_kind or "", self.customer_kind or ""

    def _prepare_data(self):
        """Override to apply what the governor has tightened."""
        data = super()._prepare_data()
        return data.__class__(
            green_max=data.green_max * self.factor,
            yellow_max=data.yellow_max * self.factor,
            channel=data.channel,
            product_kind=data.product_kind,
            customer_kind=data.customer_kind,
        )


class RiskPolicy(models.Model):
    _inherit = "risk.policy"

    def _get_cutoffs_since(self):
        """Return since when the cut-offs have been what they are, whoever has changed them.

        Note: self.ensure_one()

        :return: None when they have been so since the company's first policy.
        :rtype: datetime | None
        """
        domain = [
            ("company_id", "=", self.company_id.id),
            ("active_from", "!=", False),
            ("id", "!=", self.id),
        ]
        own = {line._prepare_data() for line in self.cutoff_ids}
        since = self.active_from
        for earlier in self.search(domain, order="active_from desc, id desc"):
            if {line._prepare_data() for line in earlier.cutoff_ids} != own:
                return since
            since = earlier.active_from
        return None

    def _get_governor_factor(self, dimension, key):
        """Return by how much the governor has tightened a group; 1.0 is not at all.

        Note: self.ensure_one()

        :param str dimension: `all`, `channel` or `product_kind`; others are never tightened.
        :param str key: the group.
        :rtype: float
        """
        general = self.cutoff_ids.filtered(lambda line: line._is_general())
        # A group without cut-offs of its own has the general ones.
        lines = self._get_governed_lines(dimension, key) or general
        return min(lines.mapped("factor"), default=1.0)

    def _take_governor_factors(self, policy):
        """Tighten the cut-offs of this draft as much as those of another version, and no more.

        What a person has entered in the draft stays.

        Note: self.ensure_one()

        :param policy: `risk.policy` record.
        """
        factors = {line._get_group(): line.factor for line in policy.cutoff_ids}
        general = policy._get_governor_factor("all", "")
        for line in self.cutoff_ids:
            line.factor = factors.get(line._get_group(), general)

    def _get_governed_lines(self, dimension, key):
        """Return the cut-offs of a group: the general ones, or those that name it.

        Note: self.ensure_one()

        :rtype: `risk.policy.cutoff` recordset
        """
        if dimension == "all":
            return self.cutoff_ids.filtered(lambda line: line._is_general())
        if dimension not in ("channel", "product_kind"):
            return self.cutoff_ids.browse()
        return self.cutoff_ids.filtered(lambda line: line[dimension] == key)

    def _set_governor_factor(self, dimension, key, factor):
        """Tighten or loosen the cut-offs of a group in this draft.

        Note: self.ensure_one()

        :param str dimension: `all`, `channel` or `product_kind`.
        :param str key: the group.
        :param float factor: on the cut-offs as they were entered.
        """
        if dimension == "all":
            # What stands out among the groups stays as much stricter as it was.
            ratio = factor / self._get_governor_factor(dimension, key)
            for line in self.cutoff_ids:
                line.factor = min(1.0, line.factor * ratio)
            return
        lines = self._get_governed_lines(dimension, key)
        if not lines:
            general = self.cutoff_ids.filtered(lambda line: line._is_general())
            lines = general.copy({"policy_id": self.id, dimension: key})
        lines.factor = factor
