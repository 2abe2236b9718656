"""More that is asked before debits go into a file: duplicates, addresses, the bank's limits."""

from odoo import fields, models
from odoo.tools import format_date

from ...sepa import const as sepa_const
from ...sepa import iban as sepa_iban
from .const import DUPLICATE_DAYS
from .sdd_debit_check import Finding


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    is_no_duplicate = fields.Boolean(
        string="Checked: no Duplicate",
        readonly=True,
        copy=False,
        help="Somebody has looked: the same amount of the same invoice is to be collected once more.",
    )

    def _get_preflight_checks(self):
        """Override to ask for duplicates, addresses and limits, too."""
        own = type(self)
        return [
            *super()._get_preflight_checks(),
            own._check_dormant,
            own._check_duplicates,
            own._check_foreign_accounts,
            own._check_amount_limits,
        ]

    # === MANDATES === #

    def _check_dormant(self):
        """Return the debits whose mandates lapse before the due date, if no job has ended them yet."""
        found = {}
        for debit in self:
            expiry = debit.mandate_id.expiry_date
            if expiry and expiry < debit.collection_date:
                reason = self.env._(
                    "Mandate %(mandate)s lapses on %(date)s, before the due date: nothing was"
                    " collected with it for 36 months. Ask the customer for a new one.",
                    mandate=debit.mandate_id.name,
                    date=format_date(self.env, expiry),
                )
                found[debit] = Finding("queued", reason, "dormant")
        return found

    # === DUPLICATES === #

    def _check_duplicates(self):
        """Return the debits of which a twin is at the bank, in a file, or settled recently.

        A twin has the same mandate, amount and invoice. Two instalments of one invoice are none:
        they collect different lines of it.
        """
        asked = self.filtered(lambda d: d.invoice_ids and not d.is_no_duplicate)
        if not asked:
            return {}
        twins = self._search_twins(asked)
        found = {}
        for debit in asked:
            same = twins.get((debit.mandate_id, debit.amount), ())
            if twin := next((other for other in same if debit._is_twin(other)), None):
                found[debit] = Finding("queued", debit._describe_twin(twin), "duplicate")
        return found

    def _search_twins(self, asked):
        """Return the debits that might be twins, by mandate and amount.

        :rtype: dict[tuple, `sdd.debit` recordset]
        """
        since = fields.Date.add(fields.Date.context_today(self), days=-DUPLICATE_DAYS)
        # In sudo mode: a debit of a mandate that the user may not see is a twin as well.
        others = self.sudo().search(
            [
                ("mandate_id", "in", asked.mandate_id.ids),
                "|",
                ("state", "in", ("batched", "submitted")),
                "&",
                ("state", "=", "settled"),
                ("settlement_date", ">=", since),
            ],
            order="id",
        )
        return others.grouped(lambda d: (d.mandate_id, d.amount))

    def _is_twin(self, other):
        """Return whether another debit of the same mandate and amount collects the same.

        Note: self.ensure_one()
        """
        # Of two in the same file the later one is the twin.
        if other.id == self.id or (self.state == "batched" == other.state and other.id > self.id):
            return False
        if not self.invoice_ids & other.invoice_ids:
            return False
        return (
            not self.move_line_ids
            or not other.move_line_ids
            or bool(self.move_line_ids & other.move_line_ids)
        )

    def _describe_twin(self, twin):
        """Return the sentence that a debit looks like another one.

        Note: self.ensure_one()
        """
        return self.env._(
            "The same amount of %(invoice)s is being collected or was collected with debit"
            " %(reference)s, due %(date)s.",
            invoice=self.invoice_names or "",
            reference=twin.end_to_end_id,
            date=format_date(self.env, twin.collection_date),
        )

    def action_confirm_no_duplicate(self):
        """Note that somebody has looked at these debits: they collect nothing twice."""
        self.check_access("write")
        self._write_state({"is_no_duplicate": True})

    # === ACCOUNTS OUTSIDE THE EEA === #

    def _check_foreign_accounts(self):
        """Return the debits whose banks, outside the EEA, ask for an address or a BIC.

        Source: EPC130-08, AT-P005 and AT-C002; EPC409-09.
        """
        found = {}
        for mandate, debits in self.grouped("mandate_id").items():
            if finding := mandate._find_missing_abroad():
                found.update(dict.fromkeys(debits, finding))
        return found

    # === LIMITS === #

    def _check_amount_limits(self):
        """Return the debits that are larger than any that their bank takes."""
        found = {}
        for journal, debits in self.grouped("journal_id").items():
            limit = journal._sdd_get_debit_limit()
            for debit in debits if limit else ():
                if debit.currency_id.compare_amounts(debit.amount, limit) > 0:
                    reason = self.env._(
                        "“%(bank)s” takes debits of at most %(limit)s from you.",
                        bank=journal.name,
                        limit=journal.sdd_currency_id.format(limit),
                    )
                    found[debit] = Finding("queued", reason, "limit")
        return found


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _find_missing_abroad(self):
        """Return what the file lacks for a debtor's bank outside the European Economic Area.

        Note: self.ensure_one()

        :rtype: Finding | None
        """
        self.ensure_one()
        country = (self._get_iban() or "")[:2]
        if country not in sepa_const.NON_EEA:
            return None
        partner = self.partner_id
        if not (partner.city and partner.country_id):
            reason = self.env._(
                "The bank of an account in %(country)s asks for the customer's town and country:"
                " complete the address of %(customer)s.",
                country=country,
                customer=partner.display_name,
            )
            return Finding("queued", reason, "address")
        if not self._get_bic():
            reason = self.env._(
                "An account in %(country)s needs a BIC: enter the bank of the account of mandate"
                " %(mandate)s.",
                country=country,
                mandate=self.name,
            )
            return Finding("queued", reason, "bic")
        return None

    def _get_bic(self):
        """Return the BIC of this mandate's account: as entered, else as its IBAN says.

        Note: self.ensure_one()

        :rtype: str | None
        """
        self.ensure_one()
        # In sudo mode: whoever makes a file need not see account numbers.
        account = self.bank_account_id.sudo()
        if account.bank_bic:
            return account.bank_bic
        try:
            return sepa_iban.check(account.sanitized_acc_number or "").bic
        except sepa_iban.IbanError:
            return None

    def _get_bic_for_file(self):
        """Return the BIC that the file names: within the EEA only one that somebody has entered.

        Note: self.ensure_one()

        :rtype: str | None
        """
        self.ensure_one()
        if (self._get_iban() or "")[:2] in sepa_const.NON_EEA:
            return self._get_bic()
        return self.bank_account_id.sudo().bank_bic or None
