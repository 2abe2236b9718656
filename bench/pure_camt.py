#!/usr/bin/env python3
"""Speed and memory of the camt.053 reader, without a database.

Usage: pure_camt.py [number of entries ...]      (default 1 000, 10 000, 1 000 000)

Every size runs in a process of its own, since the peak of a process never falls. The statement
is generated while it is read; a tenth of the entries are returns with a fee. The last line has
one entry with 100 000 transactions, a batch that the bank lists in full.
"""

import resource
import subprocess
import sys
import time
from pathlib import Path

SIZES = (1_000, 10_000, 1_000_000)
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


class _Generated:
    """A binary file that makes its content while it is read."""

    def __init__(self, parts):
        self.parts = parts
        self.size = 0

    def read(self, size):
        pieces, length = [], 0
        while length < size and (part := next(self.parts, None)) is not None:
            pieces.append(part.encode())
            length += len(pieces[-1])
        self.size += length
        return b"".join(pieces)


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


def measure(count, batch=False):
    """Read `count` entries (or details of one); returns (CPU seconds, bytes, peak memory in MiB).

    CPU time, because a second process on the machine would count otherwise; what making the
    statement costs is measured first and taken off.
    """
    sys.path.insert(0, str(ROOT))
    from sepa import camt

    start = time.process_time()
    for _ in _Generated(_batch(count) if batch else _statement(count)).parts:
        pass
    generating = time.process_time() - start
    source = _Generated(_batch(count) if batch else _statement(count))
    start = time.process_time()
    result = camt.read(source, max_bytes=2**40)
    read = sum(len(item.details) for item in result if isinstance(item, camt.Entry))
    seconds = time.process_time() - start - generating
    if read != count or result.findings:
        raise SystemExit(f"read {read} of {count} entries, findings: {result.findings[:3]}")
    return seconds, source.size, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main(sizes=SIZES):
    """Print one row of a Markdown table for every size."""
    print("| camt.053, entries | MB | CPU seconds | entries/s | peak RSS MiB |")
    print("|---:|---:|---:|---:|---:|")
    for size, batch in [*((size, False) for size in sizes), (BATCH, True)]:
        command = [sys.executable, __file__, "--one", str(size), *(["batch"] if batch else [])]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, length, peak = map(float, answer.split())
        label = f"1 of {size} debits" if batch else str(size)
        speed = f"{size / seconds:.0f}"
        row = (label, f"{length / 1e6:.1f}", f"{seconds:.2f}", speed, f"{peak:.0f}")
        print("| " + " | ".join(row) + " |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(*measure(int(sys.argv[2]), batch=sys.argv[3:] == ["batch"]))
    else:
        main([int(size) for size in sys.argv[1:]] or SIZES)
