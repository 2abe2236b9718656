"""Opening bank files: what they are, and what must not get near the readers."""

import io
import tracemalloc

import bank_samples as made
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sepa import bankfile, camt, pain002
from sepa.bankfile import BankFileError
from sepa.xmlguard import _SENTENCES

CAMT = made.camt(made.statement())
PAIN = made.pain002(made.block(made.transaction()))
READERS = [bankfile.detect, camt.read, pain002.read]
BOMB = (
    b'<?xml version="1.0"?><!DOCTYPE lolz [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;">'
    b'<!ENTITY c "&b;&b;&b;&b;">]><Document><BkToCstmrStmt>&c;</BkToCstmrStmt></Document>'
)
EXTERNAL = (
    b'<!DOCTYPE d [<!ENTITY x SYSTEM "file:///etc/hostname">]>'
    b"<Document><BkToCstmrStmt>&x;</BkToCstmrStmt></Document>"
)


def code_of(function, *args, **options):
    with pytest.raises(BankFileError) as caught:
        function(*args, **options)
    assert str(caught.value).endswith(".")
    return caught.value.code


# === WHAT IT IS === #


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (CAMT, "camt.053.001.08"),
        (PAIN, "pain.002.001.03"),
        (made.camt(made.statement(kind="camt.052"), kind="camt.052", version=2), "camt.052.001.02"),
        (made.camt(made.statement(), prefix="ns2"), "camt.053.001.08"),
        (made.camt(made.statement(), namespace="urn:somebody:else"), "camt.053"),
        (made.camt(made.statement(), namespace=""), "camt.053"),
        (made.camt(made.statement(), namespace="u}rn:x"), "camt.053"),
        (made.document("pain.002", "<CstmrPmtStsRpt/>", 3, namespace="urn:iso:std:iso:20022:tech:xsd:pain.002.003.03"), "pain.002.003.03"),
        (made.document("pain.008", "<CstmrDrctDbtInitn/>", 8), "pain.008.001.08"),
        (made.document("pacs.004", "<PmtRtr/>", 9), "pacs.004.001.09"),
        (b"<Envelope><Head><A/><B/></Head>" + CAMT.split(b"?>")[1] + b"</Envelope>", "camt.053.001.08"),
        (CAMT.decode().replace("UTF-8", "UTF-16").encode("utf-16"), "camt.053.001.08"),
        (b"\xef\xbb\xbf" + CAMT, "camt.053.001.08"),
        (b"\r\n  " + CAMT, "camt.053.001.08"),
        (b"<!-- a bank's comment -->" + CAMT.split(b"?>")[1], "camt.053.001.08"),
    ],
)  # fmt: skip
def test_detect(content, expected):
    assert bankfile.detect(content) == expected


def test_the_element_decides_when_the_namespace_names_another_message():
    other = made.camt(made.statement(), namespace="urn:iso:std:iso:20022:tech:xsd:pain.001.001.09")
    assert bankfile.detect(other) == "camt.053"


def test_detect_takes_paths_and_puts_file_objects_back(tmp_path):
    path = tmp_path / "statement.xml"
    path.write_bytes(CAMT)
    assert bankfile.detect(path) == bankfile.detect(str(path)) == "camt.053.001.08"
    stream = io.BytesIO(b"x" + CAMT)
    stream.seek(1)
    assert bankfile.detect(stream) == "camt.053.001.08"
    assert stream.tell() == 1


def test_detect_reads_only_the_beginning():
    assert bankfile.detect(CAMT.replace(b"</Stmt>", b"</Ooops>")) == "camt.053.001.08"


def test_a_file_object_that_hands_out_single_bytes():
    class Dripping(io.BytesIO):
        def read(self, size=-1):
            return super().read(1)

    assert camt.read(Dripping(CAMT)).message_id == "MSG-7"


# === WHAT IS REFUSED === #


@pytest.mark.parametrize("reader", READERS)
@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"\xef\xbb\xbf", "empty"),
        (b"Kontoauszug", "not_xml"),
        (b"PK\x03\x04rest", "not_xml"),
        (b"<", "not_xml"),
        (b"<!-- never closed", "not_xml"),
        (b"<?xml version='1.0'", "not_xml"),
        (b"<html><body>Sitzung abgelaufen</body></html>", "unknown_format"),
        (BOMB, "unsafe"),
        (EXTERNAL, "unsafe"),
        (b"<!DOCTYPE html><html/>", "unsafe"),
        (b"<!--x--><?pi y?>\n<!DOCTYPE a><Document/>", "unsafe"),
        (BOMB.decode().replace('"1.0"', '"1.0" encoding="UTF-16"').encode("utf-16"), "unsafe"),
        (b'<?xml version="1.0" encoding="UTF-7"?>+ADw-Document+AD4-', "unsafe"),
        (b'<?xml version="1.0" encoding="IBM037"?><Document/>', "unsafe"),
    ],
)
def test_refused(reader, content, code):
    assert code_of(reader, content) == code


def test_a_file_that_is_not_xml_is_named():
    def looks_like(content):
        with pytest.raises(BankFileError) as caught:
            bankfile.detect(content)
        return caught.value.params["looks_like"]

    assert looks_like(b":20:STARTUMS\r\n:25:12345678/1\r\n") == "mt940"
    assert looks_like(b"PK\x03\x04") == "zip"
    assert looks_like(b"%PDF-1.7") == "pdf"
    assert looks_like(b"Datum;Betrag") == "text"
    assert looks_like(b"\x00\x01\x02") == "binary data"


def test_a_comment_cannot_hide_a_doctype_in_utf16():
    # U+2D2D and U+3E2D hold the bytes of "-->" to someone who only looks at bytes.
    hidden = '<?xml version="1.0" encoding="UTF-16"?><!--\u2d2d\u3e2d<a-->' + BOMB.decode()[21:]
    assert code_of(bankfile.detect, hidden.encode("utf-16")) == "unsafe"


def test_an_undefined_entity_is_damage_not_text():
    content = CAMT.replace(b"STMT-1", b"&nbsp;")
    result = camt.read(content)
    list(result)
    assert [finding.code for finding in result.findings] == ["not_well_formed"]


def test_readers_refuse_each_others_files():
    assert code_of(camt.read, PAIN) == "other_format"
    assert code_of(pain002.read, CAMT) == "other_format"
    assert (
        code_of(pain002.read, made.document("pain.008", "<CstmrDrctDbtInitn/>", 8))
        == "other_format"
    )


def test_too_large_is_refused_before_reading(tmp_path):
    path = tmp_path / "large.xml"
    path.write_bytes(CAMT)
    size = len(CAMT)
    for source in (CAMT, path, io.BytesIO(CAMT)):
        assert code_of(camt.read, source, max_bytes=size - 1) == "too_large"
    assert camt.read(CAMT, max_bytes=size).message_id == "MSG-7"


def test_a_stream_that_grows_too_large_keeps_what_was_read():
    entries = [made.entry("1.00", servicer=f"R-{n}") for n in range(2000)]
    content = made.camt(made.statement(*entries, closing="2100.00"))
    result = camt.read(io.BytesIO(content), max_bytes=len(content) // 2)
    items = list(result)
    assert 500 < len(items) < 1100
    assert [finding.code for finding in result.findings] == ["too_large"]


def test_rubbish_between_entries_cannot_fill_the_memory():
    class Rubbish(io.RawIOBase):
        """64 MB of tiny elements, made while they are read."""

        left = 1024

        def read(self, size=-1):
            if self.left == 1024:
                self.left -= 1
                return CAMT.split(b"<Stmt>")[0] + b"<Stmt>"
            self.left -= 1
            return b"<a/>" * 16384 if self.left > 0 else b""

    tracemalloc.start()
    result = camt.read(Rubbish())
    list(result)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert [finding.code for finding in result.findings] == ["not_well_formed"]
    assert peak < 20e6


def test_a_result_is_read_once():
    result = camt.read(CAMT)
    list(result)
    assert code_of(iter, result) == "read_twice"


@pytest.mark.parametrize("read", [camt.read, pain002.read])
def test_close_closes_the_file(read, tmp_path, monkeypatch):
    opened = []
    original = open

    def remember(*args, **options):
        opened.append(original(*args, **options))
        return opened[-1]

    monkeypatch.setattr("builtins.open", remember)
    path = tmp_path / "answer.xml"
    path.write_bytes(CAMT if read is camt.read else PAIN)
    opened.clear()
    result = read(path)
    assert not opened[0].closed
    result.close()
    assert opened[0].closed
    list(read(path))
    assert opened[1].closed


# === NOTHING GETS THROUGH === #


def survives(reader, content):
    """Fail when anything but a `BankFileError` comes out of `reader`."""
    try:
        reader(content)
    except BankFileError as error:
        refused = error.code
    else:
        refused = None
    assert refused is None or refused in _SENTENCES


@given(st.binary(max_size=200))
def test_any_bytes_give_an_answer_or_a_bank_file_error(content):
    for reader in READERS:
        survives(reader, content)


@given(st.integers(0, len(CAMT)), st.binary(min_size=1, max_size=4))
def test_a_damaged_statement_never_raises_anything_else(position, damage):
    content = CAMT[:position] + damage + CAMT[position + len(damage) :]
    for source in (content, content[:position]):
        survives(lambda content: list(camt.read(content)), source)


@given(st.integers(0, len(PAIN)), st.binary(min_size=1, max_size=4))
def test_a_damaged_status_report_never_raises_anything_else(position, damage):
    content = PAIN[:position] + damage + PAIN[position + len(damage) :]
    for source in (content, content[:position]):
        survives(lambda content: list(pain002.read(content)), source)
