"""Which debit or invoice a finding may be about, and booking the one that a person chooses."""

from typing import Any, NamedTuple

from odoo import models
from odoo.exceptions import UserError
from odoo.fields import Domain
from odoo.tools import escape_psql

from ...sepa import names
from . import const, transfers
from .hand_assignment import HandAssignment


class Candidate(NamedTuple):
    """A debit or an open invoice item that a finding may be about.

    `record` is an `sdd.debit` or an `account.move.line`, `why` a short sentence in the user's
    language, `strength` 1 to 100.
    """

    record: Any
    why: str
    strength: int


class SddBankFinding(models.Model):
    _inherit = "sdd.bank.finding"

    # === CANDIDATES === #

    def _get_candidates(self, limit=20):
        """Return what this finding may be about, the best first.

        Note: self.ensure_one()

        :param int limit: how many at most.
        :rtype: list[Candidate]
        """
        self.ensure_one()
        self.check_access("read")
        found = self._get_debit_candidates()
        if self.direction == "credit":
            found += self._get_invoice_candidates()
        found.sort(key=lambda candidate: (-candidate.strength, -candidate.record.id))
        return found[:limit]

    def _get_fragments(self):
        """Return parts of a debit's reference that the bank may have left of it."""
        words = {self.end_to_end_id or ""} | transfers.numbers_in(self.remittance)
        return sorted((word for word in words if len(word) >= 5), key=len, reverse=True)[:8]

    def _get_debit_candidates(self):
        """Return the debits that this finding may be about."""
        self.ensure_one()
        domain = Domain.OR(
            [
                *(
                    Domain("end_to_end_id", "=ilike", f"%{escape_psql(fragment)}%")
                    for fragment in self._get_fragments()
                ),
                Domain("mandate_id.name", "=ilike", escape_psql(self.mandate_reference or "")),
                Domain("file_reference", "=ilike", escape_psql(self.mandate_reference or "")),
                self._get_amount_domain(),
            ]
        ) & Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("state", "in", const.STATES_AT_BANK),
                ("return_on_statement", "=", False),
            ]
        )
        if self.direction == "credit":
            domain &= Domain("settlement_date", "=", False)
        debits = self.env["sdd.debit"].search(domain, limit=200, order="collection_date desc")
        debits.fetch(["end_to_end_id", "amount", "partner_id", "mandate_id", "file_reference"])
        rated = ((debit, *self._rate_debit(debit)) for debit in debits)
        return [Candidate(*item) for item in rated if item[2]]

    def _get_amount_domain(self):
        """Return the domain of debits whose amount may be behind this one's."""
        amount = abs(self.amount)
        if not amount:
            return Domain.FALSE
        least = amount - const.MAX_RETURN_FEE if self.direction == "return" else amount
        return Domain([("amount", ">=", least - 0.001), ("amount", "<=", amount + 0.001)])

    def _rate_debit(self, debit):
        """Return why this finding may be about a debit, and how likely that is.

        :rtype: tuple[str, int]
        """
        reference = debit.end_to_end_id.upper()
        likeness = names.similarity(self.counterparty, debit.partner_id.name)
        same_amount = not self.currency_id.compare_amounts(abs(self.amount), debit.amount)
        fits = self.direction == "return" and abs(self.amount) >= debit.amount
        if any(part.upper() in reference for part in self._get_fragments()):
            return self.env._("The bank names the reference, or a part of it."), 95
        if self._is_mandate_of(debit):
            if same_amount or fits:
                return self.env._("Same mandate, and the amount fits."), 85
            return self.env._("Same mandate, another amount."), 45
        if likeness >= transfers.ALIKE and same_amount:
            return self.env._("Same amount and a similar name."), 70
        if likeness >= transfers.ALIKE and fits:
            return self.env._("A similar name, and the rest may be the bank's fee."), 60
        if same_amount:
            return self.env._("Same amount."), 30
        return "", 10 if fits and likeness >= 0.5 else 0

    def _is_mandate_of(self, debit):
        """Return whether the bank names this debit's mandate."""
        named = (self.mandate_reference or "").upper()
        known = {(debit.mandate_id.name or "").upper(), (debit.file_reference or "").upper()}
        return bool(named) and named in known

    def _get_invoice_candidates(self):
        """Return the open invoice items that incoming money may pay."""
        self.ensure_one()
        texts = list(transfers.numbers_in(self.remittance))
        domain = Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("move_id.move_type", "=", "out_invoice"),
            ]
        ) & (
            Domain("amount_residual", "=", self.amount)
            | Domain("move_id.name", "in", texts)
            | Domain("move_id.payment_reference", "in", texts)
        )
        lines = self.env["account.move.line"].search(domain, limit=200, order="date_maturity desc")
        rated = ((line, *self._rate_invoice(line)) for line in lines)
        return [Candidate(*item) for item in rated if item[2]]

    def _rate_invoice(self, line):
        """Return why incoming money may pay an open item, and how likely that is."""
        same_amount = not self.currency_id.compare_amounts(self.amount, line.amount_residual)
        if transfers.names_invoice(line.move_id, self.remittance):
            if same_amount:
                return self.env._("The transfer names the invoice, and the amount is right."), 98
            return self.env._("The transfer names the invoice; another amount is open."), 80
        likeness = names.similarity(self.counterparty, line.partner_id.name)
        if same_amount and likeness >= transfers.ALIKE:
            return self.env._("Same amount and a similar name."), 65
        return (self.env._("Same amount."), 25) if same_amount else ("", 0)

    # === ASSIGNMENT === #

    def _assign(self, records):
        """Book this finding on what a person has chosen, all of it or nothing.

        Money that came settles a debit (or several, when it is their sum) or pays an open invoice;
        money that left takes a debit back, and what is more than the debit is the bank's fee.

        Note: self.ensure_one()

        :param records: `sdd.debit` or receivable `account.move.line` recordset.
        :raise UserError: when the finding is closed or the amount does not fit.
        """
        self.ensure_one()
        self.check_access("write")
        records.check_access("read")
        # In sudo mode: assigning books entries that an accountant may not write by hand.
        finding = self.sudo()
        finding.lock_for_update()
        finding.invalidate_recordset(["state"])
        if finding.state != "open":
            raise UserError(self.env._("Somebody else has dealt with this meanwhile."))
        if not records or not finding.can_be_assigned:
            raise UserError(self.env._("This finding holds nothing that could be booked."))
        records = records.sudo()
        with self.env.cr.savepoint():
            HandAssignment(finding, records).run()
            if records._name == "sdd.debit":
                values, name = {"debit_id": records[:1].id}, "display_name"
            else:
                values, name = {"move_line_id": records[:1].id}, "move_name"
            names_of = ", ".join(records.mapped(name))
            finding._close("assigned", self.env._("Assigned to %s", names_of), **values)
