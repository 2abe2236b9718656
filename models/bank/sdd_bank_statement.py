from datetime import timedelta

from odoo import api, fields, models

from ...sepa import continuity
from .transfers import cents

#: How far around new statements their neighbours are looked at.
_AROUND = timedelta(days=62)


class SddBankStatement(models.Model):
    """One statement as the bank sent it: its days, number and balances, also without entries."""

    _name = "sdd.bank.statement"
    _description = "Statement of the Bank"
    _order = "end_date desc, number desc, id desc"
    _check_company_auto = True

    name = fields.Char(readonly=True)
    message_id = fields.Many2one(
        "sdd.bank.message", required=True, readonly=True, index=True, ondelete="cascade"
    )
    journal_id = fields.Many2one("account.journal", string="Bank", required=True, readonly=True)
    company_id = fields.Many2one(related="journal_id.company_id", store=True, index=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    kind = fields.Char(string="Format", readonly=True)
    number = fields.Integer(readonly=True, help="The bank's number; 0 when it has none.")
    start_date = fields.Date(required=True, readonly=True)
    end_date = fields.Date(required=True, readonly=True)
    opening = fields.Monetary(readonly=True)
    closing = fields.Monetary(readonly=True)

    _days_index = models.Index("(journal_id, end_date)")

    @api.model
    def _note(self, message, journal, statement):
        """Keep what a statement says of itself; the same one again is passed over.

        :param message: `sdd.bank.message` record it came with.
        :param journal: `account.journal` record.
        :param statement: `sepa.camt.Statement`.
        :return: the new record, empty without balances or when it is known.
        :rtype: `sdd.bank.statement` record
        """
        end = statement.closing_date or statement.to_date
        if None in (statement.opening_balance, statement.closing_balance, end):
            return self.browse()
        number = statement.sequence_number or ""
        values = {
            "journal_id": journal.id,
            "start_date": min(statement.opening_date or statement.from_date or end, end),
            "end_date": end,
            "opening": float(statement.opening_balance),
            "closing": float(statement.closing_balance),
        }
        known = self.search([(name, "=", value) for name, value in values.items()], limit=1)
        # Formats differ in the day of the opening balance.
        if known or self._find_twins(message, journal, statement):
            return self.browse()
        return self.create(
            {
                **values,
                "name": statement.id,
                "message_id": message.id,
                "kind": message.kind[:8],
                "number": int(number) if number.isdecimal() and len(number) < 10 else 0,
            }
        )

    @api.model
    def _find_twins(self, message, journal, statement):
        """Return the same statement in other files: same last day, same balances.

        In one format the same statement has the same name, too; two formats name it differently.
        """
        day = statement.closing_date or statement.to_date
        opening, closing = statement.opening_balance, statement.closing_balance
        if None in (opening, closing, day):
            return self.browse()
        domain = [
            ("journal_id", "=", journal.id),
            ("end_date", "=", day),
            ("opening", "=", float(opening)),
            ("closing", "=", float(closing)),
            ("message_id", "!=", message.id),
        ]
        kind = message.kind[:8]
        return self.search(domain).filtered(
            lambda s: s.name == statement.id or (s.kind != kind and opening != closing)
        )

    def _check_continuity(self, job):
        """Note gaps around these statements, and close findings of gaps that are filled now.

        :param job: the `FileImport` that has brought them.
        """
        for journal, statements in self.grouped("journal_id").items():
            around = statements._get_neighbours(journal)
            found = {
                (item.key, item.code): item
                for item in continuity.breaks(around.mapped(self._as_period))
            }
            known = self.env["sdd.bank.finding"].search([("bank_statement_id", "in", around.ids)])
            healed = known.filtered(
                lambda f, found=found: (f.bank_statement_id.id, f.code) not in found
            )
            healed._close("dismissed", self.env._("The statement that was missing has arrived."))
            said = {(f.bank_statement_id.id, f.code) for f in known - healed}
            for key, item in found.items():
                if key not in said:
                    about = {"bank_statement_id": item.key}
                    job.add_finding(item.code, "", about, **item.params)

    def _get_neighbours(self, journal):
        """Return these statements and those of the account around them."""
        first = min(self.mapped("start_date")) - _AROUND
        last = max(self.mapped("end_date")) + _AROUND
        own = [("journal_id", "=", journal.id)]
        found = self.search([*own, ("end_date", ">=", first), ("end_date", "<=", last)])
        before = self.search([*own, ("end_date", "<", first)], limit=1)
        after = self.search([*own, ("end_date", ">", last)], order="end_date, id", limit=1)
        return found | before | after

    @staticmethod
    def _as_period(statement):
        """Return what the comparison needs to know."""
        return continuity.Period(
            key=statement.id,
            start=statement.start_date,
            end=statement.end_date,
            opening=cents(statement.opening),
            closing=cents(statement.closing),
            kind=statement.kind or "",
            number=statement.number or None,
        )
