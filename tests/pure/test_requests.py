"""Requests about debits that were sent: what stands in them is what stood in the file.

No package has the schemas of camt.055 and pain.007. What they share with camt.029 is checked with
its schema, the rest against the order of the elements in the message definition.
"""

import io
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from sepa import camt055, pain007, pain008, pain008_read, references
from sepa.bankfile import BankFileError
from sepa.target import add_target_days, is_target_day

CREDITOR_IBAN = "DE75512108001245126199"
DEBTOR_IBANS = ["DE02120300000000202051", "AT611904300234573201", "NL91ABNA0417164300"]
CREATED = datetime(2026, 11, 23, 9, 30, 15, 4)


def _collection(number, cents=1000, iban=DEBTOR_IBANS[0], bic=None):
    return pain008.Collection(
        end_to_end_id=f"E2E-{number}",
        amount=Decimal(cents).scaleb(-2),
        mandate_id=f"M-{number}",
        signature_date=date(2026, 1, 5),
        debtor=pain008.Party(name=f"Müller & Söhne {number}"),
        account=pain008.Account(iban=iban, bic=bic),
    )


def _file(blocks, version="pain.008.001.08", scheme="CORE"):
    """Return the bytes of a file; `blocks` is a list of lists of collections."""
    stream = io.BytesIO()
    message = pain008.Message(
        message_id="MSG-1",
        created=CREATED.replace(microsecond=0),
        initiating_party="Support GmbH",
        version=version,
        blocks=[
            pain008.Block(
                payment_information_id=f"MSG-1-{number}",
                scheme=scheme,
                sequence_type="RCUR",
                collection_date=date(2026, 11, 25),
                creditor=pain008.Party(name="Support GmbH"),
                creditor_account=pain008.Account(iban=CREDITOR_IBAN, bic="SOGEDEFFXXX"),
                creditor_id="DE98ZZZ09999999999",
                collections=collections,
            )
            for number, collections in enumerate(blocks, 1)
        ],
    )
    pain008.write(message, stream)
    return stream.getvalue()


def _sent(count=2):
    content = _file([[_collection(n) for n in range(count)], [_collection(99, 250)]])
    wanted = [f"E2E-{n}" for n in range(count)] + ["E2E-99"]
    return list(pain008_read.read(content, wanted).values())


def _request(**values):
    parts = {
        "request_id": "C-20261123093015-1",
        "created": CREATED,
        "creditor": "Support GmbH",
        "bank": "SOGEDEFFXXX",
        "reason": "DUPL",
        "debits": _sent(),
        "text": "x" * 200,
    }
    return camt055.CancellationRequest(**{**parts, **values})


def _reversal(**values):
    parts = {
        "message_id": "R-20261123093015-1",
        "created": CREATED,
        "creditor": "Support GmbH",
        "bank": None,
        "reason": "AM05",
        "debits": _sent(),
    }
    return pain007.Reversal(**{**parts, **values})


def _names(element):
    return [etree.QName(child).localname for child in element]


def _find(content, path):
    root = etree.fromstring(content)
    steps = "/".join(f"{{*}}{name}" for name in path.split("/"))
    return root.findall(f".//{steps}")


# === READING OUR OWN FILE === #


@pytest.mark.parametrize("version", ["pain.008.001.08", "pain.008.001.02"])
@pytest.mark.parametrize("scheme", ["CORE", "B2B"])
def test_read_what_was_sent(version, scheme):
    content = _file(
        [[_collection(1)], [_collection(2, 333, DEBTOR_IBANS[1], "BKAUATWW")]], version, scheme
    )
    found = pain008_read.read(content, ["E2E-2", "E2E-7"])
    assert list(found) == ["E2E-2"]
    sent = found["E2E-2"]
    assert sent == pain008_read.SentDebit(
        message_id="MSG-1",
        version=version,
        payment_information_id="MSG-1-2",
        end_to_end_id="E2E-2",
        amount=Decimal("3.33"),
        scheme=scheme,
        sequence_type="RCUR",
        collection_date=date(2026, 11, 25),
        mandate_id="M-2",
        signature_date=date(2026, 1, 5),
        debtor_name=sent.debtor_name,
        debtor_iban=DEBTOR_IBANS[1],
        debtor_bic="BKAUATWW",
        creditor_name="Support GmbH",
        creditor_iban=CREDITOR_IBAN,
        creditor_bic="SOGEDEFFXXX",
        creditor_id="DE98ZZZ09999999999",
    )


@pytest.mark.parametrize("content", [b"", b"<a/>", b"hello", b"<!DOCTYPE a><a/>"])
def test_refuse_what_is_no_file(content):
    with pytest.raises(BankFileError):
        pain008_read.read(content, ["E2E-1"])


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.lists(
            st.tuples(st.integers(1, 99_999_999_999), st.sampled_from(DEBTOR_IBANS)),
            min_size=1,
            max_size=4,
        ),
        min_size=1,
        max_size=3,
    )
)
def test_identity_of_write_and_read(blocks):
    collections, number = [], 0
    for block in blocks:
        members = []
        for cents, iban in block:
            number += 1
            members.append(_collection(number, cents, iban))
        collections.append(members)
    content = _file(collections)
    wanted = {line.end_to_end_id: line for block in collections for line in block}
    found = pain008_read.read(content, wanted)
    assert {
        key: (item.amount, item.debtor_iban, item.mandate_id) for key, item in found.items()
    } == {key: (line.amount, line.account.iban, line.mandate_id) for key, line in wanted.items()}
    _check_request(camt055.write(_request(debits=list(found.values()))), found)
    _check_reversal(pain007.write(_reversal(debits=list(found.values()))), found)


def _check_request(content, found):
    sums = [Decimal(node.text) for node in _find(content, "OrgnlPmtInfAndCxl/CtrlSum")]
    assert sum(sums) == sum(item.amount for item in found.values())
    assert Decimal(_find(content, "CtrlData/CtrlSum")[0].text) == sum(sums)
    assert [node.text for node in _find(content, "OrgnlEndToEndId")] == list(found)


def _check_reversal(content, found):
    amounts = [Decimal(node.text) for node in _find(content, "RvsdInstdAmt")]
    assert amounts == [item.amount for item in found.values()]
    assert Decimal(_find(content, "GrpHdr/CtrlSum")[0].text) == sum(amounts)
    assert int(_find(content, "GrpHdr/NbOfTxs")[0].text) == len(amounts)
    assert [node.text for node in _find(content, "OrgnlEndToEndId")] == list(found)


# === CAMT.055 === #


def test_order_of_the_request():
    content = camt055.write(_request())
    root = etree.fromstring(content)
    assert etree.QName(root).namespace == "urn:iso:std:iso:20022:tech:xsd:camt.055.001.08"
    assert _names(root[0]) == ["Assgnmt", "CtrlData", "Undrlyg"]
    block = _find(content, "OrgnlPmtInfAndCxl")[0]
    assert _names(block) == (
        "PmtCxlId OrgnlPmtInfId OrgnlGrpInf NbOfTxs CtrlSum PmtInfCxl TxInf TxInf".split()
    )
    assert _names(_find(content, "TxInf")[0]) == (
        "CxlId OrgnlEndToEndId OrgnlInstdAmt OrgnlReqdColltnDt CxlRsnInf OrgnlTxRef".split()
    )
    assert _names(_find(content, "CxlRsnInf")[0]) == ["Orgtr", "Rsn", "AddtlInf"]
    assert len(_find(content, "AddtlInf")[0].text) == 105
    assert all(len(node.text) <= 35 for node in _find(content, "CxlId"))


def test_shared_parts_follow_the_schema(assert_valid):
    """The assignment and the original transaction, put into an answer of the bank."""
    for content in (camt055.write(_request()), pain007.write(_reversal())):
        original = _find(content, "OrgnlTxRef")[0]
        assignment = _find(camt055.write(_request()), "Assgnmt")[0]
        # The later release puts the mandate of a debit one level lower.
        mandate = original.find("{*}MndtRltdInf")
        below = etree.SubElement(mandate, mandate.tag.replace("MndtRltdInf", "DrctDbtMndt"))
        below.extend(mandate[:-1])
        new = "urn:iso:std:iso:20022:tech:xsd:camt.029.001.14"
        parts = [
            etree.tostring(part).replace(etree.QName(part).namespace.encode(), new.encode())
            for part in (assignment, original)
        ]
        assert_valid(
            f'<Document xmlns="{new}"><RsltnOfInvstgtn>'.encode()
            + parts[0]
            + b"<Sts><Conf>CNCL</Conf></Sts><CxlDtls><OrgnlPmtInfAndSts><OrgnlPmtInfId>B</OrgnlPmtInfId>"
            + b"<TxInfAndSts>"
            + parts[1]
            + b"</TxInfAndSts></OrgnlPmtInfAndSts></CxlDtls></RsltnOfInvstgtn></Document>"
        )


@pytest.mark.parametrize(
    "write",
    [lambda d: camt055.write(_request(debits=d)), lambda d: pain007.write(_reversal(debits=d))],
)
def test_refused_requests(write):
    sent = _sent()
    with pytest.raises(camt055.RequestError, match="twice"):
        write([sent[0], sent[0]])
    with pytest.raises(camt055.RequestError, match="one file"):
        write([])


def test_refused_reasons_and_ids():
    with pytest.raises(camt055.RequestError, match="MS03"):
        pain007.write(_reversal(reason="MS03"))
    with pytest.raises(camt055.RequestError, match="MD06"):
        camt055.write(_request(reason="MD06"))
    with pytest.raises(references.InvalidReference):
        camt055.write(_request(request_id="Ä"))


# === PAIN.007 === #


def test_order_of_the_reversal():
    content = pain007.write(_reversal())
    root = etree.fromstring(content)
    assert etree.QName(root).namespace == "urn:iso:std:iso:20022:tech:xsd:pain.007.001.09"
    assert _names(root[0]) == ("GrpHdr OrgnlGrpInf OrgnlPmtInfAndRvsl OrgnlPmtInfAndRvsl".split())
    assert _names(root[0][0]) == ("MsgId CreDtTm NbOfTxs CtrlSum GrpRvsl InitgPty CdtrAgt".split())
    assert _names(root[0][2]) == (
        "RvslPmtInfId OrgnlPmtInfId OrgnlNbOfTxs OrgnlCtrlSum BtchBookg PmtInfRvsl TxInf TxInf".split()
    )
    assert _names(_find(content, "TxInf")[0]) == (
        "RvslId OrgnlEndToEndId OrgnlInstdAmt RvsdInstdAmt ChrgBr RvslRsnInf OrgnlTxRef".split()
    )


@given(st.dates(date(2026, 1, 1), date(2030, 12, 31)))
def test_last_day_of_a_reversal(day):
    last = pain007.last_day(day)
    assert is_target_day(last)
    assert last == add_target_days(day, 5)
    assert 5 < (last - day).days <= 13 or (last - day).days == 5


def test_last_day_over_christmas():
    assert pain007.last_day(date(2026, 12, 30)) == date(2027, 1, 7)
