"""The payment blocks (PmtInf) of a file: what is due together, in the same sequence, for one creditor."""

from decimal import Decimal

from odoo import api, fields, models

from ...sepa import pain008, references


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    payment_information_id = fields.Char(
        string="Block in the File",
        readonly=True,
        copy=False,
        index="btree_not_null",
        help="The bank names it when it credits or refuses a part of the file.",
    )

    def _write_state(self, vals):
        """Override: a debit that leaves its file leaves its block."""
        if vals.get("state") == "queued":
            vals = {**vals, "payment_information_id": False}
        return super()._write_state(vals)

    def _get_block_key(self):
        """Return what all debits of one payment block have in common.

        Note: self.ensure_one()

        :return: due date, sequence type, creditor identifier; the journal and the scheme are the file's.
        :rtype: tuple
        """
        self.ensure_one()
        return (
            self.collection_date,
            self.sequence_type,
            self.mandate_id.creditor_identifier or "",
        )

    def _iter_collections(self, amendments):
        """Yield each debit as a `sepa.pain008.Collection`.

        :param dict amendments: see `_get_amendments`.
        """
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
                    bic=debit.mandate_id._get_bic_for_file(),
                ),
                remittance=debit.remittance or "",
                amendment=amendments.get(debit),
                label=debit.end_to_end_id,
            )


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    # === WRITING === #

    def _plan_blocks(self):
        """Return the payment blocks of this batch, the earliest due date first.

        Note: self.ensure_one()

        :rtype: dict[str, `sdd.debit` recordset] of the block's id: its debits
        """
        self.ensure_one()
        groups = self.debit_ids.grouped(lambda debit: debit._get_block_key())
        return {
            references.payment_information_id(self.name, number): groups[key]
            for number, key in enumerate(sorted(groups), 1)
        }

    def _note_blocks(self, blocks):
        """Remember which debit stands in which block, and what the blocks have in common.

        Note: self.ensure_one()

        :param dict blocks: see `_plan_blocks`.
        """
        self.ensure_one()
        sequence_types, identifiers, dates = set(), set(), set()
        for block_id, debits in blocks.items():
            debits._write_state({"payment_information_id": block_id})
            due, sequence_type, identifier = debits[0]._get_block_key()
            dates.add(due)
            sequence_types.add(sequence_type)
            identifiers.add(identifier)
        self._write_state(
            {
                "collection_date": min(dates),
                "sequence_type": sequence_types.pop() if len(sequence_types) == 1 else False,
                "creditor_identifier": ", ".join(sorted(identifiers)),
            }
        )
        self.invalidate_recordset(["block_ids"])

    # === READING WHAT THE BANK SAYS === #

    @api.model
    def _find_named(self, message_id, payment_information_id, journal):
        """Return the batch that the bank names by its message id, else by one of its blocks.

        :param str | None message_id: what the bank wrote as message id.
        :param str | None payment_information_id: what it wrote as the id of a block.
        :param journal: `account.journal` record, the account that the bank speaks of.
        :rtype: `sdd.batch` record, possibly empty
        """
        own = fields.Domain("journal_id", "=", journal.id)
        if message_id and (found := self.search(own & fields.Domain("name", "=", message_id))):
            return found
        # Some banks write the id of the block where others write that of the message.
        named = [reference for reference in (payment_information_id, message_id) if reference]
        if not named:
            return self.browse()
        debits = self.env["sdd.debit"].search(
            [("payment_information_id", "in", named), ("batch_id.journal_id", "=", journal.id)],
            limit=1,
        )
        prefixes = [reference.rpartition("-")[0] for reference in named]
        return debits.batch_id or self.search(own & fields.Domain("name", "in", prefixes), limit=1)

    def _get_block_debits(self, payment_information_id=None):
        """Return the debits of a block of this batch; all of them when no block is named.

        A block that is not one of ours (some banks write NOTPROVIDED or ids of their own) means the
        whole file, too.

        :param str | None payment_information_id: what the bank wrote as the id of a block.
        :rtype: `sdd.debit` recordset
        """
        debits = self.debit_ids
        if not payment_information_id:
            return debits
        block = debits.filtered(lambda d: d.payment_information_id == payment_information_id)
        is_ours = any(debit.payment_information_id for debit in debits) and any(
            payment_information_id.startswith(f"{batch.name}-") for batch in self
        )
        return block if block or is_ours else debits

    def _get_blocks(self):
        """Return the debits of this batch by block, the earliest due date first.

        :rtype: dict[str | bool, `sdd.debit` recordset]
        """
        debits = self.debit_ids.sorted(lambda d: (d.collection_date, d.id))
        return debits.grouped("payment_information_id")
