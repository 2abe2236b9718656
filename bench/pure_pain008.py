#!/usr/bin/env python3
"""Speed and memory of the pain.008 writer, without a database.

Usage: pure_pain008.py [number of debits ...]
Without numbers: those of SUPPORT_DEBIT_BENCH_SIZES (1 000 and 10 000) and one million.
Prints rows | what | n | value | unit | queries per record |.

Every size runs in a process of its own, since the peak of a process never falls. The debits come
from a generator and the file goes to the null device: what is measured is checking, converting
and writing, and that memory does not grow with the number of lines.
"""

import os
import resource
import subprocess
import sys
import time
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

MANY = 1_000_000
ROOT = Path(__file__).resolve().parent.parent


def _iban(number):
    bban = f"37040044{number:010d}"
    return f"DE{98 - int(bban + '131400') % 97:02d}{bban}"


def _collections(pain008, count):
    names = ("Jürgen Müller", "Anna Schmidt", "Société Générale d'Électricité", "J. de Vries")
    for number in range(count):
        yield pain008.Collection(
            end_to_end_id=f"SUP-{number}-1",
            amount=Decimal(number % 90_000 + 1).scaleb(-2),
            mandate_id=f"SUP-{number}-A1",
            signature_date=date(2026, 11, 20),
            debtor=pain008.Party(names[number % len(names)]),
            account=pain008.Account(_iban(number)),
            remittance=f"Support-Paket Basis, Rechnung RE/2026/{number:06d}",
        )


def _message(pain008, count):
    block = pain008.Block(
        "BENCH-1",
        "CORE",
        "RCUR",
        date(2026, 11, 25),
        pain008.Party("Support GmbH"),
        pain008.Account("DE89370400440532013000"),
        "DE98ZZZ09999999999",
        _collections(pain008, count),
    )
    moment = datetime(2026, 11, 23, 9, 0)
    return pain008.Message("BENCH", moment, "Support GmbH", [block], "de")


def measure(count):
    """Write ``count`` debits; return (seconds, peak resident memory in MiB)."""
    sys.path.insert(0, str(ROOT))
    from sepa import pain008

    start = time.perf_counter()
    with open(os.devnull, "wb") as sink:
        written = pain008.write(_message(pain008, count), sink)
    seconds = time.perf_counter() - start
    if written.count != count:
        raise SystemExit(f"{written.count} debits were written instead of {count}")
    return seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def default_sizes():
    """Return the sizes that the environment asks for, and one that shows flat memory."""
    wanted = os.environ.get("SUPPORT_DEBIT_BENCH_SIZES", "1000 10000")
    return sorted({*map(int, wanted.split()), MANY})


def main(sizes=None):
    """Print two rows of a Markdown table for every size: debits per second and memory."""
    for size in sizes or default_sizes():
        command = [sys.executable, __file__, "--one", str(size)]
        answer = subprocess.run(command, check=True, capture_output=True, text=True).stdout
        seconds, peak = map(float, answer.split())
        print(f"| pain.008: write and check | {size} | {size / seconds:.0f} | debits/s | 0 |")
        print(f"| pain.008: peak memory | {size} | {peak:.0f} | MiB | 0 |", flush=True)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--one"]:
        print(*measure(int(sys.argv[2])))
    else:
        main([int(size) for size in sys.argv[1:]])
