"""Read camt.029, the bank's answer to a request for cancellation (resolution of investigation).

Reads camt.029.001.03 to .14 alike. A bank answers for everything (`Sts/Conf`), for the file, for a
payment block, or for single transactions; what stands lower holds.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from .bankfile import LOCAL, BankFileError, Findings, open_source, stream_elements, version_of
from .reasons import Reason, normalize
from .xmlnode import each, lines, moment_in, others, reference, tree

#: What the answers mean: single (CancellationIndividualStatus1Code), for a group
#: (GroupCancellationStatus1Code), and for everything (ExternalInvestigationExecutionConfirmation1Code).
ACCEPTED = frozenset({"ACCR", "CNCL"})
REFUSED = frozenset({"RJCR", "RJCT"})
PENDING = frozenset({"PDCR", "PDNG", "PECR", "UWFW", "INFO"})

#: Reasons of a refusal that say: the money has moved already (ExternalPaymentCancellationRejection1Code).
TOO_LATE = frozenset({"ARDT", "ARPL", "PTNA", "RQDA", "CUTF"})

_NAMES = ("RsltnOfInvstgtn", "Assgnmt", "RslvdCase", "Sts", "CxlDtls")


@dataclass(frozen=True, slots=True)
class CancellationAnswer:
    """The answer for one transaction, one payment block, or the file.

    `outcome` is "accepted", "refused", "pending" or None when the bank's word is not known; the
    references are None where the bank left them out. `reason` is None when it gave none.
    """

    payment_information_id: str | None
    end_to_end_id: str | None
    outcome: str | None
    reason: Reason | None
    where: str


class Resolution:
    """One camt.029: `message_id`, `created`, `version`, `case_id`, `original_message_id`,
    `outcome` for everything that has none of its own, `answers`, `findings`."""

    def __init__(self):
        self.version: str | None = None
        self.message_id: str | None = None
        self.created: datetime | None = None
        self.case_id: str | None = None
        self.request_ids: set[str] = set()
        self.original_message_id: str | None = None
        self.outcome: str | None = None
        self.answers: list[CancellationAnswer] = []
        self.findings = Findings()


def read(source) -> Resolution:
    """Read a camt.029 (bytes, path, or binary file).

    :raises BankFileError: when the file as a whole is no readable camt.029.
    """
    result = Resolution()
    stream, ours = open_source(source)
    try:
        for event, local, element in stream_elements(stream, _NAMES):
            if event == "start" and local == "RsltnOfInvstgtn":
                result.version = version_of(element)
            elif event == "end" and result.version:
                _READERS.get(local, _ignore)(result, element)
    except BankFileError as error:
        if result.message_id is None:
            raise
        result.findings.add(error.code, "", **error.params)
    finally:
        if ours:
            stream.close()
    if result.version is None:
        raise BankFileError("unknown_format", found="no RsltnOfInvstgtn")
    if result.message_id is None:
        result.findings.add("missing_node", "Assgnmt", node="Id")
    return result


def _outcome(raw: str | None, where: str, findings: Findings) -> str | None:
    """Return the bank's word as one of ours; a word that is not known becomes a finding."""
    if not raw:
        return None
    for words, outcome in ((ACCEPTED, "accepted"), (REFUSED, "refused"), (PENDING, "pending")):
        if raw in words:
            return outcome
    findings.add("unknown_code", where, kind="status", value=raw[:40])
    return None


def _read_assignment(result: Resolution, element) -> None:
    found = tree(element)
    result.message_id = found.get("Id") or None
    result.created = moment_in(found, "CreDtTm", "Assgnmt", result.findings)


def _read_case(result: Resolution, element) -> None:
    if _is_on_top(element):
        result.case_id = reference(tree(element).get("Id"))


def _read_status(result: Resolution, element) -> None:
    if _is_on_top(element):
        result.outcome = _outcome(tree(element).get("Conf"), "Sts/Conf", result.findings)


def _is_on_top(element) -> bool:
    """Whether an element is about the whole answer; the same ones stand inside the details, too."""
    return LOCAL[element.getparent().tag] == "RsltnOfInvstgtn"


def _read_details(result: Resolution, element) -> None:
    for child in element:
        local = LOCAL[child.tag]
        if local == "OrgnlGrpInfAndSts":
            found = tree(child)
            result.original_message_id = reference(found.get("OrgnlMsgId"))
            _note_request(result, found.get("OrgnlGrpCxlId"))
            result.answers += _answers(result, found, "GrpCxlSts", local, None)
        elif local == "OrgnlPmtInfAndSts":
            _read_block(result, child)
        elif local == "TxInfAndSts":
            result.answers += _transaction(result, child, None)


def _note_request(result: Resolution, raw: str | None) -> None:
    if identifier := reference(raw):
        result.request_ids.add(identifier)


def _read_block(result: Resolution, element) -> None:
    found = tree(element, others(element, "TxInfAndSts"))
    block = reference(found.get("OrgnlPmtInfId"))
    _note_request(result, found.get("OrgnlPmtInfCxlId"))
    original = reference(found.get("OrgnlGrpInf/OrgnlMsgId"))
    result.original_message_id = result.original_message_id or original
    result.answers += _answers(result, found, "PmtInfCxlSts", "OrgnlPmtInfAndSts", block)
    for child in element:
        if LOCAL[child.tag] == "TxInfAndSts":
            result.answers += _transaction(result, child, block)


def _transaction(result: Resolution, element, block: str | None) -> Iterator[CancellationAnswer]:
    found = tree(element)
    original = reference(found.get("OrgnlGrpInf/OrgnlMsgId"))
    result.original_message_id = result.original_message_id or original
    end_to_end = reference(found.get("OrgnlEndToEndId"))
    where = f"TxInfAndSts[{len(result.answers) + 1}]"
    yield from _answers(result, found, "TxCxlSts", where, block, end_to_end)


def _answers(result, found, tag, where, block, end_to_end=None) -> Iterator[CancellationAnswer]:
    """Yield the answer that stands in `found`, if there is one."""
    outcome = _outcome(found.get(tag), f"{where}/{tag}", result.findings)
    reason = _reason(found)
    if outcome or reason or end_to_end:
        yield CancellationAnswer(block, end_to_end, outcome, reason, where)


def _reason(found: dict) -> Reason | None:
    for path in each(found, "CxlStsRsnInf"):
        code, own = found.get(path + "/Rsn/Cd"), found.get(path + "/Rsn/Prtry")
        reason = normalize(code, own, lines(found, path + "/AddtlInf"))
        if reason:
            return reason
    return None


def _ignore(result: Resolution, element) -> None:
    """Some other element."""


_READERS = {
    "Assgnmt": _read_assignment,
    "RslvdCase": _read_case,
    "Sts": _read_status,
    "CxlDtls": _read_details,
}
