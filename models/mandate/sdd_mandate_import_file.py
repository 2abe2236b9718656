"""How an import reads its file and words what is found in it."""

import base64

from odoo import api, fields, models
from odoo.exceptions import UserError

from ... import const
from ...sepa import mandate_columns, mandate_file


class SddMandateImport(models.Model):
    _inherit = "sdd.mandate.import"

    # === BUSINESS METHODS === #

    def _get_options(self):
        """Return what the reader of files must know about the company.

        Note: self.ensure_one()

        :rtype: `sepa.mandate_file.Options`
        """
        self.ensure_one()
        kinds = self.env["sdd.evidence.kind"].with_context(active_test=False).search([])
        return mandate_file.Options(
            today=fields.Date.context_today(self),
            creditor_ids=tuple(self._get_identifiers()),
            evidence_codes=frozenset(kinds.mapped("code")),
            dormant=self.dormant,
            charset=self.company_id._sdd_charset(),
        )

    def _get_identifiers(self):
        """Return the creditor identifiers of the company, the one for new mandates first.

        Note: self.ensure_one()

        :rtype: list[str]
        """
        return [self.company_id._sdd_get_creditor_identifier()]

    def _read_file(self):
        """Read the uploaded file.

        Note: self.ensure_one()

        :rtype: `sepa.mandate_file.MandateFile`
        :raise UserError: there is no file.
        :raise FileError: the file cannot be read.
        """
        self.ensure_one()
        # In sudo mode: the program reads what the user may not read back.
        content = base64.b64decode(self.sudo().with_context(bin_size=False).file_data or b"")
        if not self.sha256:
            raise UserError(self.env._("Please choose a file first."))
        return mandate_file.read(content, self._get_options())

    def _describe_finding(self, finding, texts):
        """Return a finding as a sentence in the user's language.

        :param dict finding: as `_pack_finding` made it.
        :param dict texts: lazy translations by code.
        :rtype: str
        """
        text = texts.get(finding["code"])
        sentence = const.say(self.env, text, finding["params"]) if text else finding["code"]
        column = finding["column"]
        if not column:
            return sentence
        label = (self.columns or {}).get(column)
        if not label and column in mandate_columns.BY_KEY:
            label = mandate_columns.BY_KEY[column].name((self.env.lang or "en")[:2])
        value = f" “{finding['value']}”" if finding["value"] else ""
        return f"{label or column}{value}: {sentence}"

    @api.model
    def _pack_finding(self, finding):
        """Return a `sepa.mandate_file.Finding` as JSON."""
        return {
            "severity": finding.severity,
            "code": finding.code,
            "column": finding.column,
            "value": finding.value,
            "params": {key: str(value) for key, value in finding.params.items()},
        }
