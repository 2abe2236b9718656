"""How queued debits become a pain.008 file."""

import base64
import io
from collections import defaultdict
from datetime import UTC, datetime

from odoo import api, fields, models
from odoo.exceptions import UserError

from ...sepa import pain008


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

    replaced_message_ids = fields.Char(
        string="Replaces",
        readonly=True,
        copy=False,
        help="Message IDs of files that were made before for this batch and must not go to the bank.",
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

        One batch for each journal and scheme, with a payment block for each sequence type, due date
        and creditor identifier; a journal's *Debits per File* splits it further. Debits that must
        not be collected are held or wait, and say why.

        :param journals: bank journals to look at; all of the user's companies if omitted.
        :return: the new batches, with their files.
        :rtype: `sdd.batch` recordset
        """
        batches = self.browse()
        for journal in journals or self._get_collecting_journals():
            for members in self._plan_files(journal):
                batches |= self._make_file(members)
        return batches

    @api.model
    def _plan_files(self, journal):
        """Return which due debits of a bank journal share a file; they are locked.

        :rtype: list[`sdd.debit` recordset]
        """
        journal._sdd_inherit_accounts()
        journal._sdd_check_ready()
        return self._split_into_files(self._take_due_debits(journal))

    @api.model
    def _make_planned_file(self, members):
        """Make the file of debits that were planned before a commit; who was taken since is left out.

        :param members: `sdd.debit` recordset, see `_plan_files`.
        :return: as for `_make_file`.
        """
        journal = members.journal_id
        members = members.try_lock_for_update()
        members.invalidate_recordset()
        members = members.filtered_domain(self._get_due_domain(journal))
        return self._make_file(members) if members else self.browse()

    @api.model
    def _make_file(self, members):
        """Put debits into a batch and generate its file.

        :param members: queued `sdd.debit` recordset of one journal and scheme.
        :return: the batch, empty when none of the debits can be collected.
        :rtype: `sdd.batch` record
        """
        batch = self.create(self._prepare_batch(members))
        members._move_to("batched", batch_id=batch.id)
        batch.action_generate()
        return batch.exists()

    @api.model
    def _prepare_batch(self, debits):
        """Return the values of a new batch of debits that share a file."""
        return {
            "journal_id": debits.journal_id.id,
            "scheme": debits[0].scheme,
            "collection_date": min(debits.mapped("collection_date")),
        }

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
        domain = self._get_due_domain(journal)
        debits = (
            self.env["sdd.debit"].search(domain, order="collection_date, id").try_lock_for_update()
        )
        debits = debits.filtered_domain(domain)
        # Who has not been told yet is told now; that may move a due date beyond this file.
        debits._notify_in_advance()
        debits = debits.filtered_domain(domain)._set_uncollectable_aside()
        debits = debits._set_over_limits_aside(journal)
        debits._catch_up_due_dates(journal)
        return debits

    @api.model
    def _get_due_domain(self, journal):
        """Return which debits of a bank journal go into a file now.

        :rtype: list
        """
        today = fields.Date.context_today(self)
        return [
            ("journal_id", "=", journal.id),
            ("state", "=", "queued"),
            ("collection_date", "<=", fields.Date.add(today, days=journal.sdd_horizon_days)),
        ]

    def action_generate(self):
        """Write the pain.008 of these batches. Again with a new message id if there was a file.

        :raise UserError: when a batch has gone to the bank.
        """
        for batch in self:
            batch._check_can_be_generated()
            if batch._drop_uncollectable():
                batch._renew_message_id()
                batch._generate()

    def _check_can_be_generated(self):
        """Refuse to write the file of a batch anew that may be at the bank.

        Note: self.ensure_one()

        :raise UserError: says what to do instead.
        """
        self.ensure_one()
        if self.state not in ("draft", "generated"):
            raise UserError(
                self.env._(
                    "Batch %s has gone to the bank: its file cannot be made again. Download the same"
                    " file if the bank lacks it. What the bank refuses or sends back is collected"
                    " with a new debit.",
                    self.name,
                )
            )

    def _renew_message_id(self):
        """Give a file that is made again a message id of its own, and keep the name of the old one.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if self.state != "generated":
            return
        old = self.name
        new = self._next_message_id(self.company_id)
        replaced = ", ".join(filter(None, (self.replaced_message_ids, old)))
        self._write_state({"name": new, "replaced_message_ids": replaced})
        self.message_post(
            body=self.env._(
                "The file was made again: the new message ID %(new)s replaces %(old)s. Delete the"
                " old file if you have downloaded it; it must not go to the bank.",
                new=new,
                old=old,
            )
        )

    def _generate(self):
        """Write the pain.008 and keep it; debits that the writer refuses are held.

        Note: self.ensure_one()
        """
        self.ensure_one()
        blocks = self._plan_blocks()
        self._note_blocks(blocks)
        self.debit_ids._note_file_contents()
        stream = io.BytesIO()
        try:
            pain008.write(self._prepare_message(blocks), stream)
        except pain008.Pain008Error as error:
            if self._hold_refused(error):
                self._generate()
            return
        self._move_to("generated", file_data=base64.b64encode(stream.getvalue()))

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

    def _prepare_message(self, blocks):
        """Return this batch as a `sepa.pain008.Message`; debits are read in portions.

        Note: self.ensure_one()

        :param dict blocks: see `_plan_blocks`.
        """
        self.ensure_one()
        journal = self.journal_id
        amendments = self.debit_ids._get_amendments()
        return pain008.Message(
            message_id=self.name,
            created=datetime.now(UTC)
            .astimezone(journal._sdd_zone())
            .replace(tzinfo=None, microsecond=0),
            initiating_party=self.company_id.name,
            blocks=(
                self._prepare_block(block_id, debits, amendments)
                for block_id, debits in blocks.items()
            ),
            charset=self.company_id._sdd_charset(),
            version=journal.sdd_pain_version,
        )

    def _prepare_block(self, block_id, debits, amendments):
        """Return debits that share a payment block as a `sepa.pain008.Block`.

        Note: self.ensure_one()

        :param str block_id: the PmtInfId.
        :param dict amendments: see `sdd.debit._get_amendments`.
        """
        self.ensure_one()
        journal = self.journal_id
        due, sequence_type, identifier = debits[0]._get_block_key()
        return pain008.Block(
            payment_information_id=block_id,
            scheme=self.scheme,
            sequence_type=sequence_type,
            collection_date=due,
            creditor=pain008.Party(name=self.company_id.name),
            creditor_account=pain008.Account(
                iban=journal.bank_account_id.sudo().sanitized_acc_number,
                bic=journal.bank_id.bic or None,
            ),
            creditor_id=identifier,
            collections=debits._iter_collections(amendments),
            batch_booking=journal.sdd_batch_booking,
        )
