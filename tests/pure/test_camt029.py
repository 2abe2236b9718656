"""The bank's answer to a request for cancellation, as the schema lets it write and as it arrives."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sepa import camt029, kinds
from sepa.bankfile import BankFileError

_REFERENCE = st.text("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-", min_size=1, max_size=20).filter(
    lambda text: text not in ("NONREF", "UNKNOWN", "NOTPROVIDED")
)
_OUTCOMES = {"ACCR": "accepted", "RJCR": "refused", "PDCR": "pending"}
_transactions = st.dictionaries(
    _REFERENCE,
    st.tuples(st.sampled_from(list(_OUTCOMES)), st.sampled_from([None, "LEGL", "CUST", "ARDT"])),
    min_size=1,
    max_size=5,
)


def answer(transactions="", status="CNCL", version="14", case="", group=""):
    """Return a camt.029; `transactions` is the XML of the block."""
    block = (
        "<OrgnlPmtInfAndSts><OrgnlPmtInfCxlId>C-1-1</OrgnlPmtInfCxlId><OrgnlPmtInfId>MSG-1-1</OrgnlPmtInfId>"
        "<OrgnlGrpInf><OrgnlMsgId>MSG-1</OrgnlMsgId><OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId></OrgnlGrpInf>"
        f"{transactions}</OrgnlPmtInfAndSts>"
    )
    details = f"<CxlDtls>{group}{block if transactions else ''}</CxlDtls>"
    return (
        f'<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.029.001.{version}"><RsltnOfInvstgtn>'
        "<Assgnmt><Id>A-1</Id><Assgnr><Agt><FinInstnId><BICFI>SOGEDEFFXXX</BICFI></FinInstnId></Agt></Assgnr>"
        "<Assgne><Pty><Nm>Support GmbH</Nm></Pty></Assgne><CreDtTm>2026-11-23T10:00:00</CreDtTm></Assgnmt>"
        f"{case}<Sts><Conf>{status}</Conf></Sts>{details}</RsltnOfInvstgtn></Document>"
    ).encode()


def transaction(reference, status, reason=None):
    """Return the XML of the answer for one debit."""
    why = f"<CxlStsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></CxlStsRsnInf>" if reason else ""
    return (
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxCxlSts>{status}</TxCxlSts>"
        f"{why}</TxInfAndSts>"
    )


@settings(max_examples=40, deadline=None)
@given(_transactions)
def test_identity_of_write_and_read(assert_valid, transactions):
    content = answer("".join(transaction(ref, *rest) for ref, rest in transactions.items()))
    assert_valid(content)
    result = camt029.read(content)
    assert (result.message_id, result.original_message_id) == ("A-1", "MSG-1")
    assert result.request_ids == {"C-1-1"}
    assert {item.end_to_end_id: item.outcome for item in result.answers} == {
        ref: _OUTCOMES[status] for ref, (status, _reason) in transactions.items()
    }
    assert [item.reason and item.reason.code for item in result.answers] == [
        reason for _status, reason in transactions.values()
    ]


@pytest.mark.parametrize(
    ("word", "outcome"),
    [
        ("CNCL", "accepted"),
        ("ACCR", "accepted"),
        ("RJCR", "refused"),
        ("PDCR", "pending"),
        ("XXXX", None),
    ],
)
@pytest.mark.parametrize("version", ["03", "09", "14"])
def test_answer_for_everything(word, outcome, version):
    content = answer(status=word, version=version)
    result = camt029.read(content)
    assert result.outcome == outcome
    assert result.version == kinds.detect(content) == f"camt.029.001.{version}"
    assert [finding.code for finding in result.findings] == ([] if outcome else ["unknown_code"])


def test_case_inside_a_transaction_is_not_the_message():
    case = "<RslvdCase><Id>{}</Id><Cretr><Pty><Nm>S</Nm></Pty></Cretr></RslvdCase>"
    inner = transaction("E-1", "ACCR").replace(
        "<OrgnlEndToEndId>", case.format("T-1") + "<OrgnlEndToEndId>", 1
    )
    result = camt029.read(answer(inner, case=case.format("C-1")))
    assert result.case_id == "C-1"


def test_group_status_refused():
    group = (
        "<OrgnlGrpInfAndSts><OrgnlGrpCxlId>C-9</OrgnlGrpCxlId><OrgnlMsgId>MSG-2</OrgnlMsgId>"
        "<OrgnlMsgNmId>pain.008.001.08</OrgnlMsgNmId><GrpCxlSts>RJCR</GrpCxlSts>"
        "<CxlStsRsnInf><Rsn><Cd>ARDT</Cd></Rsn></CxlStsRsnInf></OrgnlGrpInfAndSts>"
    )
    result = camt029.read(answer(status="RJCR", group=group))
    assert result.original_message_id == "MSG-2"
    (item,) = result.answers
    assert (item.outcome, item.reason.code, item.end_to_end_id) == ("refused", "ARDT", None)


@pytest.mark.parametrize("content", [b"", b"<a/>", b"x", b"<!DOCTYPE x><a/>", b"<RsltnOfInvstgtn>"])
def test_what_is_no_answer(content):
    with pytest.raises(BankFileError):
        camt029.read(content)


def test_cut_off_after_the_header():
    content = answer(transaction("E-1", "ACCR"))
    result = camt029.read(content[: content.index(b"<CxlDtls>") + 5])
    assert result.message_id == "A-1"
    assert [finding.code for finding in result.findings] == ["truncated"]
