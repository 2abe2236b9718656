from odoo import api, models
from odoo.tools import format_date, format_datetime

from ..const import DEFAULT_TIME_ZONE
from ..sepa import iban as sepa_iban


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
        return {
            "doc_ids": docids,
            "doc_model": "sdd.mandate",
            "docs": mandates,
            "languages": {mandate.id: self._get_language(mandate) for mandate in mandates},
            "get_facts": self._get_facts,
        }

    @api.model
    def _get_language(self, mandate):
        """Return the code of the language in which the mandate was given, if it is still installed.

        The customer must recognise what he agreed to, so his own language comes second only.

        :rtype: str
        """
        installed = {code for code, _name in self.env["res.lang"].get_installed()}
        wanted = (mandate.lang, mandate.partner_id.lang, mandate.company_id.partner_id.lang)
        return next((code for code in wanted if code in installed), self.env.lang or "en_US")

    @api.model
    def _get_facts(self, mandate):
        """Return texts for one document, in the language of the mandate's environment.

        :param mandate: `sdd.mandate` record in the language of the document.
        :return: title, text, creditor_lines, debtor_lines, bic, date, evidence (list of
            (label, text)), given (whether the customer gave it electronically).
        :rtype: dict
        """
        mandate.ensure_one()
        # In sudo mode: the customer prints his own mandate and may not read texts and history.
        mandate = mandate.sudo()
        text = mandate.text_id or mandate.text_id._get_text(mandate.env.lang, mandate.scheme)
        company = mandate.company_id
        evidence = self._get_evidence(mandate)
        # The country of the account, not the IBAN itself: a copy that travels by mail is masked.
        facts = sepa_iban.partial(mandate.bank_account_id.sanitized_acc_number or "").facts
        return {
            "title": text.title or self.env._("SEPA Direct Debit Mandate"),
            "text": mandate.text_shown or (text and text._render(company.name)) or "",
            "creditor_lines": self._get_address(company.partner_id),
            "debtor_lines": self._get_address(mandate.partner_id),
            "bic": (facts and facts.bic) or "",
            "date": format_date(mandate.env, mandate.signature_date),
            "evidence": evidence,
            "given": bool(evidence),
        }

    @api.model
    def _get_address(self, partner):
        """Return street, town and country of a partner as lines without empty ones."""
        address = partner._display_address(without_company=True)
        return [line.strip() for line in address.splitlines() if line.strip()]

    @api.model
    def _get_evidence(self, mandate):
        """Return how the customer gave the mandate electronically, as (label, text).

        :param mandate: `sdd.mandate` record (sudo) in the language of the document.
        :return: an empty list for a mandate on paper.
        :rtype: list[tuple[str, str]]
        """
        event = mandate.event_ids.filtered(lambda e: e.kind == "given")[-1:]
        if not event:
            return []
        env = mandate.env
        data = event.data or {}
        zone = mandate.partner_id.tz or mandate.company_id.partner_id.tz or DEFAULT_TIME_ZONE
        channels = dict(mandate._fields["channel"]._description_selection(env))
        pattern = "yyyy-MM-dd HH:mm:ss"
        rows = [
            (env._("Given on (UTC)"), format_datetime(env, event.date, "UTC", pattern)),
            (
                env._("Given on (%(zone)s)", zone=zone),
                format_datetime(env, event.date, zone, "medium"),
            ),
            (env._("Channel"), channels.get(mandate.channel, "")),
            (env._("IP address"), data.get("ip_address", "")),
            (env._("Version of the text"), data.get("text_version") or mandate.text_id.version),
            (env._("SHA-256 of the text"), mandate.text_hash),
            (env._("SHA-256 of the record"), event.hash),
        ]
        return [(label, text) for label, text in rows if text]
