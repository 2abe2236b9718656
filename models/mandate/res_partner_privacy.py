"""What a person is entitled to know about himself (GDPR articles 15 and 20): one ZIP file."""

import io
import json
import zipfile

from odoo import models

from .const import BANK_DETAILS_GROUP


class ResPartner(models.Model):
    _inherit = "res.partner"

    # === ACTION METHODS === #

    def action_sdd_export_personal_data(self):
        """Download everything that is stored about this customer's mandates.

        Note: self.ensure_one()

        :rtype: dict
        """
        self.ensure_one()
        wizard = self.env["sdd.personal.data"].create({"partner_id": self.id})
        return wizard.action_export()

    # === BUSINESS METHODS === #

    def _sdd_export_personal_data(self):
        """Return what is stored about this customer's mandates and debits.

        Account numbers are in it in full only for a user who may see them, even in sudo mode; that
        is noted down. What the user may not read, such as mandates of other companies, is left out.

        Note: self.ensure_one()

        :return: file name and contents of a ZIP file: `data.json` and a PDF for each mandate.
        :rtype: tuple[str, bytes]
        :raise AccessError: when the user may not read the customer.
        """
        self.ensure_one()
        self.check_access("read")
        mandates = self.env["sdd.mandate"].search([("partner_id", "child_of", self.id)], order="id")
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
            data = self._sdd_get_personal_data(mandates)
            archive.writestr(
                "data.json", json.dumps(data, indent=2, ensure_ascii=False, default=str)
            )
            for mandate in mandates:
                content, kind = mandate._render_for_customer()
                archive.writestr(f"{mandate._get_file_stem()}.{kind}", content)
        return f"personal-data-{self.id}.zip", buffer.getvalue()

    def _sdd_get_personal_data(self, mandates):
        """Return what is stored, as JSON values. Extended by the rooms that store more.

        Note: self.ensure_one()

        :param mandates: the `sdd.mandate` records that the user may read.
        :rtype: dict
        """
        # In sudo mode: it is the person's own data, and the mandates were found with his rights.
        customer, mandates = self.sudo(), mandates.sudo()
        accounts = customer.env["res.partner.bank"].with_context(active_test=False)
        accounts = accounts.search(
            [("partner_id", "in", (self | mandates.commercial_partner_id).ids)]
        )
        accounts = accounts.filtered("sdd_protected") | mandates.bank_account_id
        return {
            "customer": {
                name: customer[name] or None
                for name in ("name", "email", "phone", "street", "street2", "zip", "city", "lang")
            }
            | {"country": customer.country_id.code or None},
            "accounts": self._sdd_get_account_data(accounts),
            "mandates": [mandate._get_personal_data() for mandate in mandates],
        }

    def _sdd_get_account_data(self, accounts):
        """Return what is stored about accounts; the numbers in full for whom may see them only.

        :param accounts: `res.partner.bank` records (sudo).
        :rtype: list[dict]
        """
        may_see = self.env.user.has_group(BANK_DETAILS_GROUP)
        if may_see:
            self.env["sdd.iban.access"]._note(accounts, "data")
        return [
            {
                "iban": account.acc_number if may_see else account._sdd_get_mask(),
                "holder": account.acc_holder_name or None,
                "bank": account.bank_id.name or None,
                "in use": account.active,
            }
            for account in accounts
        ]


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    def _get_personal_data(self):
        """Return what is stored about the debtor of this mandate, as JSON values (sudo).

        Note: self.ensure_one()

        :rtype: dict
        """
        self.ensure_one()
        names = (
            "creditor_identifier creditor_name holder iban_masked scheme mandate_type state channel"
            " signature_date last_collection_date end_date lang contact_email text_shown"
        )
        return {
            "reference": self.name,
            **{name: self[name] or None for name in names.split()},
            "history": [
                {"when (UTC)": event.date, "what": event.kind, "evidence": event.data or {}}
                for event in self.event_ids
            ],
        }

    def _render_for_customer(self):
        """Return this mandate as a document: its contents and their file extension.

        Note: self.ensure_one()

        :rtype: tuple[bytes, str]
        """
        self.ensure_one()
        # In sudo mode: the document is the debtor's own, the right to the mandate was checked.
        reports = self.env["ir.actions.report"].sudo()
        return reports._render_qweb_pdf("support_debit.action_report_sdd_mandate", self.ids)

    def _get_file_stem(self):
        """Return a file name without its extension that names this mandate.

        Note: self.ensure_one()
        """
        return "mandate-" + "".join(c if c.isalnum() else "-" for c in self.name)
