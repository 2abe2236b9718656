"""How a mandate ends because somebody wants it to."""

from odoo import models
from odoo.exceptions import UserError


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def action_revoke(self):
        """End the mandates for good."""
        self._revoke()

    def _revoke(self, reason="", data=None):
        """End the mandates for good, with what is known about it.

        :param str reason: why, for those who read the list.
        :param dict data: who told us, how and when; JSON values.
        :raise UserError: for a mandate that has ended already.
        """
        for mandate in self:
            if mandate.state in ("revoked", "expired"):
                raise UserError(
                    self.env._(
                        "Mandate %(name)s ended on %(date)s already.",
                        name=mandate.name,
                        date=mandate.end_date or "",
                    )
                )
            evidence = {**({"reason": reason} if reason else {}), **(data or {})}
            mandate._move_to("revoked", end_reason=reason or False, event_data=evidence)

    def _get_revocation_notice(self):
        """Return what revoking this mandate means now, in the language of the environment.

        Note: self.ensure_one()

        :return: sentences for the customer or the user.
        :rtype: list[str]
        """
        self.ensure_one()
        # In sudo mode: the customer reads about his own packages.
        subscriptions = self.sudo()._get_running_subscriptions()
        notice = [
            self.env._("Nothing more is collected with this mandate. It cannot be used again.")
        ]
        if subscriptions:
            notice.append(
                self.env._(
                    "Your support goes on: %(packages)s. What falls due for it must be paid another way, or with a new mandate.",
                    packages=", ".join(subscriptions.mapped("display_name")),
                )
            )
        return notice

    def _get_running_subscriptions(self):
        """Return the packages that would be paid with this mandate.

        Note: self.ensure_one()

        :rtype: `support.subscription` recordset, empty when the customer has another mandate
        """
        self.ensure_one()
        others = self.search_count(
            [
                ("partner_id", "child_of", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "active"),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if others:
            return self.env["support.subscription"]
        return self.env["support.subscription"].search(
            [
                ("partner_id", "child_of", self.commercial_partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("active", "suspended")),
            ]
        )
