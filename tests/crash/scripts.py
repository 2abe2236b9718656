"""What the processes do that `run.py` starts, races and kills. Each runs inside Odoo's shell."""

import json

#: Definitions that every script starts with.
HEAD = """
import base64, json, pathlib, time
from collections import Counter
from lxml import etree

def result(value):
    env.cr.commit()
    print("RESULT " + json.dumps(value), flush=True)

def begin():
    pathlib.Path(ready).touch()

def references(content):
    return [node.text for node in etree.fromstring(content).iter("{*}EndToEndId")]

company = env.ref("base.main_company")
env = env(context={**env.context, "allowed_company_ids": company.ids, "tracking_disable": True})
debits = env["sdd.debit"]
batches = env["sdd.batch"]
"""


def read(line):
    """Return the value that a script gave to `result`."""
    return json.loads(line.removeprefix("RESULT "))


PREPARE = (
    HEAD
    + """
begin()
journal = env["account.journal"].create({
    "name": "Crash Bank", "type": "bank", "code": "CRSH", "company_id": company.id,
    "bank_acc_number": "DE75512108001245126199",
})
company.write({"sdd_creditor_identifier": "DE98ZZZ09999999999", "sdd_journal_id": journal.id})
journal.write({"sdd_max_lines": 5, "sdd_batch_booking": False})
journal.sdd_connection_id = env["sdd.bank.connection"].create({
    "name": "Crash Bank", "kind": "folder", "company_id": company.id,
    "drop_folder": folder + "/drop", "pickup_folder": folder + "/pickup",
})
env["payment.provider"].search([("code", "!=", "sdd")]).write({"state": "disabled"})
env.ref("support_debit.payment_provider_sdd").write({"state": "enabled", "is_published": True})
plan = env["support.plan"].create({"name": "Crash Plan", "kind": "base"})
env["product.template"].create({
    "name": "Crash Package", "type": "service", "invoice_policy": "order", "list_price": 99.9,
    "support_plan_id": plan.id, "is_published": True,
})
for number in range(1, 3):
    env["res.users"].create({
        "name": f"Racer {number}", "login": f"racer{number}", "password": f"racer{number}",
        "group_ids": [(6, 0, env.ref("base.group_portal").ids)],
    }).partner_id.write({
        "email": "racer@example.com", "phone": "+49 30 1", "street": "Weg 1", "zip": "10115",
        "city": "Berlin", "country_id": env.ref("base.de").id,
    })
result(True)
"""
)

CREATE_DEBITS = (
    HEAD
    + """
begin()
ibans = ["DE02120300000000202051", "AT611904300234573201", "NL91ABNA0417164300"]
invoices = env["account.move"]
for number in range(count):
    partner = env["res.partner"].create({"name": f"Customer {number}", "email": f"c{number}@example.com", "country_id": env.ref("base.de").id})
    account = env["res.partner.bank"]._sdd_find_or_create(ibans[number % 3], partner.name, partner)
    env["sdd.mandate"].create({
        "partner_id": partner.id, "bank_account_id": account.id, "signature_date": "2026-01-05",
    }).action_activate()
    invoices |= invoices.create({
        "move_type": "out_invoice", "partner_id": partner.id,
        "invoice_line_ids": [(0, 0, {"name": "Support", "price_unit": 10.0, "tax_ids": []})],
    })
invoices.action_post()
invoices._queue_sdd_debit()
result(len(invoices))
"""
)

MAKE_BATCHES = (
    HEAD
    + """
import psycopg2
begin()
while not pathlib.Path(go).exists():
    time.sleep(0.001)
try:
    made = batches._create_due_batches(company.sdd_journal_id)
    taken = len(made.debit_ids)
    env.cr.commit()
except psycopg2.OperationalError:
    env.cr.rollback()
    taken = -1
result(taken)
"""
)

#: Hands one batch over; `wait` says where it pauses: `before` its work or `after` it, uncommitted.
SUBMIT = (
    HEAD
    + """
import psycopg2
from odoo.exceptions import UserError

def pause():
    begin()
    while not pathlib.Path(go).exists():
        time.sleep(0.001)

batch = batches.browse(batch_id)
batch.state, batch.debit_ids.mandate_id.mapped("bank_account_id")
if wait == "before":
    pause()
outcome = "submitted"
try:
    batch.action_submit()
    if wait == "after":
        pause()
    env.cr.commit()
except psycopg2.OperationalError:
    outcome = "to be tried again"
    env.cr.rollback()
except UserError as error:
    outcome = str(error)
    env.cr.rollback()
result(outcome)
"""
)

AMEND = (
    HEAD
    + """
from odoo.exceptions import UserError
begin()
mandate = batches.browse(batch_id).debit_ids.mandate_id.sorted("id")[:1]
account = env["res.partner.bank"]._sdd_find_or_create(iban, mandate.holder, mandate.partner_id)
outcome = "amended"
try:
    mandate.amend_bank_account(account)
except UserError as error:
    outcome = str(error)
    env.cr.rollback()
result(outcome)
"""
)

MAKE_ONE_BATCH = (
    HEAD
    + """
begin()
result(batches._create_due_batches(company.sdd_journal_id)[:1].id)
"""
)

MAKE_AGAIN = (
    HEAD
    + """
begin()
batches.browse(batch_id).action_generate()
result(True)
"""
)

CHECK_AMENDED = (
    HEAD
    + """
begin()
batch = batches.browse(batch_id)
debit = batch.debit_ids.sorted(lambda d: d.mandate_id.id)[:1]
result({
    "state": batch.state,
    "in_file": [number in batch.file_content.decode() for number in ibans],
    "debit": debit.iban_masked[-4:],
    "mandate": debit.mandate_id.iban_masked[-4:],
    "verified": debit.mandate_id._verify() is None,
})
"""
)

CHECK_BATCHES = (
    HEAD
    + """
begin()
stands = Counter()
elsewhere = 0
for batch in batches.search([]):
    found = references(batch.file_content)
    stands.update(found)
    elsewhere += len(set(found) ^ set(batch.debit_ids.mapped("end_to_end_id")))
result({
    "twice": sum(1 for times in stands.values() if times > 1),
    "elsewhere": elsewhere,
    "batched": debits.search_count([("state", "=", "batched")]),
    "queued": debits.search_count([("state", "=", "queued")]),
})
"""
)

DISSOLVE = (
    HEAD
    + """
begin()
batches.search([]).unlink()
debits.search([("state", "=", "queued")])._cancel("end of this part")
result(True)
"""
)

COLLECT = HEAD + "\nbegin()\nbatches._cron_collect()\nresult(True)\n"

CHECK_COLLECT = (
    HEAD
    + """
begin()
ours = debits.search([("state", "!=", "cancelled")])
stands = Counter()
names = {batch.file_name: batch for batch in batches.search([])}
files = {path.name: path for path in pathlib.Path(folder, "drop").glob("*.xml")}
half = 0
for path in files.values():
    try:
        stands.update(references(path.read_bytes()))
    except etree.XMLSyntaxError:
        half += 1
submitted = batches.search([("state", "=", "submitted")])
lines = env["account.move.line"].search([
    ("account_id", "=", company.sdd_journal_id.sdd_transit_account_id.id), ("parent_state", "=", "posted"),
])
delivered = submitted.filtered(lambda b: b.file_name in files)
lost = (submitted - delivered).filtered(lambda b: b.handover_state == "delivered")
pending = submitted.filtered(lambda b: b.handover_state != "delivered")
result({
    "debits": len(ours),
    "submitted": len(ours.filtered(lambda d: d.state == "submitted")),
    "twice": sum(1 for times in stands.values() if times > 1),
    "unbooked": len(batches.search([]).filtered(lambda b: len(b.move_ids) != 1)),
    "transit": round(sum(lines.mapped("balance")), 2),
    "amount": round(sum(submitted.mapped("amount_total")), 2),
    "unknown_files": len(set(files) - {batch.file_name for batch in submitted}),
    "half": half,
    "lost": len(lost),
    "pending": [(batch.name, batch.handover_state, batch.file_name in files) for batch in pending],
})
"""
)

WRITE_ANSWERS = (
    HEAD
    + """
begin()
today = str(batches.search([], limit=1).collection_date)
def answer(batch):
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt><GrpHdr>'
        f"<MsgId>A-{batch.id}</MsgId><CreDtTm>2026-11-23T10:00:00</CreDtTm></GrpHdr><OrgnlGrpInfAndSts>"
        f"<OrgnlMsgId>{batch.name}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId>"
        "<GrpSts>ACCP</GrpSts></OrgnlGrpInfAndSts></CstmrPmtStsRpt></Document>"
    )
def entry(debit):
    return (
        f'<Ntry><Amt Ccy="EUR">{debit.amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{today}</Dt></BookgDt><AcctSvcrRef>C-{debit.id}</AcctSvcrRef><BkTxCd><Domn>"
        "<Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd><SubFmlyCd>ESDD</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>{debit.end_to_end_id}</EndToEndId></Refs>"
        f'<Amt Ccy="EUR">{debit.amount:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd></TxDtls></NtryDtls></Ntry>'
    )
def statement(number, members):
    total = sum(members.mapped("amount"))
    def balance(code, amount):
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{amount:.2f}</Amt>'
            f"<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>{today}</Dt></Dt></Bal>"
        )
    return (
        '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>'
        f"<MsgId>S-{number}</MsgId><CreDtTm>{today}T20:00:00</CreDtTm></GrpHdr><Stmt><Id>S-{number}</Id>"
        f"<CreDtTm>{today}T20:00:00</CreDtTm><Acct><Id><IBAN>DE75512108001245126199</IBAN></Id></Acct>"
        f"{balance('OPBD', 0)}{balance('CLBD', total)}{''.join(map(entry, members))}</Stmt></BkToCstmrStmt></Document>"
    )
pickup = pathlib.Path(folder, "pickup")
for batch in batches.search([("state", "=", "submitted")]):
    (pickup / f"1-answer-{batch.id}.xml").write_text(answer(batch))
ours = debits.search([("state", "=", "submitted")])
for number, start in enumerate(range(0, len(ours), 30)):
    (pickup / f"2-statement-{number}.xml").write_text(statement(number, ours[start:start + 30]))
result(len(ours))
"""
)

FETCH = HEAD + '\nbegin()\nenv["sdd.bank.connection"]._cron_fetch()\nresult(True)\n'

CHECK_FETCH = (
    HEAD
    + """
begin()
ours = debits.search([("state", "!=", "cancelled")])
lines = env["account.move.line"].search([
    ("account_id", "=", company.sdd_journal_id.sdd_transit_account_id.id), ("parent_state", "=", "posted"),
])
result({
    "debits": len(ours),
    "settled": len(ours.filtered(lambda d: d.state == "settled")),
    "lines": env["account.bank.statement.line"].search_count([("journal_id", "=", company.sdd_journal_id.id)]),
    "transit": round(sum(lines.mapped("balance")), 2),
    "paid": len(ours.invoice_ids.filtered(lambda m: m.payment_state == "paid")),
    "left": len(list(pathlib.Path(folder, "pickup").glob("*.xml"))),
    "failed": env["sdd.bank.message"].search_count([("state", "!=", "done")]),
})
"""
)

CHECK_WEB = (
    HEAD
    + """
begin()
orders = env["sale.order"].browse(orders)
for tx in orders.transaction_ids.filtered(lambda tx: tx.state == "pending" and not tx.is_post_processed):
    tx._post_process()
result({
    "mandates": [env["sdd.mandate"].search_count([("order_id", "=", order.id)]) for order in orders],
    "pending": [len(order.transaction_ids.filtered(lambda tx: tx.state == "pending")) for order in orders],
    "debits": [len(order.sdd_debit_ids) for order in orders],
})
"""
)
