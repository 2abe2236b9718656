"""Details of camt entries, and every layout they come in."""

import io
from decimal import Decimal
from pathlib import Path

import bank_samples as made
import pytest
from camt_reading import only_entry, read
from hypothesis import given
from hypothesis import strategies as st

from sepa import camt

DATA = Path(__file__).parent / "data"


# === DETAILS === #


@pytest.mark.parametrize("version", [2, 8, 14])
def test_everything_about_a_detail(version):
    detail = made.detail(
        version,
        amount="99.90",
        booked="99.90",
        original="99.90",
        references=[
            ("MsgId", "FILE-1"),
            ("AcctSvcrRef", "S-1"),
            ("PmtInfId", "FILE-1-1"),
            ("InstrId", "I-1"),
            ("EndToEndId", "E-1"),
            ("MndtId", "M-1"),
        ],
        remittance=["Rechnung", "RE/2026/1"],
        structured="RF18539007547034",
    )
    content = made.camt(
        made.statement(made.entry("99.90", detail, version), closing="199.90"), version=version
    )
    _result, _statements, (entry,) = read(content)
    (found,) = entry.details
    assert (found.message_id, found.payment_information_id) == ("FILE-1", "FILE-1-1")
    assert (found.instruction_id, found.account_servicer_reference) == ("I-1", "S-1")
    assert (found.end_to_end_id, found.mandate_id) == ("E-1", "M-1")
    assert (found.amount, found.currency) == (Decimal("99.90"), "EUR")
    assert (found.original_amount, found.original_currency) == (Decimal("99.90"), "EUR")
    assert (found.debtor_name, found.debtor_iban) == ("Anna Gut", made.DEBTOR_IBAN)
    assert found.remittance == "Rechnung RE/2026/1"
    assert found.creditor_reference == "RF18539007547034"
    assert (found.is_return, found.reason, found.fee) == (False, None, 0)


def test_the_only_detail_takes_the_entrys_amount():
    _result, entry = only_entry(made.entry("42.00", made.detail()), closing="142.00")
    assert entry.details[0].amount == Decimal("42.00")


def test_a_detail_with_a_sign_of_its_own():
    details = made.detail(amount="150.00") + made.detail(amount="-50.00")
    result, entry = only_entry(made.entry("100.00", details), closing="200.00")
    assert [detail.amount for detail in entry.details] == [Decimal("150.00"), Decimal("-50.00")]
    assert not result.findings


def test_creditor_and_ultimate_parties():
    parties = (
        "<UltmtDbtr><Pty><Nm>Papa</Nm></Pty></UltmtDbtr>"
        "<Cdtr><Pty><Nm>Support GmbH</Nm><Id><PrvtId><Othr><Id>DE98ZZZ09999999999</Id></Othr>"
        "</PrvtId></Id></Pty></Cdtr><CdtrAcct><Id><IBAN>de89 3704 0044 0532 0130 00</IBAN></Id>"
        "</CdtrAcct><UltmtCdtr><Pty><Nm>Shop</Nm></Pty></UltmtCdtr>"
    )
    detail = made.detail().replace("</RltdPties>", parties + "</RltdPties>")
    _result, entry = only_entry(made.entry("1.00", detail), closing="101.00")
    (found,) = entry.details
    assert (found.ultimate_debtor_name, found.ultimate_creditor_name) == ("Papa", "Shop")
    assert (found.creditor_name, found.creditor_iban) == ("Support GmbH", made.OUR_IBAN)
    assert found.creditor_id == "DE98ZZZ09999999999"


def test_references_in_german_remittance_text():
    detail = made.detail(
        references=[("EndToEndId", "NOTPROVIDED")],
        remittance=["EREF+E-9 MREF+M-9", "CRED+DE98ZZZ09999999999 SVWZ+Re 4 + 5"],
    )
    _result, entry = only_entry(made.entry("1.00", detail), closing="101.00")
    (found,) = entry.details
    assert (found.end_to_end_id, found.mandate_id) == ("E-9", "M-9")
    assert found.creditor_id == "DE98ZZZ09999999999"
    assert found.remittance.endswith("SVWZ+Re 4 + 5")


def test_the_element_wins_over_the_remittance_text():
    detail = made.detail(remittance=["EREF+OTHER MREF+OTHER"])
    _result, entry = only_entry(made.entry("1.00", detail), closing="101.00")
    assert (entry.details[0].end_to_end_id, entry.details[0].mandate_id) == ("E-1", "M-1")


# === ANY LAYOUT === #


def test_prefixes_and_foreign_namespaces_change_nothing():
    content = made.statement(
        made.entry("-103.40", made.detail(amount="-103.40", back=made.returned("MD06"))),
        closing="-3.40",
    )
    plain = read(made.camt(content))[1:]
    for options in ({"prefix": "n0"}, {"namespace": "urn:bank:own"}, {"namespace": ""}):
        assert read(made.camt(content, **options))[1:] == plain


def test_comments_blanks_and_indentation_change_nothing():
    content = made.camt(made.statement(made.entry("1.00", made.detail()), closing="101.00"))
    spaced = content.replace(b"><", b">\n  <!-- x -->\t<")
    assert read(spaced)[1:] == read(content)[1:]


def test_an_envelope_with_two_messages():
    first = made.camt(made.statement(made.entry("1.00"), name="A", closing="101.00"))
    second = made.camt(made.statement(name="B"))
    joined = b"".join(part.split(b"?>", 1)[1] for part in (first, second))
    result, statements, entries = read(b"<Container>" + joined + b"</Container>")
    assert [statement.id for statement in statements] == ["A", "B"]
    assert len(entries) == 1
    assert not result.findings


def test_extensions_with_the_same_names_are_not_entries():
    extension = "<SplmtryData><Envlp><Ntry><Amt>9</Amt><TxDtls/></Ntry></Envlp></SplmtryData>"
    content = made.camt(made.statement(made.entry("1.00"), closing="101.00"))
    content = content.replace(b"</Stmt>", extension.encode() + b"</Stmt>")
    result, _statements, entries = read(content)
    assert len(entries) == 1
    assert not result.findings


def test_extensions_of_a_detail_are_no_details():
    extension = "<SplmtryData><Envlp><TxDtls><Refs/></TxDtls></Envlp></SplmtryData>"
    detail = made.detail(amount="1.00").replace("</TxDtls>", extension + "</TxDtls>")
    result, entry = only_entry(made.entry("1.00", detail), closing="101.00")
    assert [found.end_to_end_id for found in entry.details] == ["E-1"]
    assert not result.findings


@pytest.mark.parametrize("size", [1, 2, 3, 7, 64, 1000])
def test_pieces_of_any_size_give_the_same(size, monkeypatch):
    class Pieces(io.BytesIO):
        def read(self, _size=-1):
            return super().read(size)

    batch = [("PmtInfId", "P"), ("NbOfTxs", "2")]
    details = made.detail(amount="-50.00") + made.detail(amount="-50.00", remittance=["x"])
    entries = [
        made.entry("-105.00", details, batch=batch, info="RUECKLASTSCHRIFT AC04", servicer=f"R-{n}")
        for n in range(3)
    ]
    totals = made.summary(3, (0, "0.00"), (3, "315.00"))
    content = made.camt(made.statement(*entries, closing="-215.00", summary=totals))
    expected = read(content)
    assert len(expected[2]) == 3
    monkeypatch.setattr("sepa.bankfile._CHUNK", 200)
    found = read(Pieces(content))
    assert found[1:] == expected[1:]
    assert found[0].findings == expected[0].findings


def test_a_real_layout_of_the_old_version():
    result, (statement,), entries = read(DATA / "camt053_v02_german_returns.xml")
    assert not result.findings
    assert statement.opening_balance == Decimal("1000.00")
    batch, objection, no_funds, poor = entries
    assert batch.batch == camt.Batch("SUP-20261123-1", "SUP-20261123-1-1", 3, Decimal("299.70"))
    assert (batch.gvc, batch.is_return) == ("192", False)
    seen = [
        (entry.details[0].end_to_end_id, entry.details[0].mandate_id, entry.details[0].reason.code)
        for entry in (objection, no_funds, poor)
    ]
    assert seen == [
        ("SUP-101-1", "SUP-7-42", "MD06"),
        ("SUP-102-1", "SUP-8-11", "MS03"),
        ("SUP-103-1", "SUP-9-23", "MS03"),
    ]
    fees = [entry.return_fees for entry in entries]
    assert fees == [Decimal(fee) for fee in ("0.00", "5.50", "3.70", "3.00")]
    assert [entry.details[0].charges for entry in entries[1:]] == [Decimal("5.50"), 0, 0]
    assert poor.details[0].original_amount == Decimal("99.90")


amounts = st.decimals("-99999999.99", "99999999.99", places=2).filter(bool)


@given(st.lists(amounts, max_size=20), amounts, st.sampled_from([2, 3, 6, 8, 14]))
def test_amounts_survive_and_the_balance_fits(values, opening, version):
    entries = [
        made.entry(str(value), version=version, servicer=f"R-{n}") for n, value in enumerate(values)
    ]
    closing = opening + sum(values)
    content = made.statement(*entries, opening=str(opening), closing=str(closing))
    result, (statement,), found = read(made.camt(content, version=version))
    assert [entry.amount for entry in found] == values
    assert (statement.opening_balance, statement.closing_balance) == (opening, closing)
    assert not result.findings
