"""What a debit has to do with requests to take it back."""

from odoo import api, fields, models

from . import const


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    cancellation_line_ids = fields.One2many("sdd.cancellation.line", "debit_id", readonly=True)
    cancellation_count = fields.Integer(compute="_compute_request_counts", compute_sudo=True)
    reversal_ids = fields.Many2many("sdd.reversal", readonly=True)
    reversal_count = fields.Integer(compute="_compute_request_counts", compute_sudo=True)

    @api.depends("cancellation_line_ids", "reversal_ids")
    def _compute_request_counts(self):
        for debit in self:
            debit.cancellation_count = len(debit.cancellation_line_ids.cancellation_id)
            debit.reversal_count = len(debit.reversal_ids)

    # === ACTION METHODS === #

    def action_cancel_at_bank(self):
        """Ask the bank to call these debits back."""
        return self.env["sdd.cancellation"]._open_for(self)

    def action_give_back(self):
        """Give the money of settled debits back."""
        return self.env["sdd.reversal"]._open_for(self)

    def action_view_cancellations(self):
        """Open the requests to cancel these debits."""
        return self._action_requests(self.cancellation_line_ids.cancellation_id)

    def action_view_reversals(self):
        """Open the reversals of these debits."""
        return self._action_requests(self.reversal_ids)

    @api.model
    def _action_requests(self, requests):
        """Return the action that shows documents of one kind."""
        if len(requests) == 1:
            return requests._action_open()
        return {
            "type": "ir.actions.act_window",
            "name": requests._description,
            "res_model": requests._name,
            "view_mode": "list,form",
            "domain": [("id", "in", requests.ids)],
        }

    # === BUSINESS METHODS === #

    def _take_back_on_request(self, cancellation, message=None):
        """The bank has called these debits back because we wished it: nobody did anything wrong.

        :param cancellation: the `sdd.cancellation`.
        :param message: the `sdd.bank.message` that says it, if it is one.
        """
        reason = self.env["sdd.reason"]._find(const.CANCELLED_CODE)
        text = reason.display_name or const.CANCELLED_CODE
        today = fields.Date.context_today(self)
        for state, came in (("submitted", "rejected"), ("settled", "returned")):
            debits = self.filtered(lambda d, state=state: d.state == state)
            if debits:
                debits._reopen(came, text, today, cancellation.name)
        self._record_own_return("cancellation", const.CANCELLED_CODE, message)
        self.batch_id.sudo()._note_taken_back()

    def _record_own_return(self, kind, code, message=None):
        """Write one `sdd.return` for each of these debits, which came back on our own wish.

        :param str kind: cancellation or reversal.
        :param str code: the reason code.
        :param message: the `sdd.bank.message` that says it, if it is one.
        """
        reason = self.env["sdd.reason"]._find(code)
        # In sudo mode: returns are written by the program only.
        returns = self.env["sdd.return"].sudo()
        records = returns.with_context(sdd_own_wish=True).create(
            [
                {
                    "debit_id": debit.id,
                    "kind": kind,
                    "message_id": message and message.id,
                    "reason_code": code,
                    "reason_id": reason.id,
                    "booking_date": fields.Date.context_today(self),
                    "amount": debit.amount,
                }
                for debit in self
            ]
        )
        records._react()

    def _note_reversed(self):
        """The statement shows money going back: reversals of these debits may be complete."""
        self.reversal_ids.sudo()._update_settled()


class SddReturn(models.Model):
    _inherit = "sdd.return"

    @api.model_create_multi
    def create(self, vals_list):
        """Override: a return that the bank makes because we asked for it is our own wish.

        The bank may carry a cancellation out before it answers, or instead of answering.
        """
        if not self.env.context.get("sdd_own_wish"):
            self._match_cancellations(vals_list)
        return super().create(vals_list)

    @api.model
    def _match_cancellations(self, vals_list):
        """Turn returns into the fulfilment of open requests, or close these."""
        lines = (
            self.env["sdd.cancellation.line"]
            .sudo()
            .search(
                [
                    ("debit_id", "in", [vals["debit_id"] for vals in vals_list]),
                    ("outcome", "=", "pending"),
                ]
            )
            .grouped("debit_id")
        )
        debits = {debit.id: found for debit, found in lines.items()}
        for vals in vals_list:
            if line := debits.get(vals["debit_id"]):
                self._close_cancellation(line, vals)

    @api.model
    def _close_cancellation(self, line, vals):
        """Note on a request that its debit came back, because we wished it or otherwise.

        :param line: the open `sdd.cancellation.line`.
        :param dict vals: values of the return, whose kind is set.
        """
        wished = vals.get("reason_code") in const.WISHED_CODES
        if wished:
            vals["kind"] = "cancellation"
        text = self.env._("The debit came back: %s", vals.get("reason_code"))
        line.write({"outcome": "accepted" if wished else "too_late", "answer": text})
        line.cancellation_id._update_state()


class SddBatch(models.Model):
    _inherit = "sdd.batch"

    cancellation_ids = fields.One2many("sdd.cancellation", "batch_id", readonly=True)
    cancellation_count = fields.Integer(compute="_compute_request_counts", compute_sudo=True)
    reversal_ids = fields.One2many("sdd.reversal", "batch_id", readonly=True)
    reversal_count = fields.Integer(compute="_compute_request_counts", compute_sudo=True)

    @api.depends("cancellation_ids", "reversal_ids")
    def _compute_request_counts(self):
        for batch in self:
            batch.cancellation_count = len(batch.cancellation_ids)
            batch.reversal_count = len(batch.reversal_ids)

    def action_cancel_at_bank(self):
        """Ask the bank to call back what is still on its way."""
        return self.debit_ids.filtered(lambda d: d.state == "submitted").action_cancel_at_bank()

    def action_give_back(self):
        """Give back the money of all settled debits."""
        return self.debit_ids.filtered(lambda d: d.state == "settled").action_give_back()

    def action_view_cancellations(self):
        """Open the requests to cancel debits of these batches."""
        return self.env["sdd.debit"]._action_requests(self.cancellation_ids)

    def action_view_reversals(self):
        """Open the reversals of debits of these batches."""
        return self.env["sdd.debit"]._action_requests(self.reversal_ids)

    def _note_taken_back(self):
        """Set the state of batches some of whose debits were called back."""
        for batch in self.filtered(
            lambda b: b.state in ("submitted", "accepted", "partly_rejected")
        ):
            states = set(batch.debit_ids.mapped("state"))
            batch._move_to("rejected" if states <= {"rejected"} else "partly_rejected")
        self.filtered(lambda b: "settled" in b.debit_ids.mapped("state"))._update_settled()
