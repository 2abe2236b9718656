"""Support that was ordered and does not start before something has happened."""

import logging

from odoo import fields, models

_logger = logging.getLogger(__name__)


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
        """Tell the customers that their support, which had to wait, has started just now.

        One e-mail for all that an order has started.
        """
        # In sudo mode: it starts by a bank's file or by a customer's link, whoever brings it.
        template = self.env.ref("support_debit.mail_template_support_started").sudo()
        for order, started in self.sudo().grouped("order_id").items():
            for subscription in started[:1] if order else started:
                if subscription.partner_id.email_normalized:
                    subscription._send_quietly(template)

    def _get_started_together(self):
        """Return the support that runs now and was bought with the same order.

        Note: self.ensure_one()

        :rtype: `support.subscription` recordset
        """
        self.ensure_one()
        return self.order_id.support_subscription_ids.filtered(lambda s: s.state == "active") | self

    def _send_quietly(self, template):
        """Put an e-mail into the outbox; what is wrong with it undoes nothing.

        Note: self.ensure_one() (sudo)

        :param template: `mail.template` record (sudo).
        """
        try:
            with self.env.cr.savepoint():
                template.send_mail(self.id, email_layout_xmlid="mail.mail_notification_light")
        except Exception as error:  # noqa: BLE001 - a spoilt template must not undo a bank's file
            _logger.warning("Subscription %s: the customer could not be told: %s", self.id, error)
            self.message_post(
                body=self.env._("The e-mail to the customer could not be written. Please tell him.")
            )
            return
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _note_paid(self):
        """Let support start, or go on, because what was owed for it is paid."""
        self._resume()
        self._start_waiting()
