"""What the template for an import says about its columns."""

from odoo import api, models

from ... import const
from ...sepa import mandate_columns
from .sdd_mandate_import_texts import EXPLANATIONS

EXAMPLES = {
    "reference": "M-2024-0017",
    "iban": "DE89 3704 0044 0532 0130 00",
    "holder": "Jörg Müßig",
    "signature_date": "2024-01-31",
    "last_collection_date": "2026-10-01",
    "mandate_type": "recurrent",
    "scheme": "CORE",
    "state": "active",
    "creditor_identifier": "DE98ZZZ09999999999",
    "original_reference": "0017",
    "original_creditor_identifier": "AT61ZZZ01234567890",
    "evidence": "signature_scan",
    "customer_ref": "10017",
    "is_company": "no",
    "email": "joerg@example.com",
    "street": "Hauptstraße 1",
    "zip": "10115",
    "city": "Berlin",
    "country": "DE",
    "lang": "de_DE",
}


class SddMandateImport(models.Model):
    _inherit = "sdd.mandate.import"

    @api.model
    def _get_titles(self):
        """Return the names of the template's sheets."""
        return [self.env._("Mandates"), self.env._("Explanation")]

    @api.model
    def _get_explanation(self):
        """Return the rows of the sheet that explains the columns, its headers first.

        :rtype: list[tuple[str, str, str, str]]
        """
        language = self.env["sdd.mandate"]._get_file_language()
        yes, no = self.env._("yes"), self.env._("no")
        # In sudo mode: the kinds of evidence are no secret.
        kinds = self.env["sdd.evidence.kind"].sudo().search([])
        options = {"options": ", ".join(kinds.mapped("code"))}
        rows = [
            (
                self.env._("Column"),
                self.env._("Needed"),
                self.env._("What it holds"),
                self.env._("Example"),
            )
        ]
        for key in mandate_columns.WRITTEN:
            column = mandate_columns.BY_KEY[key]
            params = options if key == "evidence" else {}
            rows.append(
                (
                    column.name(language),
                    yes if column.required else no,
                    const.say(self.env, EXPLANATIONS[key], params),
                    EXAMPLES.get(key, ""),
                )
            )
        return rows
