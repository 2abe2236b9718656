"""Entries without a reference: the same in two files, and what is another."""

from datetime import date
from decimal import Decimal

import pytest

from sepa import camt, mt940
from sepa.camt_model import Batch, Detail, Entry
from sepa.entry_content import MARK, content_key

DETAIL = Detail(end_to_end_id="E-1", mandate_id="M-1", remittance="Support 2026", debtor_name="Ada")
ENTRY = Entry(
    amount=Decimal("9.90"),
    booking_date=date(2026, 11, 23),
    value_date=date(2026, 11, 24),
    details=(DETAIL,),
    additional_info="SEPA",
    where="Stmt[1]/Ntry[1]",
)


def test_place_and_blanks_do_not_count():
    detail = DETAIL._replace(remittance="SUPPORT  2026 ", where="elsewhere")
    other = ENTRY._replace(details=(detail,), where="Stmt[2]/Ntry[7]", amount=Decimal("9.9"))
    assert content_key(other) == content_key(ENTRY)
    assert content_key(ENTRY).startswith(f"{MARK}2026-11-23/2026-11-24/9.90/")


@pytest.mark.parametrize(
    "changes",
    [
        {"amount": Decimal("-9.90")},
        {"booking_date": date(2026, 11, 24)},
        {"value_date": None},
        {"details": ()},
        {"details": (DETAIL, DETAIL)},
        {"details": (DETAIL._replace(end_to_end_id="E-2"),)},
        {"details": (DETAIL._replace(mandate_id=None),)},
        {"details": (DETAIL._replace(payment_information_id="K-1"),)},
        {"details": (DETAIL._replace(remittance="Support 2027"),)},
        {"details": (DETAIL._replace(debtor_name="Eva"),)},
        {"batches": (Batch("B-1", None, None, None),)},
    ],
)
def test_what_makes_it_another_entry(changes):
    assert content_key(ENTRY._replace(**changes)) != content_key(ENTRY)


def test_text_of_an_entry_without_details():
    first, second = (ENTRY._replace(details=(), additional_info=text) for text in ("Rent", "Fee"))
    assert content_key(first) != content_key(second)


def _statement(*days):
    """An MT940 with a booking on each of these days."""
    body = "".join(
        f":61:26030{day}030{day}CR{day},00NTRFNONREF\n:86:166?00GUTSCHRIFT?20SVWZ+Day {day}\n"
        for day in days
    )
    return (
        f":20:S\n:25:37040044/0532013000\n:28C:0\n:60F:C260301EUR1,00\n{body}:62F:C260309EUR9,00\n"
    )


def test_files_that_overlap():
    first, second = (
        {content_key(e) for e in mt940.read(text.encode()) if isinstance(e, camt.Entry)}
        for text in (_statement(1, 2, 3), _statement(2, 3, 4))
    )
    assert (len(first | second), len(first & second)) == (4, 2)
