"""Direct debits in the customer's words: what is planned, what happened, what to do."""

from odoo import api, fields, models
from odoo.tools import format_date

from .const import LIVE_STATES

#: Debits whose date the customer may count on.
COMING_STATES = ("queued", "batched", "submitted")
#: Colours of the states, as classes of Bootstrap.
STATE_BADGES = {
    "queued": "text-bg-info",
    "held": "text-bg-warning",
    "batched": "text-bg-info",
    "submitted": "text-bg-primary",
    "settled": "text-bg-success",
    "rejected": "text-bg-danger",
    "returned": "text-bg-danger",
    "cancelled": "bg-light text-body border",
}
#: Debits shown on the page of a mandate; the list has them all.
LATEST_DEBITS = 10


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_portal_state(self):
        """Return the debit's state in the customer's words.

        Note: self.ensure_one()

        :return: {label, badge: classes}.
        :rtype: dict[str, str]
        """
        self.ensure_one()
        labels = {
            "queued": self.env._("Planned"),
            "held": self.env._("Waits"),
            "batched": self.env._("Goes to the bank"),
            "submitted": self.env._("At the bank"),
            "settled": self.env._("Collected"),
            "rejected": self.env._("Came back"),
            "returned": self.env._("Came back"),
            "cancelled": self.env._("Cancelled"),
        }
        return {"label": labels[self.state], "badge": STATE_BADGES[self.state]}

    def _get_portal_text(self):
        """Return what happened to this debit and what the customer can do, "" if nothing.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        if self.state == "held":
            return self._get_portal_hold_text()
        if self.state in ("rejected", "returned"):
            return " ".join(filter(None, [self._get_portal_return_text(), self._get_portal_next()]))
        if self.state == "cancelled":
            return self.env._("Nothing was collected.")
        return ""

    def _get_portal_hold_text(self):
        """Return what a held debit waits for.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        texts = {
            "grade": self.env._("We collect it as soon as you have confirmed your mandate."),
            "b2b": self.env._(
                "We collect it as soon as you have told your bank of the B2B mandate and us that you"
                " did so."
            ),
            "mandate": self.env._("We collect it as soon as the mandate is active."),
        }
        default = self.env._("We are looking into it and tell you before anything is collected.")
        return texts.get(self.hold_code, default)

    def _get_portal_return_text(self):
        """Return why a debit came back. Hook: the bank's answers know more.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        return self.env._("Your bank did not carry out this debit.")

    def _get_portal_next(self):
        """Return what becomes of the amount of a debit that came back.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        again = self.next_debit_ids.filtered(lambda d: d.state in LIVE_STATES)[:1]
        if again:
            return self.env._(
                "We collect it again on %s.", format_date(self.env, again.collection_date)
            )
        if not self._get_portal_open_invoices():
            return self.env._("It has been settled since; you need not do anything.")
        return self.env._("Please pay the invoice another way.")

    def _get_portal_open_invoices(self):
        """Return the invoices of this debit that the customer still has to pay (sudo)."""
        return self.invoice_ids._sdd_filter_open()


class AccountMove(models.Model):
    _inherit = "account.move"

    def _sdd_filter_open(self):
        """Return those of these invoices that are due and not being debited (sudo)."""
        return self.filtered(
            lambda move: (
                move.state == "posted"
                and move.payment_state in ("not_paid", "partial")
                and not move.sdd_live_date
            )
        )


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    @api.model
    def _get_portal_next_debits(self, mandates):
        """Return the next debit of each of these mandates (sudo).

        :param mandates: `sdd.mandate` recordset.
        :return: {mandate: debit}; mandates without one are missing.
        :rtype: dict
        """
        debits = mandates.env["sdd.debit"].search(
            [
                ("mandate_id", "in", mandates.ids),
                ("state", "in", COMING_STATES),
                ("collection_date", ">=", fields.Date.context_today(mandates)),
            ],
            order="collection_date desc, id desc",
        )
        return {debit.mandate_id: debit for debit in debits}

    def _get_portal_debits(self):
        """Return what the customer reads about the debits of this mandate.

        Note: self.ensure_one() (sudo)

        :return: {next_debit, last_debit, latest_debits, debit_total, open_invoices, needs_proof:
            whether debits wait for a better grade that the customer can give}.
        :rtype: dict
        """
        self.ensure_one()
        debits = self.debit_ids
        presented = debits.filtered(lambda d: d.state in ("submitted", "settled", "returned"))
        today = fields.Date.context_today(self)
        return {
            "next_debit": self._get_portal_next_debits(self).get(self, debits.browse()),
            "last_debit": presented.filtered(lambda d: d.collection_date < today)[:1],
            "latest_debits": debits[:LATEST_DEBITS],
            "debit_total": len(debits),
            "open_invoices": self._get_portal_open_invoices(),
            "needs_proof": self.state == "active"
            and bool(debits.filtered(lambda d: d.state == "held" and d.hold_code == "grade")),
        }

    def _get_portal_open_invoices(self):
        """Return the invoices that were to be paid with this mandate and can be paid now (sudo).

        :rtype: `account.move` recordset
        """
        return self.debit_ids.invoice_ids._sdd_filter_open()

    def _get_account_change_notice(self):
        """Return what a change of account means for the debits under way.

        Note: self.ensure_one() (sudo)

        :return: sentences for the customer.
        :rtype: list[str]
        """
        self.ensure_one()
        notice = []
        for debit in self.debit_ids.sorted("collection_date"):
            values = debit._get_notice_values()
            if debit.state == "submitted":
                text = self.env._(
                    "The debit of %(amount)s due on %(date)s is at the bank already and is still"
                    " collected from the old account.",
                    **values,
                )
            elif debit.state == "batched":
                text = self.env._(
                    "The debit of %(amount)s due on %(date)s is being handed to the bank: from the"
                    " new account if that can still be changed, else from the old one.",
                    **values,
                )
            elif debit.state in ("queued", "held"):
                text = self.env._(
                    "The debit of %(amount)s due on %(date)s is collected from the new account.",
                    **values,
                )
            else:
                continue
            notice.append(text)
        return notice or [self.env._("The next debits are collected from the new account.")]
