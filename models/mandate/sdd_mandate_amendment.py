"""How a mandate changes and stays the same mandate: another account, creditor or reference.

The debtor's bank is told of it in the next collection (EPC016-06 4.7.2 and AT-24). Another debtor
is never an amendment: whoever pays from then on must give a mandate of his own.
"""

from typing import NamedTuple

from odoo import api, models
from odoo.exceptions import LockError, UserError

from ...sepa import charset
from ...sepa import iban as sepa_iban
from .const import AMENDABLE_STATES


class Obstacle(NamedTuple):
    """Why an account cannot take the place of a mandate's: a code, and a sentence for people.

    `holder`: the account is somebody else's, so that a new mandate is needed.
    """

    code: str
    reason: str


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    # === ACCOUNT === #

    def amend_bank_account(self, bank_account, evidence=None):
        """Collect from another account of the same debtor from now on.

        The bank is told with the next debit. The grade of the mandate's evidence counts anew from
        this change on: who agreed to one account has not agreed to another.

        Note: self.ensure_one()

        :param bank_account: `res.partner.bank` record of the debtor or his company.
        :param dict evidence: what proves that the debtor wants it; JSON values. `evidence` may hold
            the code of a `sdd.evidence.kind`, by default `staff_entry`.
        :return: the event (sudo).
        :rtype: `sdd.mandate.event` record
        :raise UserError: for an account that cannot be debited with this mandate.
        :raise AccessError: when the user may not write the mandate.
        """
        self.ensure_one()
        self.check_access("write")
        evidence = dict(evidence or {})
        code = evidence.pop("evidence", None) or "staff_entry"
        self._check_evidence_code(code)
        self._lock_for_amendment()
        # In sudo mode: account numbers take part, the right to the mandate was checked.
        mandate, account = self.sudo(), bank_account.sudo()
        if obstacle := mandate._find_account_obstacle(
            account.sanitized_acc_number, account.acc_holder_name, account.partner_id
        ):
            raise UserError(obstacle.reason)
        old = mandate.bank_account_id
        facts = {
            **self._mask_evidence(evidence),
            "evidence": code,
            "change": "account",
            **self._describe_account(old, "old"),
            **self._describe_account(account, "new"),
        }
        # What is bound by the event is written first; a B2B mandate is confirmed bank by bank.
        self._write_state({"bank_account_id": account.id, "bank_confirmed_date": False})
        event = self._log_event("amended", facts)
        self._on_account_changed()
        return event

    def _find_account_obstacle(self, number, holder="", owner=None):
        """Return why an account cannot take the place of this mandate's, None if it can.

        Note: self.ensure_one()

        :param str number: the IBAN as typed.
        :param str holder: the account holder; empty when he is not known.
        :param owner: the `res.partner` that the account belongs to, if it is in the system.
        :rtype: Obstacle | None
        """
        self.ensure_one()
        if not self._is_amendable():
            reason = self.env._(
                "Mandate %s has ended; the customer must give a new one.", self.name
            )
            return Obstacle("ended", reason)
        try:
            iban = sepa_iban.check(number or "").iban
        except sepa_iban.IbanError as error:
            return Obstacle("iban", self.env["res.partner.bank"]._sdd_error_message(error))
        if owner and owner.commercial_partner_id != self.commercial_partner_id:
            return Obstacle("holder", self._get_holder_refusal(owner.display_name))
        # In sudo mode: numbers are compared, none is shown.
        if iban == self.sudo().bank_account_id.sanitized_acc_number:
            reason = self.env._("This is the account of mandate %s already.", self.name)
            return Obstacle("same", reason)
        accounts = self.env["res.partner.bank"]
        if accounts._sdd_is_blocked(iban):
            return Obstacle("blocked", accounts._sdd_get_block_message())
        if holder and not self._is_holder(holder):
            return Obstacle("holder", self._get_holder_refusal(holder))
        return None

    def _get_holder_refusal(self, holder):
        """Return the sentence that refuses the account of somebody else.

        Note: self.ensure_one()

        :param str holder: whose account it is.
        :rtype: str
        """
        return self.env._(
            "The account belongs to %(other)s, mandate %(mandate)s was given by %(holder)s. Another"
            " account holder must give a new mandate.",
            other=holder,
            mandate=self.name,
            holder=self.holder,
        )

    def _is_holder(self, name):
        """Return whether a name is another spelling of this mandate's account holder.

        Upper and lower case, umlauts, the order of the words and what is no letter do not count.

        Note: self.ensure_one()

        :param str name: an account holder's name.
        :rtype: bool
        """
        known = {self.holder or "", self.sudo().bank_account_id.acc_holder_name or ""} - {""}
        spellings = set().union(*map(self._spell, known)) if known else set()
        return bool(self._spell(name) & spellings)

    @staticmethod
    def _spell(name):
        """Return the ways in which a bank may write a name, comparable with each other."""
        return {
            tuple(sorted("".join(c if c.isalnum() else " " for c in text).casefold().split()))
            for text in (charset.to_sepa(name, variant, 140) for variant in ("de", "epc"))
        }

    @api.model
    def _describe_account(self, account, prefix):
        """Return what an event may say about an account: mask, record, keyed hash (sudo).

        :param account: `res.partner.bank` record, may be empty.
        :param str prefix: `old` or `new`.
        :rtype: dict
        """
        if not account:
            return {}
        number = account.sanitized_acc_number
        return {
            f"{prefix}_iban": sepa_iban.mask(number),
            f"{prefix}_account_id": account.id,
            f"{prefix}_iban_hash": account._sdd_hash(number),
        }

    @api.model
    def _mask_evidence(self, evidence):
        """Return the evidence with every account number in its texts masked.

        What the customer read is kept byte for byte: our own identifier looks like an IBAN, too.
        """
        return {
            key: sepa_iban.mask_in_text(value)
            if isinstance(value, str) and key != "text_shown"
            else value
            for key, value in evidence.items()
        }

    def _on_account_changed(self):
        """Hook: the next debits of this mandate go to another account, on other evidence.

        Note: self.ensure_one()
        """
        self._on_better_evidence()
        if self.waits_for_bank and self.partner_id.email:
            self._remind_of_bank()

    # === IN COMMON === #

    def _is_amendable(self):
        """Return whether this mandate can change.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return self.state in AMENDABLE_STATES

    def _check_amendable(self):
        """Raise a UserError when one of these mandates has ended."""
        if ended := self.filtered(lambda m: not m._is_amendable()):
            raise UserError(
                self.env._(
                    "These mandates have ended, their customers must give new ones: %s.",
                    ", ".join(ended[:10].mapped("name")),
                )
            )

    def _lock_for_amendment(self):
        """Keep others from changing these mandates or sending a file with them meanwhile."""
        try:
            self.lock_for_update()
        except LockError as error:
            raise UserError(
                self.env._(
                    "The mandate is being used by somebody else just now, perhaps for a bank file."
                    " Please try again in a moment."
                )
            ) from error

    @api.model
    def _log_amendments(self, facts):
        """Log a change of each mandate, with data of its own.

        :param dict facts: {mandate: data of its event}.
        :return: the events (sudo).
        :rtype: `sdd.mandate.event` recordset
        """
        # In sudo mode: nobody has the right to write history by hand.
        return (
            self.env["sdd.mandate.event"]
            .sudo()
            .create(
                [
                    {"mandate_id": mandate.id, "kind": "amended", "data": data}
                    for mandate, data in facts.items()
                ]
            )
        )
