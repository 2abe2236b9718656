"""Files of mandates: every notation is read, every mistake has a finding, nothing crashes."""

import io
import zipfile
from datetime import date, datetime

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sepa import mandate_columns, mandate_file, mandate_table, mandate_values, mandate_write
from sepa.mandate_file import FileError, Options

TODAY = date(2026, 11, 22)
OWN = "DE98ZZZ09999999999"
OPTIONS = Options(TODAY, (OWN,), frozenset({"imported", "signature_scan"}))
IBAN = "DE89370400440532013000"
HEADERS = ("Mandatsreferenz", "IBAN", "Kontoinhaber", "Unterschriftsdatum")
LINE = ("M-1", IBAN, "Jörg Müßig", "05.01.2026")


def make_csv(*lines, headers=HEADERS, encoding="utf-8", delimiter=";"):
    """Return a CSV file of these lines."""
    return "\r\n".join(delimiter.join(line) for line in (headers, *lines)).encode(encoding)


def make_xlsx(*lines, headers=HEADERS):
    """Return an XLSX file of these lines; formulas stay formulas."""
    book = openpyxl.Workbook()
    for line in (headers, *lines):
        book.active.append(line)
    output = io.BytesIO()
    book.save(output)
    return output.getvalue()


def read(content, **options):
    """Return the file of these bytes."""
    return mandate_file.read(content, Options(**{**vars(OPTIONS), **options}))


def read_line(**cells):
    """Return the only row of a file with these columns beside good ones."""
    known = {"reference": "M-1", "iban": IBAN, "holder": "Ann", "signature_date": "2026-01-05"}
    cells = {key: value for key, value in {**known, **cells}.items() if value is not None}
    return read(make_csv(tuple(cells.values()), headers=tuple(cells))).rows[0]


def codes(found):
    """Return severity, code and column of each finding."""
    return [(finding.severity, finding.code, finding.column) for finding in found.findings]


# Reading


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "latin-1", "utf-16"])
@pytest.mark.parametrize("delimiter", [";", ",", "\t", "|"])
def test_encodings_and_delimiters(encoding, delimiter):
    found = read(make_csv(LINE, encoding=encoding, delimiter=delimiter))
    assert found.delimiter == delimiter
    assert found.rows[0].values["holder"] == "Jörg Müßig"
    assert found.rows[0].values["signature_date"] == date(2026, 1, 5)
    assert found.rows[0].findings == []


def test_first_line_of_excel_and_title_above_the_headers():
    found = read(b"sep=,\r\n" + make_csv(LINE, delimiter=","))
    assert (found.delimiter, found.rows[0].number) == (",", 3)
    found = read(b"Mandate 2026\r\n\r\n" + make_csv(LINE))
    assert found.rows[0].number == 4


def test_line_number_is_that_of_the_file():
    content = make_csv(LINE, ("M-2", IBAN, '"two\nlines"', "2026-01-05"), ("",), ("M-3", *LINE[1:]))
    assert [row.number for row in read(content).rows] == [2, 3, 6]


@pytest.mark.parametrize("language", mandate_columns.LANGUAGES)
def test_headers_of_every_language(language):
    content = mandate_write.write_csv([], language) + b"x;y\r\n"
    assert list(read(content).columns) == list(mandate_columns.WRITTEN)


@pytest.mark.parametrize(
    "headers",
    [
        ("name", "partner_bank_id", "partner_id", "start_date", "sdd_scheme", "one_off"),
        ("Identifier", "IBAN", "Customer", "Start Date", "SDD Scheme", "One-off Mandate"),
        (
            "unique_mandate_reference",
            "partner_bank_id/acc_number",
            "partner_id",
            "signature_date",
            "scheme",
            "type",
        ),
        ("UMR", "Debtor IBAN", "DEBTOR NAME", "Date of Signature of the Mandate", "Scheme", "Type"),
        ("Mandats-ID", "Konto-Nummer", "Kontoinhaber/in", "Mandatsdatum", "Verfahren", "Art"),
        ("Gläubiger-ID", "mandatsreferenz", "iban", "KUNDENNR.", "Straße", "PLZ"),
        ("Glaeubiger-ID", "Mandatsreferenz", "IBAN", "Kd-Nr", "Strasse", "Postleitzahl"),
    ],
)
def test_headers_of_other_programs(headers):
    assert all(mandate_columns.recognize(header) for header in headers)


def test_unknown_columns_are_named_and_double_ones_refused():
    found = read(make_csv((*LINE, "x", "y"), headers=(*HEADERS, "Shoe size", "Kontonummer")))
    assert ("error", "duplicate_column", "iban") in codes(found)
    assert found.unknown == ["Shoe size"]
    assert found.findings[-1].params == {"names": "Shoe size"}


def test_missing_columns_are_named():
    found = read(make_csv(("M-1", "Ann"), headers=("Mandatsreferenz", "Kontoinhaber")))
    assert codes(found) == [
        ("error", "missing_column", "iban"),
        ("error", "missing_column", "signature_date"),
    ]


def test_account_as_another_program_shows_it():
    assert read_line(iban=f"{IBAN} - Commerzbank").values["iban"] == IBAN
    assert read_line(iban="de89 3704 0044 0532 0130 00 (Commerzbank)").values["iban"] == IBAN


# Files that cannot be read


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"\xef\xbb\xbf\r\n", "empty"),
        (b"x" * (mandate_table.MAX_BYTES + 1), "too_big"),
        (mandate_table._OLE + b"abc", "old_excel"),
        (mandate_table._OLE + "EncryptedPackage".encode("utf-16-le"), "password"),
        (b"%PDF-1.7", "other_format"),
        (b"PK\x03\x04 broken", "broken"),
        (b"just some text", "no_header"),
        (make_csv(), "no_rows"),
        (make_csv(*[LINE] * (mandate_table.MAX_ROWS + 1)), "too_many_rows"),
    ],
)
def test_files_that_cannot_be_read(content, code):
    with pytest.raises(FileError) as caught:
        read(content)
    assert caught.value.code == code


def _package(**parts):
    output = io.BytesIO()
    with zipfile.ZipFile(output, "w", zipfile.ZIP_DEFLATED) as package:
        for name, data in parts.items():
            package.writestr(name.replace("__", "/"), data)
    return output.getvalue()


def test_bombs_are_refused(monkeypatch):
    entity = '<!DOCTYPE a [<!ENTITY b "c">]><a>&b;</a>'
    for text in (entity.encode(), entity.encode("utf-16-le")):
        with pytest.raises(FileError) as caught:
            read(_package(**{"xl__workbook.xml": text}))
        assert caught.value.code == "broken"
    monkeypatch.setattr(mandate_table, "MAX_UNPACKED", 1000)
    with pytest.raises(FileError) as caught:
        read(_package(**{"xl__workbook.xml": b" " * 5000}))
    assert caught.value.code == "too_big"


def test_other_office_files_are_named():
    with pytest.raises(FileError) as caught:
        read(_package(mimetype=b"application/vnd.oasis.opendocument.spreadsheet"))
    assert caught.value.code == "other_format"


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=400))
def test_random_bytes_never_crash(content):
    for data in (content, b"PK\x03\x04" + content, make_csv(LINE) + content, b"sep=" + content):
        try:
            found = read(data)
        except FileError:
            continue
        assert all(row.number > 0 for row in found.rows)


#: Made once: an Excel file says when it was made, and is never the same twice.
GOOD_EXCEL = make_xlsx(LINE)


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_damaged_excel_files_never_crash(data):
    content = bytearray(GOOD_EXCEL)
    for _ in range(data.draw(st.integers(1, 20))):
        content[data.draw(st.integers(0, len(content) - 1))] = data.draw(st.integers(0, 255))
    try:
        rows = read(bytes(content)).rows
    except FileError:
        return
    assert all(row.number > 1 for row in rows)


# Cells that Excel spoiled


def test_cells_of_excel():
    lines = [
        ("M-1", IBAN, "Ann", datetime(2026, 1, 5)),
        ("M-2", IBAN, "Ben", 46027),
        (123456, IBAN, "Cas", "5.1.26"),
        (1234567890123456789012.0, IBAN, "Dirk", "2026-01-05"),
        ("1,23457E+15", IBAN, "Eva", "2026-01-05"),
        ('="M-"&6', IBAN, "Fred", "2026-01-05"),
        ("M-7", IBAN, "Gus", "#NV"),
    ]
    found = read(make_xlsx(*lines))
    good = found.rows[:3]
    assert [row.values["reference"] for row in good] == ["M-1", "M-2", "123456"]
    assert {row.values["signature_date"] for row in good} == {date(2026, 1, 5)}
    assert [codes(row) for row in found.rows[3:]] == [
        [("error", "rounded", "reference")],
        [("error", "scientific", "reference")],
        [("error", "formula", "reference")],
        [("error", "excel_error", "signature_date")],
    ]
    assert codes(found) == [("hint", "numbers", "reference")]


# Values


@pytest.mark.parametrize(
    ("number", "code"),
    [
        ("DE89370400440532013007", "iban_check_digits"),
        ("DE8937040044053201300", "iban_length"),
        ("DE8937040044053201300?", "iban_character"),
        ("XX89370400440532013000", "iban_country"),
        ("BR1500000000000010932840814P2", "iban_not_sepa"),
    ],
)
def test_wrong_ibans_are_shown_masked(number, code):
    row = read_line(iban=number)
    assert codes(row) == [("error", code, "iban")]
    assert number not in row.findings[0].value
    assert row.findings[0].value.startswith(number[:2] + "••")


def test_unknown_bank_is_a_hint():
    assert ("hint", "bank_unknown", "iban") in codes(read_line(iban="DE44999999990532013000"))


def test_account_number_in_a_wrong_column_is_masked():
    row = read_line(reference=IBAN.lower() + "#")
    assert IBAN.lower()[4:-4] not in row.findings[0].value


@pytest.mark.parametrize(
    ("reference", "code"),
    [
        ("M" * 36, "reference_length"),
        ("Müller", "reference_character"),
        ("/1", "reference_slash"),
        ("A//B", "reference_slash"),
        (None, "required"),
    ],
)
def test_wrong_references(reference, code):
    content = make_csv((reference or "", *LINE[1:]))
    assert codes(read(content).rows[0]) == [("error", code, "reference")]


def test_references_twice_whatever_the_case():
    rows = read(make_csv(("ab-1", *LINE[1:]), ("AB-1", IBAN, "Ben", "2026-01-05"))).rows
    assert codes(rows[0]) == []
    assert rows[1].findings[0].params == {"line": 2}
    assert codes(rows[1]) == [("error", "reference_twice", "reference")]


def test_same_customer_with_the_same_account_is_a_hint():
    rows = read(make_csv(LINE, ("M-2", *LINE[1:]))).rows
    assert codes(rows[1]) == [("hint", "same_account", "iban")]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-01-05", date(2026, 1, 5)),
        ("2026-01-05 00:00:00", date(2026, 1, 5)),
        ("05.01.2026", date(2026, 1, 5)),
        ("5.1.26", date(2026, 1, 5)),
        ("31.12.85", date(1985, 12, 31)),
        ("05/01/2026", date(2026, 1, 5)),
        ("05-01-2026", date(2026, 1, 5)),
        ("20260105", date(2026, 1, 5)),
        ("2026/01/05", date(2026, 1, 5)),
    ],
)
def test_notations_of_dates(text, expected):
    assert mandate_values.read_date(text, TODAY) == expected


def test_order_of_day_and_month():
    headers = (*HEADERS, "Letzter Einzug")
    american = read(make_csv((*LINE[:3], "01/05/2026", "02/28/2026"), headers=headers))
    assert american.rows[0].values["signature_date"] == date(2026, 1, 5)
    unclear = read(make_csv((*LINE[:3], "01/05/2026", ""), headers=headers))
    assert codes(unclear) == [("hint", "slash_dates", "")]
    assert unclear.rows[0].values["signature_date"] == date(2026, 5, 1)


@pytest.mark.parametrize(
    ("cells", "finding"),
    [
        ({"signature_date": "yesterday"}, ("error", "date_unreadable", "signature_date")),
        ({"signature_date": "30.02.2026"}, ("error", "date_unreadable", "signature_date")),
        ({"signature_date": "2026-12-24"}, ("error", "date_future", "signature_date")),
        (
            {"last_collection_date": "2026-01-04"},
            ("error", "collection_before_signature", "last_collection_date"),
        ),
        ({"signature_date": "2023-11-22"}, ("error", "dormant", "signature_date")),
        (
            {"signature_date": "2020-01-01", "last_collection_date": "2023-01-01"},
            ("error", "dormant", "last_collection_date"),
        ),
        ({"scheme": "CORE2"}, ("error", "choice_unknown", "scheme")),
        ({"state": "sleeping"}, ("error", "choice_unknown", "state")),
        ({"currency": "CHF"}, ("error", "currency", "currency")),
        ({"evidence": "vision"}, ("error", "choice_unknown", "evidence")),
        (
            {"mandate_type": "OOFF", "last_collection_date": "2026-02-01"},
            ("error", "one_off_used", "last_collection_date"),
        ),
        ({"end_date": "2026-02-01"}, ("error", "ended", "end_date")),
        (
            {"creditor_identifier": "DE98ZZZ0999999999"},
            ("error", "creditor_length", "creditor_identifier"),
        ),
        (
            {"creditor_identifier": "DE99ZZZ09999999999"},
            ("error", "creditor_check_digits", "creditor_identifier"),
        ),
        ({"holder": "😀😀"}, ("error", "holder_unwritable", "holder")),
        ({"holder": "Ann 😀"}, ("hint", "holder_changed", "holder")),
        ({"holder": "A" * 71}, ("hint", "holder_cut", "holder")),
        ({"holder": None}, ("error", "nobody", "holder")),
        ({"bic": "DEUTDEFF"}, ("hint", "bic_other", "bic")),
        ({"is_company": "perhaps"}, ("error", "flag_unknown", "is_company")),
    ],
)
def test_findings_of_a_line(cells, finding):
    assert finding in codes(read_line(**cells))


def test_last_day_before_the_mandate_lapses():
    assert codes(read_line(signature_date="2023-11-23")) == []


def test_dormant_mandates_can_come_in_as_expired():
    row = read(make_csv((*LINE[:3], "01.02.2020")), dormant="expire").rows[0]
    assert codes(row) == [("hint", "dormant_expired", "signature_date")]
    assert (row.values["state"], row.values["end_date"]) == ("expired", date(2023, 2, 1))


def test_foreign_creditor_identifier_is_a_migration():
    row = read_line(creditor_identifier="AT61 ZZZ 0123 4567 890")
    assert codes(row) == [("hint", "creditor_moved", "creditor_identifier")]
    assert row.values["creditor_identifier"] == OWN
    assert row.values["original_creditor_identifier"] == "AT61ZZZ01234567890"
    row = read_line(creditor_identifier="DE98TLA09999999999")
    assert "original_creditor_identifier" not in row.values
    row = read_line(creditor_identifier="AT61ZZZ01234567890", original_creditor_identifier=OWN)
    assert codes(row) == [("error", "creditor_foreign", "creditor_identifier")]


@pytest.mark.parametrize(
    ("key", "word", "value"),
    [
        ("scheme", "SEPA Basislastschrift", "CORE"),
        ("scheme", "Firmenlastschrift", "B2B"),
        ("mandate_type", "RCUR", "recurrent"),
        ("mandate_type", "eenmalig", "one_off"),
        ("state", "Gültig", "active"),
        ("state", "closed", "expired"),
        ("state", "Cancelled", "revoked"),
    ],
)
def test_words_of_other_programs(key, word, value):
    assert mandate_values.read_choice(key, word) == value


def test_flag_of_one_off_mandates():
    assert read_line(one_off="True").values["mandate_type"] == "one_off"
    assert read_line(one_off="False").values["mandate_type"] == "recurrent"


# Writing


def test_no_spreadsheet_takes_a_text_for_a_formula():
    row = {"reference": "+1", "holder": "=HYPERLINK(1)", "customer_name": "'@x", "city": "-"}
    text = mandate_write.write_csv([row]).decode("utf-8-sig")
    assert all(cell in text for cell in ("'+1", "'=HYPERLINK(1)", "''@x", "'-"))
    book = openpyxl.load_workbook(io.BytesIO(mandate_write.write_xlsx([row])))
    cells = [cell for cell in book.active[2] if cell.value]
    assert [cell.data_type for cell in cells] == ["s"] * 4


def test_template_has_explanations_and_no_rows():
    content = mandate_write.write_xlsx(
        [], "de", explanation=[("Spalte", "Pflicht"), ("IBAN", "ja")]
    )
    book = openpyxl.load_workbook(io.BytesIO(content))
    assert book.sheetnames == ["Mandates", "Explanation"]
    assert [cell.value for cell in book["Explanation"][2]] == ["IBAN", "ja"]
    with pytest.raises(FileError) as caught:
        read(content)
    assert caught.value.code == "no_rows"


_TEXT = st.text(
    st.characters(
        codec="utf-8", exclude_categories=("Cs", "Cc", "Cn", "Co", "Zl", "Zp", "Zs", "Cf")
    ),
    min_size=1,
    max_size=20,
).filter(lambda text: not mandate_values._EXCEL_ERROR.fullmatch(text) and text.strip("'"))
_DATE = st.dates(date(2024, 1, 1), TODAY)
_REFERENCE = st.text("ABCabc019+?-:().,'", min_size=1, max_size=35).filter(
    lambda text: not mandate_values._SCIENTIFIC.fullmatch(text)
)
_ROW = st.fixed_dictionaries(
    {
        "reference": _REFERENCE,
        "iban": st.sampled_from([IBAN, "AT611904300234573201", "FR7630006000011234567890189"]),
        "holder": st.sampled_from(["Ann", "=Ben", "@Cas", "'-D", "Jörg Müßig", '+Eve "X"; Co.']),
        "signature_date": _DATE,
        "mandate_type": st.sampled_from(["recurrent", "one_off"]),
        "scheme": st.sampled_from(["CORE", "B2B"]),
        "state": st.sampled_from(["draft", "active", "suspended", "revoked", "expired"]),
        "creditor_identifier": st.just(OWN),
        "customer_name": _TEXT,
    },
    optional={
        "original_reference": st.just("OLD-1/2"),
        "original_creditor_identifier": st.just("AT61ZZZ01234567890"),
        "evidence": st.sampled_from(["imported", "none"]),
        "customer_ref": _TEXT,
        "is_company": st.booleans(),
        "email": _TEXT,
        "street": _TEXT,
        "zip": st.from_regex(r"0[0-9]{4}", fullmatch=True),
        "city": _TEXT,
        "country": st.sampled_from(["DE", "AT"]),
        "bank_confirmed_date": _DATE,
    },
)


@settings(max_examples=100, deadline=None)
@given(st.lists(_ROW, min_size=1, max_size=4), st.sampled_from(mandate_columns.LANGUAGES))
def test_what_is_written_is_read_again(rows, language):
    for write in (mandate_write.write_csv, mandate_write.write_xlsx):
        found = read(write(rows, language))
        assert codes(found) == []
        assert [mandate_file.strip_derived(row).values for row in found.rows] == rows
