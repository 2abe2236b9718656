"""Files to and from the demo's bank, with the days on which they are said to have travelled."""

from datetime import datetime, time, timedelta
from decimal import Decimal

from ..sepa import references, target
from . import bank_answers
from .company import IBAN
from .dates import at, backdate

#: What is on the account before the first statement.
OPENING = Decimal("18420.55")
#: What the bank takes for a return, in EUR.
RETURN_FEE = Decimal("4.50")


class BankDesk:
    """Makes batches, hands them over and imports the bank's answers.

    :param company: `res.company` record.
    """

    def __init__(self, company):
        self.company = company
        self.env = company.env
        self.journal = company.sdd_journal_id
        self.account = bank_answers.Account(IBAN, OPENING)
        self.waiting = {}
        self.count = 0

    def open_books(self, day):
        """Book the balance that the bank's first statement starts with.

        :param date day: the day before the first statement.
        """
        accounts = self.env["account.account"]
        equity = accounts.search(
            [("code", "=", "9000"), ("company_ids", "in", self.company.ids)], limit=1
        )
        equity = equity or self.company.get_unaffected_earnings_account()
        amount = float(OPENING)
        self.env["account.move"].create(
            {
                "move_type": "entry",
                "date": day,
                "ref": "Opening balance",
                "company_id": self.company.id,
                "line_ids": [
                    (0, 0, {"account_id": self.journal.default_account_id.id, "debit": amount}),
                    (0, 0, {"account_id": equity.id, "credit": amount}),
                ],
            }
        ).action_post()

    # === FILES TO THE BANK === #

    def make_batch(self, debits, due, made):
        """Put debits into a batch without its file.

        :param debits: queued `sdd.debit` records.
        :param date due: the due date, a TARGET day.
        :param date made: when the batch was made.
        :rtype: `sdd.batch` record in draft
        """
        debits.write({"collection_date": due})
        number = self.env["ir.sequence"].next_by_code("sdd.batch")
        batch = self.env["sdd.batch"].create(
            {
                "name": references.message_id(
                    self.company.sdd_reference_prefix, at(made, 8, 5), number
                ),
                "journal_id": self.journal.id,
                "scheme": "CORE",
                "sequence_type": "RCUR",
                "creditor_identifier": self.company.sdd_creditor_identifier,
                "collection_date": due,
            }
        )
        debits._move_to("batched", batch_id=batch.id)
        backdate(batch, at(made, 8, 5))
        return batch

    def submit(self, debits, due):
        """Bring debits to the bank on the TARGET day before they are due.

        :rtype: `sdd.batch` record at the bank
        """
        sent = target.add_target_days(due, -1)
        batch = self.make_batch(debits, due, sent)
        batch.action_generate()
        batch._move_to("submitted", submitted_date=at(sent, 8, 20), handover_state="delivered")
        debits._submit(batch, date=sent)
        return batch

    # === FILES FROM THE BANK === #

    def answer(self, batch, refused=None, group_reason=None):
        """Import the bank's pain.002 to a batch, a quarter of an hour after it was sent.

        :param dict refused: `{debit: reason code}`.
        :param str group_reason: the reason for which the whole file is refused.
        """
        refused = refused or {}
        moment = batch.submitted_date + timedelta(minutes=15)
        results = [(debit.end_to_end_id, refused.get(debit)) for debit in batch.debit_ids]
        content = bank_answers.status_report(self._file(batch), moment, results, group_reason)
        return self._take(f"pain.002-{batch.name}.xml", content, moment)

    def expect_credit(self, batch):
        """Let the next statement of the due date credit what the bank has taken of a batch."""
        debits = batch.debit_ids.filtered(lambda debit: debit.state == "submitted")
        total = sum((self._amount(debit) for debit in debits), Decimal(0))
        if total:
            file = self._file(batch)
            self.expect(
                batch.collection_date,
                amount=total,
                text=f"SEPA-LASTSCHRIFTEN SAMMLER {batch.name}",
                code=bank_answers.BATCH_CREDIT,
                file=bank_answers.File(
                    file.message_id, file.payment_information_id, len(debits), total
                ),
            )

    def expect_return(self, debit, day, reason, notice=False):
        """Let a debit come back on a day; `notice`: a camt.054 announces it the same day."""
        amount = self._amount(debit)
        values = {
            "text": f"RUECKLASTSCHRIFT {debit.remittance}",
            "code": bank_answers.RETURN,
            "end_to_end_id": debit.end_to_end_id,
            "mandate_id": debit.mandate_id.name,
            "name": debit.mandate_id.holder,
            "iban": debit.mandate_id._get_iban(),
            "reason": reason,
        }
        if notice:
            self.expect(day, amount=-amount, original=amount, notice=True, **values)
        return self.expect(day, amount=-amount - RETURN_FEE, original=amount, **values)

    def expect_transfer(self, invoice, day):
        """Let a customer transfer what is open on an invoice."""
        return self.expect(
            day,
            amount=Decimal(f"{invoice.amount_residual:.2f}"),
            text=f"Rechnung {invoice.name}",
            code=bank_answers.TRANSFER,
            name=invoice.partner_id.name,
        )

    def expect(self, day, notice=False, **values):
        """Put a line on the statement of a day, and return its reference."""
        self.count += 1
        line = bank_answers.Line(reference=f"HH{day:%y%m%d}{self.count:05d}", **values)
        notices, lines = self.waiting.setdefault(target.next_target_day(day), ([], []))
        (notices if notice else lines).append(line)
        return line.reference

    def take_statements(self, until):
        """Import what the bank has sent up to a day, day by day.

        :param date until: the last booking date.
        :rtype: `sdd.bank.message` recordset
        """
        messages = self.env["sdd.bank.message"]
        for day in sorted(day for day in self.waiting if day <= until):
            notices, lines = self.waiting.pop(day)
            moment = datetime.combine(day, time(18, 45))
            if notices:
                content = self.account.notification(day, notices)
                messages |= self._take(f"camt.054-{day:%Y%m%d}.xml", content, moment)
            content = self.account.statement(day, lines)
            moment += timedelta(minutes=40)
            messages |= self._take(f"camt.053-{day:%Y%m%d}.xml", content, moment)
        return messages

    def take_file(self, name, content, moment):
        """Import any other file from the bank."""
        return self._take(name, content, moment)

    def match_transfer(self, reference, invoice):
        """Match the statement line of a transfer with its invoice, as an accountant does."""
        line = self.env["account.bank.statement.line"].search(
            [("sdd_entry_key", "=", reference), ("journal_id", "=", self.journal.id)]
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        if not suspense:
            return  # The transfer names the invoice, so it was matched by itself.
        receivable = invoice._get_sdd_open_lines()
        line.partner_id = invoice.partner_id
        suspense.write(
            {"account_id": receivable.account_id.id, "partner_id": invoice.commercial_partner_id.id}
        )
        (suspense + receivable).reconcile()

    def _take(self, name, content, moment):
        """Import a file and date its message."""
        message = self.env["sdd.bank.message"].import_file(self.journal, name, content)
        backdate(message, moment)
        return message

    @staticmethod
    def _amount(debit):
        """Return a debit's amount as money."""
        return Decimal(f"{debit.amount:.2f}")

    @staticmethod
    def _file(batch):
        """Return what the bank knows of a batch."""
        return bank_answers.File(
            batch.name,
            references.payment_information_id(batch.name, 1),
            batch.debit_count,
            Decimal(f"{batch.amount_total:.2f}"),
        )
