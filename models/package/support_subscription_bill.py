"""Renewal: the invoice of the next interval of a running subscription."""

import logging

from dateutil.relativedelta import relativedelta
from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_date, plaintext2html

_logger = logging.getLogger(__name__)

#: How many customers' invoices are made in one transaction.
CUSTOMERS_PER_STEP = 100


class SupportSubscription(models.Model):
    _inherit = "support.subscription"

    # === ACTION METHODS === #

    def action_bill(self):
        """Bill these subscriptions now if their next invoice is due, and show the invoices."""
        invoices = self.filtered_domain(self._get_domain_to_bill())._bill()
        if not invoices:
            raise UserError(
                self.env._(
                    "Nothing is due: the field “Next invoice” names the day of the next one."
                )
            )
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        return {**action, "domain": [("id", "in", invoices.ids)]}

    # === BUSINESS METHODS === #

    @api.model
    def _cron_bill(self):
        """Make the invoices that are due today and have them collected.

        Commits after every hundred customers; run again after a crash it bills the rest, nothing
        twice: the invoice and the date of the next one are written together.
        """
        cron = self.env["ir.cron"]
        domain = self._get_domain_to_bill()
        cron._commit_progress(remaining=self.search_count(domain))
        tried = self.browse()
        while due := self._take_to_bill([*domain, ("id", "not in", tried.ids)]):
            tried |= due
            self._bill_step(due)
            if not cron._commit_progress(len(due)):
                break

    @api.model
    def _take_to_bill(self, domain):
        """Lock the subscriptions of the next customers; what another worker holds is left to him.

        :param list domain: what may be billed.
        :rtype: `support.subscription` recordset
        """
        groups = self._read_group(
            domain, ["partner_id"], ["id:recordset"], limit=CUSTOMERS_PER_STEP, order="partner_id"
        )
        due = self.browse(subscription.id for _partner, found in groups for subscription in found)
        # Read again under the lock: another worker may have billed it in between.
        return due.try_lock_for_update().filtered_domain(domain)

    def _bill_step(self, due):
        """Bill all of `due`; if that fails, one by one, so that one customer does not stop the others."""
        try:
            with self.env.cr.savepoint():
                due._bill()
        except UserError:
            for subscription in due:
                subscription._bill_or_tell()

    def _bill_or_tell(self):
        """Bill one subscription, or put on somebody's list why it cannot be billed.

        Note: self.ensure_one()
        """
        try:
            with self.env.cr.savepoint():
                self._bill()
        except UserError as error:
            _logger.info("Subscription %s was not billed: %s", self.name, error)
            summary = self.env._("The renewal could not be invoiced")
            if summary not in self.activity_ids.mapped("summary"):
                self.activity_schedule(
                    "mail.mail_activity_data_todo",
                    user_id=(self.order_id.user_id or self.env.ref("base.user_admin")).id,
                    summary=summary,
                    note=plaintext2html(str(error)),
                )

    @api.model
    def _get_domain_to_bill(self):
        """Return which subscriptions are due: active, not cancelled before the next interval.

        Suspended support is not billed; when it is resumed, its invoice is due at once.

        :rtype: list
        """
        today = fields.Date.context_today(self)
        return [
            ("state", "=", "active"),
            ("next_invoice_date", "<=", today),
            ("cancel_date", "=", False),
            ("plan_id.renewal", "!=", "none"),
            ("plan_id.billing_interval_months", ">", 0),
            ("company_id", "in", self.env.companies.ids),
        ]

    def _bill(self):
        """Invoice the next interval of these subscriptions, one invoice for each customer.

        :return: the posted invoices.
        :rtype: `account.move` recordset
        """
        # In sudo mode: the job and support staff bill without accounting rights.
        moves = self.env["account.move"].sudo()
        values = [
            subscriptions._prepare_renewal_invoice()
            for subscriptions in self.grouped(
                lambda s: (s.company_id, s._get_billed_partner())
            ).values()
        ]
        for company_values in self._group_by_company(values).values():
            moves |= moves.with_company(company_values[0]["company_id"]).create(company_values)
        for subscription in self:
            subscription._note_billed()
        moves.action_post()
        self._collect_renewals(moves)
        return moves.with_env(self.env)

    @staticmethod
    def _group_by_company(values):
        """Return `{company id: values of its invoices}`."""
        groups = {}
        for item in values:
            groups.setdefault(item["company_id"], []).append(item)
        return groups

    def _collect_renewals(self, invoices):
        """Do what happens to a renewal invoice. Overridden by the rooms that collect.

        :param invoices: the posted `account.move` records (sudo).
        """

    def _get_billed_partner(self):
        """Return who gets the invoice: whoever got the first one.

        Note: self.ensure_one()
        """
        return self.order_id.sudo().partner_invoice_id or self.partner_id

    def _prepare_renewal_invoice(self):
        """Return the values of one invoice for these subscriptions of one customer.

        :rtype: dict
        """
        order = self.order_id.sudo()[:1]
        partner = self[:1]._get_billed_partner()
        company = self.company_id
        fiscal_position = order.fiscal_position_id or self.env[
            "account.fiscal.position"
        ].with_company(company)._get_fiscal_position(partner)
        return {
            "move_type": "out_invoice",
            "company_id": company.id,
            "partner_id": partner.id,
            "currency_id": company.currency_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_origin": ", ".join(self.mapped("name")),
            "invoice_user_id": order.user_id.id,
            "invoice_payment_term_id": order.payment_term_id.id,
            "fiscal_position_id": fiscal_position.id,
            "invoice_line_ids": [
                Command.create(subscription._prepare_renewal_line(fiscal_position))
                for subscription in self
            ],
        }

    def _prepare_renewal_line(self, fiscal_position):
        """Return the values of the invoice line for the next interval.

        The price is the one of the order; without an order the one that the subscription names.

        Note: self.ensure_one()

        :param fiscal_position: `account.fiscal.position` record, may be empty.
        :rtype: dict
        """
        line = self.order_line_id.sudo()
        product = self.product_id or line.product_id
        values = {
            "product_id": product.id,
            "quantity": self.quantity,
            "name": self._get_renewal_text(product),
            "support_subscription_id": self.id,
        }
        if line:
            return {
                **values,
                "price_unit": line.price_unit,
                "discount": line.discount,
                "tax_ids": [Command.set(line.tax_ids.ids)],
            }
        taxes = product.taxes_id.filtered(lambda tax: tax.company_id == self.company_id)
        return {
            **values,
            "price_unit": product.lst_price,
            "tax_ids": [Command.set(fiscal_position.map_tax(taxes).ids)],
        }

    def _get_renewal_text(self, product):
        """Return what the invoice says is billed: the package and its next interval.

        Note: self.ensure_one()
        """
        lang = self.partner_id.lang
        first = self.next_invoice_date
        last = self._get_date_after(first) - relativedelta(days=1)
        return self.with_context(lang=lang).env._(
            "%(package)s, %(first)s to %(last)s",
            package=product.with_context(lang=lang).display_name or self.plan_id.name,
            first=format_date(self.env, first, lang_code=lang),
            last=format_date(self.env, last, lang_code=lang),
        )

    def _get_date_after(self, day):
        """Return the first day of the interval after the one that begins on `day`.

        Counted from the first day of the term: 31 January, 28 February, 31 March.

        Note: self.ensure_one()

        :rtype: date
        """
        interval = self.plan_id.billing_interval_months
        start = self.start_date or day
        months = (day.year - start.year) * 12 + day.month - start.month
        return start + relativedelta(months=months + interval)

    def _note_billed(self):
        """Move the date of the next invoice on; the term lasts at least as long as is paid for.

        Note: self.ensure_one()
        """
        after = self._get_date_after(self.next_invoice_date)
        paid_until = after - relativedelta(days=1)
        values = {"next_invoice_date": after}
        if self.end_date and self.end_date < paid_until:
            months = self.plan_id.term_months if self.plan_id.renewal == "term" else 0
            values["end_date"] = max(paid_until, self.end_date + relativedelta(months=months))
        self.write(values)
