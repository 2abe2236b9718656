"""The live IBAN check through HTTP: what a customer's browser waits for, in milliseconds.

Run by `bin/bench` against a server with two workers on this machine; one request at a time.
"""

import json
import os
import statistics
import time
import urllib.request

URL = os.environ["SUPPORT_DEBIT_BENCH_URL"] + "/payment/sdd/check_iban"
IBANS = (
    "DE89370400440532013000",
    "DE8937040044053201300",
    "AT611904300234573201",
    "NL91ABNA0417164300",
    "FR1420041010050500013M02606",
    "DE02120300000000202051",
)


def ask(opener, iban):
    """Send one check, return the time it took in milliseconds."""
    body = json.dumps({"jsonrpc": "2.0", "method": "call", "params": {"iban": iban}}).encode()
    request = urllib.request.Request(URL, body, {"Content-Type": "application/json"})
    start = time.perf_counter()
    with opener.open(request) as answer:
        result = json.load(answer)
    elapsed = (time.perf_counter() - start) * 1000
    if "result" not in result:
        raise SystemExit(f"the server answered {result}")
    return elapsed


def main():
    """Print the rows of the table."""
    opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
    for _warm_up in range(30):
        ask(opener, IBANS[0])
    for size in (int(size) for size in os.environ["SUPPORT_DEBIT_BENCH_SIZES"].split()):
        times = sorted(ask(opener, IBANS[n % len(IBANS)]) for n in range(size))
        for name, value in (
            ("median", statistics.median(times)),
            ("p95", times[int(size * 0.95)]),
            ("p99", times[int(size * 0.99)]),
        ):
            print(f"| IBAN check over HTTP, {name} | {size} | {value:.1f} | ms | |", flush=True)


main()
