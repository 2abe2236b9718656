"""Orders, mandates and invoices of the demo, dated when they are said to have happened."""

from datetime import UTC, datetime, time

from odoo import Command, fields
from odoo.tools import SQL

#: Catalogue names as stories.py writes them.
PACKAGE_IDS = {
    "base": "support_debit.demo_product_base",
    "incident": "support_debit.demo_product_incident",
    "hour": "support_debit.demo_product_hour",
    "premium": "support_debit.demo_product_premium",
}
#: A documentation address (RFC 5737) and a common browser, as evidence of a mandate.
IP_ADDRESS = "192.0.2.{number}"
USER_AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"


def at(day, hour=9, minute=30):
    """Return a moment of a day as Odoo stores it: UTC without zone."""
    return datetime.combine(day, time(hour, minute))


def backdate(records, moment):
    """Let records look as if they were made earlier; the ORM cannot write `create_date`.

    :param records: any recordset.
    :param datetime moment: UTC without zone.
    """
    if not records:
        return
    records.flush_recordset()
    records.env.cr.execute(
        SQL(
            "UPDATE %s SET create_date = %s WHERE id IN %s",
            SQL.identifier(records._table),
            moment,
            tuple(records.ids),
        )
    )
    records.invalidate_recordset(["create_date"])


class OrderDesk:
    """Takes orders and mandates in the name of the demo's customers.

    :param company: `res.company` record.
    :param website: the shop.
    :param dict partners: the customers by key.
    :param dict ibans: their accounts by key.
    """

    def __init__(self, company, website, partners, ibans):
        self.company = company
        self.env = company.env
        self.website = website
        self.partners = partners
        self.ibans = ibans
        self.mandates = {}
        self.packages = {
            key: self.env.ref(xmlid).product_variant_id for key, xmlid in PACKAGE_IDS.items()
        }
        self.seller = self.env["res.users"].search([("login", "=", "sales")], limit=1)

    # === ORDERS === #

    def offer(self, sales, days):
        """Create quotations.

        :param sales: `Sale` tuples.
        :param days: the day of each.
        :rtype: `sale.order` recordset
        """
        orders = self.env["sale.order"].create(
            [self._prepare_order(sale, day) for sale, day in zip(sales, days, strict=True)]
        )
        for order, day in zip(orders, days, strict=True):
            backdate(order, at(day))
        return orders

    def sell(self, sales, days):
        """Create and confirm orders and start their support on the day of each.

        :rtype: `sale.order` recordset
        """
        orders = self.offer(sales, days)
        orders.action_confirm()
        for order, sale, day in zip(orders, sales, days, strict=True):
            order.date_order = at(day)
            self._start_support(order, day)
            if sale.customer not in self.mandates:
                self.give_mandate(sale.customer, day, sale.channel, order)
        return orders

    def invoice(self, orders):
        """Invoice and post orders on the days they were given.

        :rtype: `account.move` recordset, in the order of the orders.
        """
        invoices = orders._create_invoices(grouped=True, final=True)
        for invoice in invoices:
            invoice.invoice_date = invoice.line_ids.sale_line_ids.order_id[:1].date_order.date()
        invoices.action_post()
        for invoice in invoices:
            backdate(invoice, at(invoice.invoice_date))
        return self.env["account.move"].concat(*(order.invoice_ids for order in orders))

    def _prepare_order(self, sale, day):
        """Return the values of an order."""
        shop = sale.channel == "web"
        return {
            "partner_id": self.partners[sale.customer].id,
            "company_id": self.company.id,
            "website_id": self.website.id if shop else False,
            "user_id": False if shop else self.seller.id,
            "date_order": at(day),
            # Prices in the company's currency, whatever price lists other demo data brought.
            "pricelist_id": False,
            "order_line": [
                Command.create(
                    {
                        "product_id": self.packages[name].id,
                        "product_uom_qty": int(quantity or 1),
                    }
                )
                for name, _colon, quantity in (
                    package.partition(":") for package in sale.packages.split()
                )
            ],
        }

    @staticmethod
    def _start_support(order, day):
        """Move the start of an order's support to the day of the order."""
        subscriptions = order.support_subscription_ids
        subscriptions.write({"state": "draft"})
        subscriptions._activate(day)
        backdate(subscriptions, at(day))

    # === MANDATES === #

    def give_mandate(self, key, day, channel="web", order=None):
        """Return a mandate that a customer gave on a day, with its evidence.

        :param str key: the customer.
        :param date day: when it was given.
        :param str channel: `web` or `staff`.
        :param order: the order with which it was given, if any.
        :rtype: `sdd.mandate` record
        """
        values = self.prepare_mandate(key, channel)
        partner = self.partners[key]
        text = self.env["sdd.mandate.text"]._get_text(partner.lang)
        evidence = {
            "time_utc": fields.Datetime.to_string(at(day)),
            "channel": channel,
            "text_version": text.version,
            "language": partner.lang,
        }
        if channel == "web":
            evidence |= {
                "ip_address": IP_ADDRESS.format(number=partner.id % 254 + 1),
                "user_agent": USER_AGENT,
            }
        mandate = self.env["sdd.mandate"]._create_given(
            {
                **values,
                "text_id": text.id,
                "text_shown": text._render(self.company.name),
                "signature_date": day,
                "order_id": order and order.id,
            },
            evidence,
        )
        self.date_mandate(mandate, day)
        self.mandates[key] = mandate
        return mandate

    def prepare_mandate(self, key, channel="staff"):
        """Return the values of a mandate that is not given yet."""
        partner = self.partners[key]
        account = self.env["res.partner.bank"]._sdd_find_or_create(
            self.ibans[key], partner.name, partner
        )
        return {
            "company_id": self.company.id,
            "partner_id": partner.id,
            "holder": partner.name,
            "bank_account_id": account.id,
            "channel": channel,
            "lang": partner.lang,
        }

    def date_mandate(self, mandate, day):
        """Move what happened to a mandate just now to an earlier day.

        Events cannot be changed by the ORM, and their hashes bind their dates: the chain is
        made anew from the first event that moves.
        """
        events = mandate.event_ids.sorted("number")
        previous = ""
        for event in events:
            moved = event.date.date() >= datetime.now(UTC).date()
            values = {
                **{name: event[name] for name in ("number", "kind", "data")},
                "mandate_id": mandate.id,
                "user_id": event.user_id.id,
                "date": at(day) if moved else event.date,
                "previous_hash": previous,
            }
            previous = event._compute_hash(values)
            self.env.cr.execute(
                SQL(
                    "UPDATE sdd_mandate_event SET date = %s, previous_hash = %s, hash = %s"
                    " WHERE id = %s",
                    values["date"],
                    values["previous_hash"] or None,
                    previous,
                    event.id,
                )
            )
        events.invalidate_recordset()
        backdate(mandate, at(mandate.signature_date or day))
