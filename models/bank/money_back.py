"""What stands on the other side of a statement line with which money went back."""

from decimal import Decimal

from ...sepa.camt import Detail
from . import const
from .transfers import cents


class MoneyBack:
    """The part of `Counterparts` for debits that came back and what the bank takes for it."""

    def _is_back(self, detail, debit):
        """Return whether a debit went back, for whatever reason and however the bank marks it.

        Many banks give no mark: all that left is more than the debit then. A customer who is sent
        money by transfer, and the bank's own charge, are none.
        """
        if detail.is_return:
            return True
        if detail.amount is None or detail.amount >= 0:
            return False
        unmarked = not self.entry.is_charge and not self.entry.is_transfer
        is_all = unmarked and -detail.amount >= cents(debit.amount)
        return is_all or bool(debit.reversal_ids)

    def _add_return(self, detail, debit):
        """A debit went back: to the receivable, or out of transit when that was booked before."""
        if debit.return_on_statement or debit in self.direct_returns:
            self._add_separate_fee(detail, debit)
            return
        fee = self._get_fee(detail, debit)
        if not 0 <= fee <= const.MAX_RETURN_FEE:
            self._note_impossible(detail, debit)
            return
        self._add(self.journal.sdd_fee_account_id, fee)
        day = self.job.get_day(self.entry)
        debit.write({"return_on_statement": True, "return_statement_date": day})
        self.came_back.append(debit)
        if debit.state in ("rejected", "returned"):
            self.transit[debit.batch_id] -= cents(debit.amount)
            debit.return_ids.fee = float(fee) + debit.separate_fee
            self.job.debits |= debit
            return
        self.direct_returns[debit] = self.job.note_return(debit, self.entry, detail, fee)
        self.items += debit._prepare_statement_receivable()

    def _add_unnamed_returns(self):
        """Debits went back in one sum that names none: those that were announced, if they fit."""
        if not self.entry.is_return or self.entry.details:
            return
        counts = [batch.count for batch in self.entry.batches]
        count = sum(counts) if counts and None not in counts else None
        debits = self.job.env["sdd.return"]._find_collective(
            self.journal,
            self.job.get_day(self.entry),
            -self.entry.amount,
            count,
            shown=self.job.settled,
        )
        if debits:
            self._add_returns(debits)
        else:
            self.job.add_finding(
                "collective_return",
                self.entry.where,
                self.entry,
                amount=-self.entry.amount,
                count=count or "",
            )

    def _add_returns(self, debits):
        """Debits went back in one sum; what is more than they were is the bank's fee."""
        total = sum(cents(debit.amount) for debit in debits)
        fee = -self.entry.amount - total
        if not 0 <= fee <= const.MAX_RETURN_FEE * len(debits) or any(
            debits.mapped("return_on_statement")
        ):
            self._note("impossible_amount", self.entry, debits[0].end_to_end_id, amount=total + fee)
            return
        # One debit bears the fee itself; how it spreads over several is not known.
        own_fee = fee if len(debits) == 1 else Decimal(0)
        self._add(self.journal.sdd_fee_account_id, fee - own_fee)
        for debit in debits:
            amount = -cents(debit.amount) - own_fee
            self._add_return(Detail(amount=amount, is_return=True), debit)

    def _add_reversal(self):
        """Money that we have given back ourselves went in one sum.

        :return: whether the entry is that.
        """
        named = (*self.entry.batches, *self.entry.details)
        references = [n.message_id for n in named] + [n.payment_information_id for n in named]
        if not any(references) or not self.job.has_reversals():
            return False
        reversal = self.job.env["sdd.reversal"]._find_by_reference(self.journal, references)
        debits = reversal.debit_ids.filtered(lambda d: not d.return_on_statement)
        if not debits or cents(sum(debits.mapped("amount"))) != -self.entry.amount:
            return False
        for debit in debits:
            self.transit[debit.batch_id] -= cents(debit.amount)
        debits.write(
            {"return_on_statement": True, "return_statement_date": self.entry.booking_date}
        )
        self.job.debits |= debits
        return True

    def _get_fee(self, detail, debit):
        """Return what the bank took: booked less collected.

        Banks fill the fields for charges in every possible way, so they are not asked. Where the
        detail repeats the amount collected, the fee is only in the entry's own amount.

        :rtype: Decimal
        """
        booked = self.entry.amount if len(self.entry.details) == 1 else detail.amount
        if booked is None:
            return Decimal(0)
        return abs(booked) - cents(debit.amount)

    def _add_separate_fee(self, detail, debit):
        """A bank's charge for a return, booked as an entry of its own that names the debit."""
        amount = -(detail.amount if detail.amount is not None else self.entry.amount)
        if not 0 < amount <= const.MAX_RETURN_FEE or (
            detail.is_return and amount >= cents(debit.amount)
        ):
            self._note("already_returned", detail, debit.end_to_end_id)
            return
        self._add(self.journal.sdd_fee_account_id, amount)
        self.came_back.append(debit)
        self.job.debits |= debit
        self.job.note_separate_fee(debit, amount)
