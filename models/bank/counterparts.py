"""What stands on the other side of one line of a bank statement."""

from collections import defaultdict
from decimal import Decimal

from ...sepa.camt import Detail
from . import const
from .money_back import MoneyBack
from .transfers import cents, prepare_payment


class Counterparts(MoneyBack):
    """Decides what stands on the other side of one statement line.

    :param job: the `StatementImport` that reads the file.
    :param journal: the bank journal.
    :param entry: the `sepa.camt.Entry`.
    """

    def __init__(self, job, journal, entry):
        self.job = job
        self.journal = journal
        self.entry = entry
        self.batches = job.env["sdd.batch"]
        self.direct_returns = {}
        self.transit = defaultdict(Decimal)
        self.came_back = []
        self.payments = []
        self.items = []
        self.noted_before = len(job.findings)

    def build(self):
        """Return the values of the journal items that balance the entry's amount."""
        matched, unknown = False, []
        for detail in self.entry.details:
            if debit := self.job.find_debit(detail, self.entry):
                matched = True
                self._add_detail(detail, debit)
            else:
                unknown.append(detail)
        if not matched and self.entry.amount > 0:
            self._add_batches()
            self._add_transfers()
        if matched or self.entry.amount >= 0 or not self._add_reversal():
            self._note_unknown(unknown, matched)
            self._add_unnamed_returns()
        self._add_transit()
        self._note_unexplained()
        self._add_rest()
        return self.items

    @property
    def is_ours(self):
        """Whether the entry is about debits or invoices, or a person has to look at it."""
        suspense = self.journal.suspense_account_id.id
        return self.is_noted or any(item["account_id"] != suspense for item in self.items)

    @property
    def is_noted(self):
        """Whether something about this entry is left to a person."""
        return len(self.job.findings) > self.noted_before

    def build_for(self, debit):
        """Return the journal items for the only detail of the entry, whose debit is known.

        What does not fit is a finding of the job.
        """
        (detail,) = self.entry.details
        self._add_detail(detail, debit)
        self._add_transit()
        return self.items

    def build_for_sum(self, debits):
        """Return the journal items for debits that came back in one sum.

        What does not fit is a finding of the job.
        """
        self._add_returns(debits)
        self._add_transit()
        return self.items

    def _add_detail(self, detail, debit):
        """The bank speaks of a debit: it came back, or money came for it or was charged for it."""
        if self._is_back(detail, debit):
            self._add_return(detail._replace(is_return=True), debit)
        elif detail.amount is not None:
            self._add_collection(detail, debit)

    def _note_unknown(self, details, matched):
        """Leave what names no debit of ours to a person.

        :param details: those for which no debit was found.
        :param bool matched: the entry has other details that name debits of ours.
        """
        for detail in details:
            is_part = matched and self.entry.is_collection and (detail.amount or 0) > 0
            if detail.is_return or is_part:
                self.job.note_unknown(detail)

    def _add_transit(self):
        """Clear the account in transit, batch by batch."""
        for batch, amount in self.transit.items():
            self.batches |= batch
            # Banks of a company mostly share the account, but need not.
            account = (batch.journal_id or self.journal).sdd_transit_account_id
            self._add(account, -amount, sdd_batch_id=batch.id)

    def _add(self, account, amount, **values):
        """Add a journal item; `amount` is positive on the debit side."""
        if amount:
            value = float(amount)
            self.items.append(
                {"account_id": account.id, "balance": value, "amount_currency": value, **values}
            )

    def _note(self, code, about, reference, **params):
        """Leave something to a person."""
        self.job.add_finding(code, about.where, about, reference=reference, **params)

    def _note_impossible(self, detail, debit):
        """Leave an amount that does not fit the debit to a person."""
        amount = detail.amount if detail.amount is not None else self.entry.amount
        self._note("impossible_amount", detail, debit.end_to_end_id, amount=amount)

    # === MONEY THAT CAME === #

    def _add_collection(self, detail, debit):
        """A single debit was credited; money that left and names a debit is a fee for it."""
        if detail.amount < 0 and self.entry.is_transfer:
            self._note_impossible(detail, debit)
        elif detail.amount < 0:
            self._add_separate_fee(detail, debit)
        elif self._is_shown(debit):
            self._note("already_settled", detail, debit.end_to_end_id)
        elif detail.amount != cents(debit.amount) or not debit.batch_id:
            self._note_impossible(detail, debit)
        else:
            self.transit[debit.batch_id] += detail.amount
            self.job.note_settled(debit, self.entry)

    def _add_batches(self):
        """Whole files or blocks were credited in one sum each, gross or less what was rejected."""
        credited = self.job.env["sdd.debit"]
        # Some banks name the file only in the details, once for the whole sum.
        for source in (self.entry.batches, self.entry.details):
            for named in source if not credited else ():
                batch = self.job.find_batch(named, self.journal)
                debits = batch._get_block_debits(named.payment_information_id)
                if debits - credited:
                    amounts = [self.entry.amount] if len(source) == 1 else []
                    amounts += [] if named.amount is None else [named.amount]
                    credited |= self._add_batch(batch, debits, amounts or [self.entry.amount])

    def _add_batch(self, batch, debits, amounts):
        """A file or a block of it was credited, all of it or what is left of it.

        :param debits: the debits that the bank names: all of the batch or those of a block.
        :param list[Decimal] amounts: what may have come for them, the likeliest first: some banks
            repeat what the file asked for beside what is left of it.
        :return: the debits that this credit stands for, settled before or not.
        """
        if batch.state in ("draft", "generated"):
            self._note("not_sent", self.entry, batch.name)
        elif not debits.filtered(self._is_waiting) and debits.filtered(self._is_shown):
            self._note("already_settled", self.entry, batch.name)
        else:
            for amount in amounts:
                if found := self._find_part(batch, debits, amount):
                    part, covered = found
                    self.transit[batch] += amount
                    self.job.note_settled(covered, self.entry)
                    self._note_explained()
                    return part
            self._note("batch_sum_mismatch", self.entry, batch.name, amount=amounts[0])
        return debits

    def _note_explained(self):
        """All of the entry is known: that the bank repeats another sum beside it is no matter."""
        if sum(self.transit.values()) == self.entry.amount:
            self.job.explained.add(self.entry.where)

    def _is_shown(self, debit):
        """Return whether a statement has shown the money of a debit."""
        return bool(debit.settlement_date) or debit in self.job.settled

    def _is_waiting(self, debit):
        """Return whether a debit is at the bank and no statement has shown its money."""
        return debit.state == "submitted" and not self._is_shown(debit)

    def _find_part(self, batch, debits, amount):
        """Return the debits that a credit stands for: all that are named, or one block of them.

        Many banks credit block by block, but name the file only.

        :return: the debits named, and those of them whose money is in the amount.
        :rtype: tuple[`sdd.debit`, `sdd.debit`] | None
        """
        parts = [debits]
        if debits == batch.debit_ids:
            blocks = batch._get_blocks().values()
            parts += [block for block in blocks if not block.filtered(self._is_shown)]
        for part in parts:
            for covered in self._get_covered(part):
                if covered and amount == cents(sum(covered.mapped("amount"))):
                    return part, covered
        return None

    def _get_covered(self, debits):
        """Return what a bank may credit of a file or a block: gross, or less what it refused.

        Just what has not come back; or less what was refused before, though some of that may have
        come back meanwhile, if the bank's files arrive in another order; or all of it.
        """
        unseen = debits.filtered(lambda d: not self._is_shown(d))
        sent = unseen.filtered(lambda d: d.state != "rejected")
        return sent.filtered(lambda d: d.state == "submitted"), sent, unseen

    def _add_transfers(self):
        """A customer has sent money by himself: it pays the open invoice that he names."""
        if self.transit or self.entry.is_collection or self.entry.is_return:
            return
        whole = Detail(amount=self.entry.amount, remittance=self.entry.additional_info or "")
        for detail in self.entry.details or (whole._replace(where=self.entry.where),):
            line = self.job.transfers.find(detail)
            if line:
                self.payments.append((len(self.items), line))
                self.items.append(prepare_payment(line, detail.amount))

    # === WHAT IS LEFT === #

    def _note_unexplained(self):
        """Money of direct debits that fits none of ours is left to a person."""
        if self.entry.is_collection and not self.items and not self.is_noted:
            self.job.add_finding(
                "unknown_credit", self.entry.where, self.entry, amount=self.entry.amount
            )

    def _add_rest(self):
        """What the details do not explain: fees of a collective return, else a person's work."""
        rest = -self.entry.amount - sum(cents(item["balance"]) for item in self.items)
        all_known = self.came_back and len(self.came_back) == len(self.entry.details)
        if all_known and 0 < rest <= const.MAX_RETURN_FEE * len(self.came_back):
            self._add(self.journal.sdd_fee_account_id, rest)
        else:
            self._add(self.journal.suspense_account_id, rest)
