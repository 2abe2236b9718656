"""An MT940 file as tagged fields: what stands around the statements is taken off.

SWIFT's envelope (`{1:…}{4:` and `-}`), the lines with a single dash between statements, and
the encodings that banks use are of no interest to those who read the fields (SWIFT MT940,
Deutsche Kreditwirtschaft, Anlage 3, chapter 8).
"""

import re
from collections.abc import Iterator
from typing import NamedTuple

from .bankfile import MAX_BYTES, BankFileError, open_source

#: Fields of one statement are longer than this only in files that are none.
MAX_FIELD = 20_000
_TAG = re.compile(r":(\d{2}[A-Z]?):(.*)", re.DOTALL)
#: Some banks put lines of their own before the first field: ABNANL2A, 940, :940:.
_BEGINNING = re.compile(r"(?:[^<{\n]{0,40}\n){0,10}?:20:")
_DUTCH_BIC = re.compile(r"^(?:\{1:F01)?([A-Z]{4})NL2[A-Z]", re.MULTILINE)
_ENVELOPE = re.compile(r"\{[1235]:[^{}]*(?:\{[^{}]*\}[^{}]*)*\}|\{4:\s*|-\}")


class Field(NamedTuple):
    """One field: its tag ("61"), its text with line feeds, and the line of the file it begins in."""

    tag: str
    text: str
    line: int


def decode(raw: bytes) -> str:
    """The file as text: UTF-8 if it is, else Latin-1, in which every byte is a character."""
    if raw.startswith(b"\xef\xbb\xbf"):
        raw = raw[3:]
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace") if b"\x80" in raw else raw.decode("latin-1")


def is_mt940(head: bytes) -> bool:
    """Whether the first bytes of a file look like a statement in SWIFT's format."""
    text = _ENVELOPE.sub("", decode(head[:4000])).lstrip("\r\n \x01-")
    begins = _BEGINNING.match(text.replace("\r\n", "\n").replace("\r", "\n"))
    return bool(begins) and bool(re.search(r"^:25:", text[begins.end() :], re.MULTILINE))


def dutch_bank(text: str) -> str | None:
    """The code of the Dutch bank ("ABNA") whose BIC stands before the first field, or None.

    Such a file may give the account's number only, which is no IBAN without the bank's code.
    """
    match = _DUTCH_BIC.search(text[:2000].partition(":20:")[0])
    return match.group(1) if match else None


def read_text(source, max_bytes: int = MAX_BYTES) -> str:
    """The whole of a file (bytes, path, binary file) as text; raises `BankFileError`."""
    stream, ours = open_source(source, max_bytes)
    try:
        raw = stream.read(max_bytes + 1)
    finally:
        if ours:
            stream.close()
    if len(raw) > max_bytes:
        raise BankFileError("too_large", limit=max_bytes)
    if not raw.strip(b"\xef\xbb\xbf\r\n\t \0"):
        raise BankFileError("empty")
    return decode(raw)


def fields(text: str) -> Iterator[Field]:
    """The fields of a file in their order; a text before the first one is passed over.

    A line that begins with a tag of its own begins a field, every other line goes on with the
    one before. A lone dash ends a statement.
    """
    tag, lines, start = None, [], 0
    clean = _ENVELOPE.sub(lambda m: "\n" * m.group().count("\n"), text)
    for number, line in enumerate(clean.replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1):
        match = _TAG.match(line)
        if match or line.strip() == "-":
            if tag is not None:
                yield Field(tag, "\n".join(lines)[:MAX_FIELD], start)
            tag, lines, start = (
                (match.group(1), [match.group(2)], number) if match else (None, [], 0)
            )
        elif tag is not None:
            lines.append(line)
    if tag is not None:
        yield Field(tag, "\n".join(lines)[:MAX_FIELD], start)
