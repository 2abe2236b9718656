"""Marks of what was judged: who comes again with the same account, address or browser."""

import hashlib
import hmac
import ipaddress
from datetime import timedelta
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from ...scoring import plausibility
from .signals_behaviour import WINDOWS

#: After this time marks are forgotten: the longest window is 30 days.
KEEP_DAYS = 31
#: How many marks of one kind are looked at: more would say nothing new, and cost time.
MAX_MARKS = 100
#: Marks from the near future count as well: clocks of two machines differ.
CLOCK_MINUTES = 5


class MarkCount(NamedTuple):
    """How often a mark was seen: other occasions, other customers, other accounts beside it."""

    times: int
    customers: int
    accounts: int


class RiskMark(models.Model):
    """A keyed hash by which assessments are counted: the same account, address or browser again."""

    _name = "risk.mark"
    _description = "Mark of an Assessment"
    _log_access = False
    _order = "id desc"

    assessment_id = fields.Many2one(
        "risk.assessment", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one("res.company", required=True, readonly=True)
    partner_id = fields.Many2one("res.partner", readonly=True)
    kind = fields.Char(required=True, readonly=True)
    mark = fields.Char(required=True, readonly=True, groups=fields.NO_ACCESS)
    account_mark = fields.Char(readonly=True, groups=fields.NO_ACCESS)
    occasion = fields.Char(
        readonly=True, help="The order or invoice: judged twice, it still counts once."
    )
    date = fields.Datetime(required=True, readonly=True)

    _mark_date = models.Index("(mark, date DESC)")
    _date_index = models.Index("(date)")

    @api.model
    def _get_marks(self, subject):
        """Return the marks by which a subject is recognised; what is not known has none.

        :param scoring.subject.Subject subject: what is asked about.
        :return: {kind: keyed hash}; kinds are iban, email, phone, address, ip, session.
        :rtype: dict[str, str]
        """
        texts = {
            "email": plausibility.email_key(subject.email),
            "phone": plausibility.phone_key(subject.phone, subject.country_code),
            "address": plausibility.address_key(
                subject.street, subject.zip_code, subject.country_code
            ),
            "ip": self._get_network(subject.ip_address),
            "session": subject.session,
        }
        marks = {kind: self._hash(kind, text) for kind, text in texts.items() if text}
        if subject.iban:
            marks["iban"] = self.env["res.partner.bank"]._sdd_hash(subject.iban)
        return marks

    @api.model
    def _hash(self, kind, text):
        """Return the keyed hash of a text; the same text of another kind has another one."""
        key = self.env["ir.config_parameter"]._sdd_get_key("risk")
        return hmac.new(key, f"{kind}:{text}".encode(), hashlib.sha256).hexdigest()

    @staticmethod
    def _get_network(text):
        """Return the IP address; of version 6 the network, as each visitor has many addresses.

        An address that is not public is that of a proxy or an office: it tells no customers apart.
        """
        try:
            address = ipaddress.ip_address(text)
        except ValueError:
            return ""
        if not address.is_global:
            return ""
        if address.version == 6:
            return str(ipaddress.ip_network((address, 64), strict=False))
        return str(address)

    @api.model
    def _get_occasion(self, order_id, invoice_id):
        """Return what makes two assessments one occasion, "" when nothing does."""
        if order_id:
            return f"order:{order_id}"
        return f"invoice:{invoice_id}" if invoice_id else ""

    @api.model
    def _count(self, marks, now, company_id=0, occasion="", partner_id=0):
        """Count where marks were seen before, in one query.

        :param dict marks: {kind: hash} of `_get_marks`.
        :param datetime now: naive UTC.
        :param int company_id: whose assessments count; 0: the company of the environment.
        :param str occasion: the occasion at hand, which does not count.
        :param int partner_id: the customer at hand, who does not count.
        :return: {(kind, window): MarkCount} for all marks and windows.
        :rtype: dict[tuple[str, str], MarkCount]
        """
        counts = {(kind, window): MarkCount(0, 0, 0) for kind in marks for window in WINDOWS}
        if not marks:
            return counts
        kinds = {mark: kind for kind, mark in marks.items()}
        query = self._get_count_query(
            list(kinds), now, company_id or self.env.company.id, occasion, partner_id, marks
        )
        for mark, *numbers in self.env.execute_query(query):
            for position, window in enumerate(WINDOWS):
                found = numbers[position * 3 : position * 3 + 3]
                counts[kinds[mark], window] = MarkCount(*found)
        return counts

    @api.model
    def _get_count_query(self, hashes, now, company_id, occasion, partner_id, marks):
        """Return the query of `_count`: of each mark the latest ones only, by the index."""
        columns = SQL(", ").join(
            SQL(
                "COUNT(DISTINCT m.occasion) FILTER (WHERE m.date > %(since)s),"
                " COUNT(DISTINCT m.partner_id) FILTER (WHERE m.date > %(since)s AND m.partner_id <> %(own)s),"
                " COUNT(DISTINCT m.account_mark) FILTER (WHERE m.date > %(since)s AND m.account_mark <> %(account)s)",
                since=now - timedelta(hours=hours),
                own=partner_id,
                account=marks.get("iban", ""),
            )
            for hours in WINDOWS.values()
        )
        return SQL(
            "SELECT wanted.mark, %(columns)s FROM unnest(%(hashes)s) AS wanted(mark)"
            " CROSS JOIN LATERAL (SELECT occasion, partner_id, account_mark, date FROM risk_mark"
            "  WHERE mark = wanted.mark AND date > %(since)s AND date <= %(until)s"
            "  AND company_id = %(company)s AND occasion <> %(occasion)s"
            "  ORDER BY date DESC LIMIT %(limit)s) AS m GROUP BY wanted.mark",
            columns=columns,
            hashes=hashes,
            since=now - timedelta(hours=max(WINDOWS.values())),
            until=now + timedelta(minutes=CLOCK_MINUTES),
            company=company_id,
            occasion=occasion,
            limit=MAX_MARKS,
            to_flush=self._fields["occasion"],
        )

    @api.model
    def _note(self, assessment, marks):
        """Note down where an assessment was seen, in one query.

        :param assessment: `risk.assessment` record (sudo).
        :param dict marks: {kind: hash} of `_get_marks`.
        """
        occasion = self._get_occasion(assessment.order_id.id, assessment.invoice_id.id)
        # In sudo mode: nobody writes marks but the program.
        self.sudo().create(
            [
                {
                    "assessment_id": assessment.id,
                    "company_id": assessment.company_id.id,
                    "partner_id": assessment.partner_id.commercial_partner_id.id,
                    "kind": kind,
                    "mark": mark,
                    "account_mark": marks.get("iban"),
                    "occasion": occasion or f"assessment:{assessment.id}",
                    "date": assessment.date,
                }
                for kind, mark in marks.items()
            ]
        )

    @api.autovacuum
    def _gc_marks(self):
        """Forget marks that no window counts any more."""
        before = fields.Datetime.now() - timedelta(days=KEEP_DAYS)
        old = self.sudo().search([("date", "<", before)], limit=10_000)  # In sudo mode: see above.
        old.unlink()
        return len(old), len(old) == 10_000
