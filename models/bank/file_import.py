"""What the importers of the bank's files share: finding debits, collecting findings."""

from abc import ABC, abstractmethod
from collections import Counter
from datetime import timedelta
from decimal import Decimal

from odoo import Command

from ...sepa import iban as sepa_iban
from . import const, facts
from .lookup import DebitLookup


class FileImport(ABC):
    """Carries one file through: reads with `sepa`, collects, then books in a few large steps.

    :param message: the `sdd.bank.message` record (sudo) that the file belongs to.
    :param bytes content: the file.
    """

    def __init__(self, message, content):
        self.message = message
        self.content = content
        self.env = message.env
        self.company = message.company_id
        self.findings = []
        self.noted = Counter()
        self.debits = self.env["sdd.debit"]
        self.batches = self.env["sdd.batch"]
        self.descriptions = {}
        self.open_days = {}
        self.lookup = DebitLookup(self.company)

    @abstractmethod
    def run(self):
        """Read the file and book what it says, then call `finish`."""

    def add_finding(self, code, where="", about=None, **params):
        """Note something that the accountant should know.

        :param about: the entry, detail or status that it is about, if any: its amount and
            references help to find the debit by hand.
        """
        self.noted[code] += 1
        if self._get_surplus(code):
            return
        self.findings.append(
            {
                "code": code,
                "params": {k: str(v) for k, v in params.items()},
                "where": where,
                "facts": facts.of(about) if about is not None else {},
            }
        )

    def _get_surplus(self, code):
        """Return how many findings of a kind were not kept, as there were too many."""
        is_quiet = code in const.QUIET_FINDINGS
        kept = const.QUIET_FINDINGS_KEPT if is_quiet else const.FINDINGS_KEPT
        return max(self.noted[code] - kept, 0)

    def note_surplus(self):
        """Say in a finding of its own that not all findings were kept."""
        for code in list(self.noted):
            surplus = self._get_surplus(code)
            if surplus and code in const.QUIET_FINDINGS:
                self.add_finding("more", count=surplus)
            elif surplus and "many" not in self.noted:
                # Without their number: a file that is read on has the same finding then.
                self.add_finding("many", kept=const.FINDINGS_KEPT)

    def add_reader_findings(self, findings):
        """Take over what the reader of the file found."""
        for finding in findings:
            self.add_finding(finding.code, finding.where, **finding.params)

    def get_open_day(self, journal, day, code):
        """Return the first day from `day` on at which something may be booked, and say so if later.

        :param str code: of the finding when the day is in a locked period.
        """
        if (journal, day) not in self.open_days:
            locks = journal.company_id._get_violated_lock_dates(day, False, journal)
            self.open_days[journal, day] = locks[-1][0] + timedelta(days=1) if locks else day
            if locks:
                self.add_finding(code, date=day, used=self.open_days[journal, day])
        return self.open_days[journal, day]

    def record_returns(self, returns):
        """Write one `sdd.return` for each debit that came back in this file.

        :param dict returns: {debit: {kind, reason (`sepa.reasons.Reason`), booking_date, fee}}.
        """
        codes = {
            item["reason"].code
            for item in returns.values()
            if item["reason"] and item["reason"].code
        }
        reasons = self.env["sdd.reason"].search([("code", "in", list(codes))]).grouped("code")
        records = self.env["sdd.return"].create(
            [
                {
                    "debit_id": debit.id,
                    "kind": item["kind"],
                    "message_id": self.message.id,
                    "reason_code": item["reason"]
                    and (item["reason"].code or item["reason"].proprietary),
                    "reason_id": reasons[item["reason"].code].id
                    if item["reason"] and item["reason"].code in reasons
                    else False,
                    "reason_text": item["reason"]
                    and sepa_iban.mask_in_text(item["reason"].text or ""),
                    "booking_date": item["booking_date"],
                    "amount": debit.amount,
                    "fee": float(item.get("fee") or Decimal(0)) + debit.separate_fee,
                }
                for debit, item in returns.items()
            ]
        )
        records._react()

    def describe_reason(self, reason):
        """Return a reason in words: the table's meaning, else what the bank wrote.

        :param reason: `sepa.reasons.Reason` or None.
        :rtype: str
        """
        if reason not in self.descriptions:
            self.descriptions[reason] = self._describe_new_reason(reason)
        return self.descriptions[reason]

    def _describe_new_reason(self, reason):
        """Look a reason up that this file has not brought before."""
        if reason is None:
            return self.env._("The bank gave no reason.")
        known = self.env["sdd.reason"]._find(reason.code)
        text = reason.code or reason.proprietary or reason.text or ""
        return known.display_name or sepa_iban.mask_in_text(text)

    def finish(self, **values):
        """Write the outcome on the message."""
        self.note_surplus()
        (self.batches | self.debits.batch_id)._note_answered()
        self.debits._note_reversed()
        self.message._finish(
            self.findings,
            debit_ids=[Command.link(debit.id) for debit in self.debits],
            batch_ids=[Command.link(batch.id) for batch in self.batches | self.debits.batch_id],
            **values,
        )
