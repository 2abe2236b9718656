from odoo import api, fields, models
from odoo.addons.payment import utils as payment_utils

from ... import const
from ...sepa import charset
from ...sepa import iban as sepa_iban
from .const import LIVE_STATES


class PaymentTransaction(models.Model):
    _inherit = "payment.transaction"

    sdd_mandate_id = fields.Many2one("sdd.mandate", string="Mandate", readonly=True, copy=False)
    sdd_debit_ids = fields.Many2many(
        "sdd.debit",
        "sdd_debit_transaction_rel",
        "transaction_id",
        "debit_id",
        string="Direct Debits",
        readonly=True,
        copy=False,
    )

    sdd_debit_count = fields.Integer(compute="_compute_sdd_debit_count", compute_sudo=True)

    @api.depends("sdd_debit_ids")
    def _compute_sdd_debit_count(self):
        for tx in self:
            tx.sdd_debit_count = len(tx.sdd_debit_ids)

    # === ACTION METHODS === #

    def action_view_sdd_debits(self):
        """Open the debits that carry out these payments."""
        action = self.env["ir.actions.act_window"]._for_xml_id("support_debit.action_sdd_debit")
        action["domain"] = [("id", "in", self.sudo().sdd_debit_ids.ids)]
        action["context"] = {}
        return action

    # === BUSINESS METHODS - PAYMENT FLOW === #

    def _get_specific_processing_values(self, processing_values):
        """Override of `payment` to sign the second call, the one that brings the IBAN."""
        if self.provider_code != const.PROVIDER_CODE:
            return super()._get_specific_processing_values(processing_values)
        return {"sdd_access_token": self._sdd_access_token()}

    def _sdd_access_token(self):
        """Return what only the browser that started this transaction knows."""
        self.ensure_one()
        return payment_utils.generate_access_token(
            "sdd", self.id, self.reference, self.partner_id.id, env=self.env
        )

    def _extract_amount_data(self, payment_data):
        """Override of `payment`: the amount is the transaction's own, nobody sends another."""
        if self.provider_code != const.PROVIDER_CODE:
            return super()._extract_amount_data(payment_data)
        return None

    def _apply_updates(self, payment_data):
        """Override of `payment`: the mandate is given, the debit is pending until it settles."""
        if self.provider_code != const.PROVIDER_CODE:
            return super()._apply_updates(payment_data)
        self.provider_reference = self.sdd_mandate_id.name
        if payment_data.get("error"):
            self._set_error(payment_data["error"])
            return None
        self._sdd_link_token()
        # Nothing is collected when a mandate was given without an order.
        if payment_data.get("settled") or self.operation == "validation":
            self._set_done()
        else:
            self._set_pending()
        return None

    # === BUSINESS METHODS - MANDATE === #

    def _sdd_find_form_errors(self, holder, iban, accepted, form):
        """Check once more what the browser has checked already.

        It tells nothing that we know about an account: see `_sdd_find_block` for that.

        Note: self.ensure_one()

        :param str holder: the account holder.
        :param str iban: the IBAN as typed.
        :param bool accepted: whether the mandate's box is ticked.
        :param dict|None form: the signed values of the form.
        :return: list of {field, code, message}.
        :rtype: list[dict]
        """
        self.ensure_one()
        errors = []
        name = charset.to_sepa(holder or "", "epc", 70)
        if not any(character.isalpha() for character in name):
            errors.append(
                {
                    "field": "holder",
                    "code": "holder",
                    "message": self.env._(
                        "Please enter the account holder's name as your bank knows it."
                    ),
                }
            )
        try:
            sepa_iban.check(iban or "")
        except sepa_iban.IbanError as error:
            message = self.env["res.partner.bank"]._sdd_error_message(error)
            errors.append({"field": "iban", "code": error.code, "message": message})
        if accepted is not True:
            errors.append(
                {
                    "field": "accepted",
                    "code": "accepted",
                    "message": self.env._("Please tick the box to give the mandate."),
                }
            )
        if form_error := self._sdd_find_stale_form(form):
            errors.append({"field": "form", "code": "stale", "message": form_error})
        return errors

    def _sdd_find_block(self, iban):
        """Return the error that no debit is taken from an account at the moment, or nothing.

        Whoever may try many accounts must not come here: the answer tells what happened to one.

        :param str iban: an IBAN without mistakes, as typed.
        :return: list of {field, code, message}.
        :rtype: list[dict]
        """
        accounts = self.env["res.partner.bank"]
        if not accounts._sdd_is_blocked(iban):
            return []
        message = accounts._sdd_get_block_message()
        return [{"field": "iban", "code": "blocked", "message": message}]

    @staticmethod
    def _sdd_clean(text):
        """Return a typed text on one line, without characters that nobody sees.

        :param str text: what came from outside; a database takes no zero bytes.
        :rtype: str
        """
        visible = "".join(c for c in text if c.isprintable() or c.isspace())
        return " ".join(visible.split())

    def _sdd_find_stale_form(self, form):
        """Return why the form can no longer be used, or an empty string.

        Note: self.ensure_one()
        """
        self.ensure_one()
        if self._sdd_is_paid_elsewhere():
            return self.env._(
                "This has been ordered already, perhaps in another window. Nothing is charged twice."
            )
        if self.currency_id.compare_amounts(self.amount, self._sdd_get_open_amount()):
            return self.env._(
                "A direct debit collects a whole order or a whole invoice, not a part of it."
                " Nothing has been charged."
            )
        again = self.env._("Please reload the page and try again. Nothing has been charged.")
        if not form or self.currency_id.name != "EUR":
            return again
        if self.amount <= 0 and self.operation != "validation":
            return again
        text = self.env["sdd.mandate.text"].browse(form.get("text_id")).exists()
        company = self.company_id
        if not text or text._hash(text._render(company.name)) != form.get("text_hash"):
            return again
        used = self.env["sdd.mandate"].search_count(
            [("company_id", "=", company.id), ("name", "=", form["reference"])], limit=1
        )
        return again if used else ""

    def _sdd_get_open_amount(self):
        """Return what the order or the invoices of this payment still cost.

        Note: self.ensure_one()

        :rtype: float, 0 for a payment without any document
        """
        self.ensure_one()
        if self.sale_order_ids:
            return sum(self.sale_order_ids.mapped("amount_total"))
        return sum(self.invoice_ids.mapped("amount_residual"))

    def _sdd_is_paid_elsewhere(self):
        """Return whether a debit for the same order or invoice is under way already.

        Note: self.ensure_one()

        :rtype: bool
        """
        self.ensure_one()
        others = (self.sale_order_ids.transaction_ids | self.invoice_ids.transaction_ids) - self
        others = others.filtered(
            lambda tx: tx.provider_code == const.PROVIDER_CODE and tx.state == "pending"
        )
        # A transaction that nobody has post-processed yet has no debit either.
        if others.filtered(lambda tx: not tx.sdd_debit_ids):
            return True
        debits = others.sdd_debit_ids | self.invoice_ids.sdd_debit_ids
        return any(debit.state in LIVE_STATES for debit in debits)

    def _sdd_accept(self, holder, iban, form, evidence):
        """Create the mandate that the customer has just given and start the payment.

        Note: self.ensure_one() (sudo), the values have been checked

        :param str holder: the account holder.
        :param str iban: the IBAN as typed.
        :param dict form: the signed values of the form.
        :param dict evidence: IP address and user agent.
        """
        self.ensure_one()
        text = self.env["sdd.mandate.text"].browse(form["text_id"])
        holder = self._sdd_clean(holder)
        channel = "portal" if self.operation == "validation" else "web"
        account = self.env["res.partner.bank"]._sdd_find_or_create(iban, holder, self.partner_id)
        self.sdd_mandate_id = self.env["sdd.mandate"]._create_given(
            {
                "name": form["reference"],
                "company_id": self.company_id.id,
                "partner_id": self.partner_id.id,
                "holder": holder[:140],
                "bank_account_id": account.id,
                "channel": channel,
                "lang": form["lang"],
                "text_id": text.id,
                "text_shown": text._render(self.company_id.name),
                "order_id": self.sale_order_ids[:1].id,
                "signature_date": fields.Date.context_today(self),
            },
            {
                "time_utc": fields.Datetime.to_string(fields.Datetime.now()),
                "channel": channel,
                "text_version": text.version,
                "language": form["lang"],
                "transaction": self.reference,
                **({"amount": f"{self.amount:.2f} {self.currency_id.name}"} if self.amount else {}),
                **evidence,
            },
            by_link=self.risk_offer == "sdd_confirmed",
        )
        self._process(const.PROVIDER_CODE, {"reference": self.reference})

    # === BUSINESS METHODS - POST-PROCESSING === #

    def _post_process(self):
        """Override of `payment`: a given mandate confirms the order, invoices it and queues the debit.

        No `account.payment` is made: the collective entry of the batch is the booking.
        """
        own = self.filtered(
            lambda tx: tx.provider_code == const.PROVIDER_CODE and tx.state in ("pending", "done")
        )
        super(PaymentTransaction, self - own)._post_process()
        for tx in own.filtered(lambda tx: tx.state == "pending" and not tx.sdd_debit_ids):
            tx.with_company(tx.company_id)._sdd_confirm_documents()
        own.is_post_processed = True

    def _sdd_confirm_documents(self):
        """Confirm and invoice the order and queue its debit; or debit the invoices being paid.

        Note: self.ensure_one()
        """
        self.ensure_one()
        orders = self.sale_order_ids
        orders.filtered(lambda order: order.state in ("draft", "sent")).action_confirm()
        invoices = orders._sdd_invoice() | self.invoice_ids
        for invoice in invoices:
            invoice._portal_ensure_token()
        self.invoice_ids = [(6, 0, invoices.ids)]
        # A mandate that the customer confirms by a link comes back here when he has.
        if self.sdd_mandate_id.state == "active":
            self.sdd_debit_ids = invoices._queue_sdd_debit(
                mandate=self.sdd_mandate_id, due_date=fields.Date.context_today(self)
            )
        orders._sdd_queue_confirmation_mail()

    def _sdd_note_settled(self):
        """Finish the transactions whose debits have all settled."""
        for tx in self.filtered(lambda t: t.state == "pending"):
            if set(tx.sdd_debit_ids.mapped("state")) == {"settled"}:
                tx._process(const.PROVIDER_CODE, {"reference": tx.reference, "settled": True})

    def _sdd_note_rejected(self, reason):
        """Mark the transactions whose debits the bank refused before any money moved.

        :param str reason: what the bank said.
        """
        for tx in self.filtered(lambda t: t.state == "pending"):
            tx._process(const.PROVIDER_CODE, {"reference": tx.reference, "error": reason})
