"""Files that somebody is still writing."""

import io
import zipfile

import pytest

from sepa.completeness import is_complete

XML = (
    b'<?xml version="1.0" encoding="UTF-8"?>\n<!-- by a bank -->\n'
    b'<Document xmlns="urn:x"><A><B>1</B></A><A><B>2</B></A></Document>\n'
)
MT940 = (
    b":20:STARTUMSE\r\n:25:DE75512108001245126199\r\n:28C:1/1\r\n:60F:C261120EUR1000,00\r\n"
    b":61:2611231123CR12,50N192NONREF//X1\r\n:86:166?00GUTSCHRIFT\r\n"
    b":62F:C261123EUR1012,50\r\n-\r\n"
)


def _zip():
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        archive.writestr("a.xml", XML)
    return stream.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        XML,
        b"\xef\xbb\xbf" + XML + b"\0\0",
        XML + b"<!-- end -->\n",
        b"<a:Document xmlns:a='urn:x'></a:Document >",
        b"<Document/>",
        MT940,
        MT940.replace(b"\r\n", b"\n"),
        MT940 + MT940,
        MT940.removesuffix(b"\r\n-\r\n"),
        MT940.replace(b"\r\n-\r\n", b"\r\n:64:C261123EUR1012,50\r\n-\r\n"),
        b"{1:F01BANKDEFFXXXX0000000000}{4:\r\n" + MT940.removesuffix(b"-\r\n") + b"-}",
        MT940.replace(b"1012,50", b"1012,"),
        _zip(),
        b"hello",
    ],
)
def test_complete(content):
    assert is_complete(content)


@pytest.mark.parametrize("content", [b"", b" \n", b"\xef\xbb\xbf", b"\0\0\0"])
def test_empty(content):
    assert not is_complete(content)


@pytest.mark.parametrize(("content", "first"), [(XML, 0), (_zip(), 4)])
def test_every_beginning_is_incomplete(content, first):
    whole = len(content.rstrip())
    for length in range(first, len(content)):
        assert is_complete(content[:length]) == (length >= whole), length


def test_beginnings_of_an_mt940():
    """From the statement's first field on, until its closing balance is whole."""
    closing = MT940.index(b"1012,50") + len(b"1012,50")
    for length in range(4, closing):
        # "1012,": a balance without cents is told by what follows it.
        assert not is_complete(MT940[:length]), length
    assert is_complete(MT940[:closing])
    for length in range(len(MT940) + 4, len(MT940) + closing):
        assert not is_complete((MT940 + MT940)[:length]), length
