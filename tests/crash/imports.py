"""What the processes do that import mandates, are killed at it and race each other."""

from scripts import HEAD

#: Uploads a file of `count` mandates twice, the second time from its end; both wait for the job.
UPLOAD = (
    HEAD
    + """
from odoo.addons.support_debit.sepa import mandate_write

def iban(number):
    bban = f"37040044{number:010d}"
    return f"DE{98 - int(f'{bban}131400') % 97:02d}{bban}"

begin()
company.sdd_creditor_identifier = "DE98ZZZ09999999999"
rows = [
    {"reference": f"CRASH-{n}", "iban": iban(n), "holder": f"Holder {n}", "customer_ref": f"K{n // 2}",
     "signature_date": "2026-01-05"}
    for n in range(count)
]
ids = []
for lines in (rows, rows[::-1]):
    content = base64.b64encode(mandate_write.write_csv(lines))
    record = env["sdd.mandate.import"].create({"name": "crash.csv", "upload": content})
    record.action_check()
    record._move_to("running")
    ids.append(record.id)
result(ids)
"""
)

#: Imports one of the files, as the job does.
IMPORT = (
    HEAD
    + """
import psycopg2
record = env["sdd.mandate.import"].browse(record_id)
record.line_count
env.cr.commit()
begin()
try:
    record._run()
except psycopg2.OperationalError:
    env.cr.rollback()
result(record.state)
"""
)

CHECK = (
    HEAD
    + """
begin()
mandates = env["sdd.mandate"].search([("name", "=like", "CRASH-%")])
lines = env["sdd.mandate.import.line"].search([("import_id", "in", ids)])
result({
    "mandates": len(mandates),
    "references": len({mandate.name.upper() for mandate in mandates}),
    "lines": len(lines.mandate_id),
    "customers": env["res.partner"].search_count([("ref", "=like", "K%")]),
    "accounts": len(mandates.bank_account_id),
    "broken": len([mandate for mandate in mandates if mandate._verify()]),
    "states": [env["sdd.mandate.import"].browse(one).state for one in ids],
})
"""
)
