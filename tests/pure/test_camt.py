"""Statements, entries and details of camt.052, camt.053 and camt.054."""

from datetime import date, datetime, timedelta, timezone
from decimal import Decimal

import bank_samples as made
import pytest
from camt_reading import codes, only_entry, read

from sepa import camt

CET = timezone(timedelta(hours=1))


# === STATEMENTS === #


@pytest.mark.parametrize("kind", ["camt.052", "camt.053"])
@pytest.mark.parametrize("version", [2, 8, 14])
def test_everything_about_a_statement(kind, version):
    content = made.camt(
        made.statement(kind=kind, opening="-5.00", closing="-5.00"), kind=kind, version=version
    )
    result, (statement,), entries = read(content)
    assert (result.kind, result.version) == (kind, f"{kind}.001.{version:02d}")
    assert result.message_id == "MSG-7"
    assert result.created == datetime(2026, 11, 24, 20, tzinfo=CET)
    assert statement == camt.Statement(
        id="STMT-1",
        sequence_number="7",
        iban=made.OUR_IBAN,
        other_account_id=None,
        currency="EUR",
        from_date=date(2026, 11, 24),
        to_date=date(2026, 11, 24),
        opening_balance=Decimal("-5.00"),
        opening_date=date(2026, 11, 24),
        closing_balance=Decimal("-5.00"),
        closing_date=date(2026, 11, 24),
        created=datetime(2026, 11, 24, 20, tzinfo=CET),
        where=statement.where,
    )
    assert not entries
    assert not result.findings


def test_a_notification_has_no_balances_and_misses_none():
    content = made.statement(made.entry("-3.00"), kind="camt.054")
    result, (statement,), (entry,) = read(made.camt(content, kind="camt.054"))
    assert statement.opening_balance is statement.closing_balance is None
    assert entry.statement is statement
    assert not result.findings


def test_the_header_is_there_before_the_iteration():
    result = camt.read(made.camt(made.statement(name="A"), made.statement(name="B")))
    assert (result.kind, result.message_id) == ("camt.053", "MSG-7")
    assert [statement.id for statement in result] == ["A", "B"]


def test_each_entry_knows_its_statement():
    first = made.statement(made.entry("1.00"), name="A", closing="101.00")
    second = made.statement(made.entry("2.00"), name="B", closing="102.00")
    result = camt.read(made.camt(first, second))
    seen = [
        ("S", item.id) if isinstance(item, camt.Statement) else ("E", item.statement.id)
        for item in result
    ]
    assert seen == [("S", "A"), ("E", "A"), ("S", "B"), ("E", "B")]
    assert not result.findings


def test_an_account_without_iban():
    other = made.tag("Id", made.tag("Othr", made.text("Id", "0532013000")))
    _result, (statement,), _entries = read(made.camt(made.statement(account=other)))
    assert (statement.iban, statement.other_account_id) == (None, "0532013000")


def test_other_balances_do_not_disturb_and_pages_use_the_outer_ones():
    balances = "".join(
        made.balance(*pair)
        for pair in [
            ("PRCD", "100.00"),
            ("OPBD", "100.00"),
            ("OPBD", "140.00"),
            ("CLAV", "999.00"),
            ("FWAV", "998.00"),
            ("CLBD", "140.00"),
            ("CLBD", "150.00"),
        ]
    )
    content = made.camt(made.statement(made.entry("50.00")))
    content = content.replace(
        (made.balance("OPBD", "100.00") + made.balance("CLBD", "100.00")).encode(),
        balances.encode(),
    )
    result, (statement,), _entries = read(content)
    assert statement.opening_balance == Decimal("100.00")
    assert statement.closing_balance == Decimal("150.00")
    assert not result.findings


# === ENTRIES === #


def test_everything_about_an_entry():
    result, entry = only_entry(
        made.entry(
            "-99.90",
            reference="12",
            servicer="2026112400012",
            bank_code=made.code("PMNT/RDDT/ESDD", "NDDT+105+09310"),
            reversal=True,
            info="LASTSCHRIFT",
            day="2026-11-23",
        ),
        closing="0.10",
    )
    assert entry.amount == Decimal("-99.90")
    assert (entry.currency, entry.booked, entry.status) == ("EUR", True, "BOOK")
    assert (entry.reference, entry.account_servicer_reference) == ("12", "2026112400012")
    assert entry.booking_date == entry.value_date == date(2026, 11, 23)
    assert (entry.bank_code, entry.gvc) == ("PMNT/RDDT/ESDD", "105")
    assert entry.proprietary_code == "NDDT+105+09310"
    assert entry.additional_info == "LASTSCHRIFT"
    assert entry.reversal
    assert entry.batch is None
    assert entry.details == ()
    assert not entry.is_return
    assert entry.where == "Stmt[1]/Ntry[1]"
    assert not result.findings


@pytest.mark.parametrize(
    ("proprietary", "issuer", "gvc"),
    [
        ("NRTI+109+00931", "DK", "109"),
        ("NRTI+108+00931+914", "ZKA", "108"),
        ("NMSC+192+9310+", "ZKA", "192"),
        ("NDDT+171", None, "171"),
        ("109", "DK", "109"),
        ("109+9310+912", "zka", "109"),
        ("109", "SWIFT", None),
        ("SEPA-RETURN", "DK", None),
        ("NRTI", "DK", None),
        ("", "DK", None),
    ],
)
def test_the_german_transaction_code(proprietary, issuer, gvc):
    code = made.code(None, proprietary, issuer) or made.code("PMNT/IDDT/ESDD")
    _result, entry = only_entry(made.entry("1.00", bank_code=code), closing="101.00")
    assert entry.gvc == gvc


@pytest.mark.parametrize("version", [2, 8])
@pytest.mark.parametrize("status", ["PDNG", "INFO", "FUTR"])
def test_what_is_not_booked_is_no_money(version, status):
    entries = [
        made.entry("-50.00", version=version, status=status, servicer="A"),
        made.entry("10.00", version=version, servicer="B"),
    ]
    content = made.camt(made.statement(*entries, closing="110.00"), version=version)
    result, _statements, (pending, booked) = read(content)
    assert (pending.booked, pending.status) == (False, status)
    assert booked.booked
    assert not result.findings


def test_a_banks_own_status_is_not_booked():
    entry = made.entry("5.00").replace("<Sts><Cd>BOOK</Cd></Sts>", "<Sts><Prtry>X</Prtry></Sts>")
    _result, found = only_entry(entry)
    assert (found.booked, found.status) == (False, "X")


def test_without_status_only_a_statement_counts_as_booked():
    entry = made.entry("5.00").replace("<Sts><Cd>BOOK</Cd></Sts>", "")
    result, found = only_entry(entry, closing="105.00")
    assert found.booked
    assert codes(result) == ["missing_node"]
    content = made.camt(made.statement(entry, kind="camt.052"), kind="camt.052")
    assert not read(content)[2][0].booked


def test_a_day_given_as_a_moment():
    entry = made.entry("5.00").replace(
        "<BookgDt><Dt>2026-11-24</Dt></BookgDt>",
        "<BookgDt><DtTm>2026-11-24T23:30:00-05:00</DtTm></BookgDt>",
    )
    _result, found = only_entry(entry, closing="105.00")
    assert found.booking_date == date(2026, 11, 24)


@pytest.mark.parametrize("version", [2, 8])
def test_a_batch_in_one_sum(version):
    batch = [("MsgId", "FILE-1"), ("PmtInfId", "FILE-1-1"), ("NbOfTxs", "3")]
    content = made.camt(
        made.statement(made.entry("299.70", version=version, batch=batch), closing="399.70"),
        version=version,
    )
    result, _statements, (entry,) = read(content)
    assert entry.batch == camt.Batch("FILE-1", "FILE-1-1", 3, None)
    assert entry.details == ()
    assert not result.findings


@pytest.mark.parametrize("version", [2, 8])
def test_a_batch_that_is_listed_in_full(version):
    details = "".join(
        made.detail(
            version,
            amount=f"{n}.00",
            booked=f"{n}.00",
            references=[("EndToEndId", f"E-{n}"), ("MndtId", f"M-{n}")],
        )
        for n in range(1, 101)
    )
    batch = [("PmtInfId", "P"), ("NbOfTxs", "100")]
    content = made.camt(
        made.statement(
            made.entry("5050.00", details, version=version, batch=batch), closing="5150.00"
        ),
        version=version,
    )
    result, _statements, (entry,) = read(content)
    assert [detail.end_to_end_id for detail in entry.details] == [f"E-{n}" for n in range(1, 101)]
    assert sum(detail.amount for detail in entry.details) == entry.amount
    assert entry.details[99].where == "Stmt[1]/Ntry[1]/TxDtls[100]"
    assert not result.findings


def test_several_groups_of_details_each_with_its_batch():
    first = made.tag("NtryDtls", made.tag("Btch", made.text("PmtInfId", "A")), made.detail())
    second = made.tag("NtryDtls", made.tag("Btch", made.text("PmtInfId", "B")), made.detail())
    entry = made.entry("5.00").replace("</Ntry>", first + second + "</Ntry>")
    result, found = only_entry(entry, closing="105.00")
    assert [batch.payment_information_id for batch in found.batches] == ["A", "B"]
    assert len(found.details) == 2
    assert not result.findings
