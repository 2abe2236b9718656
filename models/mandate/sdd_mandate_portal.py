"""What a customer sees of his mandate in the portal, and what he does there himself."""

from odoo import fields, models
from odoo.tools import format_date

#: Keeps the groups of an account number on one line.
NBSP = "\u00a0"
AGES = ("old", "new")
#: Colours of the states, as classes of Bootstrap.
STATE_BADGES = {
    "draft": "bg-light text-body border",
    "pending": "text-bg-warning",
    "active": "text-bg-success",
    "suspended": "text-bg-warning",
    "revoked": "bg-light text-body border",
    "expired": "bg-light text-body border",
}


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    # === COMPUTE METHODS === #

    def _compute_access_url(self):
        super()._compute_access_url()
        for mandate in self:
            mandate.access_url = f"/my/mandates/{mandate.id}"

    # === BUSINESS METHODS === #

    def _get_report_base_filename(self):
        """Return the name of the PDF without its extension. Used by the portal."""
        self.ensure_one()
        return self.env._("SEPA mandate %s", self.name)

    def _get_portal_state(self):
        """Return the mandate's state in the customer's words.

        Note: self.ensure_one()

        :return: {label, badge: classes, text: what it means for him}.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        if self.state == "active" and self.waits_for_bank:
            return {
                "label": self.env._("Waits for your bank"),
                "badge": STATE_BADGES["pending"],
                "text": self.env._(
                    "Please give a copy of this B2B mandate to your bank and tell us when you have"
                    " done so. Nothing is collected before."
                ),
            }
        labels = {
            "draft": self.env._("Not given yet"),
            "pending": self.env._("Waits for you"),
            "active": self.env._("Active"),
            "suspended": self.env._("Paused"),
            "revoked": self.env._("Revoked"),
            "expired": self.env._("Lapsed"),
        }
        return {
            "label": labels[self.state],
            "badge": STATE_BADGES[self.state],
            "text": self._get_portal_state_text(),
        }

    def _get_portal_state_text(self):
        """Return what the mandate's state means for the customer.

        Note: self.ensure_one()

        :rtype: str
        """
        params = {
            "company": self.creditor_name or self.company_id.name,
            "date": format_date(self.env, self.end_date) if self.end_date else "",
        }
        texts = {
            "draft": self.env._("You have not given this mandate yet. Nothing is collected."),
            "pending": self.env._(
                "We have asked you to confirm this mandate. Nothing is collected before you do."
            ),
            "active": self.env._(
                "%(company)s collects what is due from this account and tells you before.", **params
            ),
            "suspended": self.env._(
                "Nothing is collected with this mandate for the time being. You need not do anything."
            ),
            "revoked": self.env._(
                "This mandate ended on %(date)s. Nothing is collected with it any more.", **params
            ),
            "expired": self.env._(
                "This mandate ended on %(date)s because it was not used for a long time. Nothing is"
                " collected with it any more.",
                **params,
            ),
        }
        return texts[self.state]

    def _has_ended(self):
        """Return whether nothing can be done with the mandate any more.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.state in ("revoked", "expired")

    def _get_portal_replacement(self):
        """Return the mandate that took the place of this one, or an empty recordset (sudo).

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.replaced_by_ids.filtered(lambda m: m.state in ("active", "suspended"))[:1]

    def _get_portal_subscriptions(self):
        """Return the running packages that are paid with this mandate (sudo).

        Note: self.ensure_one()

        :rtype: `support.subscription` recordset
        """
        self.ensure_one()
        if self.state not in ("active", "suspended"):
            return self.env["support.subscription"]
        found = self._get_running_subscriptions() | self.order_id.support_subscription_ids
        return found.filtered(lambda s: s.state in ("active", "suspended"))

    def _get_portal_history(self):
        """Return what happened to the mandate as the customer may read it (sudo).

        Note: self.ensure_one()

        :return: the oldest first; what only staff care about is left out.
        :rtype: list[tuple[date, str]]
        """
        self.ensure_one()
        history = []
        for event in self.event_ids.sorted("number"):
            if text := self._get_portal_event_text(event):
                day = fields.Datetime.context_timestamp(self, event.date).date()
                history.append((day, text))
        return history

    def _get_portal_event_text(self, event):
        """Return an event in the customer's words, "" when it is none of his concern.

        :param event: `sdd.mandate.event` record of this mandate (sudo).
        :rtype: str
        """
        data = event.data or {}
        if event.kind == "amended":
            return self._get_portal_amendment_text(data)
        if event.kind == "evidence":
            if event.evidence_code == "staff_entry":
                return ""
            kinds = self.env["sdd.evidence.kind"].with_context(active_test=False)
            kind = kinds.search([("code", "=", event.evidence_code)], limit=1)
            return self.env._("Confirmed: %s", kind.name) if kind else ""
        texts = {
            "given": self.env._("You gave the mandate."),
            "pending": self.env._("We asked you to confirm the mandate."),
            "suspended": self.env._("The mandate was paused."),
            "revoked": self.env._("The mandate was revoked."),
            "expired": self.env._("The mandate lapsed."),
            "bank_confirmed": self.env._("You confirmed the mandate to your bank."),
            "imported": self.env._("We took the mandate over from our former system."),
        }
        return texts.get(event.kind, "")

    def _get_portal_amendment_text(self, data):
        """Return a change of the mandate in the customer's words.

        :param dict data: the evidence of the event.
        :rtype: str
        """
        changes = {
            "iban": self.env._("The account was changed from %(old)s to %(new)s."),
            "reference": self.env._("The reference was changed from %(old)s to %(new)s."),
            "identifier": self.env._(
                "The creditor identifier was changed from %(old)s to %(new)s."
            ),
            "creditor": self.env._("The creditor was renamed from %(old)s to %(new)s."),
        }
        found = [
            text % {name: (data.get(f"{name}_{key}") or "").replace(" ", NBSP) for name in AGES}
            for key, text in changes.items()
            if data.get(f"new_{key}")
        ]
        return " ".join(found) or self.env._("The mandate was amended.")
