"""The bank's answer to a file, from the whole file down to one debit."""

from datetime import UTC, date, datetime
from decimal import Decimal

import bank_samples as made
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import pain002
from sepa.pain002 import PaymentStatus, TransactionStatus
from sepa.reasons import Reason


def read(content):
    """The report, its blocks, its transactions."""
    report = pain002.read(content)
    items = list(report)
    blocks = [item for item in items if isinstance(item, PaymentStatus)]
    return report, blocks, [item for item in items if isinstance(item, TransactionStatus)]


def codes(report):
    return [finding.code for finding in report.findings]


@pytest.mark.parametrize("version", [3, 10, 12, 15])
def test_everything_about_a_rejected_debit(version):
    debit = made.transaction(
        "SUP-1-1",
        reasons=made.reason("AC01", words=["IBAN", "falsch"]),
        original=made.original_debit(version),
        instruction="I-1",
    )
    content = made.pain002(
        made.block(debit, status="PART"), status="PART", version=version, number=3, total="299.70"
    )
    report, blocks, transactions = read(content)
    assert report.version == f"pain.002.001.{version:02d}"
    assert report.message_id == "ANSWER-1"
    assert report.created == datetime(2026, 11, 23, 10)
    assert (report.original_message_id, report.original_name) == ("FILE-1", "pain.008.001.08")
    assert (report.original_count, report.original_sum) == (3, Decimal("299.70"))
    assert (report.group_status, report.group_reasons) == ("PART", [])
    assert blocks == [PaymentStatus("BLOCK-1", "PART", (), "OrgnlPmtInfAndSts[1]")]
    assert transactions == [
        TransactionStatus(
            original_payment_information_id="BLOCK-1",
            original_end_to_end_id="SUP-1-1",
            original_instruction_id="I-1",
            mandate_id="M-1",
            amount=Decimal("99.90"),
            currency="EUR",
            collection_date=date(2026, 11, 24),
            status="RJCT",
            reasons=(Reason("AC01", None, "IBAN falsch"),),
            debtor_name="Anna Gut",
            debtor_iban=made.DEBTOR_IBAN,
            creditor_id="DE98ZZZ09999999999",
            account_servicer_reference=None,
            level="transaction",
            where="OrgnlPmtInfAndSts[1]/TxInfAndSts[1]",
        )
    ]
    assert not report.findings


def test_the_header_is_there_before_the_iteration_and_the_order_is_the_files():
    content = made.pain002(
        made.block(made.transaction("A"), made.transaction("B"), name="ONE"),
        made.block(name="TWO", status="RJCT", reasons=made.reason("FF05")),
        made.block(made.transaction("C"), name="THREE"),
        status="PART",
    )
    report = pain002.read(content)
    assert report.group_status == "PART"
    seen = [
        getattr(item, "original_end_to_end_id", item.original_payment_information_id)
        for item in report
    ]
    assert seen == ["ONE", "A", "B", "TWO", "THREE", "C"]


def test_the_whole_file_is_rejected_without_a_word_about_transactions():
    why = made.reason("FF01", words=["line 4"])
    report, blocks, transactions = read(made.pain002(status="RJCT", reasons=why))
    assert (report.group_status, blocks, transactions) == ("RJCT", [], [])
    assert report.group_reasons == [Reason("FF01", None, "line 4")]


def test_a_duplicate_is_told_by_its_reason():
    report, _blocks, _transactions = read(made.pain002(status="RJCT", reasons=made.reason("DUPL")))
    assert report.group_reasons == [Reason("DUPL")]
    assert not report.findings


def test_a_rejected_block_rejects_its_transactions():
    silent = made.transaction("A", status=None)
    content = made.pain002(
        made.block(silent, status="RJCT", reasons=made.reason("FF05")),
        made.block(made.transaction("B", status="ACSP"), name="TWO"),
        status="PART",
    )
    _report, _blocks, (first, second) = read(content)
    assert (first.status, first.level) == ("RJCT", "payment")
    assert first.reasons == (Reason("FF05"),)
    assert (second.status, second.level, second.reasons) == ("ACSP", "transaction", ())


def test_the_groups_status_and_reason_reach_down_to_a_silent_transaction():
    content = made.pain002(
        made.block(made.transaction("A", status=None)), status="RJCT", reasons=made.reason("TM01")
    )
    _report, _blocks, (only,) = read(content)
    assert (only.status, only.level, only.reasons) == ("RJCT", "group", (Reason("TM01"),))


def test_an_accepted_transaction_takes_no_reason_from_above():
    content = made.pain002(
        made.block(made.transaction("A", status="ACCP")), status="PART", reasons=made.reason("NARR")
    )
    _report, _blocks, (only,) = read(content)
    assert only.reasons == ()


def test_several_reasons_own_codes_and_words():
    why = made.reason("AC04") + made.reason(own="914") + made.reason(words=["WIDERSPRUCH"])
    _report, _blocks, (only,) = read(made.pain002(made.block(made.transaction(reasons=why))))
    assert [reason.code for reason in only.reasons] == ["AC04", "MS03", "MD06"]
    assert only.reasons[1].proprietary == "914"


def test_unknown_codes_are_kept_and_found():
    why = made.reason("ZZ99") + made.reason(own="QX77")
    content = made.pain002(made.block(made.transaction(status="WHAT", reasons=why)), status="ACCP")
    report, _blocks, (only,) = read(content)
    assert only.status == "WHAT"
    assert [reason.code for reason in only.reasons] == ["ZZ99", None]
    found = [(finding.params["kind"], finding.params["value"]) for finding in report.findings]
    assert sorted(found) == [("reason", "QX77"), ("reason", "ZZ99"), ("status", "WHAT")]


def test_payee_verification_statuses_are_known_though_they_are_not_for_debits():
    report, _blocks, _transactions = read(made.pain002(made.block(made.transaction(status="RCVC"))))
    assert not report.findings


def test_missing_and_meaningless_references():
    content = made.pain002(
        made.block(made.transaction("NOTPROVIDED"), made.transaction(None), name="NOTPROVIDED"),
        message="NOTPROVIDED",
    )
    report, (block,), transactions = read(content)
    assert report.original_message_id is None
    assert block.original_payment_information_id is None
    assert [item.original_end_to_end_id for item in transactions] == [None, None]
    missing = [finding.params["node"] for finding in report.findings]
    assert missing == ["OrgnlEndToEndId", "OrgnlEndToEndId", "OrgnlMsgId"]


def test_transactions_directly_below_the_message_as_in_old_versions():
    flat = made.transaction("A").replace(
        "<OrgnlEndToEndId>", "<OrgnlPmtInfId>P</OrgnlPmtInfId><OrgnlEndToEndId>"
    )
    _report, blocks, (only,) = read(made.pain002(flat, version=2))
    assert not blocks
    assert only.original_payment_information_id == "P"
    assert only.where == "TxInfAndSts[1]"


def test_the_amount_between_banks_stands_in_for_the_instructed_one():
    original = made.money("IntrBkSttlmAmt", "12.00")
    _report, _blocks, (only,) = read(made.pain002(made.block(made.transaction(original=original))))
    assert (only.amount, only.currency) == (Decimal("12.00"), "EUR")


@pytest.mark.parametrize("amount", ["NaN", "1e5", "1,00", "-1.00", "1_000", "١٢", ""])
def test_amounts_that_are_none(amount):
    original = made.tag("Amt", f'<InstdAmt Ccy="EUR">{amount}</InstdAmt>')
    report, _blocks, (only,) = read(made.pain002(made.block(made.transaction(original=original))))
    assert only.amount is None
    assert codes(report) == ["bad_amount"]


@pytest.mark.parametrize("day", ["2026-02-30", "24.11.2026", "2026-11", "tomorrow"])
def test_dates_that_are_none(day):
    original = made.text("ReqdColltnDt", day)
    report, _blocks, (only,) = read(made.pain002(made.block(made.transaction(original=original))))
    assert only.collection_date is None
    assert codes(report) == ["bad_date"]


def test_a_header_with_a_zone_and_one_that_is_no_time():
    content = made.pain002(made.block(made.transaction()))
    zoned = content.replace(b"2026-11-23T10:00:00", b"2026-11-23T10:00:00Z")
    assert pain002.read(zoned).created == datetime(2026, 11, 23, 10, tzinfo=UTC)
    report = pain002.read(content.replace(b"2026-11-23T10:00:00", b"noon"))
    assert report.created is None
    assert codes(report) == ["bad_date"]


def test_counts_that_do_not_match():
    rejected = [made.transaction(f"E-{n}") for n in range(3)]
    good = made.pain002(made.block(*rejected), counts=[("RJCT", 3), ("ACCP", 7)], number=10)
    assert codes(read(good)[0]) == []
    wrong = made.pain002(made.block(*rejected), counts=[("RJCT", 4)], number=2)
    assert codes(read(wrong)[0]) == ["count_mismatch", "count_mismatch"]


def test_prefixes_and_foreign_namespaces_change_nothing():
    blocks = made.block(made.transaction("A", reasons=made.reason("AC01")))
    plain = read(made.pain002(blocks, status="PART"))
    for options in ({"prefix": "ns2"}, {"namespace": "urn:bank:own"}, {"namespace": ""}):
        other = read(made.pain002(blocks, status="PART", **options))
        assert other[1:] == plain[1:]


def test_a_cut_off_file_keeps_what_it_has():
    content = made.pain002(made.block(*(made.transaction(f"E-{n}") for n in range(50))))
    report, _blocks, transactions = read(content[: content.index(b"E-30")])
    assert [item.original_end_to_end_id for item in transactions] == [f"E-{n}" for n in range(30)]
    assert codes(report) == ["truncated"]


def test_findings_stop_growing():
    bad = [made.transaction(f"E-{n}", status="WHAT") for n in range(1500)]
    report, _blocks, transactions = read(made.pain002(made.block(*bad)))
    assert len(transactions) == 1500
    assert len(report.findings) == 1000
    assert report.findings.left_out == 500


@given(
    st.lists(
        st.tuples(
            st.from_regex(r"[A-Z0-9-]{1,35}", fullmatch=True),
            st.sampled_from(["ACCP", "RJCT", "PDNG", None]),
        ),
        max_size=30,
    )
)
def test_every_transaction_comes_out_in_order(given_items):
    transactions = [made.transaction(name, status=status) for name, status in given_items]
    _report, _blocks, found = read(made.pain002(made.block(*transactions), status="PART"))
    assert [item.original_end_to_end_id for item in found] == [
        name if name not in ("NOTPROVIDED", "NONREF", "UNKNOWN") else None
        for name, _status in given_items
    ]
    assert [item.status for item in found] == [status or "PART" for _name, status in given_items]
