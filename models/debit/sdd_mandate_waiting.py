"""What changed in a mandate and still has to be told to the bank: it goes with the next debit."""

from odoo import api, fields, models

from .const import CARRYING_STATES, COLLECTED_STATES


class SddMandate(models.Model):
    _inherit = "sdd.mandate"

    waiting_amendment_ids = fields.Many2many(
        "sdd.mandate.event", compute="_compute_waiting_amendments", compute_sudo=True
    )
    waiting_amendment_text = fields.Text(
        string="Goes to the bank with the next debit",
        compute="_compute_waiting_amendments",
        compute_sudo=True,
    )
    has_waiting_amendment = fields.Boolean(
        string="Change waits for the next debit",
        compute="_compute_waiting_amendments",
        search="_search_has_waiting_amendment",
        compute_sudo=True,
    )

    # === COMPUTE METHODS === #

    @api.depends(
        "event_ids", "debit_ids.state", "debit_ids.amendment_event_ids", "bank_account_id", "name"
    )
    @api.depends_context("lang")
    def _compute_waiting_amendments(self):
        waiting = self._get_waiting_amendments()
        collected = self.browse([mandate.id for mandate in waiting])._filter_collected()
        for mandate in self:
            events = waiting.get(mandate) if mandate in collected else None
            amendment = events and mandate._get_amendment(events)
            mandate.waiting_amendment_ids = events if amendment else False
            mandate.waiting_amendment_text = amendment and mandate._describe_amendment(amendment)
            mandate.has_waiting_amendment = bool(amendment)

    def _search_has_waiting_amendment(self, operator, value):
        if operator != "in":
            return NotImplemented
        # In sudo mode: the history is not everybody's; the record rules apply to what is found.
        changed = self.sudo().search([("event_ids.kind", "=", "amended")])
        found = changed.filtered("has_waiting_amendment")
        domain = fields.Domain("id", "in", found.ids)
        return domain if True in value else ~domain

    # === BUSINESS METHODS === #

    def _get_waiting_amendments(self, besides=None):
        """Return the changes of these mandates that no debit has told the bank of.

        A change that was sent and rejected waits again, unless the bank has accepted a later one of
        the same kind meanwhile.

        :param besides: `sdd.debit` records whose file is being made: what they tell does not count.
        :rtype: dict[`sdd.mandate`, `sdd.mandate.event` recordset (sudo)]
        """
        # In sudo mode: the history is not everybody's.
        events = (
            self.env["sdd.mandate.event"]
            .sudo()
            .search([("mandate_id", "in", self.ids), ("kind", "=", "amended")])
        )
        if not events:
            return {}
        domain = [
            ("amendment_event_ids", "in", events.ids),
            ("state", "in", CARRYING_STATES),
            ("id", "not in", besides.ids if besides else []),
        ]
        told = self.env["sdd.debit"].sudo().search(domain).amendment_event_ids
        latest = {}
        for event in told:
            key = (event.mandate_id, (event.data or {}).get("change"))
            latest[key] = max(latest.get(key, 0), event.number)
        waiting = events.filtered(
            lambda e: e.number > latest.get((e.mandate_id, (e.data or {}).get("change")), 0)
        )
        return waiting.grouped("mandate_id")

    def _filter_collected(self):
        """Return those of these mandates of which a bank knows: something was collected with them.

        :rtype: `sdd.mandate` recordset
        """
        # In sudo mode: a customer may not read all debits of his mandate.
        debits = self.env["sdd.debit"].sudo()
        groups = debits._read_group(
            [("mandate_id", "in", self.ids), ("state", "in", COLLECTED_STATES)], ["mandate_id"]
        )
        known = self.browse(mandate.id for (mandate,) in groups)
        # What another system has collected with is known to the bank as well.
        return known | self.filtered(lambda m: m.channel == "import" and m.last_collection_date)

    def _erase_parts(self, parts, reason):
        """Override: what is left of the account on its debits goes with it."""
        super()._erase_parts(parts, reason)
        if "account" in parts:
            self.debit_ids.write({"file_iban_masked": False, "file_digest": False})

    def _get_notice_text(self):
        """Return whether and when the bank is told of what was changed, for whoever changed it.

        Note: self.ensure_one()

        :rtype: str
        """
        self.ensure_one()
        if self.has_waiting_amendment:
            return self.env._("The bank is told with the next debit.")
        return self.env._("Nothing that the bank has seen is different, so it need not be told.")

    def _describe_amendment(self, amendment):
        """Return a `sepa.pain008.Amendment` in plain words, a line for each change.

        Note: self.ensure_one() (sudo)

        :rtype: str
        """
        self.ensure_one()
        lines = []
        if amendment.original_iban or amendment.same_mandate_new_account:
            lines.append(self.env._("New account: %s", self.iban_masked))
        if amendment.original_mandate_id:
            lines.append(
                self.env._(
                    "New reference: %(new)s, before %(old)s",
                    new=self.name,
                    old=amendment.original_mandate_id,
                )
            )
        if amendment.original_creditor_id:
            lines.append(
                self.env._(
                    "New creditor identifier: %(new)s, before %(old)s",
                    new=self.creditor_identifier,
                    old=amendment.original_creditor_id,
                )
            )
        if amendment.original_creditor_name:
            lines.append(
                self.env._(
                    "New name of the creditor: %(new)s, before %(old)s",
                    new=self.creditor_name,
                    old=amendment.original_creditor_name,
                )
            )
        return "\n".join(lines)
