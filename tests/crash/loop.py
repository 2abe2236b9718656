"""Kills the bank loop at twenty random points and races two workers for the same work.

Run by `bin/test crash` in `odoo shell` on a throwaway database with the add-on. The registry is
loaded once; every run of the jobs is a forked process, which is killed (SIGKILL) at a random moment
while it makes files, hands them over or reads the bank's answers. Between two runs the bank of this
script, which knows nothing but the files in its folder, answers what it got.

Prints a line `ok` or `FAIL` for each fact at the end.
"""

import os
import random
import shutil
import signal
import sys
import tempfile
import time
import traceback
from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path

import psycopg2
from lxml import etree
from odoo import SUPERUSER_ID, api
from odoo.exceptions import UserError
from odoo.modules.registry import Registry
from odoo.sql_db import close_all

KILLS = int(os.environ.get("SUPPORT_DEBIT_KILLS", "20"))
PER_ROUND = 6
IBAN = "DE75512108001245126199"
FEE = 350
rng = random.Random(9)
database = env.cr.dbname  # noqa: F821 - given by the shell
folder = Path(tempfile.mkdtemp(prefix="support_debit_loop_"))


def check(what, actual, expected):
    """Print whether a fact is as expected."""
    good = actual == expected
    print(f"{'ok  ' if good else 'FAIL'} {what}: {actual!r}", end="")
    print("" if good else f", expected {expected!r}", flush=True)


# === PROCESSES === #


def work(function, *args):
    """Run a function of an environment in this process, with its own connection; commit."""
    with Registry(database).cursor() as cr:
        base = api.Environment(cr, SUPERUSER_ID, {})
        company = base.ref("base.main_company")
        context = {"allowed_company_ids": company.ids, "tracking_disable": True}
        return function(base(context=context), *args)


def fork(function, *args):
    """Run a function of an environment in another process; return its process id.

    It ends with 0, or with 3 when it gave way to another worker.
    """
    close_all()
    sys.stdout.flush()
    child = os.fork()
    if child:
        return child
    code = 1
    try:
        work(function, *args)
        code = 0
    except (psycopg2.OperationalError, psycopg2.IntegrityError):
        code = 3
    finally:
        if code == 1:
            (folder / "error").write_text(traceback.format_exc())
        # Without the clean-up of the process that was forked.
        os._exit(code)


def wait(child):
    """Return how a process ended; -9 for a killed one."""
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


def run(function, *args):
    """Run a function in another process to its end."""
    code = wait(fork(function, *args))
    if code == 1:
        raise SystemExit((folder / "error").read_text())
    return code


# === OUR SIDE === #


def prepare(env):
    """Make the company's bank with folders."""
    company = env.company
    journal = env["account.journal"].create(
        {"name": "Loop Bank", "type": "bank", "code": "LOOP", "bank_acc_number": IBAN}
    )
    company.write({"sdd_creditor_identifier": "DE98ZZZ09999999999", "sdd_journal_id": journal.id})
    connection = env["sdd.bank.connection"].create(
        {
            "name": "Loop Bank",
            "kind": "folder",
            "company_id": company.id,
            "drop_folder": str(folder / "drop"),
            "pickup_folder": str(folder / "pickup"),
        }
    )
    journal.write({"sdd_max_lines": 3, "sdd_batch_booking": False, "sdd_connection_id": connection})


def make_iban(number):
    """Return a formally valid German IBAN."""
    bban = f"37040044{number:010d}"
    return f"DE{98 - int(f'{bban}131400') % 97:02d}{bban}"


def sell(env, count):
    """Queue the debits of new invoices."""
    invoices = env["account.move"]
    for number in range(count):
        partner = env["res.partner"].create({"name": f"Loop {number}"})
        account = env["res.partner.bank"]._sdd_find_or_create(
            make_iban(partner.id), partner.name, partner
        )
        env["sdd.mandate"].create(
            {
                "partner_id": partner.id,
                "bank_account_id": account.id,
                "signature_date": "2026-01-05",
            }
        ).action_activate()
        line = (0, 0, {"name": "Support", "price_unit": 10.0 + number, "tax_ids": []})
        invoices |= invoices.create(
            {"move_type": "out_invoice", "partner_id": partner.id, "invoice_line_ids": [line]}
        )
    invoices.action_post()
    invoices._queue_sdd_debit()._note_prenotification()


def do_jobs(env):
    """What the scheduler does: make files, hand them over, read what the bank wrote."""
    env["sdd.batch"]._cron_collect()
    env["sdd.bank.connection"]._cron_fetch()
    env.cr.commit()


def decide(env):
    """What a person does with files of which nobody knows whether the bank has them: he looks."""
    # An attempt counts as cut off after some minutes, which the test does not wait for.
    attempts = env["sdd.handover"].search([("outcome", "in", ("started", "sent"))])
    attempts.write({"started": datetime.now() - timedelta(hours=1)})
    env["sdd.handover"]._give_up_stale()
    env.cr.commit()
    for batch in env["sdd.batch"].search([("state", "=", "submitted")]):
        if batch.handover_state in (False, "delivered"):
            continue
        if batch.file_name in bank.files:
            batch.action_confirm_delivered()
        else:
            batch.action_hand_over_again()
        env.cr.commit()


# === THE BANK === #


class Bank:
    """Takes each file once and answers it with a status, a statement and a notice of returns."""

    def __init__(self):
        self.files = set()
        self.asked = Counter()
        self.outcomes = {}
        self.entries = 0
        self.doubled = 0

    def answer(self):
        """Answer the files that came since the last time."""
        for path in sorted((folder / "drop").glob("*.xml")):
            if path.name not in self.files:
                self.files.add(path.name)
                self._answer_file(path.stem, etree.fromstring(path.read_bytes()))

    def _answer_file(self, name, root):
        message = root.findtext(".//{*}GrpHdr/{*}MsgId")
        refused, came, back = [], [], []
        for item in root.iter("{*}DrctDbtTxInf"):
            reference = item.findtext(".//{*}EndToEndId")
            cents = round(float(item.findtext("{*}InstdAmt")) * 100)
            self.asked[item.findtext(".//{*}Ustrd")] += 1
            outcome = rng.choice(("settled", "settled", "settled", "returned", "rejected"))
            self.outcomes[reference] = (outcome, cents)
            if outcome == "rejected":
                refused.append(reference)
                continue
            came.append(self._entry(f"C-{reference}", reference, cents, "CRDT"))
            if outcome == "returned":
                back.append(self._entry(f"R-{reference}", reference, cents + FEE, "DBIT"))
        self.entries += len(came) + len(back)
        files = {f"{name}-1": self._status(message, refused)}
        files[f"{name}-2"] = self._statement(f"{name}-2", came, "053")
        if back:
            files[f"{name}-3"] = self._statement(f"{name}-3", back, "054")
            files[f"{name}-4"] = self._statement(f"{name}-4", back, "053")
        if rng.random() < 0.3:
            files[f"{name}-5"] = self._statement(f"{name}-2", came, "053") + "\n"
        for part, content in files.items():
            temporary = folder / "pickup" / f".{part}.tmp"
            temporary.write_text(content)
            temporary.replace(folder / "pickup" / f"{part}.xml")

    def _entry(self, number, reference, cents, sign):
        reason = "<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>" if sign == "DBIT" else ""
        family = "UPDD" if sign == "DBIT" else "ESDD"
        return (
            f'<Ntry><Amt Ccy="EUR">{cents / 100:.2f}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'
            "<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt>"
            f"<AcctSvcrRef>{number}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd>"
            f"<SubFmlyCd>{family}</SubFmlyCd></Fmly></Domn></BkTxCd><NtryDtls><TxDtls><Refs>"
            f'<EndToEndId>{reference}</EndToEndId></Refs><Amt Ccy="EUR">{cents / 100:.2f}</Amt>'
            f"<CdtDbtInd>{sign}</CdtDbtInd>{reason}</TxDtls></NtryDtls></Ntry>"
        )

    def _statement(self, name, entries, kind):
        root, item = {
            "053": ("BkToCstmrStmt", "Stmt"),
            "054": ("BkToCstmrDbtCdtNtfctn", "Ntfctn"),
        }[kind]
        return (
            f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{kind}.001.08"><{root}><GrpHdr>'
            f"<MsgId>{name}</MsgId><CreDtTm>2026-11-24T20:00:00</CreDtTm></GrpHdr><{item}>"
            f"<Id>{name}</Id><CreDtTm>2026-11-24T20:00:00</CreDtTm><Acct><Id><IBAN>{IBAN}</IBAN>"
            f"</Id></Acct>{''.join(entries)}</{item}></{root}></Document>"
        )

    def _status(self, message, refused):
        rows = "".join(
            f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>RJCT</TxSts>"
            "<StsRsnInf><Rsn><Cd>AC04</Cd></Rsn></StsRsnInf></TxInfAndSts>"
            for reference in refused
        )
        rows = rows and f"<OrgnlPmtInfAndSts>{rows}</OrgnlPmtInfAndSts>"
        return (
            '<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>'
            f"<GrpHdr><MsgId>A-{message}</MsgId><CreDtTm>2026-11-23T10:00:00</CreDtTm></GrpHdr>"
            f"<OrgnlGrpInfAndSts><OrgnlMsgId>{message}</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08"
            f"</OrgnlMsgNmId><GrpSts>{'PART' if refused else 'ACCP'}</GrpSts></OrgnlGrpInfAndSts>"
            f"{rows}</CstmrPmtStsRpt></Document>"
        )


# === THE SCENARIOS === #


def kill_jobs():
    """Kill the jobs until enough kills have met them at work."""
    killed, longest = 0, 3.0
    while killed < KILLS:
        run(sell, PER_ROUND)
        child = fork(do_jobs)
        time.sleep(rng.uniform(0.02, longest))
        os.kill(child, signal.SIGKILL)
        code = wait(child)
        killed += code == -signal.SIGKILL
        # Neither always before the first commit nor always after the last.
        longest = min(30, longest * 1.3) if code == -signal.SIGKILL else max(0.3, longest * 0.6)
        bank.answer()
    print(f"     killed {killed} times, {len(bank.files)} files at the bank", flush=True)


def finish():
    """Run the jobs until nothing is left to do, with a person who looks at open questions."""
    for _number in range(3):
        run(do_jobs)
        bank.answer()
        run(decide)
        bank.answer()
    run(do_jobs)


def race(function, *args):
    """Run a function in two processes at the same moment; return how they ended."""
    children = [fork(function, time.time() + 1, *args) for _number in range(2)]
    return sorted(wait(child) for child in children)


def make_batches(env, start):
    """Make the files that are due, at a given moment."""
    env["sdd.batch"].search_count([])
    time.sleep(max(0, start - time.time()))
    env["sdd.batch"]._create_due_batches(env.company.sdd_journal_id)
    env.cr.commit()


def import_all(env, start):
    """Read all files that wait, at a given moment."""
    env["sdd.bank.message"].search_count([])
    time.sleep(max(0, start - time.time()))
    env["sdd.bank.connection"]._cron_fetch()


def check_race(what, codes):
    """One of two workers may give way, if the other one comes to its end."""
    check(f"workers that failed at {what}", codes.count(1), 0)
    check(f"a worker came to its end with {what}", 0 in codes, True)


def race_workers():
    """Two workers make files of the same debits, then read the same files."""
    run(sell, 4 * PER_ROUND)
    codes = race(make_batches)
    print(f"     two workers making files ended with {codes} (3: gave way)")
    check_race("making files", codes)
    finish_sending()
    codes = race(import_all)
    print(f"     two workers reading files ended with {codes} (3: gave way)")
    check_race("reading files", codes)


def finish_sending():
    """Hand over what is there, without reading the bank's answers."""

    def send(env):
        env["sdd.batch"]._cron_collect()
        env.cr.commit()

    run(send)
    bank.answer()


def check_end(env):
    """Compare debits, invoices and ledger with what the bank knows."""
    journal = env.company.sdd_journal_id
    debits = env["sdd.debit"].search([("journal_id", "=", journal.id)])
    theirs = {reference: outcome for reference, (outcome, _cents) in bank.outcomes.items()}
    ours = {debit.end_to_end_id: debit.state for debit in debits if debit.batch_id}
    check("debits whose state is not the bank's", set(ours.items()) ^ set(theirs.items()), set())
    first = debits.filtered(lambda debit: not debit.previous_debit_id)
    check("debits that never reached the bank", len(first.filtered(lambda d: not d.batch_id)), 0)
    twice = [name for name, times in bank.asked.items() if times > 1]
    check("invoices that the bank was asked for twice", twice, [])
    lines = env["account.move.line"]
    ledger = [("parent_state", "=", "posted")]
    ours_only = [("journal_id", "=", journal.id)]

    def total(*accounts):
        found = lines._read_group(
            [*ledger, *ours_only, ("account_id", "in", [a.id for a in accounts])],
            [],
            ["balance:sum"],
        )
        return round((found[0][0] or 0) * 100)

    uneven = lines._read_group(ledger, ["move_id"], ["balance:sum"])
    check("entries that do not balance", [m.id for m, s in uneven if round(s, 2)], [])
    check("in transit", total(journal.sdd_transit_account_id), 0)
    settled = sum(cents for outcome, cents in bank.outcomes.values() if outcome == "settled")
    returned = sum(outcome == "returned" for outcome, _cents in bank.outcomes.values())
    check("on the bank's account", total(journal.default_account_id), settled - FEE * returned)
    check("fees", total(journal.sdd_fee_account_id), FEE * returned)
    count = env["account.bank.statement.line"].search_count([("journal_id", "=", journal.id)])
    check("statement lines", count, bank.entries)
    wrong = debits.filtered(
        lambda d: d.batch_id and (d.invoice_ids.payment_state == "paid") != (d.state == "settled")
    )
    check("invoices whose payment state is wrong", len(wrong), 0)
    failed = env["sdd.bank.message"].search([("state", "=", "failed")])
    check("files that failed", failed.mapped("findings_text"), [])
    check("files left in the folder", len(list((folder / "pickup").glob("*.xml"))), 0)
    entries = debits.batch_id.filtered(lambda batch: len(batch.move_ids) != 1)
    check("files without an entry, or with two", len(entries), 0)


for part in ("drop", "pickup"):
    (folder / part).mkdir()
env.cr.rollback()  # noqa: F821 - given by the shell
env.cr.close()  # noqa: F821 - given by the shell
bank = Bank()
try:
    run(prepare)
    kill_jobs()
    finish()
    race_workers()
    finish()
    work(check_end)
except UserError as error:
    check("the end was reached", str(error), "")
finally:
    shutil.rmtree(folder)
sys.stdout.flush()
os._exit(0)
