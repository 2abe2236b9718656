"""The bank loop: what one debit costs from posted invoice to submitted file, and one return.

Run by `bin/bench` in `odoo shell`, where `env` is there. Every size works on customers, mandates
and invoices of its own; the cache is cleared between steps. Returns are half of the debits, in a
file of at most 1 000 as banks write them. The last rows are a camt.053 with 50 000 entries of which
1 000 are of our debits and 4 900 are debits of another program that nobody here knows, with the
process's peak memory; lines of entries beyond the first 500 of a kind are made by a job later.
"""

import os
import resource
import time
from xml.sax.saxutils import escape

env = env(context={**env.context, "tracking_disable": True})  # noqa: F821 - given by the shell

IBAN = "DE89370400440532013000"
RETURNS = 1000
MANY, OURS = 50_000, 1_000
PORTION = 500


def peak():
    """Return the highest memory use of this process so far, in MiB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


class Clock:
    """Measures the wall time, the processor time and the queries of a step and prints its row."""

    def __init__(self, name, count, unit="debit"):
        self.name, self.count, self.unit = name, count, unit

    def __enter__(self):
        env.flush_all()
        env.cr.commit()
        env.invalidate_all()
        self.queries = env.cr.sql_log_count
        self.start, self.busy = time.perf_counter(), time.process_time()
        return self

    def __exit__(self, *error):
        env.flush_all()
        env.cr.commit()
        self.seconds = time.perf_counter() - self.start
        busy = (time.process_time() - self.busy) * 1000 / self.count
        queries = (env.cr.sql_log_count - self.queries) / self.count
        print(
            f"| {self.name} | {self.count} | {self.seconds * 1000 / self.count:.2f} |"
            f" ms/{self.unit} ({busy:.1f} of it Python) | {queries:.2f} |",
            flush=True,
        )


def prepare_company():
    """Make the template's company ready to collect; return its bank journal."""
    company = env.company
    journal = env["account.journal"].search(
        [("type", "=", "bank"), ("company_id", "=", company.id)], limit=1
    )
    journal.bank_account_id = env["res.partner.bank"].create(
        {"acc_number": IBAN, "partner_id": company.partner_id.id}
    )
    company.write({"sdd_creditor_identifier": "DE98ZZZ09999999999", "sdd_journal_id": journal.id})
    return journal


def make_iban(number):
    """Return a formally valid German IBAN."""
    bban = f"37040044{number:010d}"
    return f"DE{98 - int(f'{bban}131400') % 97:02d}{bban}"


def make_invoices(count, first):
    """Return posted invoices of as many new customers with a mandate each."""
    invoices = env["account.move"]
    for start in range(first, first + count, PORTION):
        numbers = range(start, min(start + PORTION, first + count))
        partners = env["res.partner"].create([{"name": f"Customer {n}"} for n in numbers])
        accounts = env["res.partner.bank"].create(
            [
                {"acc_number": make_iban(1000 + n), "partner_id": partner.id}
                for n, partner in zip(numbers, partners, strict=True)
            ]
        )
        mandates = env["sdd.mandate"].create(
            [
                {"partner_id": account.partner_id.id, "bank_account_id": account.id}
                for account in accounts
            ]
        )
        for mandate in mandates:
            mandate._confirm("own_device_code")
        part = env["account.move"].create(
            [
                {
                    "move_type": "out_invoice",
                    "partner_id": partner.id,
                    "invoice_line_ids": [(0, 0, {"name": "Support", "price_unit": 99.9})],
                }
                for partner in partners
            ]
        )
        part.action_post()
        invoices |= part
        env.cr.commit()
        env.invalidate_all()
    return invoices


# === FILES === #


def detail(debit, cents, sign, reason=""):
    back = f"<RtrInf><Rsn><Cd>{reason}</Cd></Rsn></RtrInf>" if reason else ""
    return (
        f"<TxDtls><Refs><EndToEndId>{debit.end_to_end_id}</EndToEndId>"
        f"<MndtId>{escape(debit.mandate_id.name)}</MndtId></Refs>"
        f'<Amt Ccy="EUR">{cents / 100:.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>{back}</TxDtls>'
    )


def entry(reference, cents, sign, details, day, family="IDDT", code="ESDD", text=""):
    info = f"<AddtlNtryInf>{text}</AddtlNtryInf>" if text else ""
    return (
        f'<Ntry><Amt Ccy="EUR">{cents / 100:.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd><Sts><Cd>BOOK</Cd>'
        f"</Sts><BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{reference}"
        f"</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>{family}</Cd><SubFmlyCd>"
        f"{code}</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls>{details}</NtryDtls>{info}</Ntry>"
    )


def statement(name, entries, total, day, kind="053"):
    root, item = {"053": ("BkToCstmrStmt", "Stmt"), "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn")}[
        kind
    ]

    def balance(code, cents):
        return (
            f'<Bal><Tp><CdOrPrtry><Cd>{code}</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">'
            f"{abs(cents) / 100:.2f}</Amt><CdtDbtInd>{'CRDT' if cents >= 0 else 'DBIT'}</CdtDbtInd>"
            f"<Dt><Dt>{day}</Dt></Dt></Bal>"
        )

    balances = balance("OPBD", 0) + balance("CLBD", total) if kind == "053" else ""
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"><{root}><GrpHdr><MsgId>'
        f"{name}</MsgId><CreDtTm>{day}T20:00:00</CreDtTm></GrpHdr><{item}><Id>{name}</Id><CreDtTm>"
        f"{day}T20:00:00</CreDtTm><Acct><Id><IBAN>{IBAN}</IBAN></Id><Ccy>EUR</Ccy></Acct>"
        f"{balances}{''.join(entries)}</{item}></{root}></Document>"
    ).encode()


def credits_of(debits, name, day):
    """Return a statement with a credit of each debit."""
    cents = [round(debit.amount * 100) for debit in debits]
    entries = [
        entry(f"C-{debit.id}", amount, "CRDT", detail(debit, amount, "CRDT"), day)
        for debit, amount in zip(debits, cents, strict=True)
    ]
    return statement(name, entries, sum(cents), day)


def returns_of(debits, name, day, kind, reasons=("MS03", "AM04", "AC04", "MD06")):
    """Return a statement or notice with a return and a fee for each debit."""
    entries, total = [], 0
    for number, debit in enumerate(debits):
        cents = round(debit.amount * 100) + 350
        total -= cents
        reason = reasons[number % len(reasons)]
        content = detail(debit, cents, "DBIT", reason)
        entries.append(entry(f"R-{debit.id}", cents, "DBIT", content, day, code="UPDD"))
    return statement(name, entries, total, day, kind)


def import_file(journal, name, content):
    """Import a file that must be all right."""
    message = env["sdd.bank.message"].import_file(journal, name, content)
    if message.state not in ("done", "attention") or message.state == "failed":
        raise SystemExit(f"{name}: {message.state} {message.findings_text}")
    return message


# === MEASURES === #


def collect(count, journal, first):
    """Measure the way of posted invoices to a submitted file; return the debits."""
    invoices = make_invoices(count, first)
    with Clock("loop: posted invoices to submitted batch", count):
        debits = invoices._queue_sdd_debit()
        debits._note_prenotification()
        batches = env["sdd.batch"]._create_due_batches(journal)
        batches.action_submit()
    if set(debits.mapped("state")) != {"submitted"}:
        raise SystemExit("Not every debit was submitted: what is measured would say nothing.")
    return debits


def measure(count, journal, first):
    """Print the rows of one size."""
    debits = collect(count, journal, first)
    day = debits[0].collection_date
    half = debits[: min(count // 2, RETURNS)]
    rest = (debits - half)[: min(count // 2, RETURNS)]
    with Clock("loop: statement with single credits", len(half)):
        import_file(journal, "credits", credits_of(half, f"C-{count}", day))
    if set(half.mapped("state")) != {"settled"}:
        raise SystemExit("Not every debit was settled.")
    with Clock("loop: returns after settlement, camt.053", len(half), "return"):
        import_file(journal, "returns", returns_of(half, f"R-{count}", day, "053"))
    with Clock("loop: returns before settlement, camt.054", len(rest), "return"):
        import_file(journal, "notices", returns_of(rest, f"N-{count}", day, "054"))
    if set((half | rest).mapped("state")) != {"returned"}:
        raise SystemExit("Not every debit came back.")
    with Clock("loop: the same returns again, camt.053", len(rest), "return"):
        import_file(journal, "later", returns_of(rest, f"L-{count}", day, "053"))


def make_large(debits, day):
    """Return a statement with many entries: our credits, transfers, debits of another program."""
    entries, total = [], 0
    ours = iter(debits)
    for number in range(MANY):
        if number % (MANY // OURS) == 0:
            debit = next(ours)
            cents, family = round(debit.amount * 100), "IDDT"
            content = detail(debit, cents, "CRDT")
        else:
            cents, family = 1000 + number % 5000, "IDDT" if number % 10 == 1 else "RCDT"
            content = (
                f'<TxDtls><Refs><EndToEndId>OTHER-{number}</EndToEndId></Refs><Amt Ccy="EUR">'
                f"{cents / 100:.2f}</Amt><CdtDbtInd>CRDT</CdtDbtInd><RmtInf><Ustrd>Order {number}"
                "</Ustrd></RmtInf></TxDtls>"
            )
        total += cents
        code = "ESDD" if family == "IDDT" else "ESCT"
        entries.append(entry(f"X-{number}", cents, "CRDT", content, day, family, code))
    return statement("LARGE", entries, total, day)


def measure_large(journal, first):
    """Print the rows of a statement with many entries of which few are ours."""
    debits = collect(OURS, journal, first)
    content = make_large(debits, debits[0].collection_date)
    before = peak()
    with Clock(
        f"camt.053 of {len(content) // 2**20} MiB, {OURS} entries are ours", MANY, "entry"
    ) as clock:
        import_file(journal, "large", content)
    if set(debits.mapped("state")) != {"settled"}:
        raise SystemExit("Not every debit was settled.")
    print(f"| camt.053 with {MANY} entries: whole file | {MANY} | {clock.seconds:.1f} | s | |")
    print(
        f"| camt.053 with {MANY} entries: memory on top of {before:.0f} MiB | {MANY} |"
        f" {peak() - before:.0f} | MiB | |",
        flush=True,
    )


journal = prepare_company()
taken = 0
for size in map(int, os.environ["SUPPORT_DEBIT_BENCH_SIZES"].split()):
    measure(size, journal, taken)
    taken += size
if os.environ.get("SUPPORT_DEBIT_BENCH_LARGE", "1") != "0":
    measure_large(journal, taken)
