"""What all readers of bank files share: opening a file safely and streaming its elements.

A bank file comes from outside and is trusted in nothing. DOCTYPE and entities are refused
before a parser sees them, the size is limited, nothing is fetched from a network, and
namespaces and prefixes are ignored, so that every version of a message is read alike.

`BankFileError` says that the file as a whole cannot be read. Everything smaller is a
`Finding` on the result, and what could be read is there beside it.
"""

import io
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from lxml import etree

from .xmlguard import BankFileError, check_prolog

#: Largest bank file taken by default, in bytes. A camt.053 entry has 0.6 to 2 kB.
MAX_BYTES = 200 * 1024 * 1024
#: No bank file has this many bytes without an entry or transaction; the tree that lxml
#: builds between two of them is what costs memory.
MAX_BARREN_BYTES = 4 * 1024 * 1024
#: Findings kept per file; a file with more is broken as a whole.
MAX_FINDINGS = 1000

_CHUNK = 64 * 1024
#: How many elements an envelope (business application header, container) may have before its message.
_ENVELOPE = 2000
#: Bytes at the end of a file in which the closing tag of its root element is looked for.
_TAIL = 400
_VERSION = re.compile(r"(?:pain|camt|pacs)\.\d{3}\.\d{3}\.\d{2}")

#: Element that opens a message -> its family (ISO 20022 message definition reports).
MESSAGES = {
    "BkToCstmrAcctRpt": "camt.052",
    "BkToCstmrStmt": "camt.053",
    "BkToCstmrDbtCdtNtfctn": "camt.054",
    "CstmrPmtStsRpt": "pain.002",
    "CstmrDrctDbtInitn": "pain.008",
    "CstmrCdtTrfInitn": "pain.001",
    "CstmrPmtRvsl": "pain.007",
    "CstmrPmtCxlReq": "camt.055",
    "RsltnOfInvstgtn": "camt.029",
    "PmtRtr": "pacs.004",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong inside a file that could be read.

    `where` is a path such as `Stmt[1]/Ntry[3]`; no key of `params` is called code or where.
    """

    code: str
    params: dict
    where: str


class Findings(list):
    """A list of `Finding` that stops growing at `MAX_FINDINGS`; `left_out` counts the rest."""

    left_out = 0

    def add(self, code: str, where: str, **params) -> None:
        if len(self) < MAX_FINDINGS:
            self.append(Finding(code, params, where))
        else:
            self.left_out += 1


class ReadOnce:
    """What a reader hands out: `findings`, and items that are read from the file while iterating.

    It can be iterated once; a second time raises `BankFileError` "read_twice".
    """

    def __init__(self):
        self.findings = Findings()
        self._items: Iterator | None = None

    def __iter__(self) -> Iterator:
        if self._items is None:
            raise BankFileError("read_twice")
        items, self._items = self._items, None
        return items

    def close(self) -> None:
        """Close the file without reading on; done by itself at the end of the iteration."""
        if self._items is not None:
            self._items.close()
            self._items = None


class _LocalNames(dict):
    """Tag -> local name, remembered, because a file has few tags and many elements."""

    def __missing__(self, tag):
        local = tag.rpartition("}")[2] if isinstance(tag, str) else ""
        if len(self) < 10_000:
            self[tag] = local
        return local


#: `LOCAL["{urn:…}Ntry"]` is "Ntry"; comments and processing instructions give "".
LOCAL = _LocalNames()


def open_source(source, max_bytes: int = MAX_BYTES) -> tuple[BinaryIO, bool]:
    """Open `source` (bytes, path, or binary file) for reading.

    Returns the binary file and whether the caller has to close it. Raises `BankFileError`
    "too_large" when the size is known and above `max_bytes`, `OSError` for a bad path.
    """
    if isinstance(source, bytes | bytearray | memoryview):
        if len(source) > max_bytes:
            raise BankFileError("too_large", limit=max_bytes)
        return io.BytesIO(source), True
    if isinstance(source, str | os.PathLike):
        if os.path.getsize(source) > max_bytes:
            raise BankFileError("too_large", limit=max_bytes)
        return open(source, "rb"), True
    return source, False


def _chunks(stream: BinaryIO, max_bytes: int) -> Iterator[bytes]:
    """Read `stream` in pieces; raises "too_large" as soon as more than `max_bytes` came out of it."""
    total = 0
    while piece := stream.read(_CHUNK):
        total += len(piece)
        if total > max_bytes:
            raise BankFileError("too_large", limit=max_bytes)
        yield piece


def _head(pieces: Iterator[bytes]) -> bytes:
    """The first 64 kB, however small the pieces are that the file hands out."""
    head = b""
    for piece in pieces:
        head += piece
        if len(head) >= _CHUNK:
            break
    return head


def _parser(names) -> etree.XMLPullParser:
    return etree.XMLPullParser(
        events=("start", "end"),
        tag=["{*}" + name for name in names] if names else None,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
        collect_ids=False,
    )


def stream_elements(
    stream: BinaryIO, names, max_bytes: int = MAX_BYTES
) -> Iterator[tuple[str, str, etree._Element]]:
    """Yield `("start" | "end", local name, element)` for the elements called `names`, in file order.

    `names` may be empty: every element. At "start" everything that stands before the element
    is there, at "end" also what is in it; more may be there already, for the parser runs
    ahead. The caller frees what he has read with `release`. Raises `BankFileError`; what was
    read before is handed out first. A file with none of `names` is "unknown_format".
    """
    pieces = _chunks(stream, max_bytes)
    head = _head(pieces)
    if not head.strip(b"\xef\xbb\xbf\r\n\t \0"):
        raise BankFileError("empty")
    root = check_prolog(head)
    parser = _parser(names)
    piece, barren, failure, empty = head.lstrip() if head[:1].isspace() else head, 0, None, True
    tail = b""
    while failure is None:
        failure = _feed(parser, piece, tail, root)
        tail = (tail + piece)[-_TAIL:] if len(piece) < _TAIL else piece[-_TAIL:]
        barren += len(piece)
        for event, element in parser.read_events():
            barren, empty = 0, False
            yield event, LOCAL[element.tag], element
        if barren > MAX_BARREN_BYTES:
            failure = failure or BankFileError(
                "not_well_formed", detail="too many bytes without an entry"
            )
        if failure is None:
            if not piece:
                break
            piece = next(pieces, b"")
    if failure is None and empty:
        failure = BankFileError("unknown_format", found=root[:40])
    if failure is not None:
        raise failure


def _feed(parser, piece: bytes, tail: bytes, root: str) -> BankFileError | None:
    """Hand `piece` to the parser, the empty one as the end; a fault comes back as the error to raise later.

    libxml2 names a file that was cut off in a dozen ways, so `tail`, what came before
    `piece`, decides: does it close the element `root`?
    """
    try:
        if piece:
            parser.feed(piece)
        else:
            parser.close()
    except etree.XMLSyntaxError as error:
        closing = re.compile(rb"</(?:[\w.-]+:)?" + re.escape(root.encode()) + rb"\s*>")
        complete = piece or closing.search(tail.replace(b"\0", b""))
        return BankFileError("not_well_formed" if complete else "truncated", detail=_detail(error))
    return None


def _detail(error: etree.XMLSyntaxError) -> str:
    """libxml2's message and line, without text from the file (which may hold an IBAN)."""
    message = re.split(r"[:,]", str(error.msg or error), maxsplit=1)[0]
    return f"{message}, line {error.lineno or 1}"


def release(element: etree._Element) -> None:
    """Free an element that has been read, and the sibling of the same name before it."""
    element.clear()
    previous = element.getprevious()
    if previous is not None and previous.tag == element.tag:
        element.getparent().remove(previous)


def version_of(element: etree._Element) -> str:
    """`camt.053.001.08` for the element that opens a message, or its family when no version is named."""
    family = MESSAGES[LOCAL[element.tag]]
    found = _VERSION.search(element.tag.rpartition("}")[0])
    return found.group() if found and found.group().startswith(family) else family


def detect(source) -> str:
    """What `source` (bytes, path, or binary file) is: `camt.053.001.08`, `pain.002.001.10`, …

    Reads only the beginning; a file object is put back to where it was. Without a
    namespace the answer is the family alone (`camt.053`). Raises `BankFileError`.
    """
    stream, ours = open_source(source, max_bytes=2**63)
    start = stream.tell() if stream.seekable() else None
    try:
        for number, (_event, local, element) in enumerate(
            stream_elements(stream, (), max_bytes=2**63)
        ):
            if number == 0:
                first = local
            if local in MESSAGES:
                return version_of(element)
            if number > _ENVELOPE:
                break
        raise BankFileError("unknown_format", found=first[:40])
    finally:
        if ours:
            stream.close()
        elif start is not None:
            stream.seek(start)
