"""Money that customers send by themselves: which open invoice it is for."""

import re
from decimal import Decimal

from ...sepa import names

#: Words of a purpose that may be the number of an invoice: they have a digit.
_NUMBER = re.compile(r"[A-Z0-9][A-Z0-9/\-._]*\d[A-Z0-9/\-._]*", re.IGNORECASE)
_SEPARATORS = re.compile(r"[^A-Z0-9]")
#: Names that have less in common than this are those of two people.
ALIKE = 0.75


def cents(amount):
    """Return an amount of the database as the Decimal that it stands for."""
    return Decimal(f"{amount:.2f}")


def bare(text):
    """Return a reference without blanks and separators, in capitals."""
    return _SEPARATORS.sub("", (text or "").upper())


def numbers_in(text):
    """Return the words of a purpose that may be invoice numbers."""
    return {match.strip("./-_") for match in _NUMBER.findall(text or "")}


def names_invoice(move, text, reference=None):
    """Return whether a purpose or a structured reference names an invoice.

    Blanks and separators are ignored, for banks break lines where they like; a number that goes on
    with other digits is another number.

    :param move: `account.move` record.
    :param str text: the purpose.
    :param str reference: the structured reference, if any.
    """
    wanted = {bare(name) for name in (move.name, move.payment_reference) if name}
    wanted = {name for name in wanted if len(name) >= 4 and re.search(r"\d", name)}
    if reference and bare(reference) in wanted:
        return True
    written = bare(text)
    return any(re.search(rf"(?<!\d){re.escape(name)}(?!\d)", written) for name in wanted)


def prepare_payment(line, amount):
    """Return the values of the item with which a statement line pays an open invoice item.

    :param line: receivable `account.move.line` record.
    :param Decimal amount: what is paid of it.
    :rtype: dict
    """
    return {
        "name": line.move_name,
        "account_id": line.account_id.id,
        "partner_id": line.partner_id.id,
        "balance": -float(amount),
        "amount_currency": -float(amount),
    }


class Transfers:
    """Finds the invoices that the incoming transfers of a file pay.

    :param job: the `StatementImport` that reads the file.
    """

    def __init__(self, job):
        self.job = job
        self.env = job.env
        self.by_amount = {}
        self.by_number = {}
        self.taken = set()

    def look_up(self, details):
        """Fetch the open items of these amounts and the invoices of these numbers, in two queries.

        :param details: `sepa.camt.Detail` list of money that came.
        """
        amounts = {d.amount for d in details if d.amount and d.amount > 0} - self.by_amount.keys()
        self.by_amount.update((amount, []) for amount in amounts)
        for line in self._search_open_items(amounts) if amounts else ():
            self.by_amount[cents(line.amount_residual)].append(line)
        numbers = {n for d in details for n in numbers_in(d.remittance)} - self.by_number.keys()
        self.by_number.update(dict.fromkeys(numbers))
        for move in self._search_invoices(numbers) if numbers else ():
            for name in numbers & {move.name, move.payment_reference}:
                self.by_number[name] = move

    def _search_open_items(self, amounts):
        return self.env["account.move.line"].search(
            [
                ("company_id", "=", self.job.company.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
                ("amount_residual", "in", [float(amount) for amount in amounts]),
                ("move_id.move_type", "=", "out_invoice"),
            ],
            order="date_maturity, id",
        )

    def _search_invoices(self, numbers):
        return self.env["account.move"].search(
            [
                ("company_id", "=", self.job.company.id),
                ("state", "=", "posted"),
                ("move_type", "=", "out_invoice"),
                "|",
                ("name", "in", list(numbers)),
                ("payment_reference", "in", list(numbers)),
            ]
        )

    def find(self, detail):
        """Return the open item that a credit pays without doubt; what is in doubt becomes a finding.

        :param detail: `sepa.camt.Detail` of money that came.
        :rtype: `account.move.line` record, possibly empty
        """
        options = [line for line in self.by_amount.get(detail.amount, ()) if line not in self.taken]
        named = [
            line
            for line in options
            if names_invoice(line.move_id, detail.remittance, detail.creditor_reference)
        ]
        if len(named) == 1:
            self.taken.add(named[0])
            return named[0]
        self._note_doubt(detail, options)
        return self.env["account.move.line"]

    def _note_doubt(self, detail, options):
        """Leave money to a person that may be for an invoice."""
        numbers = numbers_in(detail.remittance)
        move = next((self.by_number[n] for n in numbers if self.by_number.get(n)), None)
        sender = detail.debtor_name or detail.ultimate_debtor_name
        alike = [
            line for line in options if names.similarity(sender, line.partner_id.name) >= ALIKE
        ]
        if move:
            under_way = "submitted" in move.sdd_debit_ids.mapped("state")
            code = "transfer_in_collection" if under_way else "transfer_amount"
            self.job.add_finding(code, detail.where, detail, invoice=move.name)
        elif alike:
            self.job.add_finding(
                "transfer_alike", detail.where, detail, invoice=alike[0].move_name or ""
            )

    def match(self, pairs):
        """Reconcile items of statement lines with the invoice items that they pay.

        :param list pairs: of `account.move.line` records.
        """
        self.env["sdd.debit"]._match([item + line for item, line in pairs])
