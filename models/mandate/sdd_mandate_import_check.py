"""The dry run: reads the file, looks things up, writes down what was found. Creates nothing."""

from odoo import api, fields, models
from odoo.tools import SQL

from ...sepa import iban as sepa_iban
from ...sepa import mandate_file, mandate_rules
from .sdd_mandate_import_match import CustomerMatcher

#: Mandates that are in use.
_IN_USE = ("active", "suspended", "pending")


class SddMandateImport(models.Model):
    _inherit = "sdd.mandate.import"

    # === ACTION METHODS === #

    def action_check(self):
        """Read the file and find what is wrong with it; nothing is created."""
        self._check_state("draft", "checked")
        self._get_identifiers()
        try:
            found = self._read_file()
        except mandate_file.FileError as error:
            finding = mandate_file.Finding("error", error.code, params=error.params)
            self._write_findings([finding])
            return
        findings = found.findings + self._find_same_file()
        if any(finding.severity == "error" for finding in findings):
            self._write_findings(findings, columns=found.columns)
            return
        customers = self._check_rows(found.rows)
        self._write_findings(findings, columns=found.columns, file_kind=self._describe_file(found))
        self._write_lines(found.rows, customers)
        if self.state == "draft":
            self._move_to("checked")

    # === BUSINESS METHODS === #

    def _check_rows(self, rows):
        """Check the lines of a file against the database; adds findings to them.

        Note: self.ensure_one()

        :param rows: `sepa.mandate_file.MandateRow` records.
        :return: the customer of each line, empty for a new one.
        :rtype: dict[int, `res.partner` record] by the line's number
        """
        self.ensure_one()
        self._check_references(rows)
        matcher = CustomerMatcher(self._get_import_env(), self.company_id, rows)
        customers = {row.number: matcher.find(row) for row in rows}
        in_use = self._find_mandates_in_use(rows)
        for row in rows:
            self._check_customer(row, customers[row.number], in_use)
        return customers

    def _get_import_env(self):
        """Return the environment in which the customers of the import's company are found."""
        return self.with_company(self.company_id).env

    def _check_references(self, rows):
        """Note which references are in use already, under whatever company."""
        wanted = {
            (mandate_rules.creditor_key(row.values.get("creditor_identifier")), reference.upper())
            for row in rows
            if (reference := row.values.get("reference"))
        }
        taken = self._find_taken(wanted)
        for row in rows:
            reference = row.values.get("reference", "").upper()
            key = (mandate_rules.creditor_key(row.values.get("creditor_identifier")), reference)
            if key in taken:
                row.note("error", "reference_taken", "reference")

    @api.model
    def _find_taken(self, wanted):
        """Return which of these (creditor, reference in capitals) are in use.

        Asks the unique index itself: references are unique whatever the company.

        :param set wanted: pairs of texts.
        :rtype: set
        """
        if not wanted:
            return set()
        self.env["sdd.mandate"].flush_model(["creditor_identifier", "name"])
        query = SQL(
            """SELECT wanted.creditor, wanted.reference
                 FROM unnest(%s::text[], %s::text[]) AS wanted (creditor, reference)
                 JOIN sdd_mandate
                   ON substr(creditor_identifier, 1, 4) || substr(creditor_identifier, 8)
                      = wanted.creditor
                  AND upper(name) = wanted.reference""",
            [creditor for creditor, _reference in wanted],
            [reference for _creditor, reference in wanted],
        )
        return set(self.env.execute_query(query))

    def _find_mandates_in_use(self, rows):
        """Return the mandates that are in use for the accounts of these lines.

        :rtype: dict[tuple[str, int], str] of (hash of the IBAN, customer's id): reference
        """
        accounts = self.env["res.partner.bank"]
        hashes = {accounts._sdd_hash(row.values["iban"]) for row in rows if "iban" in row.values}
        # In sudo mode: accounts are compared by their hashes, nothing of them is shown.
        mandates = self.env["sdd.mandate"].sudo()
        found = mandates.search_fetch(
            [
                ("bank_account_id.iban_hash", "in", list(hashes)),
                ("company_id", "=", self.company_id.id),
                ("state", "in", _IN_USE),
            ],
            ["name", "bank_account_id", "partner_id"],
        )
        return {
            (m.bank_account_id.iban_hash, m.partner_id.commercial_partner_id.id): m.name
            for m in found
        }

    def _check_customer(self, row, partner, in_use):
        """Note what does not fit between a line and its customer."""
        values = row.values
        owner = partner.commercial_partner_id
        if values["scheme"] == "B2B":
            self._check_b2b(row, owner)
        if partner and "iban" in values and values["state"] not in mandate_rules.ENDED:
            key = (self.env["res.partner.bank"]._sdd_hash(values["iban"]), owner.id)
            if key in in_use:
                row.note("hint", "has_mandate", "iban", mandate=in_use[key])
        if not partner and "country" in values and not self._find_country(values["country"]):
            row.note("hint", "country_unknown", "country")

    def _check_b2b(self, row, owner):
        """Note whether this customer may give a B2B mandate, and what it waits for."""
        values = row.values
        is_company = owner.is_company if owner else values.get("is_company", True)
        if not is_company:
            row.note("error", "b2b_consumer", "scheme")
        elif not owner and "is_company" not in values:
            row.note("hint", "b2b_company", "scheme")
        if is_company and not {"bank_confirmed_date", "last_collection_date"} & values.keys():
            row.note("hint", "b2b_bank", "scheme")

    @api.model
    def _find_country(self, text):
        """Return the code of a country that is named by its code or name, "" if unknown."""
        names = self.env["res.country"]._sdd_get_names()
        if text.upper() in names:
            return text.upper()
        wanted = text.casefold()
        return next((code for code, name in names.items() if name.casefold() == wanted), "")

    def _find_same_file(self):
        """Return a finding when the very same file was imported before."""
        other = self.search(
            [
                ("sha256", "=", self.sha256),
                ("company_id", "=", self.company_id.id),
                ("state", "in", ("running", "done")),
                ("id", "!=", self.id),
            ],
            limit=1,
        )
        if not other:
            return []
        params = {
            "date": fields.Date.to_string(other.done_date or other.write_date),
            "user": other.user_id.name,
        }
        return [mandate_file.Finding("hint", "known_file", params=params)]

    @api.model
    def _describe_file(self, found):
        """Return what kind of file it is, such as `CSV · utf-8 · ;`."""
        parts = [found.kind.upper(), found.encoding, repr(found.delimiter).strip("'")]
        return " · ".join(filter(None, parts))

    def _write_findings(self, findings, **values):
        """Write what was found in the file as a whole; without lines, it must be checked again.

        Note: self.ensure_one()
        """
        failed = any(finding.severity == "error" for finding in findings)
        if failed:
            self._delete_lines()
            if self.state == "checked":
                self._move_to("draft")
        # In sudo mode: what was found is the program's own.
        self.sudo().write({"findings": [self._pack_finding(f) for f in findings], **values})

    def _write_lines(self, rows, customers):
        """Write down the lines of the file; those that were unticked before stay so.

        Note: self.ensure_one()
        """
        # In sudo mode: users only tick lines.
        record = self.sudo()
        unticked = set(record.line_ids.filtered(lambda line: not line.chosen).mapped("number"))
        imported = set(record.line_ids.filtered("mandate_id").mapped("number"))
        record._delete_lines()
        record.env["sdd.mandate.import.line"].create(
            [
                {
                    **self._prepare_line(row, customers[row.number]),
                    "chosen": row.number not in unticked,
                }
                for row in rows
                if row.number not in imported
            ]
        )

    def _prepare_line(self, row, partner):
        """Return the values of a line; account numbers only masked."""
        values = row.values
        severity = "error" if row.is_wrong else "hint" if row.findings else "ok"
        return {
            "import_id": self.id,
            "number": row.number,
            "severity": severity,
            "reference": values.get("reference"),
            "holder": values.get("holder"),
            "iban_masked": sepa_iban.mask(values["iban"]) if "iban" in values else "",
            "customer": partner.complete_name or values.get("customer_name"),
            "partner_id": partner.id,
            "customer_key": CustomerMatcher.get_key(row),
            "findings": [self._pack_finding(finding) for finding in row.findings],
        }
