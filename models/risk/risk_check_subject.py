"""What is known about an order, an invoice or typed values, brought into the form that checks read."""

from dataclasses import fields as dataclass_fields
from decimal import Decimal, InvalidOperation

from odoo import api, fields, models
from odoo.http import request

from ...scoring.subject import STAGES, Subject
from ...sepa import iban as sepa_iban
from .risk_check import PAYMENT_STAGES

_NAMES = frozenset(field.name for field in dataclass_fields(Subject)) - {"stage"}
_ID_NAMES = frozenset(name for name in _NAMES if name.endswith("_id"))
#: The records that values may name, the one that knows most first.
_SOURCES = {
    "debit_id": "sdd.debit",
    "transaction_id": "payment.transaction",
    "order_id": "sale.order",
    "invoice_id": "account.move",
    "mandate_id": "sdd.mandate",
    "partner_id": "res.partner",
}
#: What belongs to one account and is never mixed with that of another one.
_ACCOUNT_NAMES = ("iban", "holder", "mandate_id")
#: Mandates with which an order is, or will be, debited.
_USABLE_STATES = ("draft", "pending", "active")
#: Longer texts are cut: nothing that a customer types needs more.
_MAX_LENGTH = 256


class RiskCheck(models.AbstractModel):
    _inherit = "risk.check"

    @api.model
    def _make_subject(self, order_or_values, stage):
        """Return what is asked about.

        :param order_or_values: a record (`sale.order`, `account.move`, `sdd.mandate`, `res.partner`, in
            later rooms also `payment.transaction` and `sdd.debit`), or a dict of values of `Subject`.
            What the dict does not say is taken from the records that its ids name.
        :param str stage: one of `scoring.subject.STAGES`.
        :rtype: scoring.subject.Subject
        :raise ValueError: for an unknown stage, value or kind of record.
        """
        if stage not in STAGES:
            raise ValueError(f"no stage: {stage}")
        if isinstance(order_or_values, models.BaseModel):
            own, records = {}, [order_or_values]
        else:
            own = {name: value for name, value in order_or_values.items() if value is not None}
            if unknown := own.keys() - _NAMES:
                raise ValueError(f"no values of a subject: {', '.join(sorted(unknown))}")
            records = [
                self.env[model].browse(int(own[name]))
                for name, model in _SOURCES.items()
                if own.get(name)
            ]
        values = {}
        for record in records:
            # In sudo mode: a visitor of the shop may not read all that his order says.
            for name, value in self._get_subject_values(record.sudo()).items():
                # A mandate lives longer than the order with which it was given.
                is_other = name == "order_id" and record._name == "sdd.mandate" and len(records) > 1
                if not values.get(name) and not is_other:
                    values[name] = value
        values |= own
        if stage in PAYMENT_STAGES and not (values.get("iban") or values.get("mandate_id")):
            values |= self._get_order_account(values.get("order_id"))
        values.setdefault("company_id", self.env.company.id)
        values.setdefault("now", fields.Datetime.now())
        values |= self._get_visitor_values(values)
        return Subject(stage=stage, **self._clean_subject_values(values))

    @api.model
    def _get_subject_values(self, record):
        """Return what a record says. Later rooms add theirs.

        :param record: a record (sudo).
        :rtype: dict of values of `Subject`
        """
        record.ensure_one()
        if record._name == "sale.order":
            return self._get_order_values(record)
        if record._name == "account.move":
            return self._get_invoice_values(record)
        if record._name == "sdd.mandate":
            return {**self._get_mandate_values(record), "order_id": record.order_id.id}
        if record._name == "res.partner":
            return self._get_partner_values(record)
        raise ValueError(f"nothing can be asked about {record._name}")

    @api.model
    def _get_order_values(self, order):
        """Return what an order (sudo) says."""
        lines = order.order_line.filtered(lambda line: not line.display_type)
        kinds = set(lines.product_id.support_plan_id.mapped("kind"))
        return {
            **self._get_partner_values(order.partner_id, order.partner_invoice_id),
            "company_id": order.company_id.id,
            "order_id": order.id,
            "channel": "web" if order.website_id else "phone",
            "product_kind": kinds.pop() if len(kinds) == 1 else "",
            "amount": self._to_euro(order, order.amount_total),
        }

    @api.model
    def _get_order_account(self, order_id):
        """Return the account that an order will be debited from: that of its newest usable mandate.

        An order without a mandate of its own is debited with the one that the customer gave before.

        :param int order_id: may be 0.
        :rtype: dict of `_ACCOUNT_NAMES`, empty without a mandate
        """
        # In sudo mode: salespeople need not see account numbers.
        order = self.env["sale.order"].sudo().browse(order_id or [])
        mandate = order.sdd_mandate_ids.filtered(
            lambda m: m.state in _USABLE_STATES and m.company_id == order.company_id
        ).sorted("id")[-1:]
        if order and not mandate:
            owner = order.partner_id.commercial_partner_id
            latest = owner._get_latest_sdd_mandate(order.company_id)
            mandate = latest.filtered(lambda m: m.state == "active")
        if not mandate:
            return {}
        values = self._get_mandate_values(mandate)
        return {name: values[name] for name in _ACCOUNT_NAMES}

    @api.model
    def _get_invoice_values(self, invoice):
        """Return what an invoice (sudo) says."""
        lines = invoice.invoice_line_ids
        kinds = set(lines.product_id.support_plan_id.mapped("kind"))
        return {
            **self._get_partner_values(invoice.partner_id),
            "order_id": lines.sale_line_ids.order_id[:1].id,
            "company_id": invoice.company_id.id,
            "invoice_id": invoice.id,
            "channel": "portal",
            "product_kind": kinds.pop() if len(kinds) == 1 else "",
            "amount": self._to_euro(invoice, invoice.amount_residual),
        }

    @api.model
    def _get_mandate_values(self, mandate):
        """Return what a mandate (sudo) says."""
        return {
            **self._get_partner_values(mandate.partner_id),
            "company_id": mandate.company_id.id,
            "mandate_id": mandate.id,
            "holder": mandate.holder,
            "iban": mandate.bank_account_id.sanitized_acc_number,
        }

    @api.model
    def _get_partner_values(self, partner, address=None):
        """Return what a customer (sudo), and the address of his invoices, say."""
        address = address or partner
        owner = partner.commercial_partner_id
        return {
            "partner_id": partner.id,
            "is_company": owner.is_company,
            "name": partner.name or owner.name,
            "street": address.street,
            "zip_code": address.zip,
            "city": address.city,
            "country_code": address.country_id.code,
            "email": partner.email or owner.email,
            "phone": partner.phone or owner.phone,
            "vat": owner.vat,
            "lang": partner.lang,
        }

    @api.model
    def _get_visitor_values(self, values):
        """Return from where an order comes as far as the caller did not say.

        Salespeople sit behind one connection: theirs says nothing about a customer.
        """
        if not request or values.get("channel") not in ("web", "portal"):
            return {}
        if self.env.user._is_internal():
            return {}
        return {
            "ip_address": values.get("ip_address") or request.httprequest.remote_addr,
            "session": values.get("session") or request.session.sid,
        }

    @api.model
    def _to_euro(self, record, amount):
        """Return an amount of a document in euro."""
        euro = self.env.ref("base.EUR")
        if record.currency_id and record.currency_id != euro:
            amount = record.currency_id._convert(amount, euro, record.company_id)
        return amount

    @api.model
    def _clean_subject_values(self, values):
        """Return the values in the types of `Subject`, whatever came in."""
        cleaned = {}
        for name, value in values.items():
            if name in _ID_NAMES:
                cleaned[name] = int(value or 0)
            elif name == "amount":
                cleaned[name] = self._clean_amount(value)
            elif name in ("now", "is_company"):
                cleaned[name] = value
            else:
                text = "".join(c for c in str(value or "") if c.isprintable() or c.isspace())
                cleaned[name] = " ".join(text.split())[:_MAX_LENGTH]
        cleaned["iban"] = sepa_iban.normalize(cleaned.get("iban", ""))[:64]
        return cleaned

    @staticmethod
    def _clean_amount(value):
        """Return an amount of money; what is none is 0."""
        try:
            amount = Decimal(str(value or 0)).quantize(Decimal("0.01"))
        except InvalidOperation:
            return Decimal(0)
        return amount if amount.is_finite() else Decimal(0)
