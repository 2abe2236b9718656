"""What the debtor's bank is told of a changed mandate in the next collection: EPC130-08, AT-T015."""

from odoo import api, models

from ...sepa import creditor_id, pain008
from ...sepa import iban as sepa_iban


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _get_amendment(self, events):
        """Return what the bank must be told of these changes, all of them seen as one.

        What counts is the oldest value of each kind, the one that the bank has seen last; what was
        changed and changed back is no change.

        Note: self.ensure_one() (sudo)

        :param events: `sdd.mandate.event` records of kind `amended`.
        :rtype: `sepa.pain008.Amendment` | None
        """
        self.ensure_one()
        original = {}
        for event in events.sorted("number"):
            for key, value in (event.data or {}).items():
                if key.startswith("old_"):
                    original.setdefault(key.removeprefix("old_"), value)
        reference = original.get("reference")
        identifier = original.get("identifier")
        creditor = original.get("creditor")
        amendment = pain008.Amendment(
            original_mandate_id=reference
            if reference and reference.upper() != self.name.upper()
            else None,
            # The business code is no part of the creditor's identity: EPC262-08.
            original_creditor_id=identifier
            if identifier and not creditor_id.same_creditor(identifier, self.creditor_identifier)
            else None,
            original_creditor_name=creditor
            if creditor and creditor != self.creditor_name
            else None,
            **self._get_account_amendment(original),
        )
        return amendment if amendment != pain008.Amendment() else None

    def _get_account_amendment(self, original):
        """Return how the bank is told of another account: by the old IBAN, or by SMNDA.

        The old IBAN is told within a bank only; to another bank it says nothing.

        Note: self.ensure_one() (sudo)

        :param dict original: `iban_hash` and `account_id` of the account that the bank knows.
        :rtype: dict of arguments of `sepa.pain008.Amendment`
        """
        current = self.bank_account_id.sanitized_acc_number
        known = original.get("iban_hash")
        if not known or not current or known == self.env["res.partner.bank"]._sdd_hash(current):
            return {}
        account = self.env["res.partner.bank"].browse(original.get("account_id")).exists()
        number = account.sanitized_acc_number or ""
        # A record whose number somebody has overwritten no longer says what the bank knows.
        if account._sdd_hash(number) == known and self._is_same_bank(number, current):
            return {"original_iban": number}
        return {"same_mandate_new_account": True}

    @api.model
    def _is_same_bank(self, first, second):
        """Return whether two IBANs name the same country and bank code.

        :param str first: an IBAN.
        :param str second: another one.
        :rtype: bool
        """
        banks = [
            (facts.country, facts.bank_code)
            for number in (first, second)
            if (facts := sepa_iban.partial(number).facts)
        ]
        return len(banks) == 2 and banks[0] == banks[1] and bool(banks[0][1])
