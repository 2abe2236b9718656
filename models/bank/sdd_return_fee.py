"""The bank's fee for a return, passed on where law, reason and company allow it.

Never more than the bank really took, never inside an amount that is collected again: an invoice of
its own. Damages are not subject to value added tax; the product of the line says so.
"""

from odoo import Command, api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from ..debit.timeline import TimelineEvent


class SddReturn(models.Model):
    _inherit = "sdd.return"

    fee_state = fields.Selection(
        [
            ("none", "Not passed on"),
            ("ask", "To be decided"),
            ("queued", "Will be charged"),
            ("charged", "Charged"),
            ("waived", "Waived"),
        ],
        string="Fee",
        required=True,
        readonly=True,
        copy=False,
        default="none",
        index=True,
    )
    fee_invoice_id = fields.Many2one(
        "account.move",
        string="Invoice of the Fee",
        readonly=True,
        copy=False,
        index="btree_not_null",
        check_company=True,
    )
    fee_hint = fields.Char(compute="_compute_fee_hint", compute_sudo=True)
    can_charge_fee = fields.Boolean(compute="_compute_fee_hint", compute_sudo=True)

    # === COMPUTE METHODS === #

    @api.depends("fee", "fee_state", "reason_id", "partner_id")
    @api.depends_context("lang")
    def _compute_fee_hint(self):
        amounts = self._get_fees_to_pass()
        for item in self:
            amount, reason = amounts[item]
            item.can_charge_fee = bool(amount) and item.fee_state in ("none", "ask")
            item.fee_hint = reason
            if amount:
                item.fee_hint = self.env._(
                    "%s of it can be passed on.", format_amount(self.env, amount, item.currency_id)
                )

    # === CRUD METHODS === #

    def write(self, vals):
        res = super().write(vals)
        if vals.get("fee"):
            # A notification came first; what the bank took is known with the statement only.
            self._plan_fees()
        return res

    # === ACTION METHODS === #

    def action_charge_fee(self):
        """Invoice the bank's fee to the customers.

        :raise UserError: where law, reason or company do not allow it.
        """
        self.env["account.move"].check_access("create")
        for item in self:
            if not item.can_charge_fee:
                raise UserError(f"{item.display_name}: {item.fee_hint or ''}".strip(": "))
        # In sudo mode: the right to invoice was checked.
        self.sudo()._charge_fees()
        return self.action_view_fee_invoice()

    def action_waive_fee(self):
        """Take the fee back, e.g. because the customer showed that the damage was less."""
        self.env["account.move"].check_access("create")
        # In sudo mode: the right to invoice was checked.
        self.sudo()._waive_fees()

    def action_view_fee_invoice(self):
        """Open the invoice of the fee."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "account.action_move_out_invoice_type"
        )
        action.update(
            view_mode="form",
            views=[(self.env.ref("account.view_move_form").id, "form")],
            res_id=self[:1].fee_invoice_id.id,
        )
        return action

    # === BUSINESS METHODS === #

    def _plan_fees(self):
        """Decide which fees are passed on, as the companies want it."""
        fresh = self.filtered(
            lambda item: (
                item.fee
                and item.fee_state == "none"
                and item.company_id.sdd_fee_policy in ("ask", "always")
            )
        )
        amounts = fresh._get_fees_to_pass()
        passed = fresh.filtered(lambda item: amounts[item][0])
        alone = passed.filtered(
            lambda item: (
                item.company_id.sdd_fee_policy == "always"
                and item._get_reason().fee_caused_by_debtor == "yes"
            )
        )
        if alone:
            alone.fee_state = "queued"
            self.env.ref("support_debit.cron_charge_fees").sudo()._trigger()
        (passed - alone)._ask_about_fees()

    def _ask_about_fees(self):
        """Let a person decide whether these fees are passed on."""
        self.fee_state = "ask"
        values = []
        for item in self:
            user = item.mandate_id._get_responsible()
            own = item.with_context(lang=user.lang or self.env.lang)
            summary = own.env._("Decide whether the bank's fee is charged to the customer")
            values.append(item._prepare_activity_values(user, summary, own.fee_hint or ""))
        activities = self.env["mail.activity"].sudo()
        activities.with_context(mail_activity_quick_update=True).create(values)

    def _get_fees_to_pass(self):
        """Return how much of each fee may be passed on, and why not when it is nothing.

        :return: {return: (amount in EUR, sentence)}.
        :rtype: dict[`sdd.return`, tuple[float, str]]
        """
        # In sudo mode: the law is no secret.
        rules = self.env["support.country.rule"].sudo()
        by_country = {
            country: rules._get_for_country(country)
            for country in {item._get_law_country() for item in self}
        }
        return {item: item._get_fee_to_pass(by_country[item._get_law_country()]) for item in self}

    def _get_law_country(self):
        """Return the country whose law protects the customer.

        Note: self.ensure_one()
        """
        customer = self.partner_id.commercial_partner_id
        return customer.country_id or self.company_id.country_id

    def _get_fee_to_pass(self, rule):
        """Return how much of the fee may be passed on, and why not when it is nothing.

        Note: self.ensure_one()

        :param rule: the `support.country.rule` of the customer's country, may be empty.
        :rtype: tuple[float, str]
        """
        self.ensure_one()
        if not self.fee:
            return 0.0, ""
        if self.company_id.sdd_fee_policy == "never":
            return 0.0, self.env._("The company passes no fees on.")
        if not self._is_customers() or self._get_reason().fee_caused_by_debtor == "no":
            return 0.0, self.env._("The customer did not cause it.")
        customer = self.partner_id.commercial_partner_id
        allowed = rule.return_fee_passed
        if allowed != "all" and not (allowed == "companies" and customer.is_company):
            return 0.0, self.env._("The law of the customer's country does not allow it.")
        return min(self.fee, rule.return_fee_cap or self.fee), ""

    @api.model
    def _cron_charge_fees(self):
        """Invoice the fees that are to be charged, each in a transaction of its own."""
        cron = self.env["ir.cron"]
        queued = self.search([("fee_state", "=", "queued")], order="id")
        cron._commit_progress(remaining=len(queued))
        for record_id in queued.ids:
            item = self.browse(record_id).try_lock_for_update()
            try:
                item.filtered_domain([("fee_state", "=", "queued")])._charge_fees()
                self.env.flush_all()
            except UserError as error:
                self.env.cr.rollback()
                item = self.browse(record_id)
                item._ask_about_fees()
                item._message_log(body=str(error))
            if not cron._commit_progress(1):
                break

    def _charge_fees(self):
        """Invoice what may be passed on of these fees, a posted document for each (sudo)."""
        amounts = self._get_fees_to_pass()
        for company, returns in (
            self.filtered(lambda r: amounts[r][0]).grouped("company_id").items()
        ):
            moves = self.env["account.move"].with_company(company)
            invoices = moves.create(
                [item._prepare_fee_invoice(amounts[item][0]) for item in returns]
            )
            for item, invoice in zip(returns, invoices, strict=True):
                item.write({"fee_state": "charged", "fee_invoice_id": invoice.id})
            invoices.action_post()

    def _prepare_fee_invoice(self, amount):
        """Return the values of the invoice of this fee.

        Note: self.ensure_one()

        :param float amount: EUR.
        :rtype: dict
        """
        own = self.with_context(lang=self._get_message_lang())
        facts = {
            "fee": format_amount(own.env, self.fee, self.currency_id),
            "date": format_date(own.env, self.booking_date),
            "amount": format_amount(own.env, self.amount, self.currency_id),
            "invoices": self.debit_id.invoice_names or self.debit_id.end_to_end_id,
        }
        return {
            "move_type": "out_invoice",
            "company_id": self.company_id.id,
            "partner_id": self.partner_id.id,
            "invoice_date": fields.Date.context_today(self),
            "invoice_origin": facts["invoices"],
            "narration": own.env._(
                "Our bank charged us %(fee)s on %(date)s because the direct debit of %(amount)s"
                " (%(invoices)s) came back. If you can show that the damage was less, please tell"
                " us.",
                **facts,
            ),
            "invoice_line_ids": [Command.create(own._prepare_fee_line(amount, facts["date"]))],
        }

    def _prepare_fee_line(self, amount, date):
        """Return the values of the line of the fee's invoice, in the language of the environment.

        Note: self.ensure_one()

        :param float amount: EUR.
        :param str date: the day of the return in words.
        :rtype: dict
        """
        product = self.company_id._sdd_get_fee_product().with_env(self.env)
        taxes = product.taxes_id._filter_taxes_by_company(self.company_id)
        return {
            "product_id": product.id,
            "name": self.env._("Bank's fee for the returned debit of %s", date),
            "quantity": 1,
            "price_unit": amount,
            "tax_ids": [Command.set(taxes.ids)],
        }

    def _waive_fees(self):
        """Take these fees back: what is posted by a credit note, what is not by cancelling (sudo)."""
        for item in self.filtered(lambda r: r.fee_state in ("ask", "queued", "charged")):
            invoice = item.fee_invoice_id
            if invoice.state == "draft":
                invoice.button_cancel()
            elif invoice.state == "posted":
                ref = self.env._("The fee is waived: %s", invoice.name)
                invoice._reverse_moves([{"ref": ref}], cancel=True)
            item.fee_state = "waived"
            item._message_log(body=self.env._("The fee was waived by %s.", self.env.user.name))


class SddDebit(models.Model):
    _inherit = "sdd.debit"

    def _get_timeline_events(self):
        """Override to tell of fees that were passed on."""
        return super()._get_timeline_events() + [
            TimelineEvent(
                item.fee_invoice_id.create_date,
                "return",
                self.env._(
                    "The bank's fee was charged with invoice %s.", item.fee_invoice_id.name or ""
                ),
                item.fee_invoice_id,
            )
            for item in self.return_ids
            if item.fee_invoice_id
        ]
