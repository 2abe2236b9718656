"""The proof pack: what a bank wants to see when a debtor says that he has authorised nothing."""

from datetime import timedelta

from babel.dates import format_datetime, get_timezone
from dateutil.relativedelta import relativedelta
from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import format_amount, format_date
from odoo.tools.misc import babel_locale_parse
from pytz import UTC

from ..const import DEFAULT_TIME_ZONE
from ..sepa import iban as sepa_iban

#: A Core debit is refunded without a reason for so long (EPC016-06 4.3.4) ...
REFUND_WEEKS = 8
#: ... and claimed as unauthorised for so long (directive (EU) 2015/2366, article 71).
CLAIM_MONTHS = 13
#: Debits on the cover; all of them stand in the list of debits.
MAX_COVER_DEBITS = 5
#: Debits that have moved money, or tried to.
PRESENTED = ("submitted", "settled", "rejected", "returned")


class ReportSddProofPack(models.AbstractModel):
    """The letter to the bank and what it sums up; the lists are in the files beside."""

    _name = "report.support_debit.report_sdd_proof_pack"
    _description = "Proof Pack of a Mandate"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the mandates and a function that gathers what is printed about one.

        :param list docids: ids of `sdd.mandate`.
        :param dict data: not used.
        :rtype: dict
        :raise AccessError: for customers; the pack shows who of the staff did what.
        """
        if not self.env.su and not self.env.user.has_group("support_debit.group_support_user"):
            raise AccessError(self.env._("Proof packs are printed by the staff only."))
        mandates = self.env["sdd.mandate"].browse(docids)
        mandates.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "sdd.mandate",
            "docs": mandates,
            "get_pack": self._get_pack,
        }

    @api.model
    def _get_pack(self, mandate):
        """Return everything that the pack of one mandate shows, as texts and lists of texts.

        :param mandate: `sdd.mandate` record, as the user who prints.
        :rtype: dict
        """
        form = self.env["report.support_debit.report_sdd_mandate"]
        iban = form._get_clear_iban(mandate)
        # In sudo mode: the pack gathers from all rooms; the right to the mandate was checked.
        reader, mandate = mandate, mandate.sudo()
        lang = form._get_language(mandate)
        events = mandate.event_ids.sorted("number")
        finding = mandate._verify()
        concerned = self._get_concerned_debits(mandate)
        return {
            "mandate": mandate,
            "form_mandate": mandate.with_context(lang=lang),
            "form_lang": lang,
            "form": form._get_facts(mandate.with_context(lang=lang), iban, copy=True),
            "printed": self._format_moment(mandate, fields.Datetime.now()),
            "printed_date": format_date(self.env, fields.Date.context_today(self)),
            "iban": sepa_iban.group(iban) if iban else mandate.iban_masked,
            "masked": not iban,
            "bank": mandate.company_id.sdd_journal_id.bank_id.name or "",
            "concerned": [self._get_debit_row(mandate, debit) for debit in concerned],
            "more_debits": len(self._get_presented_debits(mandate)) > len(concerned),
            "claimed": bool(self._get_claimed_debits(mandate)),
            "deadlines": self._get_deadlines(mandate, concerned),
            "summary": self._get_summary(mandate, concerned, finding),
            "finding": finding and finding[1],
            "text": form._get_text(mandate),
            "scanned": "signature_scan" in events.mapped("evidence_code"),
            **self._get_history(mandate, events, finding),
            "amendments": self._get_amendments(reader, events),
            "files": self._get_files(mandate),
            **self._get_money(mandate),
        }

    # === DEBITS ON THE COVER === #

    @api.model
    def _get_presented_debits(self, mandate):
        """Return the debits that the debtor's bank may have seen, the latest first."""
        return mandate.debit_ids.filtered(lambda debit: debit.state in PRESENTED).sorted(
            lambda debit: (debit.collection_date, debit.id), reverse=True
        )

    @api.model
    def _get_claimed_debits(self, mandate):
        """Return the debits that the debtor has claimed back: no mandate, or he disputes it."""
        return self._get_presented_debits(mandate).filtered(
            lambda debit: debit.return_ids.reason_class in ("mandate", "dispute")
        )

    @api.model
    def _get_concerned_debits(self, mandate):
        """Return the debits that the cover names: the claimed ones, else the latest."""
        debits = self._get_claimed_debits(mandate) or self._get_presented_debits(mandate)
        return debits[:MAX_COVER_DEBITS]

    @api.model
    def _get_deadlines(self, mandate, debits):
        """Return the periods that matter, as (what, until when).

        :param debits: the debits on the cover.
        :rtype: list[tuple[str, str]]
        """
        rows = [
            (
                self.env._("Copy of the mandate"),
                self.env._("By the day that your bank names in its request"),
            )
        ]
        if not debits:
            return rows
        latest = max(debit.settlement_date or debit.collection_date for debit in debits)
        if mandate.scheme == "CORE":
            rows.append(
                (
                    self.env._("Refund without giving a reason (8 weeks from the debit)"),
                    self._say_period(latest + timedelta(weeks=REFUND_WEEKS)),
                )
            )
        rows.append(
            (
                self.env._("Claim of an unauthorised debit (13 months from the debit)"),
                self._say_period(latest + relativedelta(months=CLAIM_MONTHS)),
            )
        )
        return rows

    @api.model
    def _say_period(self, end):
        """Return whether a period still runs, for the latest debit on the cover."""
        date = format_date(self.env, end)
        if end < fields.Date.context_today(self):
            return self.env._("Ended on %s for the latest of these debits", date)
        return self.env._("Runs until %s for the latest of these debits", date)

    # === SUMMARY === #

    @api.model
    def _get_summary(self, mandate, debits, finding):
        """Return in four sentences why the debits were authorised, or what is missing for that.

        :param debits: the debits on the cover.
        :param finding: what `_verify` has found, None when all is well.
        :rtype: list[str]
        """
        return [
            self._say_given(mandate),
            self._say_checked(mandate, finding),
            self._say_told(mandate, debits),
            self._say_purpose(mandate, debits),
        ]

    @api.model
    def _say_given(self, mandate):
        """Return who authorised whom, when and how."""
        event = self.env["report.support_debit.report_sdd_mandate"]._get_best_evidence(mandate)
        params = {
            "holder": mandate.holder,
            "creditor": mandate.creditor_name or mandate.company_id.name,
            "date": format_date(self.env, mandate.signature_date) or "–",
            "reference": mandate.name,
            "evidence": self._get_evidence_name(event),
        }
        if not event:
            return self.env._(
                "%(holder)s gave %(creditor)s mandate %(reference)s on %(date)s; it was entered by"
                " the creditor, and no evidence of the debtor's own is on record.",
                **params,
            )
        return self.env._(
            "%(holder)s authorised %(creditor)s on %(date)s with mandate %(reference)s to collect by"
            " SEPA direct debit; the evidence is “%(evidence)s”.",
            **params,
        )

    @api.model
    def _say_checked(self, mandate, finding):
        """Return what the check of the history has found."""
        count = len(mandate.event_ids)
        if finding:
            return self.env._(
                "The history has %(count)s entries; when it was checked for this document, a change"
                " was found: %(finding)s",
                count=count,
                finding=finding[1],
            )
        return self.env._(
            "Each of the %(count)s entries of its history is bound to the one before by a SHA-256"
            " hash; when this document was made, the history was complete and unchanged.",
            count=count,
        )

    @api.model
    def _say_told(self, mandate, debits):
        """Return whether the mandate was valid when it was used, and the debtor told before."""
        if not debits:
            return self.env._("No debit has been presented with this mandate so far.")
        late = debits.filtered(
            lambda debit: mandate.end_date and mandate.end_date < debit.collection_date
        )
        if late:
            return self.env._(
                "The mandate ended on %(end)s; the debit due on %(due)s came after that.",
                end=format_date(self.env, mandate.end_date),
                due=format_date(self.env, late[0].collection_date),
            )
        told = debits.filtered("prenotification_date")
        return self.env._(
            "The mandate was in force on the due date of every debit named here, and the debtor was"
            " told amount and date in advance of %(told)s of %(count)s of them (section 6).",
            told=len(told),
            count=len(debits),
        )

    @api.model
    def _say_purpose(self, mandate, debits):
        """Return what was paid for, and that it was provided."""
        invoices = debits.invoice_ids or mandate.debit_ids.invoice_ids
        orders = invoices.line_ids.sale_line_ids.order_id or self._get_orders(mandate)
        subscriptions = invoices._get_support_subscriptions()
        started = [s.start_date for s in subscriptions if s.start_date]
        if started:
            return self.env._(
                "The debits are for support that %(customer)s ordered (%(orders)s) and that has"
                " been provided since %(date)s (section 7).",
                customer=mandate.partner_id.name or mandate.holder,
                orders=", ".join(orders.mapped("name")[:5]) or "–",
                date=format_date(self.env, min(started)),
            )
        return self.env._(
            "The invoices and orders that the debits paid are listed in section 7: %(count)s"
            " invoices.",
            count=len(mandate.debit_ids.invoice_ids),
        )

    # === FORMATS === #

    @api.model
    def _format_moment(self, mandate, moment):
        """Return a time in the creditor's zone and in UTC.

        :param datetime moment: UTC, without a zone; may be empty.
        :rtype: str
        """
        if not moment:
            return ""
        zone = mandate.company_id.partner_id.tz or DEFAULT_TIME_ZONE
        locale = babel_locale_parse(self.env.lang or "en_US")
        local = format_datetime(UTC.localize(moment), "short", get_timezone(zone), locale)
        return f"{local} {zone} ({moment:%Y-%m-%d %H:%M:%S} UTC)"

    @api.model
    def _format_amount(self, mandate, amount):
        return format_amount(self.env, amount, mandate.company_id.currency_id)
