"""What a person does with a planned attempt: move it, pause it, ask for the money otherwise."""

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date

from ...sepa import retry, target
from . import retry_texts


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    # === ACTION METHODS === #

    def action_move_retry(self):
        """Open the dialogue that moves this attempt."""
        self.ensure_one()
        self._check_waiting_retries()
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "support_debit.action_sdd_debit_move"
        )
        action["context"] = {"default_debit_id": self.id}
        return action

    def action_pause_retry(self):
        """Keep these attempts out of the next files until somebody lets them go on."""
        self._check_waiting_retries()
        for debit in self.filtered(lambda d: d.state == "queued"):
            debit._hold("user", self.env._("Paused by %(user)s", user=self.env.user.name))
            debit._write_state({"retry_log": debit._prepare_retry_log("paused")})

    def action_resume_retry(self):
        """Let paused attempts go on, on a new date."""
        self._check_waiting_retries()
        found = self._find_uncollectable()
        if reasons := [
            f"{debit.display_name}: {finding.reason}"
            for debit, finding in found.items()
            if finding.state != "queued"
        ]:
            raise UserError("\n".join(reasons))
        for debit, plan in self._plan_again().items():
            if isinstance(plan, retry.Stop):
                raise UserError(debit._refuse_resume(plan))
            debit._move_to(
                "queued",
                state_reason=False,
                hold_code=False,
                collection_date=plan.date,
                prenotification_date=debit.prenotification_date
                if plan.date == debit.collection_date
                else False,
                retry_log=debit._prepare_retry_log("resumed", date=plan.date),
                **debit._prepare_retry_plan(plan),
            )

    def action_send_payment_link(self):
        """Give these attempts up and send the customers a link to pay their invoices online."""
        self.check_access("write")
        self._check_waiting_retries()
        reason = self.env._("Replaced by a payment link by %s", self.env.user.name)
        for debit in self:
            debit._write_state({"retry_log": debit._prepare_retry_log("link")})
        self._cancel(reason)
        for debit in self:
            debit._send_payment_link()

    # === BUSINESS METHODS === #

    def _check_waiting_retries(self):
        """Raise a UserError when one of these is no repeated debit that still waits here."""
        for debit in self:
            if debit.attempt < 2:
                raise UserError(
                    self.env._("%s is a first attempt, not a repeated one.", debit.display_name)
                )
            if not debit.is_waiting_retry:
                raise UserError(
                    self.env._(
                        "%s does not wait any more. What stands in a file or is at the bank cannot"
                        " be changed here.",
                        debit.display_name,
                    )
                )

    def _get_earliest_retry(self):
        """Return the first day on which this attempt can be due, the customer being told in time.

        Note: self.ensure_one()

        :rtype: date
        """
        self.ensure_one()
        journal = self.journal_id
        return journal._sdd_choose_due_date(self.mandate_id, due_date_wanted=journal._sdd_today())

    def _plan_again(self):
        """Return a new plan for each of these attempts. Hook: the rules are the bank room's.

        :rtype: dict[`sdd.debit`, `sepa.retry.Plan` | `sepa.retry.Stop`]
        """
        return {debit: debit._plan_earliest() for debit in self}

    def _plan_earliest(self, code="person", **params):
        """Return a plan for the first possible day.

        Note: self.ensure_one()

        :param str code: a key of `retry_texts.REASONS`.
        :rtype: `sepa.retry.Plan`
        """
        day = self._get_earliest_retry()
        params = params or {"user": self.env.user.name}
        return retry.Plan(day, code, params, self.retry_chance, self.retry_last_date or day)

    def _refuse_resume(self, stop):
        """Return why a paused attempt finds no new date, and what to do."""
        return self.env._(
            "%(reason)s Choose a day with “Move”, or send a payment link instead.",
            reason=self._say_retry(retry_texts.STOPS, stop.code, stop.params),
        )

    def _move_retry(self, date, by_customer=False):
        """Set another due date for an attempt; the customer is told of it anew.

        An attempt that a person had paused goes on.

        Note: self.ensure_one()

        :param date date: the new due date; outside the usual time for staff only.
        :param bool by_customer: the customer himself chose it, which he can do once.
        :raise UserError: when the date is impossible.
        """
        self.ensure_one()
        self._check_waiting_retries()
        self._check_retry_date(date, by_customer)
        old = self.collection_date
        if date == old:
            return
        code = "moved_customer" if by_customer else "moved"
        event = self._make_retry_event(code, old=old, date=date)
        values = {
            "collection_date": date,
            # What the customer was told is not true any more.
            "prenotification_date": False,
            "retry_code": code,
            "retry_params": event["params"],
            "retry_log": [*(self.retry_log or []), event],
        }
        if self.state == "held" and self.hold_code == "user":
            self._move_to("queued", state_reason=False, hold_code=False, **values)
        else:
            self._write_state(values)

    def _check_retry_date(self, date, by_customer=False):
        """Raise a UserError that says why an attempt cannot be due on a day.

        Note: self.ensure_one()

        :param date date: the day wanted.
        :param bool by_customer: customers keep to the usual time.
        """
        earliest = self._get_earliest_retry()
        objection = retry.find_objection(date, earliest, self.retry_last_date)
        if objection == "closed":
            raise UserError(
                self.env._(
                    "Banks do not settle on %(date)s. The next possible day is %(next)s.",
                    date=format_date(self.env, date),
                    next=format_date(self.env, target.next_target_day(max(date, earliest))),
                )
            )
        if objection == "early":
            raise UserError(
                self.env._(
                    "%(date)s is too early: the customer must be told and the bank needs the file"
                    " before. The first possible day is %(earliest)s.",
                    date=format_date(self.env, date),
                    earliest=format_date(self.env, earliest),
                )
            )
        if objection == "late" and by_customer:
            raise UserError(
                self.env._(
                    "The latest day that you can choose is %s.",
                    format_date(self.env, self.retry_last_date),
                )
            )

    # === BUSINESS METHODS - PAYMENT LINK === #

    def _send_payment_link(self):
        """Write the e-mail with the links to the open invoices; the outbox sends it.

        Note: self.ensure_one()

        :raise UserError: when the customer has no address or the invoices cannot be paid online.
        """
        self.ensure_one()
        partner = self._get_payment_link_partner()
        if not partner.email_normalized:
            raise UserError(
                self.env._(
                    "%s has no usable e-mail address. Enter one, then send the link.",
                    partner.display_name,
                )
            )
        if not self._get_payable_invoices():
            raise UserError(
                self.env._(
                    "The invoices of %s cannot be paid online. Switch on “Invoice Online Payment”"
                    " in the settings of Invoicing, then send the link.",
                    partner.display_name,
                )
            )
        # In sudo mode: accountants send what they may not edit.
        self.sudo().with_context(mail_notify_force_send=False).message_post_with_source(
            self._get_payment_link_template(),
            email_layout_xmlid="mail.mail_notification_light",
            subtype_xmlid="mail.mt_comment",
            force_send=False,
            notify_skip_followers=True,
        )
        self.env.ref("mail.ir_cron_mail_scheduler_action").sudo()._trigger()

    def _get_payment_link_template(self):
        """Return the e-mail that brings the link.

        Note: self.ensure_one()

        :rtype: `mail.template` record
        """
        return self.env.ref("support_debit.mail_template_payment_link")

    def _get_payment_link_partner(self):
        """Return who pays: the invoice's contact with an e-mail address, else the customer.

        Note: self.ensure_one()
        """
        self.ensure_one()
        contacts = self.sudo().invoice_ids.partner_id | self.partner_id
        return contacts.filtered("email_normalized")[:1] or self.partner_id

    def _get_payable_invoices(self):
        """Return the invoices of this debit that the customer can pay online now (sudo)."""
        return self.sudo().invoice_ids.filtered(lambda move: move._has_to_be_paid())

    @api.model
    def _get_payment_url(self, invoice):
        """Return the address at which anybody who has it can pay an invoice online.

        :param invoice: `account.move` record.
        :rtype: str
        """
        path = invoice.get_portal_url(query_string="&payment=True", anchor="portal_pay")
        return f"{invoice.get_base_url()}{path}"

    def _get_retry_days(self):
        """Return the days that the customer can choose for this attempt, [] when he cannot.

        Note: self.ensure_one() (sudo)

        :rtype: list[date]
        """
        self.ensure_one()
        chosen = any(entry["code"] == "moved_customer" for entry in self.retry_log or [])
        if self.state != "queued" or self.attempt < 2 or chosen or not self.retry_last_date:
            return []
        days = retry.get_possible_days(self._get_earliest_retry(), self.retry_last_date)
        return [day for day in days if day != self.collection_date]

    def _move_by_customer(self, date):
        """Set the day that the customer chose in the portal.

        Note: self.ensure_one() (sudo)

        :param str date: ISO, as it came from the form.
        :raise UserError: when it cannot be chosen, or not any more.
        """
        self.ensure_one()
        try:
            day = fields.Date.to_date(date)
        except ValueError:
            day = None
        if not day or day not in self._get_retry_days():
            raise UserError(self.env._("This day cannot be chosen any more."))
        self._move_retry(day, by_customer=True)
