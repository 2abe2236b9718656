"""The directory of reachable banks, as it is published and as somebody types it."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import bank_directory as reader

SCL = (
    "SCL-Directory;gültig ab 14.09.2026;;;;;\r\n"
    "BIC;Name;SCT;COR;COR1;B2B;SCC\r\n"
    "MARKDEFFXXX;Bundesbank;1;1;0;1;0\r\n"
    '"BYLADEM1001";"Deutsche Kreditbank; Berlin";1;1;0;0;0\r\n'
    "POFICHBEXXX;PostFinance;1;0;0;0;0\r\n"
)


def entries(directory):
    return {entry.bic: (entry.core, entry.b2b) for entry in directory.entries}


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_published_file(encoding):
    directory = reader.read(SCL.encode(encoding))
    assert directory.valid_from == date(2026, 9, 14)
    assert entries(directory) == {
        "MARKDEFF": (True, True),
        "BYLADEM1001": (True, False),
        "POFICHBE": (False, False),
    }
    assert directory.entries[1].name == "Deutsche Kreditbank; Berlin"
    assert directory.findings == ()


@pytest.mark.parametrize("separator", [";", ",", "\t"])
def test_plain_file(separator):
    text = "bic;core;b2b\nmarkdeff;yes;no\nINGB NL 2A;x;\n".replace(";", separator)
    directory = reader.read(text.encode())
    assert directory.valid_from is None
    assert entries(directory) == {"MARKDEFF": (True, False), "INGBNL2A": (True, False)}


@pytest.mark.parametrize(
    "text", ["2026-09-14", "14.09.2026", "SCL_20260914", "31.13.2026 2026-09-14"]
)
def test_dates(text):
    content = f"{text.replace('_', ' ')}\nBIC;CORE;B2B\nMARKDEFF;1;1\n".encode()
    assert reader.read(content).valid_from == date(2026, 9, 14)


def test_rows_that_make_no_sense_are_told():
    text = "BIC;Name;CORE;B2B\nX;Y;1;1\nMARKDEFF;B;maybe;1\nMARKDEFF;B;1;1\nMARKDEFFXXX;B;0;0\nINGB\n;;;\n"
    directory = reader.read(text.encode())
    assert entries(directory) == {"MARKDEFF": (True, True)}
    assert [(f.code, f.line) for f in directory.findings] == [
        ("bic", 2),
        ("flag", 3),
        ("twice", 5),
        ("short", 6),
    ]
    assert directory.left_out == 4
    assert "Line 2: 'X' is no BIC." in str(directory.findings[0])


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "header"),
        (b"PK\x03\x04 not a table", "header"),
        (b"BIC;Name\nMARKDEFF;B\n", "header"),
        (b"BIC;CORE;B2B\n", "empty"),
        (b"BIC;CORE;B2B\nwrong;1;1\n", "empty"),
        (b"x" * (reader.MAX_BYTES + 1), "size"),
    ],
)
def test_no_directory(content, code):
    with pytest.raises(reader.DirectoryError) as caught:
        reader.read(content)
    assert caught.value.code == code


def test_findings_are_limited():
    rows = "".join(f"?{number};1;1\n" for number in range(500))
    directory = reader.read(f"BIC;CORE;B2B\nMARKDEFF;1;1\n{rows}".encode())
    assert (len(directory.findings), directory.left_out) == (reader.MAX_FINDINGS, 500)


def test_candidates():
    assert reader.candidates("byla de m1 001") == ("BYLADEM1001", "BYLADEM1")
    assert reader.candidates("MARKDEFFXXX") == ("MARKDEFF",)
    assert reader.candidates("MARKDEFF") == ("MARKDEFF",)
    assert reader.candidates("12") == reader.candidates(None) == ()


@given(st.binary(max_size=400))
def test_never_another_error(content):
    for text in (content, b"BIC;Name;CORE;B2B\n" + content):
        try:
            directory = reader.read(text)
        except reader.DirectoryError:
            continue
        assert directory.entries
        assert len({entry.bic for entry in directory.entries}) == len(directory.entries)
