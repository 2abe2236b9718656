"""Accounts that a bank has reported closed, unknown or not to be debited: no new mandates for them."""

from odoo import fields, models

from ...sepa import iban as sepa_iban


class ResPartnerBank(models.Model):
    _inherit = "res.partner.bank"

    sdd_blocked_reason = fields.Char(
        string="No debits because",
        readonly=True,
        copy=False,
        help="What a bank said about this account. No mandate is given for it until that is lifted.",
    )
    sdd_blocked_date = fields.Date(string="No debits since", readonly=True, copy=False)

    def _sdd_block(self, reason):
        """Let no new mandate be given for these accounts, whoever has them.

        :param str reason: what the bank said.
        :return: the accounts that are blocked now and were not before (sudo).
        :rtype: `res.partner.bank` recordset
        """
        fresh = self._sdd_get_same().filtered(lambda account: not account.sdd_blocked_reason)
        fresh.write(
            {
                "sdd_blocked_reason": reason,
                "sdd_blocked_date": fields.Date.context_today(self),
            }
        )
        return fresh

    def _sdd_unblock(self):
        """Let mandates be given for these accounts again."""
        blocked = self._sdd_get_same().filtered("sdd_blocked_reason")
        blocked.write({"sdd_blocked_reason": False, "sdd_blocked_date": False})

    def _sdd_get_same(self):
        """Return all records of these accounts: two customers may share one (sudo)."""
        # In sudo mode: the number is compared by its keyed hash, none is shown.
        accounts = self.sudo()
        hashes = [value for value in accounts.mapped("iban_hash") if value]
        return accounts | accounts.with_context(active_test=False).search(
            [("iban_hash", "in", hashes)]
        )

    def _sdd_get_blocked(self):
        """Return why nothing can be debited from some of these accounts.

        :return: {keyed hash of the IBAN: what the bank said}, for the blocked ones only.
        :rtype: dict[str, str]
        """
        blocked = self._sdd_get_same().filtered("sdd_blocked_reason") if self else self
        return {account.iban_hash: account.sdd_blocked_reason for account in blocked}

    def _sdd_is_blocked(self, iban):
        """Return whether an account with this IBAN is blocked; what is no IBAN is not.

        :param str iban: as typed.
        """
        try:
            number = sepa_iban.validate(iban or "")
        except sepa_iban.IbanError:
            return False
        # In sudo mode: a visitor of the shop learns no more than that he must choose another.
        return bool(
            self.sudo()
            .with_context(active_test=False)
            .search_count(
                [("iban_hash", "=", self._sdd_hash(number)), ("sdd_blocked_reason", "!=", False)],
                limit=1,
            )
        )

    def _sdd_get_block_message(self):
        """Return what somebody is told who enters a blocked account."""
        return self.env._(
            "Direct debits from this account came back from its bank. Please enter another account."
        )
