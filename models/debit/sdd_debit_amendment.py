"""What a debit told the bank: the account and reference of its file, and the mandate's changes.

A change goes with the next debit of its mandate, with one only, and once more when that one never
left or was rejected before settlement (EPC016-06 4.7.2).
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import SQL


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    amendment_event_ids = fields.Many2many(
        "sdd.mandate.event",
        "sdd_debit_amendment_rel",
        "debit_id",
        "event_id",
        string="Tells the Bank of",
        readonly=True,
        copy=False,
        help="Changes of the mandate that the bank learns of with this debit.",
    )
    file_iban_masked = fields.Char(
        string="IBAN in the File", readonly=True, copy=False, help="The account that was sent."
    )
    file_reference = fields.Char(
        string="Mandate Reference in the File", readonly=True, copy=False, index="btree_not_null"
    )
    file_digest = fields.Char(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Keyed hash of the mandate as it stands in the file.",
    )
    iban_masked = fields.Char(string="IBAN", compute="_compute_iban_masked", compute_sudo=True)

    file_is_amended = fields.Boolean(
        readonly=True,
        copy=False,
        help="The file says that the mandate changed; not so when no bank has seen it before.",
    )
    amendment_text = fields.Text(
        string="Tells the Bank", compute="_compute_amendment_text", compute_sudo=True
    )

    # === COMPUTE METHODS === #

    @api.depends("amendment_event_ids", "file_is_amended")
    @api.depends_context("lang")
    def _compute_amendment_text(self):
        for debit in self:
            events = debit.amendment_event_ids if debit.file_is_amended else []
            debit.amendment_text = "\n".join(event.data_text for event in events)

    @api.depends("file_iban_masked", "mandate_id.iban_masked")
    def _compute_iban_masked(self):
        """What was sent to the bank stays what was sent, whatever becomes of the mandate."""
        for debit in self:
            debit.iban_masked = debit.file_iban_masked or debit.mandate_id.iban_masked

    # === BUSINESS METHODS === #

    def _write_state(self, vals):
        """Override: a debit that leaves its file has told the bank nothing."""
        if vals.get("state") == "queued":
            vals = {
                **vals,
                "amendment_event_ids": [Command.clear()],
                "file_iban_masked": False,
                "file_reference": False,
                "file_digest": False,
                "file_is_amended": False,
            }
        return super()._write_state(vals)

    def _note_file_contents(self):
        """Remember what the file that is being made says of these debits' mandates."""
        # In sudo mode: whoever makes the file need not see account numbers.
        debits = self.sudo().with_context(tracking_disable=True)
        planned = debits._plan_amendments()
        for debit in debits:
            mandate = debit.mandate_id
            debit.write(
                {
                    "file_iban_masked": mandate.iban_masked,
                    "file_reference": mandate.name,
                    "file_digest": mandate._get_agreed_digest(),
                }
            )
            events = planned.get(debit, self.env["sdd.mandate.event"])
            if debit.amendment_event_ids != events:
                debit.amendment_event_ids = events
        told = debits.browse(debit.id for debit in debits._get_amendments())
        told.file_is_amended = True
        (debits - told).file_is_amended = False

    def _plan_amendments(self):
        """Return which of these debits, that leave together, tells the bank of which changes.

        :return: the first debit of each mandate with changes that the bank does not know.
        :rtype: dict[`sdd.debit`, `sdd.mandate.event` recordset]
        """
        waiting = self.mandate_id._get_waiting_amendments(besides=self)
        planned = {}
        for debit in self.sorted("id"):
            if events := waiting.pop(debit.mandate_id, None):
                planned[debit] = events
        return planned

    def _get_amendments(self):
        """Return what the file says of changed mandates.

        :rtype: dict[`sdd.debit`, `sepa.pain008.Amendment`]
        """
        # In sudo mode: the history is not everybody's.
        debits = self.sudo().filtered("amendment_event_ids")
        collected = debits.mandate_id._filter_collected()
        return {
            debit.with_env(self.env): amendment
            for debit in debits
            if debit.mandate_id in collected
            and (amendment := debit.mandate_id._get_amendment(debit.amendment_event_ids))
        }

    def _find_outdated(self):
        """Return which of these debits stand in their file otherwise than in their mandates now.

        :rtype: dict[`sdd.debit`, str] of debit: reason
        """
        debits = self.sudo()  # In sudo mode: the digest takes account numbers in.
        planned = debits._plan_amendments()
        found = {}
        for debit in debits.filtered("file_digest"):
            mandate = debit.mandate_id
            if debit.file_digest != mandate._get_agreed_digest():
                found[debit.with_env(self.env)] = debit._describe_outdated()
            elif debit.amendment_event_ids != planned.get(
                debit, debit.amendment_event_ids.browse()
            ):
                reason = self.env._(
                    "What the bank must be told of mandate %s changed.", mandate.name
                )
                found[debit.with_env(self.env)] = reason
        return found

    def _describe_outdated(self):
        """Return what changed in the mandate since the file was made.

        Note: self.ensure_one()

        :rtype: str
        """
        mandate = self.mandate_id
        if self.file_reference != mandate.name:
            return self.env._(
                "The mandate reference changed from %(old)s to %(new)s.",
                old=self.file_reference,
                new=mandate.name,
            )
        identifiers = (self.batch_id.creditor_identifier or "").split(", ")
        if mandate.creditor_identifier not in identifiers:
            return self.env._(
                "Mandate %s names another creditor identifier now: its debit goes into another file.",
                mandate.name,
            )
        if self.file_iban_masked != mandate.iban_masked:
            return self.env._(
                "The account of mandate %(mandate)s changed to %(iban)s; the file still has the old one.",
                mandate=mandate.name,
                iban=mandate.iban_masked,
            )
        return self.env._("Mandate %s changed.", mandate.name)


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    def _lock_mandates(self):
        """Let nobody change the mandates of these batches before the file has left.

        Waits for whoever is changing one just now; the database then has this run start again, and
        it sees the change. In the order of their ids, so that two files never wait for each other.
        """
        mandates = self.debit_ids.mandate_id
        mandates.flush_recordset()
        if mandates:
            self.env.execute_query(
                SQL(
                    "SELECT id FROM sdd_mandate WHERE id IN %s ORDER BY id FOR NO KEY UPDATE",
                    tuple(mandates.ids),
                )
            )

    def _check_up_to_date(self):
        """Refuse a file that says something else than its mandates do now.

        Note: self.ensure_one()

        :raise UserError: names the debits.
        """
        self.ensure_one()
        if found := self.debit_ids._find_outdated():
            raise UserError(
                self.env._(
                    "Mandates changed since the file of batch %(name)s was made. Make the file again:"
                    "\n%(debits)s",
                    name=self.name,
                    debits="\n".join(
                        f"{debit.end_to_end_id}: {reason}" for debit, reason in found.items()
                    ),
                )
            )

    def _release_other_creditors(self):
        """Queue debits again whose mandates name a creditor identifier that this bank does not have.

        Note: self.ensure_one()
        """
        self.ensure_one()
        others = self.debit_ids.filtered(lambda d: not d.journal_id._sdd_fits(d.mandate_id))
        others._move_to("queued", batch_id=False)
        others._move_to_fitting_bank()
