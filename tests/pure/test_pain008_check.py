"""pain.008 writer: what banks refuse is found before anything is written.

The rows of the matrix are mistakes that the schema of ISO 20022 lets pass or that the stricter
schema of the German banks refuses.
"""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa.pain008 import (
    Account,
    Amendment,
    Block,
    Collection,
    Message,
    Pain008Error,
    Party,
    write,
)
from sepa.pain008_findings import MAX_FINDINGS, TEXTS
from sepa.unique import SeenTexts

DUE = date(2026, 11, 25)
SWISS_IBAN = "CH9300762011623852957"
ZURICH = Party("A", "Weg", "1", "8001", "Zürich", "CH")


def collection(number=1, **changes):
    values = {
        "end_to_end_id": f"E-{number}",
        "amount": Decimal("99.90"),
        "mandate_id": "M-1",
        "signature_date": date(2026, 11, 20),
        "debtor": Party("Jürgen Müller"),
        "account": Account("DE02120300000000202051"),
    }
    return Collection(**(values | changes))


def block(*collections, **changes):
    values = {
        "payment_information_id": "B-1",
        "scheme": "CORE",
        "sequence_type": "RCUR",
        "collection_date": DUE,
        "creditor": Party("Support GmbH"),
        "creditor_account": Account("DE89370400440532013000"),
        "creditor_id": "DE98ZZZ09999999999",
        "collections": collections or (collection(),),
    }
    return Block(**(values | changes))


def refuse(*blocks, **changes):
    """Write and return the error; nothing may have reached the stream."""
    values = {
        "message_id": "MSG",
        "created": datetime(2026, 11, 23, 9, 0),
        "initiating_party": "Support GmbH",
        "blocks": blocks,
    }
    stream = io.BytesIO()
    with pytest.raises(Pain008Error) as caught:
        write(Message(**(values | changes)), stream)
    assert stream.getvalue() == b""
    for finding in caught.value.findings:
        assert finding.code in TEXTS
        assert str(finding) in str(caught.value)
    return caught.value


def codes(*blocks, **changes):
    return [finding.code for finding in refuse(*blocks, **changes).findings]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"amount": Decimal("0.00")}, "amount_not_positive"),
        ({"amount": Decimal("-1")}, "amount_not_positive"),
        ({"amount": Decimal("1000000000.00")}, "amount_too_high"),
        ({"amount": Decimal("1E+30")}, "amount_too_high"),
        ({"amount": Decimal("1.234")}, "amount_decimals"),
        ({"amount": Decimal("1.0000000000000000000000000000000000001")}, "amount_decimals"),
        ({"amount": Decimal("0.001")}, "amount_decimals"),
        ({"amount": Decimal("1E-999")}, "amount_decimals"),
        ({"amount": Decimal("NaN")}, "amount_type"),
        ({"amount": Decimal("Infinity")}, "amount_type"),
        ({"amount": 99.9}, "amount_type"),
        ({"amount": None}, "amount_type"),
        ({"currency": "CHF"}, "currency"),
        ({"mandate_id": "/M//1"}, "reference"),
        ({"mandate_id": "M/"}, "reference"),
        ({"mandate_id": "Mü"}, "reference"),
        ({"mandate_id": "M" * 36}, "reference"),
        ({"mandate_id": ""}, "reference"),
        ({"mandate_id": None}, "reference"),
        ({"mandate_id": "<M>"}, "reference"),
        ({"end_to_end_id": "Ä1"}, "reference"),
        ({"end_to_end_id": ""}, "reference"),
        ({"end_to_end_id": "E//1"}, "reference"),
        ({"signature_date": None}, "date"),
        ({"signature_date": datetime(2026, 11, 20)}, "date"),
        ({"signature_date": "2026-11-20"}, "date"),
        ({"signature_date": date(2026, 11, 26)}, "signature_after_collection"),
        ({"debtor": Party("")}, "name"),
        ({"debtor": Party("😀")}, "name"),
        ({"debtor": Party("東京")}, "name"),
        ({"account": Account("DE02120300000000202052")}, "iban"),
        ({"account": Account("XK051212012345678906")}, "iban"),
        ({"account": Account("")}, "iban"),
        ({"account": Account("DE02120300000000202051", "WRONG")}, "bic"),
        ({"account": Account("DE02120300000000202051", "<BICFI>")}, "bic"),
        ({"account": Account(SWISS_IBAN), "debtor": ZURICH}, "bic_required"),
        ({"account": Account(SWISS_IBAN, "POFICHBEXXX")}, "address_required"),
        ({"purpose": "<X>1"}, "purpose"),
        ({"purpose": "LONGER"}, "purpose"),
        ({"amendment": Amendment()}, "amendment_empty"),
        ({"amendment": Amendment(original_mandate_id="/x")}, "reference"),
        ({"amendment": Amendment(original_creditor_id="DE98ZZZ9999999999")}, "creditor_id"),
        ({"amendment": Amendment(original_creditor_name="😀")}, "name"),
        ({"amendment": Amendment(original_iban="DE00")}, "iban"),
    ],
)
def test_a_wrong_debit(changes, code):
    found = refuse(block(collection(**changes))).findings
    assert [finding.code for finding in found][:1] == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"scheme": "COR1"}, "scheme"),
        ({"scheme": None}, "scheme"),
        ({"sequence_type": "RPRE"}, "sequence_type"),
        ({"collection_date": date(2026, 11, 22)}, "collection_date_closed"),
        ({"collection_date": date(2027, 3, 26)}, "collection_date_closed"),
        ({"collection_date": date(2026, 12, 25)}, "collection_date_closed"),
        ({"collection_date": None}, "date"),
        ({"collection_date": datetime(2026, 11, 25)}, "date"),
        ({"payment_information_id": "B/"}, "reference"),
        ({"creditor_id": ""}, "creditor_id"),
        ({"creditor_id": None}, "creditor_id"),
        ({"creditor_id": "DE99ZZZ09999999999"}, "creditor_id"),
        ({"creditor": Party(" ")}, "name"),
        ({"creditor": Party("A", address_lines=("Weg 1",))}, "address_unstructured"),
        ({"creditor": Party("A", country="DE", address_lines=("Weg 1",))}, "address_unstructured"),
        ({"creditor_account": Account("DE89370400440532013007")}, "iban"),
        ({"creditor_account": Account(SWISS_IBAN, "POFICHBEXXX")}, "address_required"),
        ({"creditor": ZURICH, "creditor_account": Account(SWISS_IBAN)}, "bic_required"),
        ({"collections": ()}, "empty_block"),
        ({"collections": iter(())}, "empty_block"),
    ],
)
def test_a_wrong_block(changes, code):
    assert codes(block(**changes)) == [code]


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"version": "pain.008.003.02"}, "version"),
        ({"charset": "utf-8"}, "charset"),
        ({"message_id": "//"}, "reference"),
        ({"message_id": "M" * 36}, "reference"),
        ({"created": date(2026, 11, 23)}, "created"),
        ({"initiating_party": ""}, "name"),
        ({"blocks": ()}, "empty_message"),
    ],
)
def test_a_wrong_message(changes, code):
    assert codes(block(), **changes) == [code]


@pytest.mark.parametrize(
    ("debtor", "code"),
    [
        (Party("A", country="CH"), "address_required"),
        (Party("A", town="Zürich"), "address_required"),
        (Party("A", town=" ", country="CH"), "address_required"),
        (Party("A", town="Zürich", country="Schweiz"), "address_country"),
        (Party("A", address_lines=("Weg 1", "Zürich")), "address_unstructured"),
        (Party("A", country="CH", address_lines=("Weg 1",)), "address_unstructured"),
        (Party("A", town="Z", country="CH", address_lines=("1", "2", "3")), "address_lines"),
    ],
)
def test_addresses_outside_the_eea(debtor, code):
    line = collection(debtor=debtor, account=Account(SWISS_IBAN, "POFICHBEXXX"))
    assert codes(block(line))[0] == code


def test_one_scheme_per_file():
    second = block(collection(2), payment_information_id="B-2", scheme="B2B")
    assert codes(block(), second) == ["mixed_schemes"]


def test_repeated_ids():
    second = block(collection(2), collection(1))
    error = refuse(block(collection(1), collection(3)), second)
    found = {finding.code: finding for finding in error.findings}
    assert set(found) == {"duplicate_payment_information_id", "duplicate_end_to_end_id"}
    repeated = found["duplicate_end_to_end_id"]
    assert (repeated.label, repeated.params["count"]) == ("E-1", 2)


def test_a_repeated_id_is_found_beside_another_mistake():
    assert codes(block(collection(1), collection(1, currency="USD"), collection(1))) == [
        "currency",
        "duplicate_end_to_end_id",
    ]


def test_repetition_among_many_lines_in_different_blocks():
    blocks = (
        block(
            collections=(collection(f"{number}-{n}" if n else "same") for n in range(300)),
            payment_information_id=f"B-{number}",
        )
        for number in range(20)
    )
    (finding,) = refuse(blocks=blocks).findings
    assert (finding.label, finding.params["count"]) == ("E-same", 20)


def test_an_amendment_cannot_both_name_and_hide_the_old_account():
    change = Amendment(original_iban="NL91ABNA0417164300", same_mandate_new_account=True)
    assert codes(block(collection(amendment=change))) == ["amendment_conflict"]


def test_all_mistakes_are_collected_with_their_labels():
    lines = (
        collection(1, amount=Decimal(0), currency="USD", label="RE/2026/0001"),
        collection(2),
        collection(3, mandate_id="M//1"),
    )
    error = refuse(block(*lines, scheme="X"), message_id="/")
    assert [(finding.label, finding.code) for finding in error.findings] == [
        ("/", "reference"),
        ("B-1", "scheme"),
        ("RE/2026/0001", "amount_not_positive"),
        ("RE/2026/0001", "currency"),
        ("E-3", "reference"),
    ]
    assert "RE/2026/0001: The amount 0 is not above zero." in str(error)
    assert error.complete


def test_the_search_ends_at_a_hundred():
    seen = []

    def lines():
        for number in range(1000):
            seen.append(number)
            yield collection(number, amount=Decimal(0))

    error = refuse(block(collections=lines()))
    assert len(error.findings) == len(seen) == MAX_FINDINGS
    assert not error.complete
    assert str(error).endswith("there may be more.")


def test_no_finding_tells_an_iban():
    accounts = [
        Account("DE02120300000000202052"),
        Account("DE0212030000000020205"),
        Account("DE02120300000000202051", "DE02120300000000202051"),
        Account(SWISS_IBAN),
    ]
    lines = [
        collection(n, account=account, amendment=Amendment(original_iban="DE02120300000000202052"))
        for n, account in enumerate(accounts)
    ]
    error = refuse(block(*lines))
    told = str(error) + "".join(str(finding.params) for finding in error.findings)
    assert "20205" not in told
    assert "62385295" not in told


@given(st.lists(st.text(max_size=3), max_size=60))
def test_repeated_texts_are_always_suspected(texts):
    seen = SeenTexts()
    for text in texts:
        seen.add(text)
    suspects = seen.repeated()
    repeated = {text for text in texts if texts.count(text) > 1}
    assert {text for text in texts if text in suspects} == repeated
    assert bool(suspects) == bool(repeated)
