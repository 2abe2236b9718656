"""Import of existing mandates: the dry run of a file, and the import with its customers and accounts.

Run by `bin/bench` in `odoo shell`, where `env` is there. Every line is a new customer. The import
goes through the job and commits after each of its chunks; the export writes the same mandates again.
"""

import base64
import os
import time
from datetime import date, timedelta

from odoo.addons.support_debit.sepa import mandate_write

env = env(context={**env.context, "lang": "en_US"})  # noqa: F821 - given by the shell


def make_iban(number):
    """Return a formally valid German IBAN."""
    bban = f"37040044{number:010d}"
    check = 98 - int(f"{bban}131400") % 97
    return f"DE{check:02d}{bban}"


def make_rows(count):
    """Return the values of so many mandates, no two of which share anything."""
    start = time.time_ns() % 10**9
    return [
        {
            "reference": f"OLD-{start}-{number}",
            "iban": make_iban(start + number),
            "holder": f"Jörg Müller {number}",
            "signature_date": date.today() - timedelta(days=number % 700),
            "customer_ref": f"C{start}-{number}",
            "email": f"c{start}.{number}@example.com",
            "street": "Hauptstraße 1",
            "zip": "10115",
            "city": "Berlin",
            "country": "DE",
        }
        for number in range(count)
    ]


def measure(name, count, function):
    """Print a row: lines a second and queries a line of what a function does."""
    env.cr.commit()
    env.invalidate_all()
    queries, start = env.cr.sql_log_count, time.perf_counter()
    function()
    env.flush_all()
    env.cr.commit()
    rate = count / (time.perf_counter() - start)
    queries = (env.cr.sql_log_count - queries) / count
    print(f"| {name} | {count} | {rate:.0f} | lines/s | {queries:.2f} |", flush=True)


def upload(content, name):
    """Return the import of a file."""
    return env["sdd.mandate.import"].create({"name": name, "upload": base64.b64encode(content)})


env.company.sdd_creditor_identifier = "DE98ZZZ09999999999"
for size in map(int, os.environ["SUPPORT_DEBIT_BENCH_SIZES"].split()):
    rows = make_rows(size)
    excel = upload(mandate_write.write_xlsx(rows), "mandates.xlsx")
    measure("mandates: dry run, Excel", size, excel.action_check)
    record = upload(mandate_write.write_csv(rows), "mandates.csv")
    measure("mandates: dry run, CSV", size, record.action_check)
    if record.wrong_count or record.line_count != size:
        raise SystemExit(record.line_ids[:1].findings_text or record.error_text)
    record._move_to("running")
    measure("mandates: import", size, env["sdd.mandate.import"]._cron_import)
    if record.state != "done" or record.done_count != size:
        raise SystemExit(f"{record.state}: {record.done_count} of {size}, {record.hint_text}")
    mandates = record.line_ids.mandate_id
    measure("mandates: export, Excel", size, lambda found=mandates: found._export_file("xlsx"))
