"""Support that was ordered and does not start before something has happened."""

from odoo import fields, models


class SupportSubscription(models.Model):
    _inherit = "support.subscription"
    _guarded_fields = frozenset({"state", "waits_for"})

    waits_for = fields.Selection(
        [("payment", "The money to arrive")],
        string="Starts after",
        readonly=True,
        copy=False,
        index="btree_not_null",
        tracking=True,
        help="The support is ordered; it starts by itself as soon as this has happened.",
    )

    def _wait_for(self, event):
        """Let support that has not started wait for something.

        :param str event: a value of `waits_for`.
        """
        self.filtered(lambda s: s.state == "draft")._write_state({"waits_for": event})

    def _activate(self, start_date=None):
        """Override: whatever starts does not wait any more."""
        super()._activate(start_date)
        self.filtered("waits_for")._write_state({"waits_for": False})

    def _start_waiting(self, events=None):
        """Start the support that waits; its term begins today.

        :param events: values of `waits_for` that have happened; all if omitted.
        :return: what has started.
        :rtype: `support.subscription` recordset
        """
        waiting = self.filtered(
            lambda s: s.state == "draft" and s.waits_for and (not events or s.waits_for in events)
        )
        waiting._activate()
        waiting._note_started()
        return waiting

    def _note_started(self):
        """Hook: support that had to wait has started just now."""

    def _note_paid(self):
        """Let support start, or go on, because what was owed for it is paid."""
        self._resume()
        self._start_waiting()
