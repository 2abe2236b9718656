from babel.dates import format_date, format_datetime, get_timezone
from odoo import api, models
from odoo.tools.image import image_data_uri
from odoo.tools.misc import babel_locale_parse
from pytz import UTC

from ..const import DEFAULT_TIME_ZONE
from ..sepa import iban as sepa_iban
from .mandate_labels import get_evidence_names, get_labels

#: Characters of the longest IBAN, when the debtor's country is not known.
LONGEST_IBAN = 34
#: Kinds of evidence that are our own word only.
OUR_WORD = frozenset({"imported", "staff_entry"})
#: Kinds of evidence of what a customer said, not did.
SPOKEN = frozenset({"phone_code", "verbal_recording"})
#: The label of the heading, by the way in which a mandate was given.
HEADINGS = {"electronic": "given_on", "spoken": "told_on", "signed": "signed_on"}
#: Changes that one page has room for; the proof pack has all of them.
MAX_AMENDMENTS = 3


class ReportSddMandate(models.AbstractModel):
    """What the printed mandate shows, beside the fields of the mandate (EPC392-08)."""

    _name = "report.support_debit.report_sdd_mandate"
    _description = "SEPA Mandate as a Document"

    @api.model
    def _get_report_values(self, docids, data=None):
        """Return the mandates and, for each of them, the facts that are no fields.

        :param list docids: ids of `sdd.mandate`.
        :param dict data: not used.
        :rtype: dict
        """
        mandates = self.env["sdd.mandate"].browse(docids)
        mandates.check_access("read")
        return {
            "doc_ids": docids,
            "doc_model": "sdd.mandate",
            "docs": mandates,
            "languages": {mandate.id: self._get_language(mandate) for mandate in mandates},
            "get_facts": self._get_facts,
        }

    # === LANGUAGE === #

    @api.model
    def _get_text(self, mandate):
        """Return the wording of a mandate, or the one that the customer would be shown.

        :param mandate: `sdd.mandate` record (sudo).
        :rtype: `sdd.mandate.text` record
        """
        wanted = (mandate.lang, mandate.partner_id.lang, mandate.company_id.partner_id.lang)
        lang = next(filter(None, wanted), self.env.lang)
        return mandate.text_id or mandate.text_id._get_text(lang, mandate.scheme)

    @api.model
    def _get_language(self, mandate):
        """Return the code of an installed language for addresses: that of the wording if possible.

        :rtype: str
        """
        mandate = mandate.sudo()  # In sudo mode: see `_get_facts`.
        installed = [code for code, _name in self.env["res.lang"].get_installed()]
        spoken = self._get_text(mandate).lang or "en"
        wanted = [mandate.lang, mandate.partner_id.lang, *installed]
        same = [code for code in wanted if code in installed and code[:2] == spoken]
        return same[0] if same else self.env.lang or "en_US"

    @api.model
    def _format_date(self, date, language):
        """Return a date as people who speak a language write it."""
        return format_date(date, "medium", babel_locale_parse(language)) if date else ""

    @api.model
    def _format_moment(self, moment, zone, language):
        """Return a time of day with its zone, and in UTC.

        :param datetime moment: UTC, without a zone.
        :param str zone: name of a time zone.
        :param str language: two letters.
        :rtype: str
        """
        moment = UTC.localize(moment)
        local = format_datetime(moment, "medium", get_timezone(zone), babel_locale_parse(language))
        return f"{local} {zone} ({moment:%Y-%m-%d %H:%M:%S} UTC)"

    # === FACTS === #

    @api.model
    def _get_facts(self, mandate, iban="", *, copy=False):
        """Return what one form shows, in the language of its wording.

        :param mandate: `sdd.mandate` record in an installed language, for addresses.
        :param str iban: the account number in clear, when the reader may see it.
        :param bool copy: whether this is a copy of what is on record, with nothing to fill in and
            no wording that the debtor has perhaps never seen.
        :return: labels, title, text, parties, account, `way` (see `_get_way`), rows (label, text) of
            evidence, signature (address of a picture), amendments and notes.
        :rtype: dict
        """
        mandate.ensure_one()
        # In sudo mode: the customer prints his own mandate and may not read texts and history.
        seen, mandate = mandate, mandate.sudo()
        text = self._get_text(mandate)
        language = text.lang or "en"
        labels = get_labels(language)
        event = self._get_best_evidence(mandate)
        way = self._get_way(event, copy=copy)
        if way == "blank" and not iban:
            iban = self._get_clear_iban(seen)
        creditor = mandate.creditor_name or mandate.company_id.name
        facts = sepa_iban.partial(mandate.bank_account_id.sanitized_acc_number or "").facts
        return {
            "labels": labels,
            "title": text.title,
            "text": mandate.text_shown or (text and not copy and text._render(creditor)) or "",
            "creditor": creditor,
            "creditor_lines": self._get_address(mandate.company_id.partner_id, language),
            "debtor_lines": self._get_address(mandate.partner_id, language),
            "fill_address": way == "blank" and not mandate.partner_id.city,
            "iban": sepa_iban.group(iban) if iban else mandate.iban_masked,
            "boxes": self._get_boxes(mandate) if way == "blank" and not iban else [],
            "bic": (facts and facts.bic) or "",
            "way": way,
            "heading": self._get_heading(mandate, way, language),
            "rows": self._get_rows(mandate, event, language),
            "signature": self._get_signature(event),
            "amendments": self._get_amendments(mandate, language),
            "notes": self._get_notes(mandate, way, labels, bool(iban)),
        }

    @api.model
    def _get_clear_iban(self, mandate):
        """Return the account number for a person who may see it, and note that he saw it.

        A document that the program prints for an e-mail shows none.

        :param mandate: `sdd.mandate` record, not in sudo mode.
        :rtype: str
        """
        account = mandate.sudo().bank_account_id.with_env(mandate.env)
        if mandate.env.su or not account or not account._sdd_may_see_numbers():
            return ""
        mandate.env["sdd.iban.access"]._note(account, "file", mandate)
        return account.sudo().sanitized_acc_number or ""  # In sudo mode: the right was checked.

    @api.model
    def _get_boxes(self, mandate):
        """Return the boxes for an IBAN that the customer writes by hand, in groups of four.

        :return: lists of the characters that are known already, mostly the country's.
        :rtype: list[list[str]]
        """
        country = mandate.partner_id.country_id.code or ""
        length = sepa_iban.partial(country).expected_length if country else None
        known = list(country if length else "")
        boxes = known + [""] * ((length or LONGEST_IBAN) - len(known))
        return [boxes[start : start + 4] for start in range(0, len(boxes), 4)]

    @api.model
    def _get_heading(self, mandate, way, language):
        """Return how and when the mandate was given, "" while it is not."""
        if way not in HEADINGS:
            return ""
        label = get_labels(language)[HEADINGS[way]]
        return label.format(date=self._format_date(mandate.signature_date, language))

    @api.model
    def _get_notes(self, mandate, way, labels, clear):
        """Return what stands in small print below the form."""
        notes = []
        if way in ("electronic", "spoken"):
            notes.append(labels["electronic_note"])
        elif way == "signed":
            notes.append(labels["scan_note"])
        if way != "blank" and mandate.iban_masked and not clear:
            notes.append(labels["masked_note"])
        return notes

    @api.model
    def _get_address(self, partner, language):
        """Return street, town and country of a partner as lines without empty ones."""
        country = partner.country_id
        names = babel_locale_parse(language).territories
        address = partner._display_address(without_company=True)
        lines = [line.strip() for line in address.splitlines() if line.strip()]
        # The language of the form may not be installed.
        return [names.get(country.code, line) if line == country.name else line for line in lines]

    # === EVIDENCE === #

    @api.model
    def _get_best_evidence(self, mandate):
        """Return the event that proves best that the customer gave the mandate.

        :param mandate: `sdd.mandate` record (sudo).
        :rtype: `sdd.mandate.event` record, empty when only we say so
        """
        kinds = self.env["sdd.evidence.kind"].sudo().with_context(active_test=False).search([])
        ranks = {kind.code: rank for rank, kind in enumerate(kinds) if kind.code not in OUR_WORD}
        events = mandate.event_ids.filtered(
            lambda e: e.evidence_code in ranks and e.kind in ("given", "evidence")
        )
        # Of two equal ones the later: it confirms the earlier.
        return events.sorted(lambda e: (ranks[e.evidence_code], -e.number))[:1]

    @api.model
    def _get_way(self, event, *, copy=False):
        """Return how the mandate was given.

        :return: `electronic`, `spoken`, `signed` (by hand), or without evidence `blank` or `copy`.
        """
        if not event:
            return "copy" if copy else "blank"
        if event.evidence_code in SPOKEN:
            return "spoken"
        return "signed" if event.evidence_code == "signature_scan" else "electronic"

    @api.model
    def _get_rows(self, mandate, event, language):
        """Return what is known of the moment when the customer agreed, as (label, text).

        :param event: `sdd.mandate.event` record (sudo).
        :rtype: list[tuple[str, str]]
        """
        if not event:
            return []
        labels = get_labels(language)
        data = event.data or {}
        zone = mandate.partner_id.tz or mandate.company_id.partner_id.tz or DEFAULT_TIME_ZONE
        name = get_evidence_names(language).get(event.evidence_code)
        # A kind that somebody has added is named without its grade, which is our own affair.
        name = name or (event.evidence_name or "").partition(" · ")[2]
        rows = [
            (labels["evidence"], name),
            (labels["time"], self._format_moment(event.date, zone, language)),
            (labels["ip"], data.get("ip_address")),
            (labels["sent_to"], data.get("sent_to") or data.get("email") or data.get("phone")),
            (labels["recording"], data.get("recording")),
            (labels["file"], data.get("file")),
            (labels["text_version"], data.get("text_version") or mandate.text_id.version),
            (labels["text_hash"], mandate.text_hash),
            (labels["record_hash"], event.hash),
        ]
        return [(label, str(text)) for label, text in rows if text]

    @api.model
    def _get_signature(self, event):
        """Return the picture of a drawn signature as an address for a page, "" if there is none."""
        attachment = self._get_file(event) if event.evidence_code == "signature_drawn" else None
        if not attachment or not (attachment.mimetype or "").startswith("image/"):
            return ""
        return image_data_uri(attachment.datas)

    @api.model
    def _get_file(self, event):
        """Return the file that an event was logged with.

        :param event: `sdd.mandate.event` record (sudo).
        :rtype: `ir.attachment` record (sudo), empty when there is none or it was erased
        """
        attachments = self.env["ir.attachment"].sudo()  # In sudo mode: follows the mandate.
        number = (event.data or {}).get("attachment_id")
        return attachments.browse(number).exists() if number else attachments

    @api.model
    def _get_amendments(self, mandate, language):
        """Return the last changes since the mandate was given, a line each.

        :rtype: list[str]
        """
        labels = get_labels(language)
        names = {
            "iban": labels["account"],
            "reference": labels["reference"],
            "identifier": labels["creditor_id"],
            "creditor": labels["creditor_changed"],
        }
        lines = []
        for event in mandate.event_ids.filtered(lambda e: e.kind == "amended"):
            data = event.data or {}
            date = self._format_date(event.date.date(), language)
            for key, name in names.items():
                if new := data.get(f"new_{key}"):
                    lines.append(f"{date} · {name}: {data.get(f'old_{key}') or '–'} → {new}")
        return lines[-MAX_AMENDMENTS:]
