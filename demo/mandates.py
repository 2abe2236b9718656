"""Mandates of the demo: given in every way there is, dated when they are said to have been given."""

from datetime import UTC, datetime, timedelta

from odoo import fields
from odoo.tools import SQL, format_date

from ..sepa import iban as sepa_iban
from . import stories
from .dates import at, backdate
from .draw_mandates import Scan, signature_png

#: A documentation address (RFC 5737) and a common browser, as evidence of a mandate.
IP_ADDRESS = "192.0.2.{number}"
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
#: How mandates come to us when stories.py says nothing else.
KINDS = {"web": "own_device_tick", "staff": "signature_scan"}
#: The channel of mandates that were given in a way that fits neither shop nor paper.
CHANNELS = {
    "phone_code": "phone",
    "verbal_recording": "phone",
    "imported": "import",
    "email_reply": "staff",
    "signature_scan": "staff",
    "signature_drawn": "web",
    "own_device_code": "web",
}
#: Labels of the paper form: name, account, place and date, signature.
FORM_LABELS = {
    "de": ("Name und Anschrift", "IBAN", "Ort, Datum", "Unterschrift"),
    "nl": ("Naam en adres", "IBAN", "Plaats, datum", "Handtekening"),
    "fr": ("Nom et adresse", "IBAN", "Lieu, date", "Signature"),
    "en": ("Name and address", "IBAN", "Place, date", "Signature"),
}


class MandateDesk:
    """Takes mandates in the name of the demo's customers.

    :param company: `res.company` record.
    :param dict partners: the customers by key.
    :param dict ibans: their accounts by key.
    """

    def __init__(self, company, partners, ibans):
        self.company = company
        self.env = company.env
        self.partners = partners
        self.ibans = ibans
        self.mandates = {}

    # === GIVING === #

    def give(self, key, day, channel="web", order=None, **values):
        """Return a mandate that a customer gave on a day, with its evidence.

        :param str key: the customer; stories.EVIDENCE says in which way he gave it.
        :param date day: when it was given.
        :param str channel: `web` or `staff`.
        :param order: the order with which it was given, if any.
        :param values: other values of the mandate; `evidence`: another way of giving it.
        :rtype: `sdd.mandate` record
        """
        kind = values.pop("evidence", None) or stories.EVIDENCE.get(key, KINDS[channel])
        values = {
            **self.prepare(key, CHANNELS.get(kind, channel), values.pop("scheme", "CORE")),
            "signature_date": day,
            "order_id": order and order.id,
            **values,
        }
        evidence = self._prepare_evidence(key, kind, day)
        if kind == "own_device_tick":
            mandate = self.env["sdd.mandate"]._create_given(values, evidence)
        else:
            mandate = self._get_hands(kind).create(values)
            self._follow_link(mandate, kind, day)
            mandate._confirm(kind, {**evidence, **self._store_file(mandate, kind, day)})
        self.date(mandate, day)
        self.mandates[key] = mandate
        return mandate

    def _get_hands(self, kind):
        """Return the model in the name of whoever enters a mandate of this kind.

        :rtype: `sdd.mandate` model
        """
        mandates = self.env["sdd.mandate"]
        if CHANNELS.get(kind) not in ("phone", "staff"):
            return mandates
        seller = self.env["res.users"].search([("login", "=", "sales")], limit=1)
        # In sudo mode, but under her name: the history says who took the mandate.
        return mandates.with_user(seller).sudo() if seller else mandates

    def prepare(self, key, channel="staff", scheme="CORE"):
        """Return the values of a mandate that is not given yet.

        :param str key: the customer.
        """
        partner = self.partners[key]
        text = self.env["sdd.mandate.text"]._get_text(partner.lang, scheme)
        shown = text._render(self.company.name)
        return {
            "company_id": self.company.id,
            "partner_id": partner.id,
            "holder": partner.name,
            "bank_account_id": self.find_account(key).id,
            "channel": channel,
            "scheme": scheme,
            "lang": partner.lang,
            "text_id": text.id,
            "text_shown": shown,
            "text_hash": text._hash(shown),
        }

    def find_account(self, key, iban=None):
        """Return a customer's account.

        :param str iban: another account than that of customers.csv.
        :rtype: `res.partner.bank` record
        """
        partner = self.partners[key]
        return self.env["res.partner.bank"]._sdd_find_or_create(
            iban or self.ibans[key], partner.name, partner
        )

    # === EVIDENCE === #

    def _prepare_evidence(self, key, kind, day):
        """Return what the history says about how a customer agreed."""
        partner = self.partners[key]
        text = self.env["sdd.mandate.text"]._get_text(partner.lang)
        evidence = {"time_utc": fields.Datetime.to_string(at(day)), "language": partner.lang}
        if kind in ("own_device_tick", "own_device_code", "signature_drawn"):
            evidence |= {
                "text_version": text.version,
                "ip_address": IP_ADDRESS.format(number=partner.id % 254 + 1),
                "user_agent": USER_AGENT,
            }
        if kind in ("own_device_code", "phone_code"):
            evidence |= {"code_sent_by": "email", "code_sent_to": self._mask(partner.email)}
        if kind == "verbal_recording":
            evidence["recording"] = f"{day:%Y-%m-%d}-0931"
        if kind == "imported":
            evidence = {"note": stories.IMPORT_NOTE}
        return evidence

    def _follow_link(self, mandate, kind, day):
        """Log how a customer followed the link that he was sent, or got a code."""
        partner = mandate.partner_id
        sent = {"sent_by": "email", "sent_to": self._mask(partner.email)}
        if kind in ("own_device_code", "signature_drawn"):
            expires = fields.Datetime.to_string(at(day + timedelta(days=3)))
            mandate._move_to("pending")
            mandate._log_event("link_sent", {**sent, "expires": expires})
            where = {"ip_address": IP_ADDRESS.format(number=partner.id % 254 + 1)}
            mandate._log_event("link_opened", where)
        if kind in ("own_device_code", "phone_code"):
            code = {"code_sent_by": "email", "code_sent_to": self._mask(partner.email)}
            mandate._log_event("code_sent", code)
        if kind == "imported":
            mandate._log_event("imported", {"note": stories.IMPORT_NOTE})

    def _store_file(self, mandate, kind, day):
        """Return what the history says about the file that goes with a kind of evidence."""
        if kind == "signature_drawn":
            return mandate._store_evidence_file("signature.png", signature_png(mandate.holder))
        if kind == "signature_scan":
            scan = self._draw_scan(mandate, day)
            return mandate._store_evidence_file(f"{mandate.name}.pdf", scan)
        if kind == "email_reply":
            mail = self._write_mail(mandate, day)
            return mandate._store_evidence_file(f"{mandate.name}.eml", mail)
        return {}

    def _draw_scan(self, mandate, day):
        """Return the scan of the form that a customer signed on paper.

        :rtype: bytes, PDF
        """
        partner = mandate.partner_id
        name, iban, place, signature = FORM_LABELS[(mandate.lang or "en")[:2]]
        address = f"{partner.street}, {partner.zip} {partner.city}"
        written = format_date(self.env, day, lang_code=mandate.lang)
        texts = {
            "title": mandate.text_id.title,
            "creditor": [
                f"{self.company.name}, {self.company.street}, {self.company.zip} {self.company.city}",
                f"{mandate.creditor_identifier} · {mandate.name}",
            ],
            "body": [line for line in mandate.text_shown.splitlines() if line.strip()],
            "fields": {
                name: f"{partner.name}, {address}",
                iban: sepa_iban.group(mandate._get_iban()),
                place: f"{partner.city}, {written}",
            },
            "signature": signature,
        }
        return Scan(texts, mandate.holder).render()

    def _write_mail(self, mandate, day):
        """Return the e-mail with which a customer agreed.

        :rtype: bytes
        """
        return (
            f"From: {mandate.partner_id.email}\n"
            f"To: {self.company.email}\n"
            f"Date: {at(day):%d %b %Y %H:%M:%S} +0000\n"
            f"Subject: Re: SEPA-Lastschriftmandat {mandate.name}\n"
            "Content-Type: text/plain; charset=utf-8\n\n"
            f"Einverstanden, bitte buchen Sie ab.\n\n{mandate.holder}\n"
        ).encode()

    @staticmethod
    def _mask(email):
        """Return enough of an address for its owner to recognise it."""
        name, _at, domain = email.partition("@")
        return f"{name[0]}•••{name[-1]}@{domain}"

    # === DATES === #

    def date(self, mandate, day):
        """Move what happened to a mandate just now to an earlier day.

        Events cannot be changed by the ORM, and their hashes bind their dates: the chain is
        made anew from the first event that moves, and sealed again.
        """
        today = datetime.now(UTC).date()
        events = mandate.event_ids.sorted("number")
        previous, moment = "", at(day)
        for event in events:
            if event.date.date() >= today:
                moment += timedelta(minutes=2)
                previous = self._write_event(event, moment, previous)
            else:
                previous = self._write_event(event, event.date, previous)
        events.invalidate_recordset()
        last = events[-1:]
        mandate._seal({mandate: (last.number, last.hash, last.date)})
        backdate(mandate, at(mandate.signature_date or day))

    @staticmethod
    def _write_event(event, moment, previous):
        """Write the date of an event and what follows from it; return its hash.

        :param datetime moment: UTC without zone.
        :param str previous: the hash of the event before it.
        """
        names = ("number", "kind", "data", "data_digest", "evidence_code", "scheme")
        values = {
            **{name: event[name] for name in names},
            "mandate_id": event.mandate_id.id,
            "user_id": event.user_id.id,
            "date": moment,
            "previous_hash": previous,
        }
        digest = event._compute_hash(values)
        event.env.cr.execute(
            SQL(
                "UPDATE sdd_mandate_event SET date = %s, previous_hash = %s, hash = %s"
                " WHERE id = %s",
                moment,
                previous or None,
                digest,
                event.id,
            )
        )
        return digest

    def end(self, mandate, day, reason, **data):
        """Revoke a mandate on a day of the past.

        :param str reason: why.
        :param data: who told us, how.
        """
        mandate._revoke(reason, data)
        mandate.end_date = day
        self.date(mandate, day)
