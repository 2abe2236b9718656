#!/usr/bin/env python3
"""Time of one IBAN check: the first one of a process, then warm, per country.

Prints rows | what | n | value | unit | queries per record |.
"""

import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = {
    "DE": "DE89370400440532013000",
    "AT": "AT483200000012345864",
    "NL": "NL91ABNA0417164300",
    "FR": "FR1420041010050500013M02606",
    "IT": "IT60X0542811101000000123456",
    "CH": "CH9300762011623852957",
}
ROUNDS = 2_000


def _seconds(function, *args, rounds=ROUNDS):
    start = time.perf_counter()
    for _ in range(rounds):
        function(*args)
    return (time.perf_counter() - start) / rounds


def _first_check():
    """Milliseconds of the first check in a new process, with all imports."""
    program = (
        "import sys, time; start = time.perf_counter(); sys.path.insert(0, sys.argv[1]);"
        "from sepa import iban; iban.check(sys.argv[2]); print(time.perf_counter() - start)"
    )
    command = [sys.executable, "-c", program, str(ROOT), SAMPLES["DE"]]
    answer = subprocess.run(command, check=True, capture_output=True, text=True)
    return float(answer.stdout) * 1e3


def main():
    """Print the rows of a Markdown table."""
    sys.path.insert(0, str(ROOT))
    from sepa import iban

    print(f"| IBAN: first check, with imports | 1 | {_first_check():.0f} | ms | 0 |")
    for country, text in SAMPLES.items():
        iban.check(text)
        for function, argument in (
            (iban.validate, text),
            (iban.check, text),
            (iban.partial, text[:14]),
        ):
            value = _seconds(function, argument) * 1e6
            name = f"IBAN {country}: {function.__name__}"
            print(f"| {name} | {ROUNDS} | {value:.1f} | microseconds | 0 |")


if __name__ == "__main__":
    main()
