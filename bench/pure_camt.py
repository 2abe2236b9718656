#!/usr/bin/env python3
"""Speed and memory of the camt.053 reader, without a database.

Usage: pure_camt.py [number of entries ...]      (default 1 000, 10 000, 1 000 000)

Every size runs in a process of its own, since the peak of a process never falls. The statement
is generated while it is read; a tenth of the entries are returns with a fee. The last line has
one entry with 100 000 transactions, a batch that the bank lists in full.
"""

import os
import resource
import subprocess
import sys
import time
from pathlib import Path

MANY = 1_000_000
BATCH = 100_000
ROOT = Path(__file__).resolve().parent.parent

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt><GrpHdr>
<MsgId>BENCH</MsgId><CreDtTm>2026-11-24T20:00:00+01:00</CreDtTm></GrpHdr><Stmt><Id>BENCH-1</Id>
<ElctrncSeqNb>1</ElctrncSeqNb><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>
<Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0.00</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>
<Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">{closing}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd><Dt><Dt>2026-11-24</Dt></Dt></Bal>
"""
_ENTRY = """<Ntry><NtryRef>{n}</NtryRef><Amt Ccy="EUR">{amount}</Amt><CdtDbtInd>{sign}</CdtDbtInd>
<Sts><Cd>BOOK</Cd></Sts><BookgDt><Dt>2026-11-24</Dt></BookgDt><ValDt><Dt>2026-11-24</Dt></ValDt>
<AcctSvcrRef>2026112400{n}</AcctSvcrRef><BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>IDDT</Cd>
<SubFmlyCd>{code}</SubFmlyCd></Fmly></Domn><Prtry><Cd>NRTI+{gvc}+00931</Cd><Issr>DK</Issr></Prtry></BkTxCd>
<NtryDtls>{details}</NtryDtls></Ntry>
"""
_DETAIL = """<TxDtls><Refs><MsgId>M-1</MsgId><PmtInfId>M-1-1</PmtInfId>
<EndToEndId>SUP-{n}-1</EndToEndId><MndtId>SUP-{n}-A1</MndtId></Refs><Amt Ccy="EUR">{amount}</Amt>
<CdtDbtInd>{sign}</CdtDbtInd><AmtDtls><InstdAmt><Amt Ccy="EUR">99.90</Amt></InstdAmt></AmtDtls>
<RltdPties><Dbtr><Pty><Nm>Kundin {n}</Nm></Pty></Dbtr><DbtrAcct><Id><IBAN>DE02120300000000202051</IBAN>
</Id></DbtrAcct></RltdPties><RmtInf><Ustrd>Support-Paket Basis, RE/2026/{n}</Ustrd></RmtInf>{back}</TxDtls>"""
_BACK = "<RtrInf><Rsn><Cd>MS03</Cd></Rsn><AddtlInf>SONSTIGE GRUENDE</AddtlInf></RtrInf>"
_TAIL = "</Stmt></BkToCstmrStmt></Document>"


def _entry(number):
    back = number % 10 == 9
    values = {
        "n": number,
        "amount": "103.40" if back else "99.90",
        "sign": "DBIT" if back else "CRDT",
    }
    details = _DETAIL.format(**values, back=_BACK if back else "")
    code, gvc = ("UPDD", "109") if back else ("ESDD", "171")
    return _ENTRY.format(**values, code=code, gvc=gvc, details=details)


def _statement(count):
    cents = 9990 * (count - count // 10) - 10340 * (count // 10)
    yield _HEAD.format(closing=f"{cents // 100}.{cents % 100:02d}")
    yield from map(_entry, range(count))
    yield _TAIL


def _batch(count):
    cents = 9990 * count
    total = f"{cents // 100}.{cents % 100:02d}"
    yield _HEAD.format(closing=total)
    values = {"n": "1", "amount": total, "sign": "CRDT", "code": "ESDD", "gvc": "192"}
    before, after = _ENTRY.format(**values, details="|").split("|")
    yield before
    for number in range(count):
        yield _DETAIL.format(n=number, amount="99.90", sign="CRDT", back="")
    yield after + _TAIL


def write(count, batch):
    """Write a statement to standard output."""
    for part in (_batch if batch else _statement)(count):
        sys.stdout.write(part)


def measure(count, batch):
    """Read `count` entries (or details of one); returns (CPU seconds, peak memory in MiB).

    The statement comes through a pipe from another process, so that making it costs this one
    neither time nor memory, and no file of a gigabyte is needed.
    """
    sys.path.insert(0, str(ROOT))
    from sepa import camt

    command = [sys.executable, __file__, "--write", str(count), *(["batch"] if batch else [])]
    with subprocess.Popen(command, stdout=subprocess.PIPE) as writer:
        start = time.process_time()
        result = camt.read(writer.stdout, max_bytes=2**40)
        read = sum(len(item.details) for item in result if isinstance(item, camt.Entry))
        seconds = time.process_time() - start
    if read != count or result.findings:
        raise SystemExit(f"read {read} of {count} entries, findings: {result.findings[:3]}")
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def default_sizes():
    """Return the sizes that the environment asks for, and one that shows flat memory."""
    wanted = os.environ.get("SUPPORT_DEBIT_BENCH_SIZES", "1000 10000")
    return sorted({*map(int, wanted.split()), MANY})


def main(sizes=None):
    """Print two rows of a Markdown table for every size: entries per second and memory."""
    runs = [(size, False) for size in sizes or default_sizes()]
    for size, batch in [*runs, (BATCH, True)]:
        command = [sys.executable, __file__, "--one", str(size), *(["batch"] if batch else [])]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, peak = map(float, answer.split())
        name, unit = ("camt.053 in one entry", "debits") if batch else ("camt.053", "entries")
        print(f"| {name}: read and check | {size} | {size / seconds:.0f} | {unit}/s | 0 |")
        print(f"| {name}: peak memory | {size} | {peak:.0f} | MiB | 0 |", flush=True)


if __name__ == "__main__":
    batch = sys.argv[3:] == ["batch"]
    if sys.argv[1:2] == ["--one"]:
        print(*measure(int(sys.argv[2]), batch))
    elif sys.argv[1:2] == ["--write"]:
        write(int(sys.argv[2]), batch)
    else:
        main([int(size) for size in sys.argv[1:]])
