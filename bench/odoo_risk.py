"""The risk room at the moment an order is placed: all local checks, both scorecards, the record.

Run by `bin/bench` in `odoo shell`, where `env` is there. The database holds 100 000 customers with
accounts, mandates, orders and invoices, 300 000 debits of which 9 000 came back, and 50 000
assessments with their marks, copied from one of each by SQL. Every order is judged with an empty
cache and in a transaction of its own, as a request is; half of the customers have ordered before.
`SUPPORT_DEBIT_BENCH_CUSTOMERS` makes it smaller for a look at what the rows mean.
"""

import os
import random
import time
from collections import Counter
from datetime import date, timedelta
from itertools import count

from odoo import Command
from odoo.addons.support_debit.sepa import iban as sepa_iban
from odoo.tools import SQL

env = env  # noqa: F821 - given by the shell
CUSTOMERS = int(os.environ.get("SUPPORT_DEBIT_BENCH_CUSTOMERS", "100000"))
DEBITS, ASSESSMENTS, RETURNS = 3 * CUSTOMERS, CUSTOMERS // 2, 9 * CUSTOMERS // 100
JUDGED, WARM_UP = 400, 50


def make_iban(number):
    """Return a formally valid German IBAN."""
    bban = f"37040044{number:010d}"
    check = 98 - int(f"{bban}131400") % 97
    return f"DE{check:02d}{bban}"


def copy_rows(record, count, **values):
    """Copy a row so many times by SQL; ids follow each other.

    :param record: the row.
    :param values: {column: SQL expression}, in which `n` counts from 1 and `id` is the new id.
    :return: the id before the first copy.
    """
    env.flush_all()
    table = record._table
    env.cr.execute(
        "SELECT column_name FROM information_schema.columns"
        " WHERE table_name = %s AND is_generated = 'NEVER'",
        [table],
    )
    columns = [name for (name,) in env.cr.fetchall()]
    env.cr.execute(SQL("SELECT MAX(id) FROM %s", SQL.identifier(table)))
    base = env.cr.fetchone()[0]
    values["id"] = f"{base} + n"
    chosen = ", ".join(values.get(name, f't."{name}"') for name in columns)
    names = ", ".join(f'"{name}"' for name in columns)
    env.cr.execute(
        f'INSERT INTO "{table}" ({names}) SELECT {chosen}'
        f' FROM "{table}" t, generate_series(1, {count}) n WHERE t.id = {record.id}'
    )
    env.cr.execute(f"SELECT setval('{table}_id_seq', {base + count})")
    return base


def make_first():
    """Return customer, account, mandate, order, invoice and debit that are copied."""
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", env.company.id)], limit=1
    )
    journal.bank_account_id = env["res.partner.bank"].create(
        {"acc_number": "DE89370400440532013000", "partner_id": env.company.partner_id.id}
    )
    env.company.write(
        {"sdd_creditor_identifier": "DE98ZZZ09999999999", "sdd_journal_id": journal.id}
    )
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
    partner = env["res.partner"].create(
        {
            "name": "Jörg Müßig",
            "email": "c0@example.com",
            "phone": "+49 30 1234567",
            "street": "Hauptstraße 1",
            "zip": "10115",
            "city": "Berlin",
            "country_id": env.ref("base.de").id,
        }
    )
    account = env["res.partner.bank"].create(
        {"acc_number": make_iban(10**8), "partner_id": partner.id}
    )
    mandate = env["sdd.mandate"].create(
        {"partner_id": partner.id, "bank_account_id": account.id, "company_id": env.company.id}
    )
    mandate._confirm("own_device_code")
    order = env["sale.order"].create(
        {
            "partner_id": partner.id,
            "order_line": [Command.create({"product_id": product.id})],
        }
    )
    order.action_confirm()
    invoice = order._sdd_invoice()
    return partner, account, mandate, order, invoice, invoice._queue_sdd_debit(mandate=mandate)


def fill():
    """Fill the database; return the ids before the first customer and the first account."""
    partner, account, mandate, order, invoice, debit = make_first()
    customer = copy_rows(
        partner,
        CUSTOMERS,
        commercial_partner_id=f"{partner.id} + n",
        email="'c' || n || '@example.com'",
        email_normalized="'c' || n || '@example.com'",
        phone="'+49 30 ' || (1000000 + n)",
        phone_sanitized="'+4930' || (1000000 + n)",
        zip="(10000 + n % 80000)::text",
        street="'Hauptstraße ' || n % 90",
    )
    if customer != partner.id:
        raise SystemExit("Other customers were made meanwhile.")
    bank = copy_rows(
        account,
        CUSTOMERS,
        partner_id=f"{customer} + n",
        acc_number="'X' || n",
        sanitized_acc_number="'X' || n",
        iban_hash="md5('x' || n)",
    )
    signed = copy_rows(
        mandate,
        CUSTOMERS,
        partner_id=f"{customer} + n",
        bank_account_id=f"{bank} + n",
        name="'BENCH-' || n",
        order_id="NULL",
    )
    copy_rows(order, CUSTOMERS, partner_id=f"{customer} + n", name="'B' || n", access_token="NULL")
    copy_rows(
        invoice,
        CUSTOMERS,
        partner_id=f"{customer} + n",
        commercial_partner_id=f"{customer} + n",
        name="'B/' || n",
        payment_reference="'B/' || n",
        sequence_number="n",
        sequence_prefix="'B/'",
        payment_state="'paid'",
        amount_residual="0",
        amount_residual_signed="0",
    )
    spread = f"(1 + n % {CUSTOMERS})"
    first_debit = copy_rows(
        debit,
        DEBITS,
        partner_id=f"{customer} + {spread}",
        mandate_id=f"{signed} + {spread}",
        end_to_end_id="'BENCH' || n",
        collection_date=f"CURRENT_DATE - (n / {CUSTOMERS}) * 120 - n % 50",
        state="'settled'",
    )
    make_returns(debit, first_debit)
    make_assessments(customer)
    env.cr.commit()
    env.cr.execute("ANALYZE")
    env.cr.commit()
    return customer, bank


def make_returns(debit, first_debit):
    """Let some of the debits come back."""
    reason = env["sdd.reason"].search([("code", "=", "AM04")], limit=1)
    single = env["sdd.return"].create(
        {
            "debit_id": debit.id,
            "kind": "return",
            "reason_id": reason.id,
            "reason_code": "AM04",
            "booking_date": date.today() - timedelta(days=100),
        }
    )
    step = DEBITS // RETURNS
    copy_rows(
        single,
        RETURNS,
        debit_id=f"{first_debit} + n * {step}",
        partner_id=f"(SELECT d.partner_id FROM sdd_debit d WHERE d.id = {first_debit} + n * {step})",
        mandate_id=f"(SELECT d.mandate_id FROM sdd_debit d WHERE d.id = {first_debit} + n * {step})",
    )
    env.cr.execute(
        "UPDATE sdd_debit SET state = 'returned' WHERE id IN (SELECT debit_id FROM sdd_return)"
    )


def make_assessments(customer):
    """Note assessments of the last 90 days, four marks each."""
    first = env["risk.policy"].assess(
        {"partner_id": customer, "iban": make_iban(10**8), "holder": "Jörg Müßig"}
    )
    env.flush_all()
    mark = env["risk.mark"].sudo().search([("assessment_id", "=", first.id)], limit=1)
    made = copy_rows(
        first,
        ASSESSMENTS,
        partner_id=f"{customer} + n",
        input_hash="md5(n::text) || md5('h' || n)",
        date="t.date - n * interval '2 minutes'",
        valid_until="NULL",
    )
    copy_rows(
        mark,
        4 * ASSESSMENTS,
        assessment_id=f"{made} + 1 + n % {ASSESSMENTS}",
        partner_id=f"{customer} + 1 + n % {ASSESSMENTS}",
        mark="md5('m' || n)",
        account_mark="md5('a' || n)",
        occasion="'bench' || n",
        date="t.date - n * interval '30 seconds'",
    )


def make_questions(customer, bank):
    """Yield what is asked: known customers with their account, and new ones with another."""
    numbers = random.Random(11)
    # Ordinary ones: an account number whose check digit is wrong makes an order yellow.
    ordinary = filter(lambda iban: not sepa_iban.check(iban).warnings, map(make_iban, count(10**6)))
    for number, iban in zip(range(JUDGED + WARM_UP), ordinary, strict=False):
        who = numbers.randrange(1, CUSTOMERS)
        if number % 2:
            env.cr.execute(
                "UPDATE res_partner_bank SET iban_hash = %s WHERE id = %s",
                [env["res.partner.bank"]._sdd_hash(iban), bank + who],
            )
        values = {
            "partner_id": customer + who,
            "iban": iban,
            "holder": "Jörg Müßig",
            "amount": numbers.uniform(10, 300),
            "ip_address": f"10.0.{number % 200}.7",
            "session": f"session{number}",
        }
        if not number % 2:
            values |= {"partner_id": 0, "name": "Jörg Müßig", "email": f"new{number}@example.com"}
        yield values
    env.cr.commit()


def judge(values):
    """Judge one order as a request does; return its assessment, its wall and Python ms, its queries."""
    env.cr.commit()
    env.invalidate_all()
    # What every request has read before: who asks, for which company, the customer's address.
    env["res.partner"].browse(values["partner_id"]).country_id.mapped("code")
    assert env.company.currency_id.rounding and env.user.lang
    count, start, cpu = env.cr.sql_log_count, time.perf_counter(), time.process_time()
    assessment = env["risk.policy"].assess(values)
    wall, busy = time.perf_counter() - start, time.process_time() - cpu
    return assessment, (wall * 1000, busy * 1000, env.cr.sql_log_count - count)


def print_rows(name, figures):
    """Print median and 95th percentile of (wall ms, Python ms, queries); return the latter's queries."""
    columns = [sorted(column) for column in zip(*figures, strict=True)]
    for title, share in (("median", 50), ("p95", 95)):
        wall, busy, queries = (column[len(column) * share // 100] for column in columns)
        print(
            f"| risk: {name}, {title} of {len(figures)} | {CUSTOMERS} | {wall:.1f} |"
            f" ms ({busy:.1f} of it Python) | {queries} |",
            flush=True,
        )
    return queries


def measure(questions):
    """Judge them one by one; print the rows, those at which a person looks in a row of their own."""
    plain, looked_at, colours = [], [], Counter()
    for number, values in enumerate(questions):
        assessment, figures = judge(values)
        if number >= WARM_UP:
            (looked_at if assessment.case_ids else plain).append(figures)
            colours[assessment.state] += 1
    queries = print_rows("checks, score and record of an order", plain)
    if looked_at:
        print_rows("the same and a case for a person", looked_at)
    if queries > 12:
        raise SystemExit(f"{queries} queries for one order, 12 at most are meant")
    if colours["green"] < JUDGED // 3:
        raise SystemExit(f"{dict(colours)}: these are not ordinary orders")


measure(list(make_questions(*fill())))
