"""The screen on which a person says what a finding is about, one after the other."""

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import format_date

from . import const

#: What a search shows at most of each kind.
SEARCH_LIMIT = 15


class SddBankFinding(models.Model):
    _inherit = "sdd.bank.finding"

    # === ACTION METHODS === #

    def action_open_screen(self):
        """Look at this finding beside what it may be about; at the next open one if there is none."""
        return {
            "type": "ir.actions.client",
            "tag": "support_debit.assign_screen",
            "name": self.env._("Look at findings"),
            "params": {"finding_id": self[:1].id},
        }

    # === CALLED BY THE SCREEN === #

    @api.model
    def get_screen(self, finding_id=False, message_id=False, skipped=()):
        """Return what the screen shows.

        :param int finding_id: the finding to show; the next open one if omitted or closed.
        :param int message_id: only findings of this bank file.
        :param list skipped: ids that the person does not want to see now.
        :return: {finding: dict or False, candidates: list, left: how many are open}.
        :rtype: dict
        """
        self.check_access("read")
        domain = Domain("state", "=", "open")
        if message_id:
            domain &= Domain("message_id", "=", message_id)
        wanted = self.search(domain & Domain("id", "=", finding_id)) if finding_id else self
        finding = wanted or self.search(
            domain & Domain("id", "not in", list(skipped)), order="booking_date, id", limit=1
        )
        return {
            "finding": finding._present() if finding else False,
            "candidates": [self._present_candidate(*item) for item in finding._get_candidates()]
            if finding.can_be_assigned
            else [],
            "left": self.search_count(domain),
        }

    def search_records(self, text):
        """Return debits and open invoices that fit a text, as candidates.

        :param str text: a part of a name, reference or number, or an amount.
        :rtype: list[dict]
        """
        self.ensure_one()
        self.check_access("read")
        text = (text or "").strip()
        if not text:
            return []
        found = self._search_debits(text)
        if self.direction == "credit":
            found += self._search_invoice_items(text)
        return found

    def _search_debits(self, text):
        """Return the debits that fit a text, as candidates."""
        names = ("end_to_end_id", "partner_id.name", "mandate_id.name", "invoice_ids.name")
        domain = self._get_search_domain(text, names, "amount") & Domain(
            [("company_id", "=", self.company_id.id), ("state", "in", const.STATES_AT_BANK)]
        )
        debits = self.env["sdd.debit"].search(domain, limit=SEARCH_LIMIT)
        return [self._present_candidate(debit, "", 0) for debit in debits]

    def _search_invoice_items(self, text):
        """Return the open invoice items that fit a text, as candidates."""
        names = ("move_id.name", "partner_id.name", "ref")
        domain = self._get_search_domain(text, names, "amount_residual") & Domain(
            [
                ("company_id", "=", self.company_id.id),
                ("account_id.account_type", "=", "asset_receivable"),
                ("move_id.move_type", "=", "out_invoice"),
                ("parent_state", "=", "posted"),
                ("reconciled", "=", False),
            ]
        )
        lines = self.env["account.move.line"].search(domain, limit=SEARCH_LIMIT)
        return [self._present_candidate(line, "", 0) for line in lines]

    def assign_record(self, model, record_id):
        """Book this finding on what the person has chosen.

        :param str model: `sdd.debit` or `account.move.line`.
        :param int record_id: its id.
        :return: {text: what was done, model, id: what shows it}.
        :rtype: dict
        """
        self.ensure_one()
        if model not in ("sdd.debit", "account.move.line"):
            raise ValueError(f"Nothing is assigned to {model}.")
        record = self.env[model].browse(record_id)
        self._assign(record)
        shown = record if model == "sdd.debit" else record.move_id
        return {"text": self.closing_note, "model": shown._name, "id": shown.id}

    # === WHAT IT SHOWS === #

    @api.model
    def _get_search_domain(self, text, names, amount_name):
        """Return the domain of a text in any of these fields, or of an amount."""
        domain = Domain.OR(Domain(name, "ilike", text) for name in names)
        try:
            amount = float(text.replace("€", "").strip().replace(",", "."))
        except ValueError:
            return domain
        return domain | Domain(amount_name, "=", amount)

    def _present(self):
        """Return what the bank says, for the left side.

        Note: self.ensure_one()
        """
        self.ensure_one()
        reason = " ".join(filter(None, [self.reason_code, self.reason_text]))
        booked = self.booking_date or self.statement_line_id.date
        text = self.text
        if self.code == "unknown_debit" and not self.end_to_end_id:
            text = self.env._("The bank gives a debit back and does not say which one.")
        facts = [
            (self.env._("Booked"), booked and format_date(self.env, booked)),
            (self.env._("Name"), self.counterparty),
            (self.env._("Purpose"), self.remittance),
            (self.env._("Reference"), self.end_to_end_id),
            (self.env._("Mandate"), self.mandate_reference),
            (self.env._("Reason"), reason),
            (self.env._("Bank"), self.journal_id.name),
        ]
        return {
            "id": self.id,
            "text": text,
            "direction": self.direction,
            "amount": self.amount,
            "currency_id": self.currency_id.id,
            "facts": [[label, value] for label, value in facts if value],
            "message": {"id": self.message_id.id, "name": self.message_id.name},
            "can_be_assigned": self.can_be_assigned,
        }

    @api.model
    def _present_candidate(self, record, why, strength):
        """Return a debit or an open invoice item for the right side."""
        values = {"model": record._name, "id": record.id, "why": why, "strength": strength}
        if record._name == "sdd.debit":
            states = dict(record._fields["state"]._description_selection(self.env))
            return {
                **values,
                "kind": self.env._("Direct debit"),
                "name": record.partner_id.name,
                "amount": record.amount,
                "date": format_date(self.env, record.collection_date),
                "reference": record.end_to_end_id,
                "invoices": record.invoice_names,
                "status": states[record.state],
            }
        return {
            **values,
            "kind": self.env._("Invoice"),
            "name": record.partner_id.name,
            "amount": record.amount_residual,
            "date": format_date(self.env, record.date_maturity or record.date),
            "reference": record.move_id.name,
            "invoices": "",
            "status": self.env._("Open"),
        }


class SddBankMessage(models.Model):
    _inherit = "sdd.bank.message"

    def action_look_at(self):
        """Look at what this file left to a person, one finding after the other."""
        self.ensure_one()
        action = self.env["sdd.bank.finding"].action_open_screen()
        action["params"] = {"message_id": self.id}
        return action
