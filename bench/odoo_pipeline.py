"""Order to file: what one debit costs in each step, in time and in SQL queries.

Run by `bin/bench` in `odoo shell`, where `env` is there. Each step works in portions of 100 and
commits after each, as the jobs do; the cache is cleared between steps.
"""

import os
import time

from odoo import Command

PORTION = 100
env = env  # noqa: F821 - given by the shell


def portions(records):
    """Yield a recordset in portions."""
    for start in range(0, len(records), PORTION):
        yield records[start : start + PORTION]


class Clock:
    """Measures the wall time and the queries of a step and prints its row."""

    def __init__(self, name, count):
        self.name, self.count = name, count

    def __enter__(self):
        env.cr.commit()
        env.invalidate_all()
        self.queries = env.cr.sql_log_count
        self.start = time.perf_counter()
        return self

    def __exit__(self, *error):
        env.flush_all()
        env.cr.commit()
        per_record = (time.perf_counter() - self.start) * 1000 / self.count
        queries = (env.cr.sql_log_count - self.queries) / self.count
        print(
            f"| {self.name} | {self.count} | {per_record:.2f} | ms/debit | {queries:.2f} |",
            flush=True,
        )


def prepare_company():
    """Make the template's company ready to collect."""
    company = env.company
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    journal.bank_account_id = env["res.partner.bank"].create(
        {"acc_number": "DE89370400440532013000", "partner_id": company.partner_id.id}
    )
    company.write({"sdd_creditor_identifier": "DE98ZZZ09999999999", "sdd_journal_id": journal.id})
    plan = env["support.plan"].create({"name": "Base"})
    product = env["product.product"].create(
        {
            "name": "PC base support",
            "type": "service",
            "invoice_policy": "order",
            "list_price": 99.90,
            "support_plan_id": plan.id,
        }
    )
    return company, journal, product


def make_iban(number):
    """Return a formally valid German IBAN."""
    bban = f"37040044{number:010d}"
    check = 98 - int(f"{bban}131400") % 97
    return f"DE{check:02d}{bban}"


def make_customers(company, count):
    """Return active mandates of as many new customers."""
    partners = env["res.partner"].create(
        [{"name": f"Customer {n}", "email": f"c{n}@example.com"} for n in range(count)]
    )
    accounts = env["res.partner.bank"].create(
        [
            {"acc_number": make_iban(1000 + n), "partner_id": partner.id}
            for n, partner in enumerate(partners)
        ]
    )
    mandates = env["sdd.mandate"].create(
        [
            {"partner_id": partner.id, "bank_account_id": account.id, "company_id": company.id}
            for partner, account in zip(partners, accounts, strict=True)
        ]
    )
    for mandate in mandates:
        mandate._confirm("own_device_code")
    return mandates


def make_orders(mandates, product):
    """Return a draft order for each mandate's customer."""
    return env["sale.order"].create(
        [
            {
                "partner_id": mandate.partner_id.id,
                "order_line": [Command.create({"product_id": product.id})],
            }
            for mandate in mandates
        ]
    )


def measure(count, company, journal, product):
    """Print a row for each step with `count` debits."""
    mandates = make_customers(company, count)
    orders = make_orders(mandates, product)
    with Clock("order: confirm, start support", count):
        for part in portions(orders):
            part.action_confirm()
            env.cr.commit()
    with Clock("invoice: create and post", count):
        for part in portions(orders):
            part._sdd_invoice()
            env.cr.commit()
    invoices = orders.invoice_ids
    with Clock("debit: queue", count):
        for part in portions(invoices):
            part._queue_sdd_debit()
            env.cr.commit()
    with Clock("batch and file: pain.008", count):
        batches = env["sdd.batch"]._create_due_batches(journal)
    if sum(batches.mapped("debit_count")) != count:
        raise SystemExit("Not every debit is in a file: what is measured would say nothing.")
    with Clock("file alone: pain.008 again", count):
        batches.action_generate()
    with Clock("submit: collective entry, reconcile", count):
        for batch in batches:
            batch._submit()


company, journal, product = prepare_company()
for size in os.environ["SUPPORT_DEBIT_BENCH_SIZES"].split():
    measure(int(size), company, journal, product)
