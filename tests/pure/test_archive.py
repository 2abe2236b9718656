"""ZIP archives from the bank: unpacked within limits, never trusted."""

import io
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import kinds
from sepa.archive import MAX_MEMBERS, is_archive, unpack
from sepa.bankfile import BankFileError


def pack(files, compression=zipfile.ZIP_DEFLATED):
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression) as archive:
        for name, data in files:
            archive.writestr(name, data)
    return stream.getvalue()


def refused(content, **options):
    with pytest.raises(BankFileError) as error:
        unpack(content, **options)
    return error.value.code


def test_files_come_in_order_and_without_folders():
    content = pack([("b/2.xml", b"two"), ("b/", b""), ("a\\1.xml", b"one"), ("../3.xml", b"3")])
    assert is_archive(content)
    assert unpack(content) == [("2.xml", b"two"), ("1.xml", b"one"), ("3.xml", b"3")]


def test_bombs():
    assert refused(pack([("x", b"0" * 1_000_000)]), max_bytes=999_999) == "too_large"
    assert refused(pack([("x", b"0" * 600), ("y", b"0" * 600)]), max_bytes=1000) == "too_large"
    many = pack([(str(number), b"") for number in range(MAX_MEMBERS + 1)])
    assert refused(many) == "too_large"


def test_what_is_no_archive_of_files():
    inner = pack([("x", b"1")])
    assert refused(pack([("inner.zip", inner)])) == "bad_archive"
    assert refused(pack([("folder/", b"")])) == "bad_archive"
    assert refused(pack([("[Content_Types].xml", b"<a/>"), ("xl/a.xml", b"<a/>")])) == "bad_archive"
    assert refused(inner[: len(inner) // 2]) == "bad_archive"


def test_kinds():
    assert (
        kinds.detect(b":20:X\r\n:25:DE89370400440532013000\r\n:60F:C261120EUR1,00\r\n") == "mt940"
    )
    for content in (pack([("x", b"1")]), b"PK\x03\x04 broken"):
        with pytest.raises(BankFileError, match="archive"):
            kinds.detect(content)


@given(st.integers(0, 200), st.binary(max_size=8))
def test_damaged_archives_never_crash(position, garbage):
    content = pack([("a.xml", b"<a/>" * 50), ("b.xml", b"<b/>")])
    damaged = content[:position] + garbage + content[position + len(garbage) :]
    try:
        found = unpack(damaged)
    except BankFileError:
        return
    assert all(isinstance(data, bytes) for _name, data in found)
