"""Checks of the bank account. Its country opens and closes nothing."""

from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ...scoring import holder
from ...scoring.model import Signal
from ...sepa import iban as sepa_iban
from .risk_check import ALL_STAGES, ORDER_STAGES, Check

#: More records of one account say nothing new.
_MAX_ACCOUNTS = 50


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _get_checks(self):
        """Override to add the checks of the account."""
        own = type(self)
        return [
            *super()._get_checks(),
            Check("iban", ALL_STAGES, own._check_iban),
            Check("holder", ALL_STAGES, own._check_holder),
            Check("account", ORDER_STAGES, own._check_account),
        ]

    @api.model
    def _check_iban(self, subject, known):
        """Say whether the IBAN can exist, and whether its bank and account number look right."""
        if not subject.iban:
            return []
        try:
            facts = sepa_iban.check(subject.iban)
        except sepa_iban.IbanError:
            return [self._say("iban_invalid", True, "hard")]
        known.facts["iban"] = facts
        return [
            self._say("iban_invalid", False),
            *(
                self._say(code, code in facts.warnings, "soft")
                for code in ("bank_unknown", "national_check")
            ),
        ]

    @api.model
    def _check_holder(self, subject, known):
        """Compare the account holder with the customer, for a company with its own name as well."""
        if not subject.holder:
            return []
        names = [subject.name]
        if subject.is_company and subject.partner_id:
            # In sudo mode: a visitor of the shop reads no customers.
            partner = self.env["res.partner"].sudo().browse(subject.partner_id)
            names.append(partner.commercial_partner_id.name)
        found = [holder.compare(name, subject.holder) for name in names]
        ranks = (holder.MATCH, holder.CLOSE, holder.PARTLY, holder.DIFFERENT)
        value = next((rank for rank in ranks if rank in found), None)
        is_hit = value in (holder.PARTLY, holder.DIFFERENT)
        return [
            Signal("holder_match", value, "hit" if is_hit else "ok", "soft" if is_hit else "info")
        ]

    @api.model
    def _check_account(self, subject, known):
        """Look who gave this account before, under which names, and whether its bank blocked it."""
        if "iban" not in known.facts:
            return []
        rows = self._find_accounts(subject)
        known.facts["accounts"] = [row[0] for row in rows]
        own = self._get_owner_id(subject)
        others = [row for row in rows if row[1] != own and row[5]]
        own_rows = [row for row in rows if row[1] == own]
        first = min((row[4] for row in own_rows), default=None)
        return [
            self._say("account_blocked", any(row[3] for row in rows), "hard"),
            self._say("account_is_ours", any(row[6] for row in rows), "hard"),
            self._say("account_customers", len({row[1] for row in others})),
            self._say("account_other_names", self._count_other_names(subject, rows)),
            self._say(
                "account_days_known",
                None if first is None else max(0, (subject.now - first) // timedelta(days=1)),
            ),
        ]

    @api.model
    def _find_accounts(self, subject):
        """Return the records of the subject's account, in one query.

        :return: rows of id, commercial customer's id, holder, why it is blocked, when it was made,
            whether a mandate of this company names it, whether it is a company's own.
        """
        accounts = self.env["res.partner.bank"]
        self.env["sdd.mandate"].flush_model(["state", "bank_account_id"])
        accounts.flush_model(["iban_hash", "partner_id", "acc_holder_name", "sdd_blocked_reason"])
        return self.env.execute_query(
            SQL(
                "SELECT b.id, p.commercial_partner_id, COALESCE(b.acc_holder_name, p.name),"
                " b.sdd_blocked_reason, b.create_date,"
                " EXISTS (SELECT FROM sdd_mandate m WHERE m.bank_account_id = b.id"
                "  AND m.company_id = %(company)s AND m.state NOT IN ('draft', 'pending')),"
                " EXISTS (SELECT FROM res_company c WHERE c.partner_id = p.commercial_partner_id)"
                " FROM res_partner_bank b JOIN res_partner p ON p.id = b.partner_id"
                " WHERE b.iban_hash = %(hash)s AND (b.company_id IS NULL OR b.company_id = %(company)s)"
                " ORDER BY b.id LIMIT %(limit)s",
                hash=accounts._sdd_hash(subject.iban),
                company=subject.company_id,
                limit=_MAX_ACCOUNTS,
            )
        )

    @staticmethod
    def _count_other_names(subject, rows):
        """Return how many names that have nothing in common with the holder's this account had."""
        name = subject.holder or subject.name
        others = {
            "".join(sorted(holder.words(row[2])))
            for row in rows
            if row[5] and holder.is_other(name, row[2])
        }
        return len(others)

    @api.model
    def _get_owner_id(self, subject):
        """Return the id of the customer to whom accounts and debits belong: his company if he has one."""
        # In sudo mode: a visitor of the shop reads no customers.
        partner = self.env["res.partner"].sudo().browse(subject.partner_id)
        return partner.commercial_partner_id.id or 0
