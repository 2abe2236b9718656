"""How personal data leaves a mandate that need not be kept any longer.

Reference, dates, amounts and the kinds of what happened stay; they name nobody.
"""

from odoo import fields, models


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _erase_personal_data(self, reason):
        """Erase what need not be kept any longer. Done twice it changes nothing.

        Running mandates are left alone, and so is what has to be kept; see `_get_hold_reasons`.

        :param str reason: why, for the history of the mandates.
        :return: the mandates of which something was erased.
        :rtype: `sdd.mandate` recordset
        """
        erased = self.browse()
        # In sudo mode: who may erase is decided by the caller. Tracking would keep old values.
        for mandate in self.sudo().with_context(tracking_disable=True):
            held = mandate._get_hold_reasons()
            parts = [
                part
                for part in ("evidence", "account")
                if not held[part] and not mandate[f"{part}_erased_date"]
            ]
            if parts:
                mandate._erase_parts(parts, reason)
                erased |= mandate
        return erased.with_env(self.env)

    def _erase_parts(self, parts, reason):
        """Erase parts of this mandate (sudo).

        Note: self.ensure_one()

        :param list parts: of `evidence` and `account`.
        :param str reason: see `_erase_personal_data`.
        """
        self.ensure_one()
        now = fields.Datetime.now()
        others = self.browse()
        if "account" in parts:
            self.write({"holder": self.env._("(erased)"), "account_erased_date": now})
            others = self._erase_account()
        if "evidence" in parts:
            self.write(
                {
                    "text_shown": False,
                    "contact_email": False,
                    "end_reason": False,
                    "evidence_erased_date": now,
                }
            )
            self._erase_files()
        # What is left of the mandate is bound anew by the event, so it comes last.
        events = self.event_ids.filtered(lambda e: e.data and e.kind != "erased")
        if "evidence" in parts and events:
            events._erase(reason)
        else:
            self._log_event("erased", {"reason": reason, "events": []})
        if others:
            others._log_event("erased", {"reason": reason, "events": []})

    def _erase_account(self):
        """Erase the account's number unless another mandate still needs it (sudo).

        Note: self.ensure_one()

        :return: other mandates that named the same account and are erased already.
        :rtype: `sdd.mandate` recordset
        """
        account = self.bank_account_id
        others = account.sdd_mandate_ids - self
        if others.filtered(lambda mandate: not mandate.account_erased_date):
            return self.browse()
        account._sdd_erase_numbers()
        # Accounts that the customer's mandates named before they were changed.
        family = self.search([("commercial_partner_id", "=", self.commercial_partner_id.id)])
        if all(family.mapped("account_erased_date")):
            former = account.with_context(active_test=False).search(
                [
                    ("partner_id", "child_of", self.commercial_partner_id.id),
                    ("sdd_protected", "=", True),
                    ("sdd_mandate_ids", "=", False),
                ]
            )
            former._sdd_erase_numbers()
        return others

    def _erase_files(self):
        """Erase the files and messages of this mandate (sudo).

        Note: self.ensure_one()
        """
        attachments = self.env["ir.attachment"].search(
            [("res_model", "=", self._name), ("res_id", "=", self.id)]
        )
        attachments.unlink()
        self.message_ids.unlink()
        self.activity_ids.unlink()
