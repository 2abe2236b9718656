"""Orders and invoices of the demo, dated when they are said to have happened."""

from odoo import Command

from .dates import at, backdate
from .mandates import MandateDesk
from .risk_room import RiskRoom

#: Catalogue names as stories.py writes them.
PACKAGE_IDS = {
    "base": "support_debit.demo_product_base",
    "incident": "support_debit.demo_product_incident",
    "hour": "support_debit.demo_product_hour",
    "premium": "support_debit.demo_product_premium",
}


class OrderDesk:
    """Takes orders in the name of the demo's customers.

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
        self.clerk = MandateDesk(company, partners, ibans)
        self.risk = RiskRoom(company, ibans)
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
        for order, sale, day in zip(orders, sales, days, strict=True):
            self.risk.accept(self.risk.judge(order, sale, day), day)
        orders.action_confirm()
        for order, sale, day in zip(orders, sales, days, strict=True):
            order.date_order = at(day)
            self._start_support(order, day)
            if sale.customer not in self.clerk.mandates:
                self.clerk.give(sale.customer, day, sale.channel, order)
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
