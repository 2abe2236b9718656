"""What a statement's parts must add up to, and what is broken or missing in it."""

import tracemalloc

import bank_samples as made
import pytest
from camt_reading import codes, only_entry, read

from sepa import bankfile, camt


def finding_of(result):
    """The only finding."""
    (finding,) = result.findings
    return finding


# === SUMS === #


def test_balances_that_do_not_fit():
    result, _entry = only_entry(made.entry("5.00"), closing="106.00")
    finding = finding_of(result)
    assert (finding.code, finding.where) == ("balance_mismatch", "Stmt[1]")
    assert finding.params == {
        "opening": "100.00",
        "entries": "5.00",
        "closing": "106.00",
        "difference": "1.00",
    }


def test_a_statement_without_balances():
    content = made.camt(made.statement(made.entry("5.00"), kind="camt.054"), kind="camt.054")
    content = content.replace(b"BkToCstmrDbtCdtNtfctn", b"BkToCstmrStmt")
    content = content.replace(b"Ntfctn>", b"Stmt>")
    result, _statements, entries = read(content)
    assert len(entries) == 1
    assert finding_of(result).params["node"] == "Bal"


def test_a_report_of_the_day_need_not_balance():
    content = made.statement(made.entry("5.00"), kind="camt.052")
    result, _statements, _entries = read(made.camt(content, kind="camt.052"))
    assert not result.findings


@pytest.mark.parametrize(
    ("totals", "expected"),
    [
        (made.summary(2, (1, "5.00"), (1, "3.00")), []),
        (made.summary(3, (1, "5.00"), (1, "3.00")), ["count_mismatch"]),
        (made.summary(2, (1, "5.01"), (1, "3.00")), ["sum_mismatch"]),
        (made.summary(2, (1, "5.00"), (1, "2.00")), ["sum_mismatch"]),
        (made.summary(2), []),
        (made.tag("TxsSummry", made.tag("TtlNtries", made.text("Sum", "8.00"))), []),
    ],
)
def test_totals(totals, expected):
    entries = [made.entry("5.00", servicer="A"), made.entry("-3.00", servicer="B")]
    content = made.statement(*entries, closing="102.00", summary=totals)
    assert codes(read(made.camt(content))[0]) == expected


@pytest.mark.parametrize("count", [1, 2])
def test_totals_may_or_may_not_count_pending_entries(count):
    entries = [made.entry("5.00", servicer="A"), made.entry("-3.00", servicer="B", status="PDNG")]
    totals = made.summary(count, (1, "5.00"), (0, "0.00"))
    content = made.statement(*entries, closing="105.00", summary=totals)
    assert not read(made.camt(content))[0].findings


@pytest.mark.parametrize(
    ("details", "costs", "expected"),
    [
        (["60.00", "40.00"], [], []),
        (["60.00", "41.00"], [], ["sum_mismatch"]),
        (["60.00", "41.00"], ["1.00"], []),
        (["160.00", "-60.00"], [], []),
    ],
)
def test_details_add_up_to_the_entry(details, costs, expected):
    parts = "".join(made.detail(amount=amount) for amount in details)
    result, _entry = only_entry(made.entry("100.00", parts, costs=costs), closing="200.00")
    assert codes(result) == expected


def test_charges_of_the_details_may_be_taken_off_a_credit():
    details = made.detail(amount="50.00", costs=["0.10"]) + made.detail(amount="50.00")
    result, _entry = only_entry(made.entry("99.90", details), closing="199.90")
    assert not result.findings


def test_a_returned_debit_smaller_than_its_parts_is_wrong():
    details = made.detail(amount="-50.00") + made.detail(amount="-50.00")
    entry = made.entry("-90.00", details, bank_code=made.code("PMNT/IDDT/UPDD"))
    result, _entry = only_entry(entry, closing="10.00")
    assert finding_of(result).params == {
        "level": "entry",
        "expected": "-90.00",
        "actual": "-100.00",
    }


def test_details_in_another_currency_are_not_added():
    details = made.detail(amount="5.00") + made.detail(amount="5.00").replace("EUR", "USD", 1)
    result, _entry = only_entry(made.entry("9.00", details), closing="109.00")
    assert not result.findings


def test_a_batch_with_another_count_or_sum():
    details = made.detail(amount="5.00") + made.detail(amount="5.00")
    batch = [("NbOfTxs", "3"), ("TtlAmt", "11.00")]
    result, _entry = only_entry(made.entry("10.00", details, batch=batch), closing="110.00")
    assert [(f.code, f.params["level"]) for f in result.findings] == [
        ("count_mismatch", "batch"),
        ("sum_mismatch", "batch"),
    ]


def test_an_entry_in_another_currency():
    entry = made.entry("5.00").replace("EUR", "USD")
    result, _entry = only_entry(entry, closing="105.00")
    assert finding_of(result).code == "currency_mismatch"


# === TWICE === #


def test_the_same_entry_twice_is_found_and_kept():
    entry = made.entry("5.00", made.detail())
    result, _statements, entries = read(made.camt(made.statement(entry, entry, closing="110.00")))
    assert len(entries) == 2
    finding = finding_of(result)
    assert (finding.code, finding.where) == ("duplicate_entry", "Stmt[1]/Ntry[2]")
    assert finding.params == {"reference": "REF-1"}


def test_a_collective_reference_alone_makes_no_duplicate():
    entries = [
        made.entry("5.00", made.detail(references=[("EndToEndId", f"E-{n}")])) for n in range(3)
    ]
    assert not read(made.camt(made.statement(*entries, closing="115.00")))[0].findings


def test_the_same_statement_twice():
    statement = made.statement(made.entry("5.00"), closing="105.00")
    result, statements, _entries = read(made.camt(statement, statement))
    assert len(statements) == 2
    assert codes(result) == ["duplicate_statement"]


# === BROKEN AND MISSING === #


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('<Amt Ccy="EUR">5.00</Amt>', '<Amt Ccy="EUR">5,00</Amt>'),
        ('<Amt Ccy="EUR">5.00</Amt>', '<Amt Ccy="EUR">-5.00</Amt>'),
        ('<Amt Ccy="EUR">5.00</Amt>', ""),
        ("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<Sts>"),
        ("<CdtDbtInd>CRDT</CdtDbtInd><Sts>", "<CdtDbtInd>RD</CdtDbtInd><Sts>"),
    ],
)
def test_an_entry_without_amount_or_direction_is_never_guessed(old, new):
    detail = made.detail(references=[("EndToEndId", "E-77")])
    broken = made.entry("5.00", detail, servicer="X-1").replace(old, new)
    good = made.entry("1.00", servicer="X-2")
    result, _statements, entries = read(made.camt(made.statement(broken, good, closing="106.00")))
    assert [entry.account_servicer_reference for entry in entries] == ["X-2"]
    unreadable, balance = result.findings
    assert (unreadable.code, unreadable.where) == ("entry_unreadable", "Stmt[1]/Ntry[1]")
    assert unreadable.params["reference"] == "X-1"
    assert unreadable.params["end_to_end_ids"] == ["E-77"]
    assert balance.code == "balance_mismatch"


def test_a_broken_amount_in_a_detail():
    detail = made.detail(amount="5.00").replace(">5.00<", ">5.00.1<")
    result, entry = only_entry(made.entry("5.00", detail), closing="105.00")
    assert entry.details[0].amount == entry.amount
    assert finding_of(result).where == "Stmt[1]/Ntry[1]/TxDtls[1]/Amt"


def test_a_broken_day():
    entry = made.entry("5.00").replace("<ValDt><Dt>2026-11-24", "<ValDt><Dt>2026-13-24")
    result, found = only_entry(entry, closing="105.00")
    assert found.value_date is None
    assert (finding_of(result).code, finding_of(result).where) == (
        "bad_date",
        "Stmt[1]/Ntry[1]/ValDt",
    )


def test_missing_header_account_and_identifier():
    statement = made.statement(name=None, account="<X/>")
    result, (found,), _entries = read(made.camt(statement, header=False))
    assert result.message_id is None
    assert (found.id, found.iban) == (None, None)
    missing = sorted(finding.params["node"] for finding in result.findings)
    assert missing == ["Acct/Id", "Id", "MsgId"]


def test_a_message_without_statements():
    result, statements, entries = read(made.camt())
    assert not statements
    assert not entries
    assert finding_of(result).params == {"node": "Stmt"}


def test_an_entry_with_nothing_in_it():
    result, _statements, entries = read(made.camt(made.statement("<Ntry/>")))
    assert not entries
    assert codes(result) == ["entry_unreadable"]


def test_a_cut_off_file_keeps_what_it_has():
    entries = [made.entry("1.00", servicer=f"R-{n}") for n in range(50)]
    content = made.camt(made.statement(*entries, closing="150.00"))
    result, _statements, found = read(content[: content.index(b"R-30<")])
    assert [entry.account_servicer_reference for entry in found] == [f"R-{n}" for n in range(30)]
    finding = finding_of(result)
    assert (finding.code, finding.where) == ("truncated", "Stmt[1]/Ntry[31]")


def test_damage_in_the_middle_keeps_what_stood_before():
    entries = [made.entry("1.00", servicer=f"R-{n}") for n in range(2000)]
    content = made.camt(made.statement(*entries, closing="2100.00"))
    result, _statements, found = read(content.replace(b"R-1500<", b"R-1500&<"))
    assert len(found) == 1500
    assert codes(result) == ["not_well_formed"]


def test_no_account_number_in_a_finding_about_damage():
    content = made.camt(made.statement(made.entry("1.00", made.detail()), closing="101.00"))
    damaged = content.replace(b"</IBAN></Id></DbtrAcct>", b"</IBAN></IBAN></DbtrAcct>")
    result, _statements, _entries = read(damaged)
    assert made.DEBTOR_IBAN not in repr(result.findings)
    assert codes(result) == ["not_well_formed"]


# === MEMORY === #


@pytest.mark.parametrize("nested", [False, True])
def test_elements_are_freed_as_they_are_read(nested, monkeypatch):
    """The tree holds what one piece of the file has, not what the file has."""
    held = []

    def spy(element):
        bankfile.release(element)
        held.append(len(element.getparent()))

    monkeypatch.setattr(camt, "release", spy)
    details = [made.detail(amount="1.00") for _number in range(3000)]
    entries = [made.entry("3000.00", "".join(details))]
    if not nested:
        entries = [made.entry("1.00", servicer=f"R-{n}") for n in range(3000)]
    result, _statements, _entries = read(made.camt(made.statement(*entries, closing="3100.00")))
    assert not result.findings
    assert len(held) > 3000
    assert max(held) < 500


def test_python_objects_do_not_pile_up():
    def peak(count):
        entries = (made.entry("1.00", made.detail(), servicer=f"R-{n}") for n in range(count))
        content = made.camt(made.statement(*entries, closing=f"{100 + count}.00"))
        tracemalloc.start()
        for _item in camt.read(content):
            pass
        found = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        return found

    assert peak(1500) < peak(500) + 500_000
