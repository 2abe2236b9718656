"""Debits that wait, what they wait for, and how they go on."""

from odoo import fields, models


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    hold_code = fields.Selection(
        [
            ("user", "Held by a person"),
            ("grade", "Better evidence"),
            ("b2b", "Confirmation to the customer's bank"),
            ("mandate", "The mandate to be active"),
            ("other", "Something to be looked at"),
        ],
        string="Waits for",
        readonly=True,
        copy=False,
        index="btree_not_null",
    )

    def _hold(self, code, reason):
        """Keep these debits out of the next files.

        :param str code: a value of `hold_code`: what they wait for.
        :param str reason: the same for people who read the list.
        """
        self._move_to("held", state_reason=reason, hold_code=code)

    def _release(self, code):
        """Queue those of these debits again that waited for this, unless something else is amiss.

        A due date that has passed moves to the next possible one.

        :param str code: a value of `hold_code`.
        :return: the debits that are queued again.
        :rtype: `sdd.debit` recordset
        """
        waiting = self.filtered(lambda d: d.state == "held" and d.hold_code == code)
        found = waiting._find_uncollectable()
        ready = waiting.filtered(lambda d: d not in found or found[d].state == "queued")
        ready._queue_again()
        return ready

    def _queue_again(self):
        """Queue held debits; a due date that has passed moves to the next possible one."""
        for debit in self:
            earliest = debit.journal_id._sdd_earliest_collection(notice=False)
            debit._move_to(
                "queued",
                state_reason=False,
                hold_code=False,
                collection_date=max(debit.collection_date, earliest),
            )

    def _hold_what_waits(self):
        """Hold those of these new debits that their mandates do not allow at once."""
        for debit, finding in self._find_uncollectable().items():
            if finding.state == "held" and debit.state == "queued":
                debit._hold(finding.code, finding.reason)


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _on_better_evidence(self):
        """Override to let the debits go that waited for it."""
        super()._on_better_evidence()
        # In sudo mode: a customer who confirms by a link has no rights on debits.
        debits = self.sudo().debit_ids
        for code in ("grade", "b2b"):
            debits._release(code)

    def _on_activated(self):
        """Override to let the debits go that waited for the mandate."""
        super()._on_activated()
        # In sudo mode: as above.
        self.sudo().debit_ids._release("mandate")

    def _take_over(self, old):
        """Override to collect what waits for the old mandate with this one."""
        super()._take_over(old)
        if old.commercial_partner_id != self.commercial_partner_id:
            return
        # In sudo mode: as above.
        waiting = old.sudo().debit_ids.filtered(lambda d: d.state in ("queued", "held"))
        waiting.mandate_id = self
        waiting._release("mandate")


class SddEvidenceLimit(models.Model):
    _inherit = "sdd.evidence.limit"

    def _on_changed(self):
        """Override to look at the debits that wait for a better grade again."""
        super()._on_changed()
        # In sudo mode: who sets the policy need not have rights on debits.
        waiting = (
            self.env["sdd.debit"]
            .sudo()
            .search([("hold_code", "=", "grade"), ("company_id", "in", self.company_id.ids)])
        )
        waiting._release("grade")
