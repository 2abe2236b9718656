"""The job that tells customers of coming debits, and what staff do by hand."""

from odoo import api, fields, models
from odoo.exceptions import UserError

#: Debits that the job reads at once.
DEBITS_AT_ONCE = 200


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    # === JOB === #

    @api.model
    def _cron_prenotify(self):
        """Tell the customers of queued debits. Commits after each set; a crash doubles nothing.

        Where nobody can be told, the list says what to do.
        """
        domain = [
            ("state", "=", "queued"),
            ("notice_state", "in", ("missing", "outdated", "failed")),
        ]
        cron = self.env["ir.cron"]
        cron._commit_progress(remaining=self.search_count(domain))
        self._tell_of_renewals(domain)
        last = 0
        while found := self.search([*domain, ("id", ">", last)], order="id", limit=DEBITS_AT_ONCE):
            last = found[-1].id
            # The customer's other debits stand in the same message.
            found |= self.search([*domain, ("partner_id", "in", found.partner_id.ids)])
            debits = found.try_lock_for_update().filtered_domain(domain)
            told = debits._notify_in_advance()
            (debits - told)._note_missing_notices()
            if not cron._commit_progress(len(found)):
                break

    def _note_missing_notices(self):
        """Let the list say why these debits wait for a notice, and what to do."""
        found = self._check_notices()
        self.browse(debit.id for debit in found)._note_waiting(found)

    # === ACTION METHODS === #

    def action_notify(self):
        """Tell the customers of these debits now; what failed is sent again."""
        debits = self._check_can_be_notified()
        again = debits.sudo()._send_again()
        told = (debits - again)._notify_in_advance(again=True) | again
        debits._note_missing_notices()
        left = debits.filtered(lambda d: d.notice_state not in ("outgoing", "sent"))
        awaiting = left._filter_awaiting_order_mail()
        reasons = [
            f"{debit.display_name}: {debit._find_notice_obstacle(debit in awaiting)}"
            for debit in left
        ]
        told = self.env._("Debits that are announced: %s.", len(told))
        params = {
            "type": "warning" if left else "success",
            "message": " ".join([told, *reasons]),
            "next": {"type": "ir.actions.act_window_close"},
        }
        return {"type": "ir.actions.client", "tag": "display_notification", "params": params}

    def action_print_notice(self):
        """Print the notices of these debits as letters."""
        debits = self._check_can_be_notified()
        return self.env.ref("support_debit.action_report_sdd_prenotification").report_action(
            debits, config=False
        )

    def action_note_letter(self):
        """Note that the letters with the notices of these debits have gone to the post today."""
        debits = self._check_can_be_notified().sudo()  # In sudo mode: see `_record_letters`.
        debits._record_letters()

    def action_view_notices(self):
        """Open what the customers of these debits were told."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_prenotification"
        )
        action["domain"] = [("debit_id", "in", self.ids)]
        action["context"] = {}
        return action

    def _check_can_be_notified(self):
        """Return those of these debits of which a customer can still be told in advance.

        :raise AccessError: when the user may not write them.
        :raise UserError: when there are none.
        """
        self.check_access("write")
        debits = self.filtered(lambda d: d.state in ("queued", "held"))
        if not debits:
            raise UserError(
                self.env._(
                    "Customers are told of debits in advance. These have left, or are not collected"
                    " any more."
                )
            )
        return debits

    def _send_again(self):
        """Let the outbox try again to send the failed notices that are still true (sudo).

        :return: the debits of which they tell.
        :rtype: `sdd.debit` recordset
        """
        again = self.browse()
        for debit in self.filtered(lambda d: d.notice_state == "failed"):
            notice = debit._get_last_notice()
            mails = notice.mail_message_id.mail_ids.filtered(
                lambda mail: mail.state in ("exception", "cancel")
            )
            if mails and notice._is_true(debit):
                mails.mark_outgoing()
                notice.address = notice.partner_id.email_normalized
                again |= debit
        if again:
            again._allow_notice()
            again._forget_waiting_for_notice()
            self.env.ref("mail.ir_cron_mail_scheduler_action")._trigger()
        return again

    def _record_letters(self):
        """Keep what the letters about these debits say, as sent today (sudo)."""
        self._allow_notice()
        groups = self._group_by_letter()
        values = []
        for group, message in zip(groups, self._render_notices(groups), strict=True):
            for debit in group:
                values.append(debit._prepare_letter_values(message))
        notices = self._create_prenotifications(values)
        notices._note_sent(fields.Datetime.now())
