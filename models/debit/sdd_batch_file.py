"""How queued debits become a pain.008 file."""

import base64
import io
from collections import defaultdict
from datetime import UTC, datetime
from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sepa import pain008, references


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    file_name = fields.Char(compute="_compute_file_name")
    file_data = fields.Binary(
        string="File",
        attachment=True,
        readonly=True,
        copy=False,
        groups="support_debit.group_accountant",
        help="Holds account numbers in clear.",
    )

    @api.depends("name")
    def _compute_file_name(self):
        for batch in self:
            batch.file_name = f"pain.008-{batch.name}.xml"

    def action_download(self):
        """Let the browser download the file.

        Note: self.ensure_one()
        """
        self.ensure_one()
        return {
            "type": "ir.actions.act_url",
            "url": f"/web/content/sdd.batch/{self.id}/file_data/{self.file_name}?download=true",
            "target": "download",
        }

    @property
    def file_content(self):
        """The pain.008 as bytes; empty before the file is generated."""
        self.ensure_one()
        # In sudo mode: the job that hands the file over need not belong to an accountant.
        return base64.b64decode(self.sudo().file_data or b"")

    @api.model
    def _create_due_batches(self, journals=None):
        """Put the debits that are due into batches and generate their files.

        One batch for each journal, scheme, sequence type and due date; a journal's *Debits per
        File* splits it further. Debits that must not be collected are held and say why.

        :param journals: bank journals to look at; all of the user's companies if omitted.
        :return: the new batches, with their files.
        :rtype: `sdd.batch` recordset
        """
        batches = self.browse()
        for journal in journals or self._get_collecting_journals():
            journal._sdd_check_ready()
            debits = self._take_due_debits(journal)
            groups = debits.grouped(
                lambda d: (
                    d.scheme,
                    d.sequence_type,
                    d.mandate_id.creditor_identifier,
                    d.collection_date,
                )
            )
            for (scheme, sequence_type, identifier, date), members in groups.items():
                for start in range(0, len(members), journal.sdd_max_lines):
                    batch = self.create(
                        {
                            "journal_id": journal.id,
                            "scheme": scheme,
                            "sequence_type": sequence_type,
                            "creditor_identifier": identifier,
                            "collection_date": date,
                        }
                    )
                    members[start : start + journal.sdd_max_lines]._move_to(
                        "batched", batch_id=batch.id
                    )
                    batch.action_generate()
                    batches |= batch.exists()
        return batches

    @api.model
    def _get_collecting_journals(self):
        """Return the journals for which debits are waiting."""
        groups = self.env["sdd.debit"]._read_group(
            [("state", "=", "queued"), ("company_id", "in", self.env.companies.ids)], ["journal_id"]
        )
        return self.env["account.journal"].browse(journal.id for (journal,) in groups)

    @api.model
    def _take_due_debits(self, journal):
        """Lock the debits that go into a file now; what another worker holds is left to him.

        :param journal: the bank journal.
        :rtype: `sdd.debit` recordset
        """
        today = fields.Date.context_today(self)
        horizon = fields.Date.add(today, days=journal.sdd_horizon_days)
        domain = [
            ("journal_id", "=", journal.id),
            ("state", "=", "queued"),
            ("collection_date", "<=", horizon),
        ]
        debits = (
            self.env["sdd.debit"].search(domain, order="collection_date, id").try_lock_for_update()
        )
        debits = debits.filtered_domain(domain)
        # Who has not been told yet is told now; that may move a due date beyond this file.
        debits._notify_in_advance()
        debits = debits.filtered_domain(domain)._set_uncollectable_aside()
        earliest = journal._sdd_earliest_collection(notice=False)
        # A due date that can no longer be reached moves on; later than announced is allowed.
        debits.filtered(lambda d: d.collection_date < earliest).collection_date = earliest
        return debits

    def action_generate(self):
        """Write the pain.008 of these batches. Again with a new message id if there was a file."""
        for batch in self:
            if not batch._drop_uncollectable():
                continue
            if batch.state == "generated":
                batch.name = self._next_message_id(batch.company_id)
            batch.debit_ids._note_file_contents()
            stream = io.BytesIO()
            try:
                pain008.write(batch._prepare_message(), stream)
            except pain008.Pain008Error as error:
                if batch._hold_refused(error):
                    batch.action_generate()
                continue
            batch._move_to("generated", file_data=base64.b64encode(stream.getvalue()))

    def _hold_refused(self, error):
        """Hold the debits that the writer refused and say why.

        Note: self.ensure_one()

        :param error: `sepa.pain008.Pain008Error`.
        :return: whether the batch still has debits; without any it is deleted.
        :rtype: bool
        :raise UserError: when what is refused is the creditor's own data.
        """
        self.ensure_one()
        by_label = self.debit_ids.grouped("end_to_end_id")
        reasons = defaultdict(list)
        for finding in error.findings:
            if finding.label not in by_label:
                raise UserError(self.env._("The file cannot be made: %s", error))
            reasons[finding.label].append(str(finding))
        for label, texts in reasons.items():
            debit = by_label[label]
            debit._move_to("queued", batch_id=False)
            debit._hold("other", "; ".join(texts))
        if self.debit_ids:
            return True
        self.unlink()
        return False

    def _prepare_message(self):
        """Return this batch as a `sepa.pain008.Message`; debits are read in portions."""
        self.ensure_one()
        journal = self.journal_id
        company = self.company_id
        block = pain008.Block(
            payment_information_id=references.payment_information_id(self.name, 1),
            scheme=self.scheme,
            sequence_type=self.sequence_type,
            collection_date=self.collection_date,
            creditor=pain008.Party(name=company.name),
            creditor_account=pain008.Account(
                iban=journal.bank_account_id.sudo().sanitized_acc_number,
                bic=journal.bank_id.bic or None,
            ),
            creditor_id=self.creditor_identifier,
            collections=self.debit_ids._iter_collections(),
            batch_booking=journal.sdd_batch_booking,
        )
        return pain008.Message(
            message_id=self.name,
            created=datetime.now(UTC)
            .astimezone(journal._sdd_zone())
            .replace(tzinfo=None, microsecond=0),
            initiating_party=company.name,
            blocks=[block],
            charset=company._sdd_charset(),
        )


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _iter_collections(self):
        """Yield each debit as a `sepa.pain008.Collection`."""
        amendments = self._get_amendments()
        for debit in self:
            partner = debit.mandate_id.partner_id
            yield pain008.Collection(
                end_to_end_id=debit.end_to_end_id,
                amount=Decimal(f"{debit.amount:.2f}"),
                mandate_id=debit.mandate_id.name,
                signature_date=debit.mandate_id.signature_date,
                debtor=pain008.Party(
                    name=debit.mandate_id.holder,
                    street=partner.street or "",
                    postcode=partner.zip or "",
                    town=partner.city or "",
                    country=partner.country_id.code or "",
                ),
                account=pain008.Account(
                    iban=debit.mandate_id._get_iban(),
                    bic=debit.mandate_id.bank_account_id.sudo().bank_bic or None,
                ),
                remittance=debit.remittance or "",
                amendment=amendments.get(debit),
                label=debit.end_to_end_id,
            )
