"""Direct debits that came back: which entries they are, why, and what the bank took for it."""

from decimal import Decimal

import bank_samples as made
import pytest
from camt_reading import codes, only_entry, read
from hypothesis import given
from hypothesis import strategies as st

from sepa.reasons import Reason

RETURN = made.code("PMNT/IDDT/UPDD", "NRTI+109+00931")


def only_return(amount, details, **options):
    """The result and the only entry of a statement whose balances fit."""
    closing = str(Decimal("100.00") + Decimal(amount))
    entry = made.entry(amount, details, bank_code=options.pop("bank_code", RETURN), **options)
    return only_entry(entry, closing=closing)


# === WHICH ENTRIES ARE RETURNS === #


@pytest.mark.parametrize(
    ("amount", "code", "back", "expected"),
    [
        ("-9.90", made.code("PMNT/IDDT/UPDD"), "", True),
        ("-9.90", made.code(None, "NRTI+109+00931"), "", True),
        ("-9.90", made.code(None, "NRTI+108+00931"), "", True),
        ("-9.90", made.code("PMNT/IDDT/ESDD"), made.returned("MD06"), True),
        ("-9.90", made.code(None, "XYZ"), made.returned("MD06"), True),
        # Reversed, called back, refunded.
        ("-9.90", made.code("PMNT/IDDT/PRDD"), "", True),
        ("-9.90", made.code("PMNT/IDDT/RCDD"), "", True),
        ("-9.90", made.code("PMNT/IDDT/RIMB"), "", True),
        ("9.90", made.code("PMNT/IDDT/RIMB"), "", False),
        ("-9.90", made.code("PMNT/RDDT/RIMB"), "", False),
        # Money that comes in is never a returned debit, whatever its code says.
        ("9.90", made.code("PMNT/IDDT/UPDD"), made.returned("MD06"), False),
        ("9.90", made.code(None, "NRTI+109+00931"), "", False),
        # A transfer of ours that came back, and a received one that we gave back.
        ("9.90", made.code("PMNT/ICDT/RRTN", "NRTI+159+00931"), made.returned("AC01"), False),
        ("-9.90", made.code("PMNT/RCDT/RRTN"), made.returned("AC01"), False),
        # A debit of somebody else, a fee, a collection.
        ("-9.90", made.code("PMNT/RDDT/ESDD", "NDDT+105+00931"), "", False),
        ("-9.90", made.code("PMNT/MDOP/CHRG", "NCHG+808+00931"), "", False),
        ("9.90", made.code("PMNT/IDDT/ESDD", "NDDT+171+00931"), "", False),
    ],
)
def test_is_return(amount, code, back, expected):
    _result, entry = only_return(amount, made.detail(back=back), bank_code=code)
    assert entry.is_return is expected
    assert entry.details[0].is_return is expected


@pytest.mark.parametrize(
    ("amount", "code", "expected"),
    [
        ("-9.90", made.code("PMNT/IDDT/ESDD"), True),
        ("-9.90", made.code("PMNT/IDDT/PRDD"), True),
        ("-9.90", made.code(None, "NDDT+171+00931"), True),
        ("9.90", made.code("PMNT/IDDT/ESDD"), False),
        ("-9.90", made.code("PMNT/RDDT/ESDD"), False),
        ("-9.90", made.code("PMNT/RCDT/ESCT"), False),
    ],
)
def test_a_collection_that_the_bank_takes_back(amount, code, expected):
    for details in (made.detail(), ""):
        _result, entry = only_return(amount, details, bank_code=code, reversal=True)
        assert entry.is_return is expected
        assert all(detail.is_return is expected for detail in entry.details)


@pytest.mark.parametrize(
    ("code", "charge", "transfer"),
    [
        (made.code("PMNT/MDOP/CHRG"), True, False),
        (made.code("ACMT/MDOP/COMM"), True, False),
        (made.code(None, "NCHG+808+00931"), True, False),
        (made.code("PMNT/ICDT/ESCT"), False, True),
        (RETURN, False, False),
    ],
)
def test_charges_and_transfers(code, charge, transfer):
    _result, entry = only_return("-9.90", made.detail(), bank_code=code)
    assert (entry.is_charge, entry.is_transfer) == (charge, transfer)


def test_a_return_without_details():
    _result, entry = only_return("-9.90", "")
    assert entry.is_return
    assert entry.return_fees == 0


@pytest.mark.parametrize("reversal", [True, False])
def test_the_reversal_indicator_does_not_turn_the_direction(reversal):
    detail = made.detail(back=made.returned("AM04"))
    _result, entry = only_return("-9.90", detail, reversal=reversal)
    assert (entry.amount, entry.is_return, entry.reversal) == (Decimal("-9.90"), True, reversal)
    _result, entry = only_return("9.90", detail, reversal=reversal)
    assert (entry.amount, entry.is_return, entry.reversal) == (Decimal("9.90"), False, reversal)


def test_the_code_may_stand_at_the_details_only():
    details = made.detail(bank_code=RETURN, original="9.90", back=made.returned("AC04"))
    other = made.code("PMNT/MDOP/OTHR")
    _result, entry = only_return("-9.90", details, bank_code=other)
    assert entry.is_return
    assert (entry.bank_code, entry.details[0].bank_code) == ("PMNT/MDOP/OTHR", "PMNT/IDDT/UPDD")
    assert entry.details[0].gvc == "109"


def test_a_details_own_direction_counts_even_when_its_amount_is_broken():
    broken = made.detail(amount="-9.90", back=made.returned("AM04")).replace(">9.90<", ">9,90<")
    other = made.detail(amount="20.00")
    _result, entry = only_return("10.10", broken + other, bank_code=made.code("PMNT/IDDT/ESDD"))
    assert [detail.is_return for detail in entry.details] == [True, False]


def test_the_original_code_is_kept():
    _result, entry = only_return("-9.90", made.detail(back=made.returned("AC04")))
    assert entry.details[0].original_bank_code == "PMNT/IDDT/ESDD"


def test_a_pending_return_is_no_money_yet():
    detail = made.detail(back=made.returned("AC04"))
    result, entry = only_entry(made.entry("-9.90", detail, bank_code=RETURN, status="PDNG"))
    assert (entry.is_return, entry.booked) == (True, False)
    assert not result.findings


# === WHY === #


@pytest.mark.parametrize(
    ("detail", "expected"),
    [
        ({"back": made.returned("MD06")}, Reason("MD06")),
        (
            {"back": made.returned("MS03", words=["SONSTIGE", "GRUENDE"])},
            Reason("MS03", None, "SONSTIGE GRUENDE"),
        ),
        ({"back": made.returned(own="AC04")}, Reason("AC04", "AC04")),
        ({"back": made.returned(own="914")}, Reason("MS03", "914")),
        (
            {"back": made.returned(words=["WIDERSPRUCH DURCH ZAHLER"])},
            Reason("MD06", None, "WIDERSPRUCH DURCH ZAHLER"),
        ),
        ({"extra": "Rueckgabe wegen AM04"}, Reason("AM04", None, "Rueckgabe wegen AM04")),
        (
            {"remittance": ["SVWZ+RETURN AC01", "IBAN FEHLERHAFT"]},
            Reason("AC01", None, "SVWZ+RETURN AC01 IBAN FEHLERHAFT"),
        ),
        ({"bank_code": made.code(None, "NRTI+109+00931+912")}, Reason("MD06")),
        ({}, None),
    ],
)
def test_reason(detail, expected):
    _result, entry = only_return("-9.90", made.detail(**detail))
    assert entry.details[0].reason == expected


def test_the_number_behind_the_entrys_code():
    code = made.code("PMNT/IDDT/UPDD", "NRTI+109+00931+914")
    _result, entry = only_return("-9.90", made.detail(), bank_code=code)
    assert entry.details[0].reason == Reason("MS03")


def test_the_entrys_text_is_the_last_resort():
    info = "RUECKLASTSCHRIFT MD01"
    _result, entry = only_return("-9.90", made.detail(), info=info)
    assert entry.details[0].reason == Reason("MD01", None, info)
    assert entry.additional_info == info


def test_the_exact_element_wins_over_all_texts():
    detail = made.detail(back=made.returned("AC04"), remittance=["AM04"], extra="MD06")
    _result, entry = only_return("-9.90", detail, info="MS03")
    assert entry.details[0].reason.code == "AC04"


def test_a_collection_that_mentions_a_code_has_no_reason():
    code = made.code("PMNT/IDDT/ESDD", "NDDT+171+00931")
    detail = made.detail(remittance=["Ersatz fuer MD06 vom 3.11."])
    _result, entry = only_return("9.90", detail, bank_code=code)
    assert entry.details[0].reason is None


@pytest.mark.parametrize(
    ("back", "code"), [(made.returned("ZZ99"), "ZZ99"), (made.returned(own="QX7"), "QX7")]
)
def test_unknown_reasons_are_kept_and_found(back, code):
    result, entry = only_return("-9.90", made.detail(back=back))
    reason = entry.details[0].reason
    assert code in (reason.code, reason.proprietary)
    assert codes(result) == ["unknown_code"]
    assert result.findings[0].params == {"kind": "reason", "value": code}
    assert result.findings[0].where == "Stmt[1]/Ntry[1]/TxDtls[1]"


def test_return_info_is_what_the_bank_says():
    _result, entry = only_return("-9.90", made.detail(back=made.returned("AC04", words=["a", "b"])))
    assert entry.details[0].return_info == "a b"


# === WHAT IT COST === #


@pytest.mark.parametrize("version", [2, 8, 14])
@pytest.mark.parametrize(
    ("booked", "original", "costs", "charges", "fee"),
    [
        # All fees in Chrgs, only one bank's, none, and charges that were not taken from us.
        ("-105.40", "99.90", ["3.00", "2.50"], "5.50", "5.50"),
        ("-105.40", "99.90", ["3.00"], "3.00", "5.50"),
        ("-105.40", "99.90", [], "0.00", "5.50"),
        ("-99.90", "99.90", ["3.00"], "3.00", "0.00"),
        ("-99.90", "99.90", [], "0.00", "0.00"),
        ("-99.90", None, [], "0.00", "0.00"),
        # Less than the original came back.
        ("-90.00", "99.90", [], "0.00", "0.00"),
        # One charge, part of which is given back.
        ("-102.40", "99.90", ["3.00", "-0.50"], "2.50", "2.50"),
    ],
)
def test_fee_of_a_single_return(version, booked, original, costs, charges, fee):
    detail = made.detail(version, original=original, costs=costs, back=made.returned("MS03"))
    entry = made.entry(booked, detail, version, bank_code=RETURN)
    closing = str(Decimal("100.00") + Decimal(booked))
    result, _statements, (found,) = read(
        made.camt(made.statement(entry, closing=closing), version=version)
    )
    (only,) = found.details
    assert (only.charges, only.fee, found.return_fees) == tuple(map(Decimal, (charges, fee, fee)))
    assert only.amount == Decimal(booked)
    assert not result.findings


def test_only_a_total_of_charges():
    detail = made.detail(original="9.90").replace(
        "<RltdPties>",
        '<Chrgs><TtlChrgsAndTaxAmt Ccy="EUR">3.00</TtlChrgsAndTaxAmt></Chrgs><RltdPties>',
    )
    _result, entry = only_return("-12.90", detail)
    assert (entry.details[0].charges, entry.details[0].fee) == (Decimal("3.00"), Decimal("3.00"))


def test_original_and_charges_at_the_entry():
    amounts = made.tag("AmtDtls", made.tag("InstdAmt", made.money("Amt", "9.90")))
    _result, entry = only_return("-12.90", made.detail(), amounts=amounts, costs=["3.00"])
    assert entry.charges == Decimal("3.00")
    assert entry.details[0].original_amount == Decimal("9.90")
    assert entry.return_fees == entry.details[0].fee == Decimal("3.00")


def test_the_detail_has_the_original_amount_and_the_entry_the_fee():
    detail = made.detail(amount="-9.90", back=made.returned("AC04"))
    result, entry = only_return("-12.90", detail)
    assert entry.details[0].amount == Decimal("-9.90")
    assert entry.return_fees == entry.details[0].fee == Decimal("3.00")
    assert not result.findings


def test_several_returns_in_one_entry():
    details = "".join(
        made.detail(
            amount=amount,
            original="50.00",
            references=[("EndToEndId", f"E-{n}")],
            back=made.returned("AM04"),
        )
        for n, amount in enumerate(("-53.00", "-50.00", "-54.50"))
    )
    result, entry = only_return("-157.50", details)
    assert [detail.fee for detail in entry.details] == [Decimal(fee) for fee in ("3", "0", "4.5")]
    assert entry.return_fees == Decimal("7.50")
    assert not result.findings


def test_several_returns_with_their_charges_on_top():
    details = "".join(
        made.detail(amount="-50.00", costs=[cost], back=made.returned("AM04"))
        for cost in ("3.00", "1.00")
    )
    result, entry = only_return("-104.00", details)
    assert [detail.fee for detail in entry.details] == [Decimal("3.00"), Decimal("1.00")]
    assert entry.return_fees == Decimal("4.00")
    assert not result.findings


def test_a_fee_for_the_whole_entry_stays_with_the_entry():
    details = made.detail(amount="-50.00") + made.detail(amount="-50.00")
    result, entry = only_return("-105.00", details)
    assert [detail.fee for detail in entry.details] == [0, 0]
    assert entry.return_fees == Decimal("5.00")
    assert not result.findings


def test_an_original_in_another_currency_makes_no_fee():
    detail = made.detail(amount="-9.90").replace(
        "<RltdPties>",
        '<AmtDtls><InstdAmt><Amt Ccy="PLN">42.00</Amt></InstdAmt></AmtDtls><RltdPties>',
    )
    _result, entry = only_return("-9.90", detail)
    assert entry.details[0].original_currency == "PLN"
    assert entry.details[0].fee == 0


cents = st.integers(1, 10_000_00)


@given(cents, st.lists(st.integers(0, 2_000), max_size=3), st.sampled_from([2, 8]), st.booleans())
def test_the_fee_is_what_was_booked_beyond_the_original(original, fees, version, listed):
    booked = Decimal(original + sum(fees)).scaleb(-2)
    costs = [str(Decimal(fee).scaleb(-2)) for fee in fees if fee] if listed else []
    detail = made.detail(
        version, original=str(Decimal(original).scaleb(-2)), costs=costs, back=made.returned("MS03")
    )
    entry = made.entry(f"-{booked}", detail, version, bank_code=RETURN)
    content = made.statement(entry, closing=str(Decimal("100.00") - booked))
    result, _statements, (found,) = read(made.camt(content, version=version))
    assert found.details[0].fee == found.return_fees == Decimal(sum(fees)).scaleb(-2)
    assert found.details[0].original_amount + found.return_fees == -found.amount
    assert not result.findings
