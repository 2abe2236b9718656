"""Tell the demo's bank who its customers are: `python demo/bank_setup.py http://127.0.0.1:8090`.

Registers the company's account, the TARGET holidays and a few debtors whose debits come back, so
that orders in the shop can be paid by somebody who cannot or will not pay. Standard library only;
a second run changes nothing.
"""

import csv
import json
import sys
import urllib.error
import urllib.request
from datetime import date, timedelta
from pathlib import Path

#: `balance` in cents: the closing balance of the last statement in the demo's history.
CREDITOR = {
    "id": "FERNHILFE",
    "name": "Fernhilfe Nord GmbH",
    "iban": "DE89370400440532013000",
    "balance": 2375967,
}
#: Accounts to type in at the checkout; demo/LOGINS.txt lists them for whoever tries the demo.
DEBTORS = (
    {
        "id": "CLOSED",
        "name": "Closed account",
        "iban": "DE02100500000054540402",
        "behaviour": "closed-account",
    },
    {
        "id": "POOR",
        "name": "Empty account",
        "iban": "DE02300209000106531065",
        "balance": 100,
        "behaviour": "insufficient-funds",
    },
    {
        "id": "REFUND",
        "name": "Asks for the money back",
        "iban": "NL91ABNA0417164300",
        "behaviour": "return-later",
        "parameters": {"days": 2, "reason": "MD06"},
    },
    {
        "id": "NOFUNDS",
        "name": "Not covered on the day",
        "iban": "AT026000000001349870",
        "behaviour": "return-later",
        "parameters": {"days": 1, "reason": "AM04"},
    },
)
#: Customers of customers.csv whose debits the bank refuses, as it has done in the demo's history.
REFUSED = {"steiner": "closed-account", "kowalski": "insufficient-funds"}


def refused_customers():
    """Return the accounts of the customers whose debits are refused.

    :rtype: list[dict]
    """
    with open(Path(__file__).with_name("customers.csv"), encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["key"] in REFUSED]
    return [
        {
            "id": row["key"].upper(),
            "name": row["name"],
            "iban": row["iban"],
            "balance": 100,
            "behaviour": REFUSED[row["key"]],
        }
        for row in rows
    ]


def easter(year):
    """Return Easter Sunday (Gregorian, after Meeus and Jones).

    :param int year: from 1583 on.
    :rtype: date
    """
    golden, century, rest = year % 19, year // 100, year % 100
    leap, left = divmod(century, 4)
    moon = (century - (century + 8) // 25 + 1) // 3
    epact = (19 * golden + century - leap - moon + 15) % 30
    quarter, odd = divmod(rest, 4)
    weekday = (32 + 2 * left + 2 * quarter - epact - odd) % 7
    shift = (golden + 11 * epact + 22 * weekday) // 451
    month, day = divmod(epact + weekday - 7 * shift + 114, 31)
    return date(year, month, day + 1)


def target_holidays(year):
    """Return the days besides weekends on which TARGET is closed.

    :rtype: list[date]
    """
    sunday = easter(year)
    return [
        date(year, 1, 1),
        sunday - timedelta(days=2),
        sunday + timedelta(days=1),
        date(year, 5, 1),
        date(year, 12, 25),
        date(year, 12, 26),
    ]


def call(base, method, path, content):
    """Send JSON to the bank.

    :return: the HTTP status; 400 and 409 mean that it knows the account already.
    :rtype: int
    """
    request = urllib.request.Request(
        base.rstrip("/") + path,
        json.dumps(content).encode(),
        {"Content-Type": "application/json"},
        method=method,
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status
    except urllib.error.HTTPError as error:
        return error.code


def register(base, account):
    """Make an account at the bank, or bring an existing one up to date.

    :param str base: the bank's address.
    :param dict account: as the bank's interface wants it.
    :raise SystemExit: when the bank refuses.
    """
    status = call(base, "POST", "/_mock/accounts", account)
    if status in (400, 409):
        changes = {
            key: value for key, value in account.items() if key in ("behaviour", "parameters")
        }
        status = call(base, "PATCH", f"/_mock/accounts/{account['id']}", changes)
    if status >= 400:
        raise SystemExit(f"The bank refused the account {account['id']}: HTTP {status}")


def main(base):
    """Set everything up.

    :param str base: the bank's address.
    """
    for account in (CREDITOR, *DEBTORS, *refused_customers()):
        register(base, account)
    year = date.today().year
    holidays = [
        day.isoformat() for number in range(year, year + 3) for day in target_holidays(number)
    ]
    status = call(base, "PUT", "/_mock/holidays", holidays)
    if status >= 400:
        raise SystemExit(f"The bank refused the holidays: HTTP {status}")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python demo/bank_setup.py http://127.0.0.1:PORT")
    main(sys.argv[1])
