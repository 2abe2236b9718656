"""All mandates as a file that this add-on, another system or another bank's software can read."""

from odoo import api, fields, models
from odoo.exceptions import AccessError

from ...sepa import iban as sepa_iban
from ...sepa import mandate_columns, mandate_write
from .const import BANK_DETAILS_GROUP, ERASED_PREFIX, GRADES


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    # === ACTION METHODS === #

    def action_export_file(self):
        """Open the dialog that exports these mandates."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_mandate_export"
        )
        action["context"] = {"default_mandate_ids": self.ids}
        return action

    # === BUSINESS METHODS === #

    def _export_file(self, file_type, with_iban=False):
        """Return these mandates as a file with the columns of the import.

        :param str file_type: `csv` or `xlsx`.
        :param bool with_iban: full account numbers, which is noted down; else masked ones.
        :return: name and content.
        :rtype: tuple[str, bytes]
        :raise AccessError: when the user may not see full bank details or the mandates.
        """
        self.check_access("read")
        if with_iban and not self.env.user.has_group(BANK_DETAILS_GROUP):
            raise AccessError(
                self.env._("Only users with the right “See full bank details” export them in full.")
            )
        # Browsed anew, so that all of them are read together wherever they come from.
        mandates = self.browse(sorted(self.ids))
        # In sudo mode: a mandate's customer, account and history belong to its export.
        rows = mandates.sudo()._get_export_rows(with_iban)
        if with_iban:
            self.env["sdd.iban.access"]._note(mandates.sudo().bank_account_id, "export")
        write = {"csv": mandate_write.write_csv, "xlsx": mandate_write.write_xlsx}[file_type]
        today = fields.Date.to_string(fields.Date.context_today(self))
        return f"mandates-{today}.{file_type}", write(rows, self._get_file_language())

    @api.model
    def _get_file_language(self):
        """Return the language of headers: that of the user, or English."""
        language = (self.env.lang or "en")[:2]
        return language if language in mandate_columns.LANGUAGES else "en"

    def _get_export_rows(self, with_iban):
        """Return the values of each mandate by the key of the column (sudo).

        :param bool with_iban: full account numbers.
        :rtype: list[dict]
        """
        originals = self._get_original_values()
        grades = self.env["sdd.evidence.kind"]._get_grades()
        return [
            {
                **mandate._get_export_terms(),
                **mandate._get_export_customer(),
                **originals.get(mandate, {}),
                "iban": mandate._get_export_iban(with_iban),
                "evidence": mandate._get_best_evidence(grades),
            }
            for mandate in self
        ]

    def _get_export_terms(self):
        """Return what was agreed, and what became of it.

        Note: self.ensure_one()
        """
        return {
            "reference": self.name,
            "holder": self.holder,
            "signature_date": self.signature_date or None,
            "last_collection_date": self.last_collection_date or None,
            "mandate_type": self.mandate_type,
            "scheme": self.scheme,
            "state": self.state,
            "end_date": self.end_date or None,
            "end_reason": self.end_reason or None,
            "creditor_identifier": self.creditor_identifier,
            "bank_confirmed_date": self.bank_confirmed_date or None,
        }

    def _get_export_customer(self):
        """Return the customer's data; a contact person's are those of his company.

        Note: self.ensure_one()
        """
        customer = self.partner_id.commercial_partner_id
        return {
            "customer_ref": customer.ref or None,
            "customer_name": customer.name,
            "is_company": customer.is_company,
            "email": customer.email or None,
            "street": customer.street or None,
            "zip": customer.zip or None,
            "city": customer.city or None,
            "country": customer.country_id.code or None,
            "lang": customer.lang or None,
        }

    def _get_export_iban(self, with_iban):
        """Return the account number, in full or masked; empty when it was erased.

        Note: self.ensure_one()
        """
        number = self.bank_account_id.sanitized_acc_number or ""
        if number.startswith(ERASED_PREFIX):
            return ""
        return number if with_iban else sepa_iban.mask(number)

    def _get_best_evidence(self, grades):
        """Return the kind of evidence that makes the mandate's grade, `none` without any.

        Note: self.ensure_one()
        """
        codes = self._get_evidence_codes()
        ranked = [code for grade in GRADES for code in codes if grades.get(code) == grade]
        return ranked[0] if ranked else "none"

    def _get_original_values(self):
        """Hook: what the customers' banks know otherwise, by the key of the column.

        :rtype: dict[`sdd.mandate`, dict]
        """
        return {}
