"""Which debit the bank speaks of: by its reference, else by mandate, amount and day."""

from datetime import timedelta

from ...sepa.camt_model import ZERO
from . import const

#: How long after its due date a debit usually comes back at the latest (D+5 TARGET days).
_RETURN_DAYS = timedelta(days=10)


class DebitLookup:
    """Finds the debits of a company that a file names, a few queries for many of them.

    :param company: `res.company` record.
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self.by_reference = {}
        self.not_sent = {}
        self.by_mandate = {}

    def fetch(self, references, mandates=()):
        """Look up what has not been looked up yet.

        :param references: EndToEndIds, may hold None.
        :param mandates: pairs (EndToEndId, mandate reference); those whose EndToEndId finds nothing
            are looked up by their mandate.
        """
        references = {r for r in references if r} - self.by_reference.keys()
        if references:
            empty = self.env["sdd.debit"]
            self.by_reference.update(dict.fromkeys(references, empty))
            found = empty.search(
                [("end_to_end_id", "in", list(references)), ("company_id", "=", self.company.id)]
            )
            sent = found.filtered(lambda d: d.state in const.STATES_AT_BANK)
            self.by_reference.update({debit.end_to_end_id: debit for debit in sent})
            self.not_sent.update({debit.end_to_end_id: debit for debit in found - sent})
        wanted = {
            mandate.upper()
            for reference, mandate in mandates
            if mandate and not self.by_reference.get(reference)
        } - self.by_mandate.keys()
        if wanted:
            self._fetch_mandates(wanted)

    def _fetch_mandates(self, wanted):
        """Look up the debits of mandates; references are compared without regard to case."""
        self.by_mandate.update(dict.fromkeys(wanted, self.env["sdd.debit"]))
        self.env["sdd.debit"].flush_model(["file_reference", "mandate_id", "state"])
        self.env["sdd.mandate"].flush_model(["name"])
        self.env.cr.execute(
            """SELECT debit.id FROM sdd_debit debit JOIN sdd_mandate mandate ON mandate.id = debit.mandate_id
               WHERE debit.company_id = %s AND debit.state IN %s
                 AND (upper(mandate.name) IN %s OR upper(debit.file_reference) IN %s)
               ORDER BY debit.id""",
            [self.company.id, tuple(const.STATES_AT_BANK), tuple(wanted), tuple(wanted)],
        )
        debits = self.env["sdd.debit"].browse(row[0] for row in self.env.cr.fetchall())
        for debit in debits:
            for name in {debit.mandate_id.name, debit.file_reference} - {False}:
                if name.upper() in wanted:
                    self.by_mandate[name.upper()] |= debit

    def find(self, reference):
        """Return the debit with this EndToEndId that is at the bank; an empty one if there is none."""
        return self.by_reference.get(reference) or self.env["sdd.debit"]

    def find_by_mandate(self, mandate, amount, day=None, is_return=None):
        """Return the debit that the bank names by mandate and amount, if only one can be meant.

        :param str mandate: the mandate reference.
        :param Decimal amount: the amount of the debit, unsigned.
        :param date day: when it was due, or the day of the booking.
        :param bool is_return: whether it came back; None when the bank does not say.
        :rtype: `sdd.debit` record, possibly empty
        """
        none = self.env["sdd.debit"]
        if not mandate or amount is None:
            return none
        if mandate.upper() not in self.by_mandate:
            self._fetch_mandates({mandate.upper()})
        cents = round(abs(amount) * 100)
        found = self.by_mandate[mandate.upper()].filtered(lambda d: round(d.amount * 100) == cents)
        if is_return is not None and len(found) > 1:
            found = found.filtered(
                lambda d: not (d.return_on_statement if is_return else d.settlement_date)
            )
        if day and len(found) > 1:
            exact = found.filtered(lambda d: d.collection_date == day)
            found = exact or found.filtered(
                lambda d: ZERO <= (day - d.collection_date).days <= _RETURN_DAYS.days
            )
        return found if len(found) == 1 else none
